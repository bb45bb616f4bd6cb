"""host - look up names in the DNS

SYNOPSIS
    host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time] [-R number] [-m flag] [-p port] hostname [server]

DESCRIPTION
    Without -t asks for addresses and mail exchangers. An address is looked up in the reverse tree. /etc/hosts is not used.

BUGS
    -C -l -i -m are refused.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.bind9_host import _dighost as dighost
from maillab.shell.commands.bind9_host._dighost import Asker, BadServer, NoServer, Reply
from maillab.shell.options import Given, UsageError, posix
from maillab.sim.host import resolver
from maillab.sim.wire.dns_message import Record, type_number

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"bind9-host": "/usr/bin/host"}

OPTIONS = posix("ac:dilnm:p:rst:vVwCDN:R:TUW:46A", permute=True)
USAGE = """Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]
            [-R number] [-m flag] [-p port] hostname [server]
       -a is equivalent to -v -t ANY
       -A is like -a but omits RRSIG, NSEC, NSEC3
       -c specifies query class for non-IN data
       -C compares SOA records on authoritative nameservers
       -d is equivalent to -v
       -l lists all hosts in a domain, using AXFR
       -m set memory debugging flag (trace|record|usage)
       -N changes the number of dots allowed before root lookup is done
       -p specifies the port on the server to query
       -r disables recursive processing
       -R specifies number of retries for UDP packets
       -s a SERVFAIL response should stop query
       -t specifies the query type
       -T enables TCP/IP mode
       -U enables UDP mode
       -v enables verbose output
       -V print version number and exit
       -w specifies to wait forever for a reply
       -W specifies how long to wait for a reply
       -4 use IPv4 query transport only
       -6 use IPv6 query transport only
