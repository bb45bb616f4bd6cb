"""passwd - change user password

SYNOPSIS
    passwd [options] [LOGIN]

DESCRIPTION
    Changes the password of an account in /etc/shadow. Root may change any password; others only their own, after typing the old one, and
    with a new one that is long and different enough. -l and -u lock and unlock, -d deletes, -e expires, -S shows the state.

BUGS
    -R, -r and -k are refused. The hashes of Debian 12 look like yescrypt's but are the lab's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.passwd._database import AccountFiles, die, today
from maillab.shell.commands.passwd._strength import weakness
from maillab.shell.commands.passwd._usage import USAGE
from maillab.shell.conversation import ask_hidden, password_fits
from maillab.shell.options import Given, gnu
from maillab.sim.host.accounts import Shadow, User, user_name
from maillab.sim.host.crypt import hash_password
from maillab.sim.kernel import calendar

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"passwd": "/usr/bin/passwd"}
OPTIONS = gnu(
    "-a,--all -d,--delete -e,--expire -h,--help -i,--inactive= -k,--keep-tokens -l,--lock -n,--mindays= -q,--quiet -r,--repository= "
    "-R,--root= -S,--status -u,--unlock -w,--warndays= -x,--maxdays=",
    standard=False,
)
TRIES = 3
AGES = {"inactive": "inactive", "mindays": "minimum", "warndays": "warn", "maxdays": "maximum"}


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=2, hint=USAGE["passwd"])
    if given.has("help"):
        await sys.stdout.write(USAGE["passwd"])
        return 0
    if given.has("root", "repository", "keep-tokens"):
        await die(sys, "passwd", "options -R, -r and -k are not simulated", 2)
    if len(given.operands) > 1 or (given.has("all") and not given.has("status")):
        await sys.stderr.write(USAGE["passwd"])
        return 2
    files = AccountFiles(sys)
    own = user_name(sys, sys.uid)
    name = given.operands[0] if given.operands else own
    user = files.user(name)
    if given.has("status") and given.has("all") and sys.uid == 0:
        for each in files.users:
            await sys.stdout.write(_status_line(each, files.shadow(each.name)))
        return 0
    if user is None:
        await die(sys, "passwd", f"user '{name}' does not exist", 1)
    if sys.uid and (name != own):
        await die(sys, "passwd", f"You may not view or modify password information for {name}.", 1)
    if given.has("status"):
        await sys.stdout.write(_status_line(user, files.shadow(name)))
        return 0
    if given.has("delete", "expire", "lock", "unlock", *AGES):
        if sys.uid:
            await sys.stderr.write("passwd: Permission denied.\n")
            return 1
        return await _administer(sys, given, files, user)
    return await _change(sys, files, user)


def _state(entry: Shadow | None) -> str:
    if entry is None or entry.password.startswith(("!", "*")):
        return "L"
    return "P" if entry.password else "NP"


def _status_line(user: User, entry: Shadow | None) -> str:
    if entry is None:
        return f"{user.name} {'P' if user.password else 'NP'}\n"
    changed = "never" if entry.changed is None else calendar.strftime("%Y-%m-%d", entry.changed * calendar.DAY)
    days = [-1 if day is None else day for day in (entry.minimum, entry.maximum, entry.warn, entry.inactive)]
    return f"{user.name} {_state(entry)} {changed} {' '.join(map(str, days))}\n"


async def _administer(sys: Process, given: Given, files: AccountFiles, user: User) -> int:
    entry = files.shadow(user.name) or Shadow(user.name, "!", today(sys))
    if given.has("delete"):
        entry = entry._replace(password="")
    if given.has("lock") and not entry.password.startswith("!"):
        entry = entry._replace(password="!" + entry.password)
    if given.has("unlock"):
        if entry.password in ("!", "!!", "*", "!*"):
            await sys.stderr.write(
                "passwd: unlocking the password would result in a passwordless account.\n"
                "You should set a password with usermod -p to unlock the password of this account.\n"
            )
            return 3
        entry = entry._replace(password=entry.password.removeprefix("!"))
    for option, field in AGES.items():
        text = given.last(option)
        if text is not None:
            if not text.lstrip("-").isdigit():
                await die(sys, "passwd", f"invalid numeric argument '{text}'", 6)
            entry = entry._replace(**{field: None if int(text) < 0 else int(text)})  # type: ignore[arg-type]
    if given.has("expire"):
        entry = entry._replace(changed=0)
    files.put(entry)
    await files.save_or_die("passwd")
    sys.syslog("auth", "info", "passwd", f"password for '{user.name}' changed by '{user_name(sys, sys.uid)}'")
    if not given.has("quiet"):
        await sys.stdout.write("passwd: password changed.\n")
    return 0


def _old_texts(sys: Process) -> bool:
    """Linux-PAM before 1.1 asked for UNIX passwords."""
    return sys.program.version < (4, 1, 5)


async def _change(sys: Process, files: AccountFiles, user: User) -> int:
    """pam_unix's chauthtok: the old password, the new one twice, and the checks."""
    old = _old_texts(sys)
    current = ""
    if sys.uid:
        await sys.stderr.write(f"Changing password for {user.name}{'' if old else '.'}\n")
        typed = await ask_hidden(sys, "(current) UNIX password: " if old else "Current password: ")
        if typed is None or not password_fits(sys, user.name, typed):
            sys.syslog(
                "authpriv",
                "notice",
                "passwd",
                f"pam_unix(passwd:chauthtok): authentication failure; logname= uid={sys.uid} euid=0 tty= ruser= rhost=  user={user.name}",
            )
            if typed is not None:
                await sys.sleep(2)
            return await _unchanged(sys)
        current = typed
    new = await _ask_new(sys, user, current, old)
    if new is None:
        return await _unchanged(sys)
    entry = files.shadow(user.name) or Shadow(user.name, "!")
    hashed = hash_password(new, "MD5" if old else "YESCRYPT", sys.random)
    files.put(entry._replace(password=hashed, changed=today(sys)))
    files.save()
    sys.syslog("authpriv", "notice", "passwd", f"pam_unix(passwd:chauthtok): password changed for {user.name}")
    await sys.stderr.write("passwd: password updated successfully\n")
    return 0


async def _ask_new(sys: Process, user: User, current: str, old: bool) -> str | None:
    """The new password, None when the person gave up or failed too often."""
    word = "UNIX " if old else ""
    for _ in range(TRIES):
        new = await ask_hidden(sys, f"{'Enter new ' if old else 'New '}{word}password: ")
        again = await ask_hidden(sys, f"Retype new {word}password: ") if new is not None else None
        if new is None or again is None:
            return None
        if new != again:
            await sys.stderr.write("Sorry, passwords do not match" + ("" if old else ".") + "\n")
            return None
        complaint = "No password " + ("supplied" if old else "has been supplied.") if not new else ""
        if new and sys.uid:
            complaint = weakness(current, new, user.name, old)
        if not complaint:
            return new
        await sys.stderr.write(complaint + "\n")
    return None


async def _unchanged(sys: Process) -> int:
    await sys.stderr.write("passwd: Authentication token manipulation error\npasswd: password unchanged\n")
    return 10
