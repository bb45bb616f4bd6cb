"""A letter being written: its header, the aliases in it, and its way to sendmail."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.shell.commands.bsd_mailx._messages import skin
from maillab.shell.locale import is_utf8
from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import SIGHUP, SIGINT, SIGQUIT
from maillab.sim.host.stdio import encode

if TYPE_CHECKING:
    from maillab.shell.commands.bsd_mailx._session import Session

SENDMAIL = "/usr/sbin/sendmail"
KEYBOARD = (SIGHUP, SIGINT, SIGQUIT)


@dataclass
class Letter:
    """What the header of an outgoing letter says."""

    to: list[str] = field(default_factory=list)
    cc: list[str] = field(default_factory=list)
    bcc: list[str] = field(default_factory=list)
    subject: str | None = None
    sender: str | None = None
    reply_to: str | None = None
    in_reply_to: str | None = None
    extra: list[str] = field(default_factory=list)

    def mime(self, utf8: bool) -> list[str]:
        """The MIME fields that Debian's mail adds, except those given with -a."""
        given = {line.partition(":")[0].strip().lower() for line in self.extra}
        charset = "UTF-8" if utf8 else "ANSI_X3.4-1968"
        fields = ["MIME-Version: 1.0", f'Content-Type: text/plain; charset="{charset}"', "Content-Transfer-Encoding: 8bit"]
        return [line for line in fields if line.partition(":")[0].lower() not in given]

    def head(self, utf8: bool, *, joint: str, sending: bool = False) -> str:
        """The header as shown (`joint` a blank) or sent (a comma and a blank); ends with the blank line."""
        lines: list[str] = []
        if sending and self.sender:
            lines.append(f"From: {self.sender}")
        if self.to:
            lines.append(f"To: {joint.join(self.to)}")
        if self.subject is not None and (self.subject or sending):
            lines.append(f"Subject: {self.subject}")
        if self.cc:
            lines.append(f"Cc: {joint.join(self.cc)}")
        if self.bcc:
            lines.append(f"Bcc: {joint.join(self.bcc)}")
        if sending:
            lines += self.extra
            if self.reply_to:
                lines.append(f"Reply-To: {self.reply_to}")
        lines += self.mime(utf8)
        if sending and self.in_reply_to:
            lines.append(f"In-Reply-To: {self.in_reply_to}")
        return "\n".join(lines) + "\n\n"


def expand_aliases(session: Session, names: list[str]) -> list[str]:
    """Names with the groups of `alias` commands replaced, each once, in alphabetical order."""
    found: dict[str, str] = {}

    def add(name: str, depth: int) -> None:
        group = session.aliases.get(name)
        if group is None or depth > 100:
            found.setdefault(name.lower(), name)
            return
        for member in group:
            if member == name:
                found.setdefault(name.lower(), name)
            elif member != session.user or "metoo" in session.variables or len(group) == 1:
                add(member, depth + 1)

    for name in names:
        add(name, 0)
    return [found[key] for key in sorted(found)]


async def send(session: Session, letter: Letter, body: bytes) -> bool:
    """Give a letter to sendmail and wait for it; False when it was not taken (it is then in dead.letter)."""
    sys = session.sys
    letter.to, letter.cc, letter.bcc = (expand_aliases(session, names) for names in (letter.to, letter.cc, letter.bcc))
    if not letter.to + letter.cc + letter.bcc:
        await session.say("No recipients specified")
        await session.bury(body)
        return False
    letter.sender = letter.sender or session.variables.get("from")
    argv = ["sendmail", "-i", "-t"]
    if letter.sender:
        argv += ["-f", skin(letter.sender)]
    if "metoo" in session.variables:
        argv.append("-m")
    if "verbose" in session.variables:
        argv.append("-v")
    if "debug" in session.variables:
        await session.say("Sendmail arguments: " + " ".join(f'"{word}"' for word in argv))
        return True
    text = encode(letter.head(is_utf8(sys.env), joint=", ", sending=True)) + body
    await record(session, letter, text)
    status = await _run(session, session.variables.get("sendmail", SENDMAIL), argv, text)
    if status:
        await sys.stderr.write(f"Can't send mail: sendmail process failed with error code {status}\n")
        await session.bury(body)
        return False
    return True


async def record(session: Session, letter: Letter, text: bytes) -> None:
    """Keep a copy in the file of the variable `record`."""
    name = session.variables.get("record")
    if not name:
        return
    from maillab.sim.kernel.calendar import strftime

    line = encode(f"From {session.user} {strftime('%a %b %e %H:%M:%S %Y', session.sys.clock())}\n")
    try:
        session.sys.spew(await session.expand(name), line + text + b"\n", "a")
    except SysError as error:
        await session.warn(name, error)


async def _run(session: Session, path: str, argv: list[str], text: bytes) -> int:
    """Run a program with `text` on its stdin (an unlinked file of /tmp); its exit status."""
    sys = session.sys
    name = f"/tmp/mail.Rs{''.join(sys.random.choice('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789') for _ in range(10))}"
    try:
        sys.spew(name, text, "x", 0o600)
        fd = sys.open(name)
        sys.unlink(name)
    except SysError as error:
        await session.warn(name, error)
        return 1
    await sys.stdout.flush()
    saved = {number: sys.handlers.get(number, ("default", True)) for number in KEYBOARD}
    try:
        for number in KEYBOARD:
            sys.signal(number, "ignore")  # a letter under way is not interrupted
        pid = sys.spawn(path, argv, fds={0: fd, 1: 1, 2: 2})
        _, status = await sys.waitpid(pid)
        return status.shell if status else 1
    except SysError as error:
        await session.warn(path, error)
        return 1
    finally:
        sys.close(fd)
        for number, (handler, restart) in saved.items():
            sys.signal(number, handler, restart)
