"""chroot - run command or interactive shell with special root dir...

Usage: chroot [OPTION] NEWROOT [COMMAND [ARG]...]
  or:  chroot OPTION
Run COMMAND with root directory set to NEWROOT.

      --groups=G_LIST        specify supplementary groups as g1,g2,..,gN
      --userspec=USER:GROUP  specify user and group (ID or name) to use
      --skip-chdir           do not change working directory to '/'
      --help        display this help and exit
      --version     output version information and exit

If no command is given, run '"$SHELL" -i' (default: '/bin/sh -i').
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._run import become
from maillab.shell.options import gnu
from maillab.sim.host.accounts import getgrnam, getgrouplist, getpwnam
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/sbin/chroot"}
AUTHORS = "Roland McGrath"
OPTIONS = gnu("--groups= --userspec= --skip-chdir", permute=False)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS, trouble=125)
    given = await command.read(OPTIONS)
    await command.need_operand(given.operands)
    root = given.operands[0]
    if given.has("skip-chdir") and root != "/":
        await command.usage("option --skip-chdir only permitted if NEWROOT is old '/'")
    try:
        sys.chroot(root)
    except SysError as error:
        await command.die(f"cannot change root directory to {command.file(root)}", error)
    if not given.has("skip-chdir"):
        sys.chdir("/")
    await _identity(command, given.last("userspec"), given.last("groups"))
    shell = sys.env.get("SHELL") or "/bin/sh"
    words = given.operands[1:] or [shell, "-i"]
    await become(command, words, sentence=f"failed to run command {command.file(words[0])}")


async def _identity(command: Command, userspec: str | None, groups: str | None) -> None:
    """Become the user and groups asked for, as the new root's files name them."""
    sys = command.sys
    name, _, group_name = (userspec or "").partition(":")
    user = getpwnam(sys, name) if name else None
    if name and user is None and not name.isdigit():
        await command.die("invalid user")
    group = getgrnam(sys, group_name) if group_name else None
    if group_name and group is None and not group_name.isdigit():
        await command.die("invalid group")
    gid = group.gid if group else int(group_name) if group_name else user.gid if user else None
    if groups is not None:
        numbers = []
        for word in groups.split(",") if groups else []:
            found = getgrnam(sys, word)
            if found is None and not word.isdigit():
                await command.die(f"invalid group {command.q(word)}")
            numbers.append(found.gid if found else int(word))
        sys.setgroups(numbers)
    elif user is not None:
        sys.setgroups(getgrouplist(sys, user.name, user.gid))
    if gid is not None:
        sys.setgid(gid)
    if name:
        sys.setuid(user.uid if user else int(name))
