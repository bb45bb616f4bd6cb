"""resolver - the C library's part in finding hosts: nsswitch.conf, /etc/hosts, resolv.conf, questions to DNS servers

    await getaddrinfo(sys, name, family)   addresses of a name; family "inet", "inet6" or None for both
    await lookup_host(sys, name, family)   the same with the canonical name and the aliases (gethostbyname2, AI_CANONNAME)
    await getnameinfo(sys, ip)             the name of an address, or None
    await res_query(sys, name, rrtype)     one question of any type, to the DNS only
    await res_search(sys, name, rrtype)    the same, with the search list of resolv.conf

All of them raise ResolverError (getnameinfo answers None). Every file is read through `sys`: a chroot without /etc/hosts has none.
Behaviour as in glibc 2.36: resolv.conf(5), nsswitch.conf(5), hosts(5), host.conf(5); timeouts and the order of servers as in its
res_send; servers that refuse or answer SERVFAIL are skipped, and no server left means "try again".

BUGS: only the sources `files` and `dns` are known; nsswitch.conf is read at each call, also after a chroot; no mdns, no nscd,
no `options rotate`.
"""
from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from maillab.sim.host.errno import SysError
from maillab.sim.wire import dns_message
from maillab.sim.wire.dns_message import Message, MessageError, Record

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

Family = Literal["inet", "inet6"] | None
Kind = Literal["again", "nodata", "nxdomain", "fail"]

EAI_TEXTS: dict[str, str] = {
    "again": "Temporary failure in name resolution",
    "nodata": "No address associated with hostname",
    "nxdomain": "Name or service not known",
    "fail": "Non-recoverable failure in name resolution",
}
H_ERRNO_TEXTS: dict[str, str] = {
    "again": "Host name lookup failure",
    "nodata": "No address associated with name",
    "nxdomain": "Unknown host",
    "fail": "Unknown server error",
}
NSS_DEFAULT = "dns [!UNAVAIL=return] files"
STATUS_OF_KIND = {"nxdomain": "notfound", "nodata": "notfound", "again": "tryagain", "fail": "unavail"}
MAX_SERVERS = 3
MAX_SEARCH = 6
DNS_PORT = 53
SKIPPED_RCODES = (2, 4, 5)  # SERVFAIL NOTIMP REFUSED: ask the next server


class ResolverError(Exception):
    """A name that was not found. `kind` is the libc error; `text` what gai_strerror says of it; `h_text` what hstrerror says."""

    def __init__(self, kind: Kind, text: str = "", rcode: int = 0) -> None:
        super().__init__(text or EAI_TEXTS[kind])
        self.kind: Kind = kind
        self.text = text or EAI_TEXTS[kind]
        self.h_text = H_ERRNO_TEXTS[kind]
        self.rcode = rcode


@dataclass(slots=True)
class HostEntry:
    """A host as gethostbyname knows it: canonical name, other names, addresses in order."""

    name: str
    aliases: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Answer:
    """What a DNS server said: the records of the answer section in their order (CNAMEs included), and the whole message."""

    name: str
    rrtype: str
    records: list[Record]
    message: Message

    def of_type(self, rrtype: str) -> list[Record]:
        return [record for record in self.records if record.rrtype == rrtype]


@dataclass(frozen=True, slots=True)
class ResolvConf:
    """resolv.conf(5). `timeout` in seconds; `servers` empty when the file names none that is an address."""

    servers: tuple[str, ...] = ()
    search: tuple[str, ...] | None = None
    ndots: int = 1
    timeout: int = 5
    attempts: int = 2
    use_tcp: bool = False


# --- configuration files

