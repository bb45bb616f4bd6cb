"""What host, dig and nslookup have in common: asking servers, complaining of them, showing records (bind 9.18)."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.sim.host import resolver
from maillab.sim.host.errno import SysError
from maillab.sim.host.resolver import ResolverError
from maillab.sim.wire import dns_message
from maillab.sim.wire.dns_message import Message, MessageError, Record

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

VERSION = "9.18.49-1~deb12u1-Debian"
DEFAULT_SERVERS = ["::1", "127.0.0.1"]
NO_SERVERS = ";; no servers could be reached"
ERRORS = {"ECONNREFUSED": "connection refused", "ENETUNREACH": "network unreachable", "EHOSTUNREACH": "host unreachable",
          "ECONNRESET": "end of file", "ETIMEDOUT": "timed out"}
EDE_TEXTS = {14: "Not Ready", 18: "Prohibited", 20: "Not Authoritative", 22: "No Reachable Authority", 23: "Network Error"}
MAX_NAME = 255
NAMES_LAST = ("MX", "NS", "CNAME", "PTR", "SRV", "DNAME")


class NoServer(Exception):
    """No server could be reached; all has been said already."""


class BadServer(Exception):
    """A server named on the command line has no address; the text says it."""


@dataclass
class Reply:
    """A message, who sent it, and how long it took (microseconds)."""

    message: Message
    server: str
    port: int
    elapsed: int
    tcp: bool = False


@dataclass
class Asker:
    """How to ask: servers, port, seconds of patience, number of tries."""

    sys: Process
    servers: list[str] = field(default_factory=list)
    port: int = 53
    timeout: float = 5.0
    tries: int = 3
    tcp: bool = False
    recurse: bool = True
    edns: int = 0
    family: str | None = None
    unreachable: bool = False

    def configured(self) -> list[str]:
        """The servers of resolv.conf, or the local host's two addresses."""
        servers = list(resolver.resolv_conf(self.sys).servers) or DEFAULT_SERVERS
        return [s for s in servers if self.family is None or (":" in s) == (self.family == "inet6")] or servers

    async def use(self, name: str) -> None:
        """Ask this server only. Raises BadServer."""
        try:
            self.servers = await resolver.getaddrinfo(self.sys, name)
        except ResolverError as error:
            reason = "failure" if error.kind == "again" else "not found"
            raise BadServer(f"couldn't get address for '{name}': {reason}") from error

    async def ask(self, name: str, rrtype: str, qclass: str = "IN") -> Reply:
        """Ask the servers in turn, with bind's complaints on stdout. Raises NoServer, MessageError for a name that cannot be asked."""
        sys = self.sys
        query = Message(ident=sys.random.randrange(65536), qname=name, qtype=rrtype, qclass=qclass, rd=self.recurse, edns=self.edns)
        wire = dns_message.encode(query)
        left = self.tries
        for server in self.servers or self.configured():
            while True:
                reply = await self._try(server, wire, query)
                if reply is not None:
                    return reply
                left -= 1
                if left <= 0:
                    break
        if not self.unreachable:
            await self.give_up()
        raise NoServer

    async def give_up(self) -> None:
        """Say that no server answered."""
        await self.sys.stdout.print(NO_SERVERS)

    async def _try(self, server: str, wire: bytes, query: Message) -> Reply | None:
        sys = self.sys
        began = sys.monotonic()
        tcp = self.tcp or query.qtype in ("AXFR", "IXFR")
        try:
            message = None if tcp else await resolver.ask_udp(sys, server, self.port, wire, query, self.timeout)
            if tcp or (message is not None and message.tc):
                if message is not None:
                    await sys.stdout.print(";; Truncated, retrying in TCP mode.")
                    tcp = True
                message = await resolver.ask_tcp(sys, server, self.port, wire, self.timeout)
            problem = "timed out"
        except SysError as error:
            problem, message = ERRORS.get(error.name, str(error)), None
            if error.name == "ENETUNREACH" and not tcp:
                self.unreachable = True
                await sys.stdout.print(f";; UDP setup with {server}#{self.port}({server}) for {query.qname} failed: {problem}.")
                await sys.stdout.print(NO_SERVERS)
                await sys.stdout.flush()
                return None
        except MessageError:
            message, problem = None, "unexpected reply"
        if message is not None:
            return Reply(message, server, self.port, sys.monotonic() - began, tcp)
        await sys.stdout.print(f";; communications error to {server}#{self.port}: {problem}")
        await sys.stdout.flush()
        return None


def query_name(text: str) -> str:
    """The name to ask: an address becomes its name in the reverse tree."""
    return dns_message.reverse_name(text) if resolver.is_address(text) else text


def legal_name_error(text: str) -> str | None:
    """What bind says of a name that cannot be asked, None for one that can."""
    try:
        dns_message.split_labels(text)
    except MessageError:
        if ".." in text or text.startswith("."):
            return f"'{text}' is not a legal name (empty label)"
        if any(len(label) > 63 for label in text.split(".")):
            return f"'{text}' is not a legal name (label too long)"
        return f"'{text}' is not a legal name (ran out of space)"
    return None


def dotted(name: str) -> str:
    """A name with its final dot."""
    return name if name.endswith(".") else name + "."


def data_text(record: Record) -> str:
    """Record data as bind prints it: names end with a dot."""
    words = record.data.split(" ")
    if record.rrtype in NAMES_LAST:
        return " ".join([*words[:-1], dotted(words[-1])])
    if record.rrtype == "SOA":
        return " ".join([dotted(words[0]), dotted(words[1]), *words[2:]])
    return record.data


def tabbed(parts: list[tuple[str, int]]) -> str:
    """Texts that each begin at a column (or one space further), reached with tabs; a column of 0 means one tab."""
    line, width = "", 0
    for text, column in parts:
        if column:
            if width >= column:
                line, width = line + " ", width + 1
            while width < column:
                line, width = line + "\t", width // 8 * 8 + 8
        line, width = line + text, width + len(text)
    return line


def record_line(record: Record, qclass: str = "IN", *, ttl: bool = True, show_class: bool = True) -> str:
    """A record as dig shows it."""
    parts = [(dotted(record.name), 0)]
    column = 24
    if ttl:
        parts.append((str(record.ttl), column))
        column += 8
    if show_class:
        parts.append((qclass, column))
        column += 8
    parts.append((record.rrtype, column))
    parts.append((data_text(record), column + 8))
    return tabbed(parts)


def header_lines(message: Message) -> list[str]:
    """The two lines on the header of a message."""
    flags = "".join(f" {name}" for name, on in (("qr", message.response), ("aa", message.aa), ("tc", message.tc), ("rd", message.rd),
                                                ("ra", message.ra), ("ad", message.ad)) if on)
    counts = (f"QUERY: {1 if message.qtype else 0}, ANSWER: {len(message.answer)}, AUTHORITY: {len(message.authority)}, "
              f"ADDITIONAL: {len(message.additional) + (1 if message.edns else 0)}")
    return [f";; ->>HEADER<<- opcode: QUERY, status: {message.rcode_name}, id: {message.ident}", f";; flags:{flags}; {counts}"]


def question_line(message: Message) -> str:
    return tabbed([(";" + dotted(message.qname), 0), (message.qclass, 32), (message.qtype, 40)])


def following(message: Message, name: str) -> str:
    """The name at the end of the CNAME chain that starts at `name`."""
    for record in message.answer:
        if record.rrtype == "CNAME" and record.name.lower() == name.rstrip(".").lower():
            name = record.target
    return name
