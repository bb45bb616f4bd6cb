"""smtp-source - parallelized SMTP/LMTP test generator

SYNOPSIS
    smtp-source [-cdLNov] [-f from] [-l length] [-m messages] [-M hostname] [-r recipients] [-s sessions] [-S subject] [-t to]
        [inet:]host[:port] | unix:pathname

DESCRIPTION
    Sends messages to a mail server, over several connections at once: -m how many, -s over how many sessions, -r recipients
    for each message, -l length of the content in octets, -c shows a running count. -d keeps a connection for more than one
    message, -N numbers the recipients, -L speaks LMTP, -o is the old way (HELO, no Date: header).

BUGS
    The options -4 -6 -A -C -F -R -T -w are not simulated and refused.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.host import netdb
from maillab.sim.host.errno import SysError
from maillab.sim.host.resolver import ResolverError, getaddrinfo
from maillab.sim.mail.rfc822_date import mail_date
from maillab.sim.postfix.lib.command import options_or_usage, run_command
from maillab.sim.postfix.lib.msg import Fatal, Msg
from maillab.sim.postfix.lib.vstream import Closed, Stream

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": "/usr/sbin/smtp-source"}

USAGE = ("usage: {0} -cdLNov -s sess -l msglen -m msgs -C count -M myhostname -f from -t to -r rcptcount -R delay "
         "-w delay host[:port]")
LINE = 80


@dataclass(slots=True)
class Plan:
    """What to send, where."""

    target: str = ""
    sessions: int = 1
    messages: int = 1
    recipients: int = 1
    length: int = 0
    name: str = ""
    sender: str = ""
    to: str = ""
    subject: str = ""
    lmtp: bool = False
    old: bool = False
    keep: bool = False
    number: bool = False
    count: bool = False


async def main(sys: Process, argv: list[str]) -> int:
    async def body(log: Msg) -> int:
        plan = _plan(sys, log, argv)
        share, rest = divmod(plan.messages, plan.sessions)
        children = [sys.fork(_session(plan, share + (number < rest))) for number in range(min(plan.sessions, plan.messages))]
        failed = 0
        for pid in children:
            _, status = await sys.waitpid(pid)
            failed |= int(status is None or status.code != 0)
        if plan.count:
            await sys.stdout.write(f"{plan.messages}\r\n")
        return failed

    return await run_command(sys, argv, body, logs=False)


def _plan(sys: Process, log: Msg, argv: list[str]) -> Plan:
    """Read the command line. Raises Fatal."""
    usage = USAGE.format(argv[0])
    options, operands = options_or_usage(log, argv, "cdf:l:Lm:M:Nor:s:S:t:v", usage)
    if len(operands) != 1:
        log.fatal(usage)
    host = sys.hostname()
    plan = Plan(operands[0], name=host, sender=f"foo@{host}", to=f"foo@{host}")
    texts = {"f": "sender", "t": "to", "M": "name", "S": "subject"}
    numbers = {"l": "length", "m": "messages", "r": "recipients", "s": "sessions"}
    flags = {"L": "lmtp", "o": "old", "d": "keep", "N": "number", "c": "count"}
    for letter, value in options:
        if letter in texts:
            setattr(plan, texts[letter], value)
        elif letter in numbers:
            if not value.isdigit() or int(value) < 1:
                log.fatal(f"bad {numbers[letter]} count: {value}")
            setattr(plan, numbers[letter], int(value))
        elif letter in flags:
            setattr(plan, flags[letter], True)
    return plan


def _session(plan: Plan, messages: int) -> Callable[[Process], Awaitable[int]]:
    """The body of one session: a child process."""

    async def run(sys: Process) -> int:
        log = Msg(sys, "smtp-source", stderr=True, quiet=True)
        stream: Stream | None = None
        try:
            for number in range(messages):
                if stream is None:
                    stream = await _open(sys, log, plan)
                await _message(sys, log, plan, stream, number)
                if not plan.keep:
                    await _close(log, stream)
                    stream = None
            if stream is not None:
                await _close(log, stream)
        except (Fatal, Closed) as failure:
            log.last_words(failure if isinstance(failure, Fatal) else Fatal("lost connection"))
            await log.flush()
            return 1
        return 0

    return run


async def _open(sys: Process, log: Msg, plan: Plan) -> Stream:
    """Connect and greet. Raises Fatal, Closed."""
    target = plan.target
    try:
        if target.startswith("unix:"):
            fd = sys.socket("unix")
            await sys.connect(fd, target[5:])
        else:
            host, _, port = target.removeprefix("inet:").partition(":")
            ips = await getaddrinfo(sys, host.strip("[]"), "inet")
            fd = sys.socket("inet")
            await sys.connect(fd, (ips[0], netdb.service_port(sys, port or ("lmtp" if plan.lmtp else "smtp")) or 25))
    except SysError as error:
        log.fatal(f"connect: {error}")
    except ResolverError as error:
        log.fatal(f"{target}: {error.text}")
    stream = Stream(sys, fd)
    await _expect(log, stream, 2, "connection refused")
    verb = "LHLO" if plan.lmtp else "HELO" if plan.old else "EHLO"
    await _command(log, stream, f"{verb} {plan.name}", 2)
    return stream


async def _message(sys: Process, log: Msg, plan: Plan, stream: Stream, number: int) -> None:
    """Send one message. Raises Fatal, Closed."""
    await _command(log, stream, f"MAIL FROM:<{plan.sender}>", 2)
    for index in range(plan.recipients):
        to = plan.to if plan.recipients == 1 and not plan.number else f"{index}{plan.to}"
        await _command(log, stream, f"RCPT TO:<{to}>", 2)
    await _command(log, stream, "DATA", 3)
    stream.put(_content(sys, plan, number))
    for _ in range(plan.recipients if plan.lmtp else 1):
        await _expect(log, stream, 2, "end of data")


def _content(sys: Process, plan: Plan, number: int) -> bytes:
    now = sys.clock()
    lines = [f"From: <{plan.sender}>", f"To: <{plan.to}>"]
    if not plan.old:
        lines += [f"Date: {mail_date(now)}", f"Message-Id: <{now // 1_000_000:04x}.{sys.pid:04x}.{number:04x}@{plan.name}>"]
    if plan.subject:
        lines.append(f"Subject: {plan.subject}")
    lines.append("")
    left = plan.length
    if left:
        while left > 0:
            lines.append("X" * min(LINE - 2, left))
            left -= LINE
    else:
        lines += ["La de da de da 1.", "La de da de da 2.", "La de da de da 3.", "La de da de da 4."]
    return "\r\n".join([*lines, ".", ""]).encode()


async def _close(log: Msg, stream: Stream) -> None:
    await _command(log, stream, "QUIT", 2)
    stream.close()


async def _command(log: Msg, stream: Stream, text: str, wanted: int) -> None:
    stream.put(text.encode("utf-8", "surrogateescape") + b"\r\n")
    await _expect(log, stream, wanted, text)


async def _expect(log: Msg, stream: Stream, wanted: int, doing: str) -> None:
    """Read one reply. Raises Fatal when it is not of the wanted kind."""
    while True:
        line = (await stream.take_until(b"\n")).decode("utf-8", "surrogateescape").rstrip()
        if line[3:4] != "-":
            break
    if line[:1] != str(wanted):
        log.fatal(f"{doing} rejected: {line}")