@lru_cache(maxsize=32)
def parse_resolv_conf(data: bytes) -> ResolvConf:
    """Read resolv.conf: unknown lines are ignored, the last of `search` and `domain` wins, three servers at most."""
    servers: list[str] = []
    search: tuple[str, ...] | None = None
    options: dict[str, int] = {}
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        words = line.split() if line[:1] not in ("#", ";", " ", "\t") else []
        if len(words) < 2:
            continue
        if words[0] == "nameserver" and len(servers) < MAX_SERVERS and is_address(words[1]):
            servers.append(words[1])
        elif words[0] == "domain":
            search = (words[1].rstrip("."),)
        elif words[0] == "search":
            search = tuple(word.rstrip(".") or "." for word in words[1:])
        elif words[0] == "options":
            for word in words[1:]:
                key, _, value = word.partition(":")
                options[key] = int(value) if value.isdigit() else 1
    return ResolvConf(tuple(servers), search, min(options.get("ndots", 1), 15), min(options.get("timeout", 5), 30),
                      min(options.get("attempts", 2), 5), "use-vc" in options)


@lru_cache(maxsize=32)
def parse_hosts(data: bytes) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Lines of /etc/hosts as (address, names); lines without a valid address or a name are skipped."""
    out = []
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        words = line.split("#")[0].split()
        if len(words) > 1 and is_address(words[0]):
            out.append((normal_address(words[0]), tuple(words[1:])))
    return tuple(out)


@lru_cache(maxsize=32)
def parse_nsswitch(data: bytes, database: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...] | None:
    """The sources of one database with their [STATUS=action] pairs (lower case); None when there is no such line."""
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        key, colon, rest = line.split("#")[0].partition(":")
        if colon and key.strip() == database:
            return _parse_sources(rest)
    return None


def _parse_sources(text: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    out: list[tuple[str, tuple[tuple[str, str], ...]]] = []
    for word in text.replace("[", " [").replace("]", "] ").split():
        if word.startswith("[") or (out and "=" in word):
            status, _, action = word.strip("[]").lower().partition("=")
            if out and action:
                wanted = [s for s in ("success", "notfound", "unavail", "tryagain") if (s == status.lstrip("!")) != status.startswith("!")]
                out[-1] = (out[-1][0], (*out[-1][1], *((s, action) for s in wanted)))
        else:
            out.append((word, ()))
    return tuple(out)


def _slurp(sys: Process, path: str) -> bytes | None:
    try:
        return sys.slurp(path)
    except SysError:
        return None


def resolv_conf(sys: Process) -> ResolvConf:
    """This process' /etc/resolv.conf; without a usable server the local host is asked."""
    return parse_resolv_conf(_slurp(sys, "/etc/resolv.conf") or b"")


def search_list(sys: Process, conf: ResolvConf) -> tuple[str, ...]:
    """Domains to append: those of resolv.conf, or the domain part of the host's name."""
    if conf.search is not None:
        return conf.search[:MAX_SEARCH]
    domain = sys.hostname().partition(".")[2]
    return (domain,) if domain else ()


# --- addresses

def is_address(text: str) -> bool:
    """True for an IPv4 dotted quad or an IPv6 address."""
    try:
        if ":" in text:
            dns_message.pack_ipv6(text)
        else:
            dns_message.pack_ipv4(text)
    except MessageError:
        return False
    return True


def normal_address(text: str) -> str:
    """The usual spelling of an address (`::0:1` -> `::1`)."""
    if ":" not in text:
        return dns_message.unpack_ipv4(dns_message.pack_ipv4(text))
    scope = text.partition("%")
    return dns_message.unpack_ipv6(dns_message.pack_ipv6(scope[0])) + "".join(scope[1:])


def inet_aton(text: str) -> str | None:
    """The dotted quad of any IPv4 notation of inet_aton(3) (`127.1`, `0x7f000001`), None when it is not one."""
    parts = text.split(".")
    if not 1 <= len(parts) <= 4:
        return None
    numbers: list[int] = []
    for part in parts:
        try:
            base = 16 if part[:2].lower() == "0x" else 8 if part.startswith("0") and len(part) > 1 else 10
            numbers.append(int(part, base) if part.isalnum() else -1)
        except ValueError:
            return None
    last_limit = 256 ** (5 - len(numbers))
    if any(not 0 <= n < 256 for n in numbers[:-1]) or not 0 <= numbers[-1] < last_limit:
        return None
    value = numbers[-1]
    for i, number in enumerate(numbers[:-1]):
        value |= number << (24 - 8 * i)
    return dns_message.unpack_ipv4(value.to_bytes(4, "big"))


