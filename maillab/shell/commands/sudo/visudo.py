"""visudo - edit the sudoers file, or check it

SYNOPSIS
    visudo [-c] [-q] [[-f] FILE]

DESCRIPTION
    Runs the editor ($SUDO_EDITOR, $VISUAL, $EDITOR, vi) on FILE.tmp, a copy of /etc/sudoers or of FILE; what does not parse
    is shown, and asked about: (e)dit again, e(x)it without saving, (Q)uit and save. With -c only checks the file and what it includes.

EXIT STATUS
    0; 1 when something does not parse or cannot be read.

BUGS
    -s -I are refused. The place of an error is the end of the line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.sudo._sudoers import read_sudoers
from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"sudo": "/usr/sbin/visudo"}

OPTIONS = gnu("-c,--check -f,--file= -h,--help -I,--no-includes -q,--quiet -s,--strict -V,--version", standard=False)
HELP = """visudo - safely edit the sudoers file

usage: visudo [-chqsV] [[-f] sudoers ]

Options:
  -c, --check              check-only mode
  -f, --file=sudoers       specify sudoers file location
  -h, --help               display help message and exit
  -I, --no-includes        do not edit include files
  -q, --quiet              less verbose (quiet) syntax error messages
  -s, --strict             strict syntax checking
  -V, --version            display version information and exit

"""
USAGE = "usage: visudo [-chqsV] [[-f] sudoers ]\n"
SUDOERS = "/etc/sudoers"
VERSION = "visudo version 1.9.13p3\nvisudo grammar version 50\n"


async def main(sys: Process, argv: list[str]) -> int:
    """visudo."""
    given = await OPTIONS.read(sys, argv, help=HELP, version=VERSION, hint=USAGE)
    if given.has("no-includes", "strict"):
        await sys.stderr.print("visudo: -I and -s are not simulated")
        return 1
    path = given.last("file") or (given.operands[0] if given.operands else SUDOERS)
    if given.has("check"):
        return await _check(sys, path, quiet=given.has("quiet"))
    return await _edit(sys, path)


async def _check(sys: Process, path: str, *, quiet: bool) -> int:
    """visudo -c."""
    try:
        found = read_sudoers(sys, path)
    except SysError as error:
        if not quiet:
            await sys.stderr.print(f"visudo: unable to open {path}: {error}")
        return 1
    if found.error is not None:
        if not quiet:
            await _show_error(sys, *found.error)
        return 1
    if not quiet:
        await sys.stdout.print(f"{path}: parsed OK")
        for name in found.files[1:]:
            await sys.stdout.print(f"{name}: parsed OK")
    return 0


async def _show_error(sys: Process, path: str, number: int) -> None:
    line = sys.slurp(path).decode("utf-8", "surrogateescape").split("\n")[number - 1]
    await sys.stderr.write(f"{path}:{number}:{len(line) + 1}: syntax error\n{line}\n{' ' * len(line)}^\n")


async def _edit(sys: Process, path: str) -> int:
    """Edit until the copy parses, or until the user gives up."""
    copy = f"{path}.tmp"
    try:
        old = sys.slurp(path) if sys.exists(path) else b""
        sys.spew(copy, old, mode=0o600)
    except SysError as error:
        await sys.stderr.print(f"visudo: unable to open {path}: {error}")
        return 1
    editor = sys.env.get("SUDO_EDITOR") or sys.env.get("VISUAL") or sys.env.get("EDITOR") or "vi"
    while True:
        _, status = await sys.waitpid(sys.spawn("/bin/sh", ["sh", "-c", f"{editor} {copy}"]))
        if (status is not None and status.shell) or sys.slurp(copy) == old:
            await sys.stderr.print(f"visudo: {copy} unchanged")
            sys.unlink(copy)
            return 0
        mistake = read_sudoers(sys, copy).error
        if mistake is None:
            break
        await _show_error(sys, *mistake)
        answer = await _ask(sys)
        if answer == "x":
            sys.unlink(copy)
            return 0
        if answer == "Q":
            break
    sys.spew(path, sys.slurp(copy))
    sys.chmod(path, 0o440)
    sys.unlink(copy)
    return 0


async def _ask(sys: Process) -> str:
    """What now? e, x or Q."""
    while True:
        await sys.stdout.write("What now? ")
        await sys.stdout.flush()
        answer = (await sys.stdin.readline()).decode("utf-8", "replace").strip()[:1]
        if answer in ("e", "x", "Q"):
            return answer
        await sys.stdout.write("Options are:\n  (e)dit sudoers file again\n  e(x)it without saving changes to sudoers file\n"
                               "  (Q)uit and save changes to sudoers file (DANGER!)\n\n")  # fmt: skip
        if not answer:
            return "x"
