"""logger - enter messages into the system log

SYNOPSIS
    logger [options] [message]

DESCRIPTION
    logger of util-linux 2.38: -p -t -i --id -s -f -e, a message on the command line or a line of standard input each, sent to /dev/log
    as a datagram in the traditional form. Nobody listening is no error.

BUGS
    -n, -P, -T, -u, --rfc3164, --rfc5424, --sd-*, --journald and --prio-prefix are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import TRY_HELP, fail, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import Input, decode, encode
from maillab.sim.kernel import calendar

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"bsdutils": "/usr/bin/logger"}

OPTIONS = gnu(
    "-i --id=? -f,--file= -e,--skip-empty -p,--priority= -S,--size= -s,--stderr -t,--tag= -n,--server= -P,--port= -T,--tcp -d,--udp "
    "-u,--socket= --no-act --octet-count --prio-prefix --rfc3164 --rfc5424=? --sd-id= --sd-param= --msgid= --socket-errors=? "
    "--journald=? -h,--help -V,--version",
    standard=False,
)
SIMULATED = {"i", "id", "file", "skip-empty", "priority", "size", "stderr", "tag", "no-act", "udp", "help", "version"}
FACILITIES = {"kern": 0, "user": 1, "mail": 2, "daemon": 3, "auth": 4, "security": 4, "syslog": 5, "lpr": 6, "news": 7, "uucp": 8,
              "cron": 9, "authpriv": 10, "ftp": 11, **{f"local{n}": 16 + n for n in range(8)}}  # fmt: skip
LEVELS = {"emerg": 0, "panic": 0, "alert": 1, "crit": 2, "err": 3, "error": 3, "warning": 4, "warn": 4, "notice": 5, "info": 6,
          "debug": 7}  # fmt: skip
DEFAULT = "user.notice"
LONGEST = 1024
HELP = """
Usage:
 logger [options] [<message>]

Enter messages into the system log.

Options:
 -i                       log the logger command's PID
     --id[=<id>]          log the given <id>, or otherwise the PID
 -f, --file <file>        log the contents of this file
 -e, --skip-empty         do not log empty lines when processing files
     --no-act             do everything except the write the log
 -p, --priority <prio>    mark given message with this priority
 -S, --size <size>        maximum size for a single message
 -s, --stderr             output message to standard error as well
 -t, --tag <tag>          mark every line with this tag
"""


async def code(sys: Process, argv: list[str], text: str) -> int:
    """The number of facility.level."""
    facility, dot, level = text.rpartition(".")
    if dot and facility not in FACILITIES:
        await fail(sys, argv, f"unknown facility name: {facility}")
    if level not in LEVELS:
        await fail(sys, argv, f"unknown priority name: {level}")
    return (FACILITIES[facility] if dot else 1) * 8 + LEVELS[level]


class Logger:
    """Sends messages."""

    def __init__(self, sys: Process, called: str, head: str, *, priority: int, echo: bool, send: bool, longest: int) -> None:
        self.sys = sys
        self.called = called
        self.head = head
        self.priority = priority
        self.echo = echo
        self.send = send
        self.longest = longest

    async def log(self, message: str) -> None:
        """One message."""
        stamp = calendar.strftime("%b %e %H:%M:%S", self.sys.clock())
        text = f"<{self.priority}>{stamp} {self.head}: {message}"
        if self.echo:
            await self.sys.stderr.write(text + "\n")
        if not self.send or not message:
            return
        try:
            fd = self.sys.socket("unix", "dgram")
            await self.sys.sendto(fd, encode(text)[: self.longest + len(self.head) + 32], "/dev/log")
            self.sys.close(fd)
        except SysError as error:
            if self.echo:
                await self.sys.stderr.write(f"{self.called}: socket /dev/log: {error.strerror}\n")


def user_name(sys: Process) -> str:
    """The name of the effective user."""
    try:
        for line in sys.slurp("/etc/passwd").decode("utf-8", "surrogateescape").split("\n"):
            parts = line.split(":")
            if len(parts) > 2 and parts[2] == str(sys.euid):
                return parts[0]
    except SysError:
        pass
    return str(sys.euid)


async def main(sys: Process, argv: list[str]) -> int:
    """logger."""
    given = await OPTIONS.read(sys, argv, help=HELP, version="logger from util-linux 2.38.1\n", hint=TRY_HELP)
    for found in given.found:
        if found.name not in SIMULATED:
            await fail(sys, argv, f"{found.spelled} is not simulated")
    tag = given.last("tag") or user_name(sys)
    identity = given.last("id") or str(sys.pid)
    head = f"{tag}[{identity}]" if given.has("i", "id") else tag
    logger = Logger(
        sys, argv[0], head, priority=await code(sys, argv, given.last("priority") or DEFAULT), echo=given.has("stderr"),
        send=not given.has("no-act"), longest=int(given.last("size") or LONGEST),
    )  # fmt: skip
    if given.operands:
        await logger.log(" ".join(given.operands))
        return 0
    name = given.last("file")
    try:
        source = sys.stdin if name in (None, "-") else Input(sys, sys.open(name or "", "r"))
    except SysError as error:
        await fail(sys, argv, f"file {name}: {error.strerror}")
    async for line in source:
        text = decode(line).removesuffix("\n")
        if text or not given.has("skip-empty"):
            await logger.log(text)
    return 0
