"""chfn - change real user name and information

SYNOPSIS
    chfn [-f FULL_NAME] [-r ROOM] [-w WORK_PHONE] [-h HOME_PHONE] [-o OTHER] [LOGIN]

DESCRIPTION
    Changes the comment field of /etc/passwd, whose parts are separated by commas. Without options it asks for each part.

BUGS
    -R is refused; CHFN_RESTRICT of login.defs is taken as `rwh`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.passwd._database import AccountFiles, die
from maillab.shell.commands.passwd._usage import USAGE
from maillab.shell.conversation import ask, authenticate
from maillab.shell.options import gnu
from maillab.sim.host.accounts import user_name

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"passwd": "/usr/bin/chfn"}
OPTIONS = gnu("-f,--full-name= -h,--home-phone= -o,--other= -r,--room= -R,--root= -u,--help -w,--work-phone=", standard=False)
PARTS = {"full-name": "Full Name", "room": "Room Number", "work-phone": "Work Phone", "home-phone": "Home Phone", "other": "Other"}
ROOT_ONLY = ("full-name", "other")


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=1, hint=USAGE["chfn"])
    if given.has("help"):
        await sys.stdout.write(USAGE["chfn"])
        return 0
    if len(given.operands) > 1 or given.has("root"):
        await sys.stderr.write(USAGE["chfn"])
        return 1
    own = user_name(sys, sys.uid)
    name = given.operands[0] if given.operands else own
    files = AccountFiles(sys)
    user = files.user(name)
    if user is None:
        await die(sys, "chfn", f"user '{name}' does not exist", 1)
    if sys.uid and (name != own or given.has(*ROOT_ONLY)):
        await die(sys, "chfn", "Permission denied.", 1)
    if not await authenticate(sys, "chfn", own):
        await die(sys, "chfn", "PAM: Authentication failure", 1)
    fields = (user.gecos.split(",", 4) + [""] * 5)[:5]
    if not given.found:
        await sys.stdout.write(f"Changing the user information for {name}\nEnter the new value, or press ENTER for the default\n")
    for place, (option, title) in enumerate(PARTS.items()):
        if given.has(option):
            fields[place] = given.last(option) or ""
        elif not given.found:
            if sys.uid and option in ROOT_ONLY:
                await sys.stdout.write(f"\t{title}: {fields[place]}\n")
                continue
            fields[place] = await ask(sys, f"\t{title} [{fields[place]}]: ") or fields[place]
        if ":" in fields[place] or ("," in fields[place] and option != "other"):
            await die(sys, "chfn", f"invalid {title.lower()}: '{fields[place]}'", 1)
    gecos = ",".join(fields).rstrip(",") if not any(fields[1:]) else ",".join(fields[:4]) + (f",{fields[4]}" if fields[4] else "")
    files.put(user._replace(gecos=gecos))
    files.save()
    sys.syslog("auth", "info", "chfn", f"changed user '{name}' information")
    return 0