"""
SENTENCES = {"A": "has address", "AAAA": "has IPv6 address", "MX": "mail is handled by", "CNAME": "is an alias for", "NS": "name server",
             "PTR": "domain name pointer", "TXT": "descriptive text", "SOA": "has SOA record", "HINFO": "host information"}


async def main(sys: Process, argv: list[str]) -> int:
    try:
        given = OPTIONS.parse(argv)
    except UsageError as error:
        letter = str(error)[-2]
        text = "illegal option" if "invalid" in str(error) else "option requires an argument"
        await sys.stderr.write(f"host: {text} -- {letter}\n{USAGE}")
        return 1
    if given.has("V"):
        await sys.stderr.print(f"host {dighost.VERSION}")
        return 0
    if not given.operands:
        await sys.stderr.write(USAGE)
        return 1
    for letter in "Clim":
        if given.has(letter):
            await sys.stderr.print(f"host: -{letter} is not simulated")
            return 1
    rrtype = (given.last("t") or "").upper() or ("ANY" if given.has("a", "A") else "")
    if rrtype and type_number(rrtype) is None:
        await sys.stderr.print(f"host: invalid type: {given.last('t')}\n")
        return 2
    try:
        return await Lookup(sys, given, rrtype).run()
    except BadServer as error:
        await sys.stdout.flush()
        await sys.stderr.print(f"host: {error}")
        return 1
    except NoServer:
        return 1


def _number(text: str | None, default: float) -> float:
    return float(text) if text is not None and text.isdigit() else default


class Lookup:
    """One run of host."""

    def __init__(self, sys: Process, given: Given, rrtype: str) -> None:
        self.sys = sys
        self.given = given
        self.rrtype = rrtype
        self.verbose = given.has("a", "A", "d", "v")
        timeout = 1e6 if given.has("w") else max(1.0, _number(given.last("W"), 5.0))
        self.asker = Asker(sys, port=int(_number(given.last("p"), 53)), timeout=timeout, tries=int(_number(given.last("R"), 1)) + 1,
                           tcp=given.has("T"), recurse=not given.has("r"),
                           family="inet" if given.has("4") else "inet6" if given.has("6") else None)
        self.failed = False
        self.heading = ""

    async def run(self) -> int:
        name = self.given.operands[0]
        if (problem := dighost.legal_name_error(name)) is not None:
            await self.sys.stderr.print(f"host: {problem}")
            return 1
        if len(self.given.operands) > 1:
            server = self.given.operands[1]
            await self.asker.use(server)
            self.heading = f"Using domain server:\nName: {server}\nAddress: {self.asker.servers[0]}#{self.asker.port}\nAliases: \n"
        reverse = resolver.is_address(name)
        types = [self.rrtype or "PTR"] if reverse else [self.rrtype] if self.rrtype else ["A", "AAAA", "MX"]
        asked = dighost.query_name(name)
        for i, rrtype in enumerate(types):
            reply, found = await self._search(asked, rrtype, search=i == 0 and not reverse)
            await self._show(reply, found, name, rrtype, reverse)
            if reply.message.rcode and i == 0:
                return 1
            asked = dighost.following(reply.message, found)
        return 1 if self.failed else 0

    async def _search(self, name: str, rrtype: str, *, search: bool) -> tuple[Reply, str]:
        """Ask for the name, through the search list as resolv.conf wants it; the reply and the name it is about."""
        if not search or name.endswith("."):
            return await self._ask(name, rrtype), name
        conf = resolver.resolv_conf(self.sys)
        dots = int(_number(self.given.last("N"), conf.ndots))
        domains = [f"{name}.{domain}" for domain in resolver.search_list(self.sys, conf)]
        candidates = [name, *domains] if name.count(".") >= dots else [*domains, name]
        first: tuple[Reply, str] | None = None
        for candidate in candidates:
            reply = await self._ask(candidate, rrtype)
            if reply.message.rcode != 3:
                return reply, candidate
            first = first or (reply, candidate)
        assert first is not None
        return first[0], name

    async def _ask(self, name: str, rrtype: str) -> Reply:
        if self.verbose:
            await self.sys.stdout.print(f'Trying "{name}"')
        return await self.asker.ask(name, rrtype, (self.given.last("c") or "IN").upper())

    async def _show(self, reply: Reply, name: str, typed: str, rrtype: str, reverse: bool) -> None:
        out, message = self.sys.stdout, reply.message
        if self.heading:
            await out.print(self.heading)
            self.heading = ""
        shown = dighost.following(message, name)
        if message.rcode:
            for record in message.answer:
                await out.print(sentence(record))
            dot = "." if reverse and not self.verbose and ":" not in typed and message.rcode == 3 else ""
            await out.print(f"Host {shown or repr(typed)}{dot} not found: {message.rcode}({message.rcode_name})")
            self.failed = True
        elif self.verbose:
            await self._verbose(reply)
        else:
            for record in message.answer:
                await out.print(sentence(record))
            if not message.answer and self.rrtype:
                await out.print(f"{name} has no {rrtype} record")
            elif not message.answer and reverse:
                await out.print(f"{name} has no PTR record")

    async def _verbose(self, reply: Reply) -> None:
        out, message = self.sys.stdout, reply.message
        for line in dighost.header_lines(message):
            await out.print(line)
        await out.print(f"\n;; QUESTION SECTION:\n{dighost.question_line(message)}")
        for title, records in (("ANSWER", message.answer), ("AUTHORITY", message.authority), ("ADDITIONAL", message.additional)):
            if records:
                await out.print(f"\n;; {title} SECTION:")
                for record in records:
                    await out.print(dighost.record_line(record, message.qclass))
        await out.print(f"\nReceived {message.size} bytes from {reply.server}#{reply.port} in {reply.elapsed // 1000} ms")


def sentence(record: Record) -> str:
    """A record in words."""
    text = SENTENCES.get(record.rrtype, f"has {record.rrtype} record")
    return f"{record.name} {text} {dighost.data_text(record)}"
