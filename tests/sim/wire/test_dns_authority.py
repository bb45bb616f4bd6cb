"""Answers of an authoritative server."""

from __future__ import annotations

import pytest

from maillab.sim.services.named import ConfigError, parse_config
from maillab.sim.wire.dns_authority import NXDOMAIN, REFUSED, MasterZone, ZoneError, lookup, parse_zone

ZONE = """$TTL 3600
@ IN SOA ns.ploplo.fr. root.ploplo.fr. 1 2 3 4 5
@ IN NS ns
@ IN MX 10 mail
mail IN A 192.0.2.10
ns IN A 192.0.2.53
www IN CNAME mail
*.etoile IN A 192.0.2.11
sous IN NS ns.sous
ns.sous IN A 192.0.2.54
a.b IN TXT "v=spf1 -all"
"""


@pytest.fixture
def zones() -> dict[str, MasterZone]:
    return {"ploplo.fr": parse_zone(ZONE, "ploplo.fr")}


@pytest.mark.parametrize(
    ("name", "rrtype", "answer", "rcode", "authority"),
    [
        ("ploplo.fr", "MX", ["10 mail.ploplo.fr"], 0, []),
        ("WWW.ploplo.fr", "A", ["mail.ploplo.fr", "192.0.2.10"], 0, []),
        ("x.y.etoile.ploplo.fr", "A", ["192.0.2.11"], 0, []),
        ("a.b.ploplo.fr", "TXT", ['"v=spf1 -all"'], 0, []),
        ("b.ploplo.fr", "A", [], 0, ["SOA"]),
        ("mail.ploplo.fr", "AAAA", [], 0, ["SOA"]),
        ("pasla.ploplo.fr", "A", [], NXDOMAIN, ["SOA"]),
        ("host.sous.ploplo.fr", "A", [], 0, ["NS"]),
        ("titi.fr", "A", [], REFUSED, []),
    ],
)
def test_answers(zones: dict[str, MasterZone], name: str, rrtype: str, answer: list[str], rcode: int, authority: list[str]) -> None:
    reply = lookup(zones, name, rrtype)
    assert ([r.data for r in reply.answer], reply.rcode, [r.rrtype for r in reply.authority]) == (answer, rcode, authority)


def test_hosts_named_in_an_answer_come_with_their_addresses(zones: dict[str, MasterZone]) -> None:
    assert [r.data for r in lookup(zones, "ploplo.fr", "MX").additional] == ["192.0.2.10"]


def test_a_broken_zone_says_why() -> None:
    with pytest.raises(ZoneError):
        parse_zone("@ IN MX dix mail\n", "ploplo.fr")


def test_named_conf() -> None:
    text = 'options { directory "/z"; recursion no; }; // x\nzone "A.fr" { type master; file "db.a"; };\n'
    assert parse_config(text) == {"a.fr": "/z/db.a"}
    with pytest.raises(ConfigError, match="type 'slave'"):
        parse_config('zone "a.fr" { type slave; file "x"; };')
