"""nslookup - ask DNS servers, also in a dialogue

SYNOPSIS
    nslookup [-type=TYPE] [-timeout=SECONDS] [-retry=N] [-port=N] [NAME [SERVER]]

DESCRIPTION
    Without a name reads commands: NAME [SERVER], server NAME, lserver NAME, set KEYWORD[=VALUE], exit.

BUGS
    `set` knows type, querytype, q, timeout, retry, port, class, search, recurse, vc, debug, all; the debug output is not simulated.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.bind9_host import _dighost as dighost
from maillab.shell.commands.bind9_host._dighost import Asker, BadServer, NoServer, Reply
from maillab.sim.host import resolver
from maillab.sim.wire.dns_message import Message, Record, type_number

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"bind9-dnsutils": "/usr/bin/nslookup"}

SENTENCES = {"CNAME": "canonical name = ", "PTR": "name = ", "MX": "mail exchanger = ", "TXT": "text = ", "NS": "nameserver = ",
             "SRV": "service = "}
SOA_FIELDS = ("origin", "mail addr", "serial", "refresh", "retry", "expire", "minimum")


class Ended(Exception):
    """nslookup ends with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Session:
    """The settings of one nslookup."""

    def __init__(self, sys: Process) -> None:
        self.sys = sys
        self.asker = Asker(sys, tries=3)
        self.rrtype = "A"
        self.default_type = True
        self.qclass = "IN"
        self.search = True
        self.dialogue = False
        self.status = 0

    async def setting(self, text: str) -> None:
        """`set` and the options of the command line."""
        key, _, value = text.partition("=")
        word = key.lower()
        if word == "all":
            await self._show_all()
        elif (word and len(word) > 1 and "type".startswith(word)) or (word and "querytype".startswith(word)):
            if type_number(value) is None:
                await self.sys.stdout.print(f"unknown query type: {value}")
            else:
                self.rrtype, self.default_type = value.upper(), False
        elif word.startswith("class") or word == "cl":
            self.qclass = value.upper()
        elif word == "port" and value.isdigit():
            self.asker.port = int(value)
        elif word in ("timeout", "ti") and value.isdigit():
            self.asker.timeout = float(value)
        elif word in ("retry", "ret") and value.isdigit():
            self.asker.tries = int(value)
        elif word in ("rec", "recurse", "norec", "norecurse"):
            self.asker.recurse = not word.startswith("no")
        elif word in ("sea", "search", "nosea", "nosearch", "def", "defname", "nodef", "nodefname"):
            self.search = not word.startswith("no")
        elif word in ("vc", "novc"):
            self.asker.tcp = word == "vc"
        elif word in ("deb", "debug", "nodeb", "nodebug", "d2", "nod2", "sil", "silent", "fail", "nofail"):
            self.sys.unsimulated(f"nslookup {word}")
        else:
            await self.sys.stdout.print(f"*** Invalid option: {text}")

    async def _show_all(self) -> None:
        out, asker = self.sys.stdout, self.asker
        for server in asker.servers or asker.configured():
            await out.print(f"Default server: {server}\nAddress: {server}#{asker.port}")
        await out.print(f"\nSet options:\n  {'vc' if asker.tcp else 'novc'}\t\t\tnodebug\t\tnod2")
        await out.print(f"  {'search' if self.search else 'nosearch'}\t\t{'recurse' if asker.recurse else 'norecurse'}")
        timeout = int(asker.timeout) if asker.timeout != 5 else 0
        await out.print(f"  timeout = {timeout}\t\tretry = {asker.tries}\tport = {asker.port}\tndots = 1")
        await out.print(f"  querytype = {self.rrtype:<8}\tclass = {self.qclass}")
        domains = resolver.search_list(self.sys, resolver.resolv_conf(self.sys))
        await out.print(f"  srchlist = {'/'.join(domains)}")

    async def server(self, name: str) -> None:
        """`server NAME`: Raises Ended when it has no address."""
        try:
            await self.asker.use(name)
        except BadServer as error:
            await self._fatal(str(error))
        for address in self.asker.servers[:1]:
            await self.sys.stdout.print(f"Default server: {name}\nAddress: {address}#{self.asker.port}")

    async def _fatal(self, text: str) -> None:
        await self.sys.stdout.flush()
        await self.sys.stderr.print(f"nslookup: {text}")
        raise Ended(1)

    async def lookup(self, name: str, server: str | None = None) -> None:
        """Ask for a name and print the answer."""
        if (problem := dighost.legal_name_error(name)) is not None:
            await self._fatal(problem)
        kept = self.asker.servers
        try:
            if server is not None:
                await self.asker.use(server)
            await self._ask_and_show(name)
        except BadServer as error:
            await self._fatal(str(error))
        except NoServer:
            self.status = 1
            if not self.dialogue:
                await self.sys.stdout.print("")
        finally:
            self.asker.servers = kept

    async def _ask_and_show(self, name: str) -> None:
        out = self.sys.stdout
        if resolver.is_address(name):
            reply = await self.asker.ask(dighost.query_name(name), "PTR" if self.default_type else self.rrtype)
            await self._answer(reply.message, dighost.query_name(name), heading=self.default_type is False, server=reply)
            await out.print("")
            return
        reply, found = await self._search(name)
        await out.print(f"Server:\t\t{reply.server}\nAddress:\t{reply.server}#{reply.port}\n")
        await self._answer(reply.message, found, heading=False, server=reply)
        if self.default_type and not reply.message.rcode:
            target = dighost.following(reply.message, found)
            more = await self.asker.ask(target, "AAAA")
            if more.message.rcode and not any(r.rrtype == "A" for r in reply.message.answer):
                await out.print(f"** server can't find {target}: {more.message.rcode_name}")
                self.status = 1
            for record in more.message.answer:
                if record.rrtype == "AAAA":
                    await out.print(f"Name:\t{record.name}\nAddress: {record.data}")
        await out.print("")

    async def _search(self, name: str) -> tuple[Reply, str]:
        conf = resolver.resolv_conf(self.sys)
        domains = [f"{name}.{domain}" for domain in resolver.search_list(self.sys, conf)] if self.search and not name.endswith(".") else []
        candidates = [name, *domains] if name.count(".") >= conf.ndots else [*domains, name]
        replies = []
        for candidate in candidates:
            replies.append((await self.asker.ask(candidate, self.rrtype, self.qclass), candidate))
            if replies[-1][0].message.rcode != 3:
                return replies[-1]
        return replies[0][0], name

    async def _answer(self, message: Message, name: str, *, heading: bool, server: Reply) -> None:
        out = self.sys.stdout
        if heading:
            await out.print(f"Server:\t\t{server.server}\nAddress:\t{server.server}#{server.port}\n")
        if message.rcode:
            for record in message.answer:
                await out.print(sentence(record))
            await out.print(f"** server can't find {dighost.following(message, name)}: {message.rcode_name}")
            self.status = 1
            return
        if not message.aa:
            await out.print("Non-authoritative answer:")
        for record in message.answer:
            await out.print(sentence(record))
        if not message.answer:
            await out.print(f"*** Can't find {name}: No answer")
        if not message.aa and not self.default_type:
            await out.print("\nAuthoritative answers can be found from:")
            for record in message.authority:
                await out.print(sentence(record))


