"""What an authoritative server answers from its zones (RFC 1034, 4.3.2): exact names, wildcards, CNAMEs, delegations, and the two kinds
of no with the SOA record (RFC 2308). Zone files are read by dnspython."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from maillab.sim.wire.dns_message import Record, canonical

NXDOMAIN = 3
REFUSED = 5
MAX_CNAMES = 10


class ZoneError(ValueError):
    """A zone file that cannot be used; the text says why."""


@dataclass(slots=True)
class Reply:
    """The answer to one question."""

    rcode: int = 0
    aa: bool = True
    answer: list[Record] = field(default_factory=list)
    authority: list[Record] = field(default_factory=list)
    additional: list[Record] = field(default_factory=list)


@dataclass(slots=True)
class MasterZone:
    """The records of one zone by lower case name, and all names that exist because something is below them."""

    origin: str
    records: dict[str, list[Record]] = field(default_factory=dict)
    exists: dict[str, None] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        key = record.name.lower()
        self.records.setdefault(key, []).append(record)
        while key and key not in self.exists:
            self.exists[key] = None
            key = key.partition(".")[2] if key != self.origin else ""

    def soa(self) -> Record | None:
        return next((r for r in self.records.get(self.origin, ()) if r.rrtype == "SOA"), None)

    def delegation(self, name: str) -> list[Record]:
        """The NS records of a cut between the origin and the name."""
        while name != self.origin and name:
            found = [r for r in self.records.get(name, ()) if r.rrtype == "NS"]
            if found:
                return found
            name = name.partition(".")[2]
        return []

    def at(self, name: str) -> list[Record] | None:
        """The records of a name, those of a wildcard above it, None when the name does not exist."""
        if name in self.exists:
            return self.records.get(name, [])
        above = name.partition(".")[2]
        while above and above not in self.exists:
            above = above.partition(".")[2]
        wild = self.records.get(f"*.{above}") if above else None
        return None if wild is None else [Record(name, r.rrtype, r.ttl, r.data) for r in wild]


def parse_zone(text: str, origin: str) -> MasterZone:
    """Read a master file (RFC 1035, 5). Raises ZoneError."""
    import dns.exception
    import dns.rdatatype
    import dns.zone

    try:
        parsed = dns.zone.from_text(text, origin=origin.rstrip(".") + ".", relativize=False, check_origin=False)
    except dns.exception.DNSException as error:
        raise ZoneError(str(error)) from error
    zone = MasterZone(canonical(origin))
    for name, rdataset in parsed.iterate_rdatasets():
        rrtype = dns.rdatatype.to_text(rdataset.rdtype)
        for rdata in rdataset:
            zone.add(Record(name.to_text(omit_final_dot=True), rrtype, rdataset.ttl, _data(rrtype, rdata.to_text())))
    return zone


def _data(rrtype: str, text: str) -> str:
    """dnspython's text with names as this package writes them, without the final dot."""
    if rrtype in ("NS", "CNAME", "PTR", "MX", "SRV", "DNAME", "SOA"):
        return " ".join(word.rstrip(".") or "." for word in text.split(" "))
    return text


def lookup(zones: Mapping[str, MasterZone], name: str, rrtype: str) -> Reply:
    """Answer a question from all zones of a server."""
    reply = Reply()
    shown = name
    for step in range(MAX_CNAMES):
        key = canonical(shown)
        zone = _zone_of(zones, key)
        if zone is None:
            if not step:
                return Reply(rcode=REFUSED, aa=False)
            break
        cut = zone.delegation(key)
        if cut:
            reply.aa = bool(reply.answer)
            reply.authority += cut
            break
        records = zone.at(key)
        found = [Record(shown, r.rrtype, r.ttl, r.data) for r in records or () if rrtype in (r.rrtype, "ANY")]
        reply.answer += found
        alias = next((r for r in records or () if r.rrtype == "CNAME"), None)
        if not found and alias is not None:
            reply.answer.append(Record(shown, "CNAME", alias.ttl, alias.data))
            shown = alias.data
            continue
        if not found:
            reply.rcode = NXDOMAIN if records is None else 0
            soa = zone.soa()
            reply.authority += [soa] if soa is not None else []
        break
    _add_addresses(zones, reply)
    return reply


def _zone_of(zones: Mapping[str, MasterZone], name: str) -> MasterZone | None:
    while name not in zones and name:
        name = name.partition(".")[2]
    return zones.get(name)


def _add_addresses(zones: Mapping[str, MasterZone], reply: Reply) -> None:
    """The addresses of the hosts that MX, SRV and NS records name, where this server knows them."""
    known = {(r.name.lower(), r.rrtype) for r in reply.answer}
    for record in [*reply.answer, *reply.authority]:
        if record.rrtype not in ("MX", "SRV", "NS"):
            continue
        target = record.target.lower()
        zone = _zone_of(zones, target)
        for found in zone.records.get(target, ()) if zone is not None else ():
            if found.rrtype in ("A", "AAAA") and (target, found.rrtype) not in known:
                reply.additional.append(found)