def _numeric(name: str, family: Family) -> str | None:
    """The address that a numeric name is, or None; a family that does not fit is the error of glibc."""
    if ":" in name:
        if not is_address(name):
            return None
        if family == "inet":
            raise ResolverError("fail", "Address family for hostname not supported")
        return normal_address(name)
    quad = inet_aton(name) if name[:1].isdigit() else None
    if quad and family == "inet6":
        raise ResolverError("fail", "Address family for hostname not supported")
    return quad


# --- the DNS

async def res_query(sys: Process, name: str, rrtype: str) -> Answer:
    """Ask the DNS one question, without the search list. ResolverError "nxdomain", "nodata" (no record at all in the answer),
    "again" (no server answered, or they failed) or "fail" (refused as malformed)."""
    try:
        reply = await _ask_servers(sys, name, rrtype)
    except MessageError as error:
        raise ResolverError("fail") from error
    if reply.rcode == 3:
        raise ResolverError("nxdomain", rcode=3)
    if reply.rcode == 2:
        raise ResolverError("again", rcode=2)
    if reply.rcode:
        raise ResolverError("fail", rcode=reply.rcode)
    if not reply.answer:
        raise ResolverError("nodata")
    return Answer(name, rrtype, reply.answer, reply)


async def res_search(sys: Process, name: str, rrtype: str) -> Answer:
    """res_query for each candidate of the search list, in glibc's order and with its choice of the error to report."""
    first_error: ResolverError | None = None
    no_data = failed = None
    for candidate, as_is in _candidates(sys, name):
        try:
            return await res_query(sys, candidate, rrtype)
        except ResolverError as error:
            if error.kind == "again" and error.rcode == 0:
                raise
            if as_is and first_error is None:
                first_error = error
            no_data = no_data or (error if error.kind == "nodata" else None)
            failed = failed or (error if error.kind == "again" else None)
    raise first_error or no_data or failed or ResolverError("nxdomain")


def _candidates(sys: Process, name: str) -> list[tuple[str, bool]]:
    """(name to ask, is it the name as given) in order: with `ndots` dots as given first, otherwise after the search list."""
    if name.endswith("."):
        return [(name, True)]
    conf = resolv_conf(sys)
    searched = [(f"{name}.{domain}" if domain != "." else name, domain == ".") for domain in search_list(sys, conf)]
    as_is = [(name, True)]
    return as_is + searched if name.count(".") >= conf.ndots else searched + as_is


