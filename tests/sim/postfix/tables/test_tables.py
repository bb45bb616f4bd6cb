"""Tables: results and complaints as postmap -q of 3.7.11 gave them."""

from __future__ import annotations

from typing import Any

import pytest

from maillab.sim.host.process import Process
from maillab.sim.postfix.lib import hash_db
from maillab.sim.postfix.lib.maps import LookupFailure, Maps, split_maps
from maillab.sim.postfix.lib.msg import Msg
from maillab.sim.postfix.lib.params import Params
from maillab.sim.postfix.lib.table import TableError, Unavailable, open_table
from maillab.sim.program import Program
from tests.sim.conftest import Small


class Voice(Msg):
    """Keeps what it says."""

    def _say(self, priority: str, prefix: str, text: str) -> None:
        self.pending.append(prefix + text)


def lookup(small: Small, title: str, key: str, text: str = "") -> tuple[Any, list[str]]:
    async def body(sys: Process) -> tuple[Any, list[str]]:
        sys.program = Program("test", "postfix", (3, 7, 11), "source")
        sys.spew("/t", text.encode())
        log = Voice(sys, "test")
        params = Params(sys, log, "/etc/postfix", {})
        try:
            return await open_table(sys, log, params, title).lookup(key), log.pending
        except (Unavailable, TableError) as error:
            return error, log.pending

    result: tuple[Any, list[str]] = small.run(body)
    return result


@pytest.mark.parametrize(
    ("title", "key", "value"),
    [
        ("static:ok", "x", "ok"),
        ("static:{une phrase}", "x", "une phrase"),
        ("inline:{toto=ok, {jules=un deux}}", "JULES", "un deux"),
        ("unionmap:{inline:{toto=a}, inline:{toto=b}}", "toto", "a,b"),
        ("pipemap:{inline:{toto=jules}, inline:{jules=davy}}", "toto", "davy"),
        ("randmap:{davy}", "toto", "davy"),
        ("regexp:{{/^(.*)@titi/ $1@ploplo.fr}}", "jules@TITI.fr", "jules@ploplo.fr"),
        ("pcre:{{/^\\d+$/ chiffres}}", "123", "chiffres"),
        ("cidr:{{192.0.2.7 un}, {192.0.2.0/24 deux}}", "192.0.2.9", "deux"),
        ("cidr:{{2001:db8::/32 REJECT}}", "2001:db8::5", "REJECT"),
        ("cidr:{{192.0.2.0/24 un}}", "toto", None),
    ],
)
def test_tables_answer(small: Small, title: str, key: str, value: str | None) -> None:
    assert lookup(small, title, key)[0] == value


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("nawak:t", "unsupported dictionary type: nawak"),
        ("static:", 'open dictionary: expecting "type:name" form instead of "static:"'),
        ("hash:/none", "open database /none.db: No such file or directory"),
        ("regexp:/none", "open /none: No such file or directory"),
        ("unix:truc", "unknown table: unix:truc"),
    ],
)
def test_tables_that_cannot_be_opened(small: Small, title: str, reason: str) -> None:
    error, _ = lookup(small, title, "x")
    assert isinstance(error, Unavailable)
    assert str(error) == reason


@pytest.mark.parametrize(
    ("title", "text", "said"),
    [
        ("regexp:/t", "/(toto/ REJECT\n/x/ OK\n", "regexp map /t, line 1: Unmatched ( or \\("),
        ("pcre:/t", "/(toto/ REJECT\n/x/ OK\n", "pcre map /t, line 1: error in regex at offset 5: missing closing parenthesis"),
        ("regexp:/t", "toto REJECT\n/x/ OK\n", "regexp map /t, line 1: ignoring unrecognized request"),
        ("regexp:/t", "/a(.)/ $2\n/x/ OK\n", 'regexp map /t, line 1: out of range replacement index "2": skipping this rule'),
        ("regexp:/t", "if /x/\n/x/ OK\n", "regexp map /t, line 1: IF has no matching ENDIF"),
        ("texthash:/t", "a\nx OK\n", "/t, line 1: expected format: key whitespace value -- ignoring this line"),
    ],
)
def test_rules_with_mistakes_are_left_out(small: Small, title: str, text: str, said: str) -> None:
    assert lookup(small, title, "x", text) == ("OK", ["warning: " + said])


def test_conditions_guard_rules(small: Small) -> None:
    text = "if /@ploplo/\n/^toto/ un\n/^jules/ deux\nendif\n!/@ploplo/ trois\n"
    keys = ("toto@ploplo.fr", "jules@ploplo.fr", "davy@ploplo.fr", "toto@titi.fr")
    assert [lookup(small, "regexp:/t", key, text)[0] for key in keys] == ["un", "deux", None, "trois"]


def test_a_missing_table_complains_when_it_is_used(small: Small) -> None:
    async def body(sys: Process) -> list[str]:
        sys.program = Program("test", "postfix", (3, 7, 11), "source")
        sys.spew("/t.db", hash_db.write({b"toto\0": b"ok\0"}))
        log = Voice(sys, "test")
        params = Params(sys, log, "/etc/postfix", {"virtual_alias_maps": "hash:/t, hash:/none, regexp:/t"})
        maps = Maps(sys, log, params, "virtual_alias_maps")
        assert await maps.find("TOTO") == "ok"
        with pytest.raises(LookupFailure):
            await maps.find("davy")
        return log.pending

    said = small.run(body)
    assert [line for line in said if "none" in line] == [
        "error: open database /none.db: No such file or directory",
        "warning: hash:/none is unavailable. open database /none.db: No such file or directory",
        'warning: hash:/none lookup error for "davy"',
    ]


def test_a_list_of_tables_is_split_outside_braces() -> None:
    assert split_maps("hash:a, regexp:{{/x, y/ z}} cidr:b") == ["hash:a", "regexp:{{/x, y/ z}}", "cidr:b"]
