"""help - Display information about builtin commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import builtin, pattern
from maillab.shell.builtin import options

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = "help [-dms] [pattern ...]"
COLUMN = 40
WIDTH = 80
KEYWORDS = {
    "job_spec": "job_spec [&]", "((": "(( expression ))", "[[": "[[ expression ]]",
    "case": "case WORD in [PATTERN [| PATTERN]...) COMMANDS ;;]... esac", "coproc": "coproc [NAME] command [redirections]",
    "for": "for NAME [in WORDS ... ] ; do COMMANDS; done", "for ((": "for (( exp1; exp2; exp3 )); do COMMANDS; done",
    "function": "function name { COMMANDS ; } or name () { COMMANDS ; }",
    "if": "if COMMANDS; then COMMANDS; [ elif COMMANDS; then COMMANDS; ]... [ else COMMANDS; ] fi",
    "select": "select NAME [in WORDS ... ;] do COMMANDS; done", "time": "time [-p] pipeline",
    "until": "until COMMANDS; do COMMANDS-2; done", "variables": "variables - Names and meanings of some shell variables",
    "while": "while COMMANDS; do COMMANDS-2; done", "{": "{ COMMANDS ; }",
}  # fmt: skip
HEADING = """\
GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)
These shell commands are defined internally.  Type `help' to see this list.
Type `help name' to find out more about the function `name'.
Use `info bash' to find out more about the shell in general.
Use `man -k' or `info' to find out more about commands not in this list.

A star (*) next to a name means that the command is disabled.

"""


def topics() -> dict[str, str]:
    """Topic -> synopsis."""
    found = dict(KEYWORDS) | {name: builtin.synopsis(name) for name in builtin.names()}
    return {name: found[name] for name in sorted(found)}


async def run(sh: Shell, args: list[str]) -> int:
    """-s only synopses, -d descriptions, -m like a manual page."""
    given = await options(sh, "help", args, "dms")
    known = topics()
    if not given.operands:
        await sh.write(HEADING + table(sh, known))
        return 0
    status = 1
    for word in given.operands:
        rule = pattern.compile(word)
        matches = [name for name in known if rule.matches(name)] or [name for name in known if name.startswith(word)]
        for name in matches:
            status = 0
            await sh.write(text_of(name, known[name], "s" in given, "d" in given))
    if status:
        word = given.operands[-1]
        await sh.report(f"help: no help topics match `{word}'.  Try `help help' or `man -k {word}' or `info {word}'.")
    return status


def text_of(name: str, synopsis: str, short: bool, description: bool) -> str:
    """One topic: the synopsis, and what the module says about itself."""
    module = builtin.module_of(name)
    summary = (module.__doc__ or "").split("\n")[0].partition(" - ")[2] if module is not None else ""
    if description:
        return f"{name} - {summary}\n"
    if short:
        return f"{name}: {synopsis}\n"
    body = getattr(module, "HELP", "") or (f"    {summary}\n" if summary else "")
    return f"{name}: {synopsis}\n{body}"


def table(sh: Shell, known: dict[str, str]) -> str:
    """All synopses in two columns, cut with a > where they are too long."""
    cells = []
    for name, synopsis in known.items():
        mark = "*" if name in sh.state.disabled_builtins else " "
        cells.append(mark + synopsis)
    half = (len(cells) + 1) // 2
    lines = []
    for row in range(half):
        left = cut(cells[row], COLUMN - 1)
        right = cut(cells[row + half], WIDTH - COLUMN - 1) if row + half < len(cells) else ""
        lines.append(f"{left:<{COLUMN}}{right}".rstrip() + "\n")
    return "".join(lines)


def cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + ">"
