"""source and `.`: find the file, then run it here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import dash_error, options, usage
from maillab.shell.control import ShellExit
from maillab.shell.sourcing import run_file
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.shell.shell import Shell


async def include(sh: Shell, name: str, args: list[str]) -> int:
    """The status of the file's last command."""
    given = await options(sh, name, args, "")
    if not given.operands:
        if sh.dialect.is_dash:
            return 0
        await sh.report(f"{name}: filename argument required")
        return await usage(sh, name)
    target = given.operands[0]
    path = find(sh, target)
    if path is None:
        return await dash_error(sh, ".", f"{target}: not found")
    try:
        if sh.sys.isdir(path):
            await sh.report(f"{name}: {target}: is a directory")
            return 1
        return await run_file(sh, path, given.operands[1:] or None)
    except SysError as error:
        if sh.dialect.is_dash:
            return await dash_error(sh, ".", f"cannot open {target}: No such file")
        await sh.report(f"{target}: {error.strerror}")
        if sh.option("posix") and not sh.state.interactive:
            raise ShellExit(1) from None
        return 1


def find(sh: Shell, target: str) -> str | None:
    """PATH first (files need not be executable), then, in bash, the current directory; None only in dash."""
    if "/" in target:
        return target
    for directory in sh.state.variables.text("PATH").split(":"):
        candidate = f"{directory or '.'}/{target}"
        if sh.sys.isfile(candidate) and sh.sys.access(candidate, "r"):
            return candidate
    return None if sh.dialect.is_dash else target
