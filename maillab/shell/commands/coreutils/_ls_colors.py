"""The colours of ls: LS_COLORS, and what each kind of file gets."""

from __future__ import annotations

import re

from maillab.shell.commands.coreutils._command import Command
from maillab.sim.host.inode import Stat

_DEFAULT = {
    "di": "01;34", "ln": "01;36", "pi": "33", "so": "01;35", "bd": "01;33", "cd": "01;33", "su": "37;41", "sg": "30;43", "tw": "30;42",
    "ow": "34;42", "st": "37;44", "ex": "01;32", "rs": "0",
}  # fmt: skip
_COLOUR_TERMINALS = re.compile(r"(Eterm|ansi|.*color.*|con\d+x\d+|cons25|console|cygwin|.*direct.*|dtterm|gnome|hurd|jfbterm|konsole"
                               r"|kterm|linux|mlterm|putty|rxvt.*|screen.*|st|terminator|tmux.*|vt100|xterm.*)")  # fmt: skip
_KINDS = {"d": "di", "l": "ln", "p": "pi", "s": "so", "b": "bd", "c": "cd"}


class Colors:
    """Two-letter codes and suffixes with their SGR sequences."""

    def __init__(self, codes: dict[str, str], suffixes: list[tuple[str, str]]):
        self.codes = {**_DEFAULT, **codes}
        self.suffixes = suffixes

    def sequence(self, name: str, stat: Stat | None, kind: str, target: Stat | None, link_ok: bool) -> str:
        """The SGR parameters for a file, "" for none."""
        if kind == "l":
            code = self.codes.get("or", "") if not link_ok else ""
            if self.codes.get("ln") == "target" and target:
                return self.sequence(name, target, target.kind, None, True)
            return code or self.codes.get("ln", "")
        if stat is None:
            return self.codes.get("mi", "") or self.codes.get("or", "")
        if kind == "d":
            sticky, writable = stat.mode & 0o1000, stat.mode & 0o002
            key = "tw" if sticky and writable else "ow" if writable else "st" if sticky else "di"
            return self.codes.get(key) or self.codes.get("di", "")
        if kind != "-":
            return self.codes.get(_KINDS[kind], "")
        for bit, key in ((0o4000, "su"), (0o2000, "sg"), (0o111, "ex")):
            if stat.mode & bit and self.codes.get(key):
                return self.codes[key]
        for suffix, code in reversed(self.suffixes):
            if name.endswith(suffix):
                return code
        return self.codes.get("fi", "")

    def paint(self, text: str, sequence: str) -> str:
        """The text between its sequence and the reset."""
        return f"\x1b[{sequence}m{text}\x1b[0m" if sequence else text


async def read_colors(command: Command) -> Colors | None:
    """The colours of LS_COLORS; without it, the default ones when the terminal is known to show colours."""
    env = command.sys.env
    text = env.get("LS_COLORS", "")
    if not text:
        if env.get("COLORTERM") or _COLOUR_TERMINALS.fullmatch(env.get("TERM", "")):
            return Colors({}, [])
        return None
    codes: dict[str, str] = {}
    suffixes: list[tuple[str, str]] = []
    for entry in text.split(":"):
        key, equals, value = entry.partition("=")
        if not entry:
            continue
        if not equals or (len(key) != 2 and not key.startswith("*")):
            await command.note("unparsable value for LS_COLORS environment variable")
            return None
        if key.startswith("*"):
            suffixes.append((key[1:], value))
        else:
            codes[key] = value if value not in ("0", "00") else ""
    return Colors(codes, suffixes)
