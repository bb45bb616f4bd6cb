"""id - print real and effective user and group IDs

Usage: id [OPTION]... [USER]...
Print user and group information for each specified USER,
or (when USER omitted) for the current process.

  -a             ignore, for compatibility with other versions
  -Z, --context  print only the security context of the process
  -g, --group    print only the effective group ID
  -G, --groups   print all group IDs
  -n, --name     print a name instead of a number, for -ugG
  -r, --real     print the real ID instead of the effective ID, with -ugG
  -u, --user     print only the effective user ID
  -z, --zero     delimit entries with NUL characters, not whitespace;
                   not permitted in default format
      --help        display this help and exit
      --version     output version information and exit

Without any OPTION, print some useful set of identified information.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import Given, gnu
from maillab.sim.host.accounts import getgrgid, getgrouplist, getpwnam, getpwuid

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/id"}
AUTHORS = "Arnold Robbins and David MacKenzie"
OPTIONS = gnu("-Z,--context -g,--group -G,--groups -n,--name -r,--real -u,--user -z,--zero -a")


class Ids:
    """The ids of the process or of a user."""

    def __init__(self, uid: int, euid: int, gid: int, egid: int, groups: list[int]):
        self.uid, self.euid, self.gid, self.egid, self.groups = uid, euid, gid, egid, groups


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    await _check(command, given)
    names: list[str | None] = [*given.operands] or [None]
    for name in names:
        ids = await _ids(command, name)
        if ids is not None:
            await _show(command, given, ids, len(given.operands) > 1)
    return command.status


async def _check(command: Command, given: Given) -> None:
    if given.has("context"):
        await command.die("--context (-Z) works only on an SELinux-enabled kernel")
    chosen = [name for name in ("group", "groups", "user") if given.has(name)]
    if len(chosen) > 1:
        await command.die('cannot print "only" of more than one choice')
    if not chosen and given.has("name", "real"):
        await command.die("cannot print only names or real IDs in default format")
    if not chosen and given.has("zero"):
        await command.die("option --zero not permitted in default format")


async def _ids(command: Command, name: str | None) -> Ids | None:
    sys = command.sys
    if name is None:
        groups = [sys.egid] + [gid for gid in sys.groups if gid != sys.egid]
        return Ids(sys.uid, sys.euid, sys.gid, sys.egid, groups)
    user = getpwnam(sys, name) if name else None
    if user is None and name.removeprefix("+").isdigit():
        user = getpwuid(sys, int(name.removeprefix("+")))
    if user is None:
        modern = command.version >= (8,)
        await command.complain(f"{command.q(name)}: no such user" if modern else f"{name}: No such user")
        return None
    return Ids(user.uid, user.uid, user.gid, user.gid, getgrouplist(sys, user.name, user.gid))


async def _show(command: Command, given: Given, ids: Ids, several: bool) -> None:
    sys = command.sys
    end = "\0" if given.has("zero") else "\n"
    if given.has("user"):
        uid = ids.uid if given.has("real") else ids.euid
        await sys.stdout.write(await _user(command, uid, given.has("name")) + end)
    elif given.has("group"):
        gid = ids.gid if given.has("real") else ids.egid
        await sys.stdout.write(await _group(command, gid, given.has("name")) + end)
    elif given.has("groups"):
        words = [await _group(command, gid, given.has("name")) for gid in _all_groups(ids)]
        await sys.stdout.write(("\0" if given.has("zero") else " ").join(words) + (end + end if several and given.has("zero") else end))
    else:
        await sys.stdout.write(_sentence(command, ids) + "\n")


def _all_groups(ids: Ids) -> list[int]:
    """Real and effective group first, then the others."""
    return list(dict.fromkeys([ids.gid, ids.egid, *ids.groups]))


async def _user(command: Command, uid: int, name: bool) -> str:
    user = getpwuid(command.sys, uid) if name else None
    if name and user is None:
        await command.complain(f"cannot find name for user ID {uid}")
    return user.name if user else str(uid)


async def _group(command: Command, gid: int, name: bool) -> str:
    group = getgrgid(command.sys, gid) if name else None
    if name and group is None:
        await command.complain(f"cannot find name for group ID {gid}")
    return group.name if group else str(gid)


def _sentence(command: Command, ids: Ids) -> str:
    sys = command.sys

    def user(uid: int) -> str:
        found = getpwuid(sys, uid)
        return f"{uid}({found.name})" if found else str(uid)

    def group(gid: int) -> str:
        found = getgrgid(sys, gid)
        return f"{gid}({found.name})" if found else str(gid)

    words = [f"uid={user(ids.uid)}", f"gid={group(ids.gid)}"]
    if ids.euid != ids.uid:
        words.append(f"euid={user(ids.euid)}")
    if ids.egid != ids.gid:
        words.append(f"egid={group(ids.egid)}")
    if ids.groups:
        words.append(f"groups={','.join(group(gid) for gid in ids.groups)}")
    return " ".join(words)
