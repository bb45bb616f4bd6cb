"""pathchk - check whether file names are valid or portable

Usage: pathchk [OPTION]... NAME...
Diagnose invalid or unportable file names.

  -p                  check for most POSIX systems
  -P                  check for empty names and leading "-"
      --portability   check for all POSIX systems (equivalent to -p -P)
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import encode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/pathchk"}
AUTHORS = "Paul Eggert, David MacKenzie, and Jim Meyering"
OPTIONS = gnu("-p -P --portability")
PORTABLE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/")
LIMITS = {False: (255, 4095), True: (14, 255)}


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    await command.need_operand(given.operands)
    portable, extra = given.has("p", "portability"), given.has("P", "portability")
    for name in given.operands:
        await _check(command, name, portable, extra)
    return command.status


async def _check(command: Command, name: str, portable: bool, extra: bool) -> None:
    shown = command.file(name)
    if extra and any(part.startswith("-") for part in name.split("/")):
        await command.complain(f"leading '-' in a component of file name {shown}")
        return
    if (portable or extra) and not name:
        await command.complain("empty file name")
        return
    if portable and (bad := next((char for char in name if char not in PORTABLE), None)):
        await command.complain(f"nonportable character {command.q(bad)} in file name {shown}")
        return
    if not portable:
        try:
            command.sys.lstat(name)
            return
        except SysError as error:
            if error.name != "ENOENT" or not name:
                await command.complain(command.odd(name) if name else "''", error)
                return
    part_limit, limit = LIMITS[portable]
    if len(encode(name)) > limit:
        await command.complain(f"limit {limit} exceeded by length {len(encode(name))} of file name {shown}")
        return
    for part in name.split("/"):
        if len(encode(part)) > part_limit:
            message = f"limit {part_limit} exceeded by length {len(encode(part))} of file name component {command.file(part)}"
            await command.complain(message)
            return
