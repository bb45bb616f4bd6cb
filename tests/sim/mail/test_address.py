"""Quoting, extensions and names of hosts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.sim.mail.address import quote_local, strip_extension, unquote_local, valid_hostname, valid_literal


@pytest.mark.parametrize(
    ("plain", "quoted"), [("a b@c", '"a b"@c'), ("a@b@c", '"a@b"@c'), ("@a", '""@a'), ("toto@titi.fr", "toto@titi.fr"), ("", "")]
)
def test_quote(plain: str, quoted: str) -> None:
    assert quote_local(plain) == quoted


@given(st.text(alphabet='ab @."\\,;é', min_size=1, max_size=12))
def test_unquote_undoes_quote(local: str) -> None:
    address = local + "@titi.fr"
    assert unquote_local(quote_local(address)) == address


def test_extension() -> None:
    assert strip_extension("toto+jeux@titi.fr", "+") == ("toto@titi.fr", "+jeux")
    assert strip_extension("toto@titi.fr", "+") == ("toto@titi.fr", None)
    assert strip_extension("owner-liste@titi.fr", "-") == ("owner-liste@titi.fr", None)


@pytest.mark.parametrize(
    ("name", "good"), [("titi.fr", True), ("x_y.fr", True), ("-titi.fr", False), ("titi..fr", False), ("192.0.2.1", False), ("", False)]
)
def test_hostname(name: str, good: bool) -> None:
    assert valid_hostname(name) is good


def test_literal() -> None:
    assert valid_literal("[192.0.2.1]") and valid_literal("[ipv6:::1]") and not valid_literal("[foo]")
