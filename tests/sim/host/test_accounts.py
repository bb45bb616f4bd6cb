"""Accounts as the C library reads them."""

from __future__ import annotations

from maillab.sim.host.accounts import parse_group, parse_passwd, parse_shadow


def test_only_whole_lines_count() -> None:
    data = b"root:x:0:0:root:/root:/bin/bash\n# comment\nbad:x:1\n:x:2:2:::\ntoto:x:1000:1000::/home/toto:\n"
    assert [user.name for user in parse_passwd(data)] == ["root", "toto"]
    assert parse_passwd(data)[1].line() == "toto:x:1000:1000::/home/toto:"


def test_groups_and_shadow_come_back_as_they_were() -> None:
    groups = b"mail:x:8:alice,toto\nempty:x:9:\n"
    assert b"".join(group.line().encode() + b"\n" for group in parse_group(groups)) == groups
    shadow = b"toto:!:20049:0:99999:7:::\nbin:*:20049::::::\n"
    assert b"".join(entry.line().encode() + b"\n" for entry in parse_shadow(shadow)) == shadow
