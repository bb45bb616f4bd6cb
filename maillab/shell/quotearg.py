"""Names as GNU programs show them: the quoting styles of gnulib's quotearg (observed in coreutils 9.1).

literal              as it is
shell                quoted for a shell when needed                  'a b'
shell-always         always quoted                                   'a'
shell-escape         quoted when needed, odd bytes as $'' escapes    'tab'$'\\t''x'
shell-escape-always  the same, always quoted                         'a'
c, c-maybe           as a C string                                   "a\\tb"
escape               as a C string without the quotes                a\\tb
locale               as messages quote: 'a\\tb' in the C locale, with typographic quotes in UTF-8
"""

from __future__ import annotations

from maillab.sim.host.stdio import encode

STYLES = (
    "literal", "shell", "shell-always", "shell-escape", "shell-escape-always", "c", "c-maybe", "escape", "locale", "clocale",
)  # fmt: skip

_C_ESCAPES = {"\a": "a", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", "\v": "v"}
_SHELL_SPECIAL = frozenset(" !\"$&()*;<=>[^`|\\?'")
_DOUBLE_QUOTE_SAFE = frozenset(" '%+,-./0123456789:]_@")
_OPEN, _CLOSE = "\u2018", "\u2019"


def quote(name: str, style: str, *, utf8: bool = False, also: str = "") -> str:
    """`name` in one of STYLES; `also` are characters that need quoting besides the usual ones."""
    match style:
        case "literal":
            return name
        case "escape":
            return _escaped(name, utf8, also)
        case "c" | "c-maybe":
            body = _escaped(name, utf8, '"')
            needed = body.replace("\\\\", "\\") != name or any(char in name for char in also)
            return f'"{body}"' if style == "c" or needed else name
        case "locale" | "clocale" if utf8:
            return f"{_OPEN}{_escaped(name, utf8, _CLOSE)}{_CLOSE}"
        case "clocale":
            return f'"{_escaped(name, utf8, chr(34))}"'
        case "locale":
            return f"'{_escaped(name, utf8, chr(39))}'"
        case _:
            return _shell(name, utf8, also, escape="escape" in style, always="always" in style)


def message_quote(name: str, utf8: bool = False) -> str:
    """A word in a message: 'word'."""
    return quote(name, "locale", utf8=utf8)


def name_quote(name: str, utf8: bool = False) -> str:
    """A file name in a message that always quotes it: cannot remove 'name'."""
    return quote(name, "shell-escape-always", utf8=utf8)


def name_quote_if_needed(name: str, utf8: bool = False) -> str:
    """A file name at the head of a message (``cat: name: ...``): quoted only when it is odd or holds a colon."""
    return quote(name, "shell-escape", utf8=utf8, also=":")


def is_printable(char: str, utf8: bool) -> bool:
    """isprint(3) of the locale for one character of a name."""
    if char < "\x7f":
        return char >= " "
    return utf8 and not "\udc80" <= char <= "\udcff" and char.isprintable()


def visible(name: str, utf8: bool) -> str:
    """Unprintable characters shown as `?`, one for each byte that is no character (ls -q)."""
    return "".join(char if is_printable(char, utf8) else "?" * (1 if utf8 else len(encode(char))) for char in name)


def _octal(char: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in encode(char))


def _escaped(name: str, utf8: bool, special: str) -> str:
    """Backslash escapes as in C; `special` are characters that get a backslash besides the backslash itself."""
    out = []
    for char in name:
        if char in _C_ESCAPES:
            out.append("\\" + _C_ESCAPES[char])
        elif char == "\\" or char in special:
            out.append("\\" + char)
        else:
            out.append(char if is_printable(char, utf8) else _octal(char))
    return "".join(out)


def _shell(name: str, utf8: bool, also: str, *, escape: bool, always: bool) -> str:
    odd = any(char in _C_ESCAPES or not is_printable(char, utf8) for char in name)
    if not always and not (odd and escape) and not _needs_quotes(name, also):
        return name
    if "'" in name and not odd and all(char in _DOUBLE_QUOTE_SAFE or char.isalnum() for char in name):
        return f'"{name}"'
    if not (odd and escape):
        return "'" + name.replace("'", "'\\''") + "'"
    return _shell_escaped(name, utf8)


def _needs_quotes(name: str, also: str) -> bool:
    if not name or name in ("{", "}") or name[0] in "#~":
        return True
    return any(char in _SHELL_SPECIAL or char in also or char in _C_ESCAPES for char in name)


def _shell_escaped(name: str, utf8: bool) -> str:
    """'text'$'\\t''text': plain stretches and $'' stretches in turn, beginning and ending with a quote."""
    out = ["'"]
    escaping = False
    for char in name:
        if char in _C_ESCAPES or not is_printable(char, utf8):
            if not escaping:
                out.append("'$'")
                escaping = True
            out.append("\\" + _C_ESCAPES[char] if char in _C_ESCAPES else _octal(char))
        elif char == "'":
            out.append("'\\''")
            escaping = False
        else:
            if escaping:
                out.append("''")
                escaping = False
            out.append(char)
    out.append("'")
    return "".join(out)
