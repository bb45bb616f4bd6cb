"""DNS data in dnsmasq's notation: what a server answers that was given these options.

    mx-host=ploplo.fr,mail.ploplo.fr,10        host-record=mail.ploplo.fr,192.0.2.10[,IPv6][,TTL]   (also the PTR record)
    cname=www.ploplo.fr,mail.ploplo.fr         txt-record=ploplo.fr,"v=spf1 mx -all"
    address=/titi.fr/192.0.2.20                (the domain and all below it; without an address: no such domain)
    ptr-record=40.2.0.192.in-addr.arpa,faux.orange.fr
    srv-host=_smtp._tcp.ploplo.fr,mail.ploplo.fr,25,10,5
    local=/fr/com/                             (names below that are not given do not exist; all other names are refused)

`parse_options` reads them, `Zone.lookup` answers, both pure. The behaviours were observed on dnsmasq 2.90: MX and TXT records in the
reverse order of the options, addresses in turn, no SOA record in negative answers, TTL 0, the authoritative bit on positive answers only,
a name with another type (or with names below it) has no data while one known by `address=` alone does not exist for other types.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from maillab.sim.wire.dns_message import MessageError, Record, canonical, pack_ipv4, pack_ipv6, quote_string, reverse_name

NXDOMAIN = 3
REFUSED = 5
LAB_DOMAINS = ("fr", "com", "net", "org", "example", "localdomain", "test", "in-addr.arpa")
MAX_CNAMES = 10
FLAGS = ("no-resolv", "no-hosts", "bind-interfaces", "domain-needed", "bogus-priv", "log-queries", "expand-hosts")


class OptionError(ValueError):
    """A line that dnsmasq would not accept; the text says why, `line` counts from 1."""

    def __init__(self, text: str, line: int) -> None:
        super().__init__(text)
        self.line = line


@dataclass(slots=True)
class Found:
    """The answer to one question."""

    rcode: int = 0
    aa: bool = False
    answer: list[Record] = field(default_factory=list)
    additional: list[Record] = field(default_factory=list)


@dataclass(slots=True)
class Zone:
    """All data of one server: records by lower case name, `address=` domains (address "" = no such domain), `local=` domains."""

    records: dict[str, list[Record]] = field(default_factory=dict)
    wild: dict[str, list[str]] = field(default_factory=dict)
    local: list[str] = field(default_factory=list)
    parents: dict[str, None] = field(default_factory=dict)

    def add(self, name: str, rrtype: str, data: str, ttl: int = 0) -> None:
        """Add a record, and know the names above it."""
        key = canonical(name)
        self.records.setdefault(key, []).append(Record(key, rrtype, ttl, data))
        while "." in key:
            key = key.partition(".")[2]
            self.parents[key] = None

    def lookup(self, name: str, rrtype: str, turn: int = 0) -> Found:
        """Answer a question. `turn` counts the questions for this name before: addresses are given in turn."""
        found = Found()
        wanted, shown = canonical(name), name
        for _ in range(MAX_CNAMES):
            records = self._of_type(wanted, shown, rrtype, turn)
            found.answer += records
            cname = next((r for r in self.records.get(wanted, ()) if r.rrtype == "CNAME"), None)
            if records or cname is None:
                break
            found.answer.append(Record(shown, "CNAME", cname.ttl, cname.data))
            wanted, shown = canonical(cname.data), cname.data
        found.aa = bool(found.answer)
        if not found.answer:
            found.rcode = self._absence(wanted)
        for record in found.answer:
            if record.rrtype in ("MX", "SRV"):
                found.additional += [r for kind in ("A", "AAAA") for r in self._given(canonical(record.target), record.target, kind)]
        return found

    def _given(self, key: str, shown: str, rrtype: str) -> list[Record]:
        return [Record(shown, r.rrtype, r.ttl, r.data) for r in self.records.get(key, ()) if r.rrtype == rrtype]

    def _of_type(self, key: str, shown: str, rrtype: str, turn: int) -> list[Record]:
        if rrtype == "ANY":
            return [r for kind in ("TXT", "MX", "SRV", "A", "AAAA", "PTR", "CNAME") for r in self._of_type(key, shown, kind, turn)]
        out = self._given(key, shown, rrtype)
        if rrtype in ("MX", "TXT", "SRV"):
            out.reverse()
        elif rrtype in ("A", "AAAA"):
            if out:
                turn %= len(out)
                return out[turn:] + out[:turn]
            return [Record(shown, rrtype, 0, address) for address in self._wild_addresses(key) if (":" in address) == (rrtype == "AAAA")]
        return out

    def _wild_addresses(self, key: str) -> list[str]:
        """The addresses of the longest `address=` domain above a name (`#` is every name)."""
        domain = key
        while domain:
            if domain in self.wild:
                return [address for address in self.wild[domain] if address]
            domain = domain.partition(".")[2]
        return [address for address in self.wild.get("#", []) if address]

    def _absence(self, key: str) -> int:
        """Which "no" a name without the asked type gets: no data (0), no such name, or refused."""
        if key in self.records or key in self.parents or key in self.local:
            return 0
        known = [*self.local, *self.wild]
        return NXDOMAIN if "#" in known or any(key == d or key.endswith("." + d) for d in known) else REFUSED


def lab_zone(options: Iterable[str]) -> Zone:
    """The zone of the lab's DNS server: these options, and the lab's domains as local ones."""
    return parse_options([*options, f"local=/{'/'.join(LAB_DOMAINS)}/"])


def conf_text(options: Iterable[str]) -> str:
    """The /etc/dnsmasq.conf of the lab's DNS server for these options."""
    return "\n".join(["no-resolv", "no-hosts", f"local=/{'/'.join(LAB_DOMAINS)}/", *options, ""])