async def _ask_servers(sys: Process, name: str, rrtype: str) -> Message:
    """Send the question to the servers in turn until one answers. ResolverError "again" when none does."""
    conf = resolv_conf(sys)
    servers = conf.servers or ("127.0.0.1",)
    query = Message(ident=sys.random.randrange(65536), qname=name, qtype=rrtype)
    wire = dns_message.encode(query)
    failure: Message | None = None
    for attempt in range(conf.attempts):
        for server in servers:
            timeout = conf.timeout << attempt
            timeout = max(timeout // len(servers), 1) if attempt else max(timeout, 1)
            reply = await exchange(sys, server, wire, query, timeout, tcp=conf.use_tcp)
            if reply is None:
                continue
            if reply.rcode in SKIPPED_RCODES:
                failure = reply
                continue
            return reply
        if failure is not None:
            raise ResolverError("again", rcode=failure.rcode)
    raise ResolverError("again")


async def exchange(sys: Process, server: str, wire: bytes, query: Message, timeout: float, *, tcp: bool = False) -> Message | None:
    """One question to one server: UDP, then TCP when the reply is truncated. None: unreachable, refused, silent for `timeout` seconds."""
    try:
        if not tcp:
            reply = await ask_udp(sys, server, DNS_PORT, wire, query, timeout)
            if reply is None or not reply.tc:
                return reply
        return await ask_tcp(sys, server, DNS_PORT, wire, timeout)
    except (SysError, MessageError):
        return None


async def ask_udp(sys: Process, server: str, port: int, wire: bytes, query: Message, timeout: float) -> Message | None:
    """Send one datagram and wait for the reply that fits it. None: timed out. SysError: unreachable or refused."""
    fd = sys.socket("inet6" if ":" in server else "inet", "dgram")
    try:
        await sys.connect(fd, (server, port))
        await sys.write(fd, wire)
        deadline = sys.monotonic() + int(timeout * 1_000_000)
        while (left := deadline - sys.monotonic()) > 0:
            readable, _ = await sys.poll(read=[fd], timeout=left / 1_000_000)
            if not readable:
                return None
            reply = dns_message.decode(await sys.read(fd, 65536))
            if reply.ident == query.ident and reply.response and reply.qname.lower() == dns_message.canonical(query.qname):
                return reply
        return None
    finally:
        sys.close(fd)


async def ask_tcp(sys: Process, server: str, port: int, wire: bytes, timeout: float) -> Message | None:
    """The same over TCP, with the two bytes of length (RFC 1035, 4.2.2). None: closed or silent."""
    fd = sys.socket("inet6" if ":" in server else "inet", "stream")
    try:
        await sys.connect(fd, (server, port), timeout=timeout)
        await sys.write(fd, struct.pack("!H", len(wire)) + wire)
        data = b""
        while len(data) < 2 or len(data) < 2 + struct.unpack_from("!H", data)[0]:
            readable, _ = await sys.poll(read=[fd], timeout=timeout)
            chunk = await sys.read(fd, 65536) if readable else b""
            if not chunk:
                return None
            data += chunk
        return dns_message.decode(data[2:])
    finally:
        sys.close(fd)


# --- hosts

async def getaddrinfo(sys: Process, name: str, family: Family = None) -> list[str]:
    """The addresses of a name or of a numeric address, in the order to try them."""
    return (await lookup_host(sys, name, family)).addresses


async def gethostbyname(sys: Process, name: str, family: Literal["inet", "inet6"] = "inet") -> HostEntry:
    """gethostbyname2(3)."""
    return await lookup_host(sys, name, family)


async def lookup_host(sys: Process, name: str, family: Family = None) -> HostEntry:
    """Follow nsswitch.conf to find a name. ResolverError as getaddrinfo(3) reports it."""
    if (address := _numeric(name, family)) is not None:
        return HostEntry(name, [], [address])
    if not name or len(name) > 254:
        raise ResolverError("nxdomain")
    error = ResolverError("nxdomain")
    sources = parse_nsswitch(_slurp(sys, "/etc/nsswitch.conf") or b"", "hosts")
    for source, actions in sources if sources is not None else _parse_sources(NSS_DEFAULT):
        status = "unavail"
        try:
            if source == "files":
                return _from_files(sys, name, family)
            if source == "dns":
                return await _from_dns(sys, name, family)
        except ResolverError as failed:
            error, status = failed, STATUS_OF_KIND[failed.kind]
        if dict(actions).get(status) == "return":
            break
    raise error


def _fits(address: str, family: Family) -> bool:
    return family is None or (":" in address) == (family == "inet6")


def _from_files(sys: Process, name: str, family: Family) -> HostEntry:
    """All lines of /etc/hosts with this name (`multi on`): the first gives the canonical name, the others add names and addresses."""
    data = _slurp(sys, "/etc/hosts")
    wanted = name.lower().rstrip(".")
    entry: HostEntry | None = None
    for address, names in parse_hosts(data or b""):
        if not _fits(address, family) or wanted not in map(str.lower, names):
            continue
        if entry is None:
            entry = HostEntry(names[0], list(names[1:]), [address])
        else:
            entry.aliases += [*names[1:], names[0]]
            if address not in entry.addresses:
                entry.addresses.append(address)
    if entry is None:
        raise ResolverError("nxdomain")
    return entry


async def _from_dns(sys: Process, name: str, family: Family) -> HostEntry:
    """A and AAAA records, through CNAMEs. With both families, one that answers is enough."""
    types = {"inet": ("A",), "inet6": ("AAAA",), None: ("A", "AAAA")}[family]
    found: list[HostEntry] = []
    errors: list[ResolverError] = []
    for rrtype in types:
        try:
            entry = _host_of(await res_search(sys, name, rrtype), name, rrtype)
            found.append(entry)
        except ResolverError as error:
            errors.append(error)
            if error.kind == "again" and not found and error.rcode == 0:
                break
    if not found:
        raise next((e for e in errors if e.kind == "again"), next((e for e in errors if e.kind == "nodata"), errors[0]))
    merged = HostEntry(found[0].name, found[0].aliases, [a for entry in found for a in entry.addresses])
    if len(found) > 1:
        merged.addresses = _preferred(sys, merged.addresses)
    return merged


def _host_of(answer: Answer, asked: str, rrtype: str) -> HostEntry:
    """Follow the CNAME chain of an answer to its addresses."""
    canonical, aliases = answer.name.rstrip("."), list[str]()
    for record in answer.records:
        if record.rrtype == "CNAME" and record.name.lower() == canonical.lower():
            aliases.append(canonical)
            canonical = record.target
    addresses = [r.data for r in answer.of_type(rrtype) if r.name.lower() == canonical.lower()]
    if not addresses:
        raise ResolverError("nodata")
    return HostEntry(canonical, aliases, addresses)


def _preferred(sys: Process, addresses: Sequence[str]) -> list[str]:
    """IPv6 before IPv4 only where this host has an IPv6 address of its own (RFC 6724, rule 1)."""
    has_ipv6 = any(":" in str(a) and not str(a).startswith(("fe80", "::1")) for i in sys.interfaces() if i.up for a in i.addresses)
    return sorted(addresses, key=lambda a: (":" in a) != has_ipv6)


async def getnameinfo(sys: Process, ip: str) -> str | None:
    """The name of an address by nsswitch.conf (files, then PTR records), None when it has none or the DNS fails."""
    entry = await gethostbyaddr(sys, ip)
    return entry.name if entry else None


async def gethostbyaddr(sys: Process, ip: str) -> HostEntry | None:
    """The names of an address, None when there are none."""
    try:
        return await lookup_address(sys, ip)
    except ResolverError:
        return None


async def lookup_address(sys: Process, ip: str) -> HostEntry:
    """gethostbyaddr(3) with its error: ResolverError "nxdomain", or "again" when the DNS did not answer."""
    wanted = normal_address(ip)
    error = ResolverError("nxdomain")
    sources = parse_nsswitch(_slurp(sys, "/etc/nsswitch.conf") or b"", "hosts")
    for source, actions in sources if sources is not None else _parse_sources(NSS_DEFAULT):
        status = "notfound"
        if source == "files":
            for address, names in parse_hosts(_slurp(sys, "/etc/hosts") or b""):
                if address == wanted:
                    return HostEntry(names[0], list(names[1:]), [wanted])
        elif source == "dns":
            try:
                answer = await res_query(sys, dns_message.reverse_name(wanted), "PTR")
                if pointers := answer.of_type("PTR"):
                    return HostEntry(pointers[0].target, [r.target for r in pointers[1:]], [wanted])
            except ResolverError as failed:
                error, status = failed, STATUS_OF_KIND[failed.kind]
        if dict(actions).get(status) == "return":
            break
    raise error
