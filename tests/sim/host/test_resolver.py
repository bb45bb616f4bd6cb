"""The files that the resolver reads."""

from __future__ import annotations

import pytest

from maillab.sim.host.netdb import parse_services
from maillab.sim.host.resolver import ResolvConf, inet_aton, parse_hosts, parse_nsswitch, parse_resolv_conf


def test_resolv_conf() -> None:
    text = b"# x\nnameserver 192.0.2.53\nnameserver ns.titi.fr\nnameserveur 1.2.3.4\ndomain a.fr\nsearch b.fr c.fr.\noptions ndots:2 timeout:1\n"
    assert parse_resolv_conf(text) == ResolvConf(("192.0.2.53",), ("b.fr", "c.fr"), 2, 1, 2)
    assert parse_resolv_conf(b"") == ResolvConf()
    assert len(parse_resolv_conf(b"nameserver 1.1.1.1\n" * 5).servers) == 3


def test_hosts_lines_need_an_address_and_a_name() -> None:
    assert parse_hosts(b"127.0.0.1 localhost lo # x\nbad name\n192.0.2.1\n::1\tip6 \n") == (("127.0.0.1", ("localhost", "lo")), ("::1", ("ip6",)))


@pytest.mark.parametrize(
    ("line", "sources"),
    [
        ("hosts: files dns", (("files", ()), ("dns", ()))),
        ("hosts: dns [!UNAVAIL=return] files", (("dns", (("success", "return"), ("notfound", "return"), ("tryagain", "return"))), ("files", ()))),
        ("hosts:dns[NOTFOUND=return]files", (("dns", (("notfound", "return"),)), ("files", ()))),
        ("passwd: files", None),
    ],
)
def test_nsswitch(line: str, sources: object) -> None:
    assert parse_nsswitch(line.encode(), "hosts") == sources


@pytest.mark.parametrize(("text", "ip"), [("127.1", "127.0.0.1"), ("0x7f000001", "127.0.0.1"), ("192.0.2.10", "192.0.2.10"), ("192.0.2.300", None),
                                          ("1.2.3.4.5", None), ("mail", None), ("1..2", None)])  # fmt: skip
def test_notations_of_an_address(text: str, ip: str | None) -> None:
    assert inet_aton(text) == ip


def test_services_with_aliases() -> None:
    found = parse_services(b"smtp\t25/tcp\tmail # x\nbad\nx nope\n")
    assert [(s.name, s.port, s.protocol, s.aliases) for s in found] == [("smtp", 25, "tcp", ("mail",))]