def parse_options(lines: Iterable[str], hostname: str = "") -> Zone:
    """Read dnsmasq options (`mx-host=...`), one a line; `#` starts a comment. OptionError for what is not simulated or malformed.
    `hostname` is the default target of `mx-host=DOMAIN`."""
    zone = Zone()
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        key, _, value = text.partition("=")
        try:
            _option(zone, key.strip().lstrip("-"), value.strip(), hostname)
        except (MessageError, ValueError, IndexError) as error:
            raise OptionError(str(error) or "bad option", number) from error
    return zone


def _option(zone: Zone, key: str, value: str, hostname: str) -> None:
    words = split_commas(value)
    if key == "mx-host":
        target = words[1] if len(words) > 1 else hostname or words[0]
        zone.add(words[0], "MX", f"{int(words[2]) if len(words) > 2 else 1} {target}")
    elif key == "host-record":
        _host_record(zone, words)
    elif key == "cname":
        ttl = int(words.pop()) if words[-1].isdigit() else 0
        for alias in words[:-1]:
            zone.add(alias, "CNAME", words[-1], ttl)
    elif key == "txt-record":
        zone.add(words[0], "TXT", " ".join(quote_string(w.encode("utf-8", "surrogateescape")) for w in words[1:] or [""]))
    elif key == "ptr-record":
        zone.add(words[0], "PTR", words[1] if len(words) > 1 else hostname)
    elif key == "srv-host":
        port, priority, weight = (int(w) for w in (words[2:] + ["1", "0", "0"][len(words[2:]):])[:3])
        zone.add(words[0], "SRV", f"{priority} {weight} {port} {words[1] if len(words) > 1 else '.'}")
    elif key == "address":
        *domains, address = value.strip("/").split("/") if not value.endswith("/") else [*value.strip("/").split("/"), ""]
        for domain in domains:
            zone.wild.setdefault(canonical(domain) if domain != "#" else "#", []).append(_address(address) if address else "")
    elif key in ("local", "server") and value.startswith("/") and value.endswith("/"):
        zone.local += [canonical(domain) for domain in value.strip("/").split("/")]
    elif key not in FLAGS:
        raise ValueError("bad option")


def _host_record(zone: Zone, words: list[str]) -> None:
    """Names, then an IPv4 and an IPv6 address (a later one replaces), then a TTL. The first name gets the PTR records."""
    names: list[str] = []
    addresses: dict[str, str] = {}
    ttl = 0
    for word in words:
        if ":" in word or (word.replace(".", "").isdigit() and "." in word):
            addresses["AAAA" if ":" in word else "A"] = _address(word)
        elif word.isdigit() and addresses:
            ttl = int(word)
        else:
            names.append(word)
    for rrtype, address in addresses.items():
        for name in names:
            zone.add(name, rrtype, address, ttl)
        reverse = reverse_name(address)
        if not any(r.rrtype == "PTR" for r in zone.records.get(reverse, ())):
            zone.add(reverse, "PTR", names[0], ttl)


def _address(text: str) -> str:
    pack_ipv6(text) if ":" in text else pack_ipv4(text)
    return text


def split_commas(value: str) -> list[str]:
    """The comma separated words of an option; double quotes protect commas."""
    out, word, quoted = [], "", False
    for ch in value:
        if ch == '"':
            quoted = not quoted
        elif ch == "," and not quoted:
            out.append(word.strip())
            word = ""
        else:
            word += ch
    return [*out, word.strip()]
