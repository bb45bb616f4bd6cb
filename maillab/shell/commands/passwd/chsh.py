"""chsh - change login shell

SYNOPSIS
    chsh [options] [LOGIN]

DESCRIPTION
    Changes the last field of /etc/passwd. Root may set any shell; others, after their password, one of /etc/shells. Without -s it asks.

BUGS
    -R is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.passwd._database import AccountFiles, die
from maillab.shell.commands.passwd._usage import USAGE
from maillab.shell.conversation import ask, authenticate
from maillab.shell.options import gnu
from maillab.shell.session import valid_shells
from maillab.sim.host.accounts import user_name

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"passwd": "/usr/bin/chsh"}
OPTIONS = gnu("-h,--help -R,--root= -s,--shell=", standard=False)


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=1, hint=USAGE["chsh"])
    if given.has("help"):
        await sys.stdout.write(USAGE["chsh"])
        return 0
    if len(given.operands) > 1 or given.has("root"):
        await sys.stderr.write(USAGE["chsh"])
        return 1
    own = user_name(sys, sys.uid)
    name = given.operands[0] if given.operands else own
    files = AccountFiles(sys)
    user = files.user(name)
    if user is None:
        await die(sys, "chsh", f"user '{name}' does not exist", 1)
    if sys.uid and name != own:
        await die(sys, "chsh", f"You may not change the shell for '{name}'.", 1)
    if sys.uid and user.shell not in valid_shells(sys):
        await die(sys, "chsh", f"You may not change the shell for '{name}'.", 1)
    if not await authenticate(sys, "chsh", own):
        await die(sys, "chsh", "PAM: Authentication failure", 1)
    shell = given.last("shell")
    if shell is None:
        await sys.stdout.write(f"Changing the login shell for {name}\nEnter the new value, or press ENTER for the default\n")
        shell = await ask(sys, f"\tLogin Shell [{user.shell}]: ") or user.shell
    if ":" in shell or "," in shell:
        await die(sys, "chsh", f"Invalid entry: {shell}", 1)
    if sys.uid and shell not in valid_shells(sys):
        await die(sys, "chsh", f"{shell} is an invalid shell", 1)
    if shell and not sys.exists(shell):
        await sys.stderr.write(f"chsh: Warning: {shell} does not exist\n")
    elif shell and not sys.access(shell, "x"):
        await sys.stderr.write(f"chsh: Warning: {shell} is not executable\n")
    files.put(user._replace(shell=shell))
    files.save()
    sys.syslog("auth", "info", "chsh", f"changed user '{name}' shell to '{shell}'")
    return 0
