"""exec - Replace the shell with the given command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import traps
from maillab.shell.builtin import options
from maillab.shell.calling import NOT_FOUND, execute, locate
from maillab.shell.control import ShellExit
from maillab.shell.directories import current, logical

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "exec [-cl] [-a name] [command [argument ...]] [redirection ...]"


async def run(sh: Shell, args: list[str]) -> int:
    """Without command only the redirections stay (the caller keeps them)."""
    given = await options(sh, "exec", args, "" if sh.dialect.is_dash else "cla:")
    words = given.operands
    if not words:
        return 0
    path = locate(sh, words[0])
    if path is None or not sh.sys.exists(path):
        if path is None or sh.dialect.is_dash:
            await sh.report(f"exec: {words[0]}: not found")
        else:
            await sh.report(f"{logical(current(sh), path)}: No such file or directory")
        return failed(sh, NOT_FOUND)
    argv0 = given.value("a") or words[0]
    traps.default_signals(sh)
    if sh.history is not None:
        sh.history.save()
    if sh.sys.isdir(path):
        await sh.report(f"exec: {words[0]}: cannot execute: Is a directory")
        return failed(sh, 126)
    if not sh.sys.access(path, "x"):
        await sh.report(f"exec: {words[0]}: cannot execute: Permission denied")
        return failed(sh, 126)
    status = await execute(
        sh, path, words, argv0="-" + argv0 if "l" in given else argv0, env={} if "c" in given else None
    )  # fmt: skip
    return failed(sh, status)


def failed(sh: Shell, status: int) -> int:
    """A script ends when exec fails; a prompt (or execfail) goes on."""
    if sh.state.interactive and not sh.is_subshell:
        traps.prepare_interactive(sh)
        return status
    if sh.state.shopt["execfail"]:
        return status
    raise ShellExit(status)
