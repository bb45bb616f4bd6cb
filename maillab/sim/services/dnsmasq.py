"""dnsmasq - a small DNS server

SYNOPSIS
    dnsmasq [-k] [-C FILE]

DESCRIPTION
    Answers DNS questions on UDP and TCP port 53 from the records written in its configuration file, by default /etc/dnsmasq.conf.
    With -k it stays in the foreground. SIGTERM ends it. The options of the file are those of `maillab.sim.wire.dns_zone`; an option
    that is not simulated is an error, as dnsmasq has for a word it does not know.

FILES
    /etc/dnsmasq.conf   records, one option a line
    /etc/dns-faults     made-up trouble (lab only): DOMAIN servfail|refused|notimp|drop|truncate|delay SECONDS

BUGS
    No forwarding, no DHCP, no cache, no TFTP.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.services._dns_server import DnsServer, blank_reply
from maillab.sim.wire.dns_message import Message, Record
from maillab.sim.wire.dns_zone import REFUSED, OptionError, Zone, parse_options

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"dnsmasq-base": "/usr/sbin/dnsmasq"}
VERSION = "dnsmasq-2.90"
NOT_READY = (14, "")


class Answers:
    """Replies from a zone; counts the questions for each name, so that several addresses are given in turn."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.turns: dict[str, int] = {}

    def __call__(self, query: Message) -> Message:
        reply = blank_reply(query, ra=True)
        if query.qclass == "CH":
            if query.qname.lower() == "version.bind":
                reply.aa = True
                reply.answer = [Record(query.qname, "TXT", 0, f'"{VERSION}"')]
            return reply
        name = query.qname.lower()
        turn = self.turns.get(name, 0)
        if query.qtype in ("A", "AAAA", "ANY"):
            self.turns[name] = turn + 1
        found = self.zone.lookup(query.qname, query.qtype, turn)
        reply.rcode, reply.aa, reply.answer, reply.additional = found.rcode, found.aa, found.answer, found.additional
        if found.rcode == REFUSED:
            reply.ede = NOT_READY
        return reply


async def main(sys: Process, argv: list[str]) -> int:
    path, foreground = "/etc/dnsmasq.conf", False
    words = iter(argv[1:])
    for word in words:
        if word in ("-k", "--keep-in-foreground"):
            foreground = True
        elif word == "-C":
            path = next(words, path)
        elif word.startswith("--conf-file="):
            path = word.partition("=")[2]
        else:
            await sys.stderr.print("\ndnsmasq: bad command line options: try --help")
            return 1
    server = DnsServer(sys, Answers(Zone()), compress_data=False)
    try:
        lines = sys.slurp(path).decode("utf-8", "surrogateescape").split("\n")
        server.answer = Answers(parse_options(lines, sys.hostname()))
    except SysError as error:
        await sys.stderr.print(f"\ndnsmasq: cannot read {path}: {error}")
        return 3
    except OptionError as error:
        await sys.stderr.print(f"\ndnsmasq: {error} at line {error.line} of {path}")
        return 1
    return await start(sys, server, "dnsmasq", foreground)


async def start(sys: Process, server: DnsServer, name: str, foreground: bool) -> int:
    """Bind port 53, then serve here or in the background."""
    try:
        server.bind()
    except SysError as error:
        await sys.stderr.print(f"\n{name}: failed to create listening socket for port 53: {error}")
        return 2

    async def serve(process: Process) -> int:
        server.sys = process
        await server.run()
        return 0

    if foreground:
        return await serve(sys)

    async def daemon(child: Process) -> int:
        child.setsid()
        return await serve(child)

    sys.fork(daemon)
    return 0
