"""bsd-mailx - send and receive mail

SYNOPSIS
    mail [-dEIinv] [-a header] [-b bcc-addr] [-c cc-addr] [-r from-addr] [-s subject] [--] to-addr ...
    mail [-dEIiNnv] -f [name]
    mail [-dEIiNnv] [-u user]

DESCRIPTION
    With addresses, a letter is read from stdin (with ~ escapes on a terminal, see ~?) and given to /usr/sbin/sendmail. Without,
    the user's mailbox (-u: another user's, -f: a file, by default ~/mbox) is read: `?` at the prompt `& ` lists the commands.

    -a HEADER   a further header line              -n   do not read /etc/mail.rc
    -b, -c      blind and visible copies           -N   do not list the headers at the start
    -d          debug: do not send                 -r   the sender's address
    -E          send no letter without text        -s   the subject
    -I          interactive, even without terminal -v   let sendmail tell the details
    -i          ignore interrupts

FILES
    /var/mail/USER ($MAIL), ~/mbox ($MBOX), ~/.mailrc ($MAILRC), /etc/mail.rc, ~/dead.letter, /usr/share/bsd-mailx/mail.help

BUGS
    The directory of `folder`, conditions of .mailrc other than r and s, and `core` are not simulated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.bsd_mailx._letter import Letter
from maillab.shell.commands.bsd_mailx._session import Session
from maillab.shell.options import Given, UsageError, posix
from maillab.sim.host.accounts import getpwnam

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"bsd-mailx": "/usr/bin/bsd-mailx"}
OPTIONS = posix("EINa:b:c:dfinr:s:u:v", permute=True)
USAGE = """usage: {prog} [-dEIinv] [-a header] [-b bcc-addr] [-c cc-addr] [-r from-addr] [-s subject] [--] to-addr ...
       {prog} [-dEIiNnv] -f [name]
       {prog} [-dEIiNnv] [-u user]
"""


async def main(sys: Process, argv: list[str]) -> int:
    name = argv[0].rpartition("/")[2]
    try:
        given = OPTIONS.parse(argv)
    except UsageError as error:
        await sys.stderr.write(f"{argv[0]}: {error}\n{USAGE.replace('{prog}', name)}")
        return 1
    session = Session(sys, name)
    reading = given.has("f", "u") or not given.operands
    _apply_options(session, given)
    problem = _conflict(given)
    if problem:
        await session.warn_text(problem)
        return 1
    if given.has("d"):
        await session.say(f"user = {session.user}, homedir = {session.home}")
    await session.load_startup_files(system=not given.has("n"), sending=not reading)
    _apply_options(session, given)
    if reading:
        return await _read(session, given)
    return await _send(session, given)


def _apply_options(session: Session, given: Given) -> None:
    """The options that are variables too; they win over the startup files."""
    names = {"d": "debug", "E": "skipempty", "i": "ignore", "N": "noheader", "v": "verbose", "I": "interactive"}
    for letter, variable in names.items():
        if given.has(letter):
            session.variables[variable] = ""
    if given.has("r"):
        session.variables["from"] = given.last("r") or ""
    session.interactive = given.has("I") or session.sys.isatty(0)
    if session.interactive:
        session.variables["interactive"] = ""


def _conflict(given: Given) -> str:
    if given.has("f"):
        return "Cannot give -f and people to send to" if len(given.operands) > 1 else ""
    if given.has("u"):
        return "Cannot give -u and people to send to" if given.operands else ""
    if not given.operands and given.has("s", "c", "b", "r", "a"):
        return "You must specify to-addr recipients when using -s, -c, -b, or -r"
    return ""


async def _send(session: Session, given: Given) -> int:
    letter = Letter(to=list(given.operands), extra=given.values("a"))
    letter.cc, letter.bcc = given.values("c"), given.values("b")
    if (subject := given.last("s")) is not None:
        letter.subject = subject.replace("\n", " ")
    return 0 if await session.write_letter(letter, show_head=False) else 1


async def _read(session: Session, given: Given) -> int:
    user = given.last("u")
    if user is not None and getpwnam(session.sys, user) is None:
        await session.warn_text(f'"{user}" is not a user of this system')
        return 1
    if given.has("f") and user is None:
        name = given.operands[0] if given.operands else "&"
        path, edit = await session.expand(name), True
    else:
        path, edit = session.mailbox(user), False
    if not await session.open(path, edit, user or session.user):
        return 1
    if "quiet" not in session.variables:
        await session.say("Mail version 8.1.2 01/15/2001.  Type ? for help.")
    await session.announce()
    return await session.run()
