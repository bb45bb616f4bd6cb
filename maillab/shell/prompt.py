"""Prompts: the backslash escapes of PS1 and PS2, and the prefix of `set -x`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell.expansion import expand_text
from maillab.shell.parser import Parser
from maillab.sim.kernel import calendar

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

ESCAPE = re.compile(r"\\(D\{([^}]*)\}|[0-7]{1,3}|.)", re.DOTALL)


async def expand_prompt(sh: Shell, text: str) -> str:
    """A prompt string as it is shown."""
    decoded = text if sh.dialect.is_dash else ESCAPE.sub(lambda found: escape(sh, found), text)
    if not any(ch in decoded for ch in "$`\\"):
        return decoded
    status = sh.state.status
    reader = Parser(decoded, sh.parser_options())
    shown = await expand_text(sh, reader.read_document())
    sh.state.status = status
    return shown


def escape(sh: Shell, found: re.Match[str]) -> str:
    """One backslash escape."""
    letter = found.group(1)
    if letter[0] == "D" and found.group(2) is not None:
        return stamp(sh, found.group(2) or "%X")
    if letter[0] in "01234567":
        return chr(int(letter, 8) & 0xFF)
    simple = {"a": "\a", "e": "\x1b", "n": "\n", "r": "\r", "[": "", "]": "", "v": "5.2", "V": "5.2.15", "s": shell_name(sh)}
    if letter in simple:
        return simple[letter]
    if letter in TIMES:
        return stamp(sh, TIMES[letter])
    return other_escape(sh, letter)


TIMES = {"d": "%a %b %d", "t": "%H:%M:%S", "T": "%I:%M:%S", "@": "%I:%M %p", "A": "%H:%M"}


def other_escape(sh: Shell, letter: str) -> str:
    """Names, places, counts."""
    variables = sh.state.variables
    if letter == "h":
        return sh.sys.hostname().split(".")[0]
    if letter == "H":
        return sh.sys.hostname()
    if letter == "u":
        return user_name(sh)
    if letter in "wW":
        return directory(sh, variables.text("PWD"), base=letter == "W")
    if letter == "$":
        return "#" if sh.sys.euid == 0 else "\\$"
    if letter == "\\":
        return "\\\\"
    if letter in "!#":
        return str(len(sh.state.history) + 1)
    if letter == "j":
        return str(len(sh.jobs.jobs))
    if letter == "l":
        return (sh.sys.ttyname(0) if sh.sys.isatty(0) else "tty").rsplit("/", 1)[-1]
    return "\\" + letter


def shell_name(sh: Shell) -> str:
    return sh.state.name.rsplit("/", 1)[-1]


def stamp(sh: Shell, layout: str) -> str:
    return calendar.strftime(layout, sh.sys.clock())


def user_name(sh: Shell) -> str:
    """The login name of the effective user."""
    lines = sh.sys.slurp("/etc/passwd").decode("utf-8", "surrogateescape").splitlines()
    for line in lines:
        fields = line.split(":")
        if len(fields) > 2 and fields[2] == str(sh.sys.euid):
            return fields[0]
    return "I have no name!"


def directory(sh: Shell, path: str, *, base: bool) -> str:
    """\\w and \\W: the home directory is a tilde."""
    home = sh.state.variables.text("HOME")
    if home and path == home:
        return "~"
    if base:
        return path.rsplit("/", 1)[-1] or "/"
    if home and home != "/" and path.startswith(home + "/"):
        return "~" + path[len(home) :]
    return path


async def trace_prefix(sh: Shell) -> str:
    """PS4, its first character repeated once a level of substitution."""
    tracing = sh.state.options["xtrace"]
    sh.state.options["xtrace"] = False
    try:
        text = await expand_prompt(sh, sh.state.variables.text("PS4", "+ "))
    finally:
        sh.state.options["xtrace"] = tracing
    if sh.dialect.is_dash or not text:
        return text
    return text[0] * sh.state.trace_level + text
