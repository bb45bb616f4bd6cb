"""dnsmasq's options and its answers."""

from __future__ import annotations

import pytest

from maillab.sim.wire.dns_zone import NXDOMAIN, REFUSED, OptionError, Zone, lab_zone, parse_options


@pytest.fixture
def zone() -> Zone:
    return lab_zone(
        [
            "mx-host=ploplo.fr,mail.ploplo.fr,10", "mx-host=ploplo.fr,mail2.ploplo.fr,20", "host-record=mail.ploplo.fr,192.0.2.10",
            "host-record=deux.fr,192.0.2.1", "host-record=deux.fr,192.0.2.2", "cname=www.ploplo.fr,mail.ploplo.fr",
            'txt-record=ploplo.fr,"v=spf1 a, mx",b', "address=/titi.fr/192.0.2.20", "ptr-record=40.2.0.192.in-addr.arpa,faux.orange.fr",
            "srv-host=_smtp._tcp.ploplo.fr,mail.ploplo.fr,25,10,5",
        ]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "rrtype", "expected"),
    [
        ("ploplo.fr", "MX", ["20 mail2.ploplo.fr", "10 mail.ploplo.fr"]),
        ("PLOPLO.fr", "TXT", ['"v=spf1 a, mx" "b"']),
        ("www.ploplo.fr", "A", ["mail.ploplo.fr", "192.0.2.10"]),
        ("10.2.0.192.in-addr.arpa", "PTR", ["mail.ploplo.fr"]),
        ("40.2.0.192.in-addr.arpa", "PTR", ["faux.orange.fr"]),
        ("nimporte.titi.fr", "A", ["192.0.2.20"]),
        ("_smtp._tcp.ploplo.fr", "SRV", ["10 5 25 mail.ploplo.fr"]),
    ],
)
def test_answers(zone: Zone, name: str, rrtype: str, expected: list[str]) -> None:
    found = zone.lookup(name, rrtype)
    assert ([record.data for record in found.answer], found.rcode, found.aa) == (expected, 0, True)


@pytest.mark.parametrize(
    ("name", "rrtype", "rcode"),
    [("ploplo.fr", "A", 0), ("_tcp.ploplo.fr", "A", 0), ("fr", "NS", 0), ("pasla.ploplo.fr", "A", NXDOMAIN), ("titi.fr", "AAAA", NXDOMAIN),
     ("google.de", "A", REFUSED), ("maurice", "A", REFUSED)],
)  # fmt: skip
def test_the_kinds_of_no(zone: Zone, name: str, rrtype: str, rcode: int) -> None:
    found = zone.lookup(name, rrtype)
    assert (found.answer, found.rcode, found.aa) == ([], rcode, False)


def test_addresses_take_turns(zone: Zone) -> None:
    assert [zone.lookup("deux.fr", "A", turn).answer[0].data for turn in range(3)] == ["192.0.2.1", "192.0.2.2", "192.0.2.1"]


def test_mail_exchangers_come_with_their_addresses(zone: Zone) -> None:
    assert [record.data for record in zone.lookup("ploplo.fr", "MX").additional] == ["192.0.2.10"]


def test_a_wrong_line_is_named() -> None:
    with pytest.raises(OptionError) as caught:
        parse_options(["# a comment", "mx-host=a.fr,b.fr,dix"])
    assert caught.value.line == 2
    with pytest.raises(OptionError, match="bad option"):
        parse_options(["dhcp-range=1.2.3.4"])