def sentence(record: Record) -> str:
    """A record in nslookup's words."""
    if record.rrtype in ("A", "AAAA"):
        return f"Name:\t{record.name}\nAddress: {record.data}"
    if record.rrtype == "SOA":
        values = record.data.split(" ")
        return "\n".join([record.name, *(f"\t{key} = {value}" for key, value in zip(SOA_FIELDS, values, strict=False))])
    return f"{record.name}\t{SENTENCES.get(record.rrtype, f'rdata_{type_number(record.rrtype)} = ')}{dighost.data_text(record)}"


async def main(sys: Process, argv: list[str]) -> int:
    session = Session(sys)
    words: list[str] = []
    for word in argv[1:]:
        if word.startswith("-") and len(word) > 1:
            if word in ("-version", "-V"):
                await sys.stdout.print(f"nslookup {dighost.VERSION}")
                return 0
            await session.setting(word[1:])
        elif word == "-":
            words.append("")
        else:
            words.append(word)
    try:
        if words and words[0]:
            await session.lookup(words[0], words[1] if len(words) > 1 else None)
            return session.status
        if len(words) > 1:
            await session.asker.use(words[1])
        return await _dialogue(session)
    except Ended as end:
        return end.status
    except BadServer as error:
        await sys.stderr.print(f"nslookup: {error}")
        return 1


async def _dialogue(session: Session) -> int:
    sys = session.sys
    session.dialogue = True
    while True:
        if sys.isatty(0):
            await sys.stdout.write("> ")
            await sys.stdout.flush()
        line = await sys.stdin.readline()
        words = line.decode("utf-8", "surrogateescape").split()
        if not line or words[:1] == ["exit"]:
            if sys.isatty(0):
                await sys.stdout.print("")
            return session.status
        if not words:
            continue
        if words[0] == "set" and len(words) > 1:
            await session.setting(words[1])
        elif words[0] in ("server", "lserver") and len(words) > 1:
            await session.server(words[1])
        elif words[0] in ("help", "?", "ls", "finger", "root", "view"):
            await sys.stdout.print(f"The '{words[0]}' command is not implemented.")
        else:
            await session.lookup(words[0], words[1] if len(words) > 1 else None)
