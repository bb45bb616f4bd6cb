"""mawk's regular expressions: extended ones without {n,m}, with the escapes of its strings, on bytes."""

from functools import lru_cache

from maillab.sim.host import posix_regex
from maillab.sim.host.posix_regex import Regex, RegexError

MESSAGES = {
    posix_regex.EPAREN: "missing ')'",
    posix_regex.ERPAREN: "missing '('",
    posix_regex.BADRPT: "missing operand",
    posix_regex.EBRACK: "bad class -- [], [^] or [",
}
CHARACTERS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "b": "\b", "v": "\v", "a": "\a", '"': '"', "/": "/"}


@lru_cache(maxsize=512)
def compile_regex(source: str) -> Regex:
    """The expression of this text; raises ValueError with mawk's message."""
    try:
        check_operands(source)
        return posix_regex.compile(extended(source), "ere")
    except RegexError as error:
        reason = MESSAGES.get(str(error), str(error))
        raise ValueError(f"regular expression compile failed ({reason})\n{source}") from None


def check_operands(source: str) -> None:
    """`||`, `|` at an end and a leading `*` have nothing to work on."""
    if source[:1] in ("*", "+", "?", "|") or ("||" in source.replace("\\|", "") and "[" not in source):
        raise RegexError(posix_regex.BADRPT)


def extended(source: str) -> str:
    """The text in the spelling of POSIX extended expressions."""
    out: list[str] = []
    at, bracket, end = 0, False, len(source)
    while at < end:
        char = source[at]
        at += 1
        if char == "\\" and at < end:
            text, at = escaped(source, at)
            out.append(bracketed(text) if bracket else literal(text))
        elif bracket:
            if char == "[" and source[at : at + 1] == ":" and (close := source.find(":]", at)) > 0:
                out.append(source[at - 1 : close + 2])
                at = close + 2
            else:
                bracket = char != "]"
                out.append(char)
        elif char == "[":
            bracket = True
            stop = at + 1 if source[at : at + 1] == "^" else at
            stop = stop + 1 if source[stop : stop + 1] == "]" else stop
            out.append(source[at - 1 : stop])
            at = stop
        else:
            out.append("\\" + char if char in "{}" else char)
    return "".join(out)


def escaped(source: str, at: int) -> tuple[str, int]:
    """The character a backslash before position `at` makes, and where the text goes on."""
    char = source[at]
    if char in "01234567":
        stop = at + 1
        while stop < min(at + 3, len(source)) and source[stop] in "01234567":
            stop += 1
        return chr(int(source[at:stop], 8) & 255), stop
    return CHARACTERS.get(char, char), at + 1


def literal(text: str) -> str:
    """A character that stands for itself."""
    return "\\" + text if text in "\\^$.[]|()*+?{}" else text


def bracketed(text: str) -> str:
    """A character escaped inside brackets; those that would mean something are named."""
    return f"[.{text}.]" if text in "]^-[" else text
