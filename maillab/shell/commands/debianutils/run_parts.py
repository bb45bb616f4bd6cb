"""run-parts - run scripts or programs in a directory

SYNOPSIS
    run-parts [--test] [--list] [--verbose] [--report] [--exit-on-error] [--reverse]
              [--umask=umask] [--arg=argument]... [--regex=RE] directory

DESCRIPTION
    Runs every executable file of the directory whose name is made of letters, digits, underscores and hyphens, in the
    order of the C locale.

BUGS
    --lsbsysinit, --new-session and --stdin are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import TRY_HELP, fail, gnu
from maillab.sim.host import posix_regex
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"debianutils": "/bin/run-parts"}

OPTIONS = gnu(
    "--test --list -v,--verbose -d,--debug --report --reverse --umask= -a,--arg= -u= --regex= --exit-on-error --new-session --lsbsysinit "
    "--stdin -h,--help -V,--version",
    standard=False,
)
NAMES = "^[a-zA-Z0-9_-]+$"


async def main(sys: Process, argv: list[str]) -> int:
    """run-parts."""
    hint = TRY_HELP
    given = await OPTIONS.read(sys, argv, help=__doc__ + "\n", version="Debian run-parts program, version 5.7\n", hint=hint)
    for name in ("new-session", "lsbsysinit", "stdin"):
        if given.has(name):
            await fail(sys, argv, f"--{name} is not simulated")
    if len(given.operands) != 1:
        await fail(sys, argv, "missing operand" if not given.operands else "extra operand", hint=hint)
    folder = given.operands[0]
    try:
        names = sorted(sys.listdir(folder), reverse=given.has("reverse"))
    except SysError as error:
        await fail(sys, argv, f"failed to open directory {folder}: {error.strerror}")
    program = posix_regex.compile(given.last("regex") or NAMES, "ere")
    if given.has("umask"):
        sys.umask(int(given.last("umask") or "22", 8))
    result = 0
    for name in names:
        path = f"{folder}/{name}"
        if not program.search(name) or not sys.isfile(path):
            continue
        if given.has("list"):
            await sys.stdout.write(path + "\n")
        elif sys.access(path, "x"):
            if given.has("test"):
                await sys.stdout.write(path + "\n")
                continue
            code = await run(sys, argv[0], path, given.values("arg"), verbose=given.has("verbose"))
            result = 1 if code else result
            if code and given.has("exit-on-error"):
                return result
    return result


async def run(sys: Process, called: str, path: str, arguments: list[str], *, verbose: bool) -> int:
    """One program; its exit status, reported when it is not 0."""
    if verbose:
        words = " ".join([path, *arguments])
        await sys.stderr.write(f"{called}: executing {words}\n")
    await sys.stdout.flush()
    try:
        pid = sys.spawn(path, [path, *arguments])
    except SysError as error:
        await sys.stderr.write(f"{called}: failed to exec {path}: {error.strerror}\n")
        return 1
    _, status = await sys.waitpid(pid)
    assert status is not None
    code = status.shell
    if code:
        reason = f"return code {code}" if status.exited else f"signal {status.signal}"
        await sys.stderr.write(f"{called}: {path} exited {'with' if status.exited else 'because of uncaught'} {reason}\n")
    return code
