"""Debian's version order and the archive's stanzas."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.sim.releases import load
from maillab.sim.releases.archive import Relation, compare_versions, format_stanza, parse_relations, parse_stanza, upstream_version

ORDER = ["0.9~rc1", "0.9", "0.9+b1", "0.10", "1.0~~", "1.0~", "1.0", "1.0-0.1", "1.0-1", "1.0-1+deb12u1", "1.0-2", "1.0a", "1:0.1", "2:0"]


@pytest.mark.parametrize(("left", "right"), list(itertools.combinations(ORDER, 2)))
def test_versions_are_ordered_as_dpkg_orders_them(left: str, right: str) -> None:
    assert compare_versions(left, right) == -1
    assert compare_versions(right, left) == 1


VERSION = st.from_regex(r"([0-9]:)?[0-9][0-9a-z.+~]{0,6}(-[0-9a-z.+~]{1,3})?", fullmatch=True)


@given(VERSION, VERSION)
def test_the_order_has_two_sides(left: str, right: str) -> None:
    assert compare_versions(left, right) == -compare_versions(right, left)
    assert compare_versions(left, left) == 0


def test_relations() -> None:
    parsed = parse_relations("libc6 (>= 2.34), debconf (>= 0.5) | debconf-2.0, perl:any")
    assert parsed[0] == [Relation("libc6", ">=", "2.34")]
    assert [choice.name for choice in parsed[1]] == ["debconf", "debconf-2.0"]
    assert parsed[2][0].name == "perl"
    assert Relation("postfix", ">=", "3.7").met_by("3.7.11-0+deb12u1")
    assert not Relation("postfix", "<<", "3.7").met_by("3.7.11-0+deb12u1")


def test_stanzas_come_back_as_they_were() -> None:
    text = "Package: a\nConffiles:\n /etc/a 1\nDescription: x\n long\n .\n text\n"
    assert format_stanza(parse_stanza(text)) == text


@pytest.mark.parametrize(("release", "version"), [("bookworm", (3, 7, 11)), ("hardy", (2, 5, 1))])
def test_the_archives_have_postfix(release: str, version: tuple[int, ...]) -> None:
    archive = load(release).archive
    assert upstream_version(archive.version("postfix")) == version
    assert "postfix" in archive.providers("mail-transport-agent")
    for name in archive:
        stanza = archive.get(name) or {}
        assert {"Package", "Version", "Architecture", "Description", "Section", "Priority", "Filename", "Size"} <= stanza.keys(), name
