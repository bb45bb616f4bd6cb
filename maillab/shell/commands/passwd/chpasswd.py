"""chpasswd - update passwords in batch mode

SYNOPSIS
    chpasswd [options] < FILE

DESCRIPTION
    Reads lines of `user:password` and sets these passwords; with -e they are hashes already, with -c METHOD they are hashed by that method.

BUGS
    -R is refused; NONE and DES are not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.passwd._database import AccountFiles, cannot_lock, die, today
from maillab.shell.commands.passwd._usage import USAGE
from maillab.shell.options import gnu
from maillab.sim.host.accounts import SHADOW, Shadow
from maillab.sim.host.crypt import hash_password

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"passwd": "/usr/sbin/chpasswd"}
OPTIONS = gnu("-c,--crypt-method= -e,--encrypted -h,--help -m,--md5 -R,--root= -s,--sha-rounds=", standard=False)
METHODS = ("MD5", "SHA256", "SHA512", "YESCRYPT")


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=2, hint=USAGE["chpasswd"])
    if given.has("help"):
        await sys.stdout.write(USAGE["chpasswd"])
        return 0
    method = given.last("crypt-method") or ("MD5" if given.has("md5") else "")
    if given.has("root") or (method and method not in METHODS):
        await sys.stderr.write(f"chpasswd: unsupported crypt method: {method}\n{USAGE['chpasswd']}")
        return 2
    if sys.euid:
        await cannot_lock(sys, "chpasswd", SHADOW)
    files = AccountFiles(sys)
    default = "YESCRYPT" if sys.program.version >= (4, 1, 5) else "MD5"
    wrong = 0
    number = 0
    async for raw in sys.stdin:
        number += 1
        name, colon, password = raw.decode("utf-8", "surrogateescape").rstrip("\n").partition(":")
        if not colon:
            await sys.stderr.write(f"chpasswd: line {number}: missing new password\n")
            wrong += 1
            continue
        entry = files.shadow(name)
        if files.user(name) is None:
            wrong += 1
            await _unknown(sys, name, number, bool(method) or given.has("encrypted"))
            continue
        hashed = password if given.has("encrypted") else hash_password(password, method or default, sys.random)
        files.put((entry or Shadow(name, ""))._replace(password=hashed, changed=today(sys)))
        if not (method or given.has("encrypted")):
            sys.syslog("authpriv", "notice", "chpasswd", f"pam_unix(chpasswd:chauthtok): password changed for {name}")
    by_pam = not (method or given.has("encrypted"))
    if wrong and not by_pam:
        await die(sys, "chpasswd", "error detected, changes ignored", 1)
    files.save()
    return 1 if wrong else 0


async def _unknown(sys: Process, name: str, number: int, direct: bool) -> None:
    if direct:
        await sys.stderr.write(f"chpasswd: line {number}: user '{name}' does not exist\n")
        return
    await sys.stderr.write(
        f"chpasswd: (user {name}) pam_chauthtok() failed, error:\nAuthentication token manipulation error\n"
        f"chpasswd: (line {number}, user {name}) password not changed\n"
    )
