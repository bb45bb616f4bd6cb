"""Parameters: the table of both versions, conversion and its complaints."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from maillab.sim.host.process import Process
from maillab.sim.postfix.lib.msg import Fatal, Msg
from maillab.sim.postfix.lib.param_table import PARAMS, table_of
from maillab.sim.postfix.lib.params import Params
from maillab.sim.program import Program, data_text
from tests.sim.conftest import Small

NEW, OLD = (3, 7, 11), (2, 5, 1)


def load(small: Small, text: str, version: tuple[int, ...] = NEW, flavour: str = "bookworm") -> Any:
    async def body(sys: Process) -> Any:
        sys.program = Program("test", "postfix", version, flavour)
        sys.mkdir("/etc/postfix", 0o755) if not sys.exists("/etc/postfix") else None
        sys.spew("/etc/postfix/main.cf", text.encode())
        try:
            return await Params.read(sys, Msg(sys, "test"))
        except Fatal as failure:
            return failure.text

    return small.run(body)


def test_the_table_is_toml_and_complete() -> None:
    parameters = tomllib.loads(data_text(PARAMS))["parameters"]
    assert len(parameters) == len(table_of(NEW, "bookworm").names())
    assert all("type" in entry and "default" in entry for entry in parameters.values())


def test_a_parameter_has_its_version() -> None:
    new, old = table_of(NEW, "bookworm"), table_of(OLD, "source")
    assert old.get("compatibility_level") is None
    assert old.get("inet_protocols").default == "ipv4"  # type: ignore[union-attr]
    assert new.get("inet_protocols").default == "all"  # type: ignore[union-attr]
    assert new.get("daemon_directory").default == "/usr/lib/postfix/sbin"  # type: ignore[union-attr]
    assert old.get("daemon_directory").default == "/usr/libexec/postfix"  # type: ignore[union-attr]
    assert "biff" in new.program("local")


def test_values_of_all_kinds(small: Small) -> None:
    params = load(small, "mydomain = ploplo.fr\nqueue_run_delay = 5m\nbiff = NO\nuucp_destination_recipient_limit = 7\n")
    assert params["myorigin"] == "a.ploplo.fr"
    assert params["mydestination"] == "a.ploplo.fr, localhost.ploplo.fr, localhost"
    assert params.seconds("queue_run_delay") == 300
    assert params.boolean("biff") is False
    assert params.integer("uucp_destination_recipient_limit") == 7
    assert params.integer("foo_destination_recipient_limit") == 50
    assert params.integer("local_destination_concurrency_limit") == 2
    assert params.raw("forward_path") == "$home/.forward${recipient_delimiter}${extension}, $home/.forward"
    assert params.expand("$user@$mydomain", {"user": "toto"}) == "toto@ploplo.fr"
    assert params["mynetworks"] == "127.0.0.0/8 192.0.2.0/24"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("message_size_limit = 10M", "bad numerical configuration: message_size_limit = 10M"),
        ("ipc_timeout = 5x", "parameter ipc_timeout: bad time value or unit: 5x"),
        ("soft_bounce = oui", "bad boolean configuration: soft_bounce = oui"),
        ("line_length_limit = 5", "invalid line_length_limit parameter value 5 < 512"),
        ("myorigin =", "bad string length 0 < 1: myorigin = "),
        ("inet_protocols = ipv5", 'unknown inet_protocols value "ipv5" in "ipv5"'),
        ("inet_interfaces = 192.0.2.77", "parameter inet_interfaces: no local interface found for 192.0.2.77"),
        ("myhostname = a;b", "file /etc/postfix/main.cf: parameter myhostname: bad parameter value: a;b"),
        ("compatibility_level = trois", 'malformed compatibility level syntax: "trois"'),
        ("myhostname = $myhostname.x", "dictionary mail_dict: macro processing error"),
    ],
)
def test_bad_values_end_the_program(small: Small, text: str, sentence: str) -> None:
    assert load(small, text + "\n") == sentence


def test_each_program_has_its_own_parameters(small: Small) -> None:
    params = load(small, "smtpd_timeout = 5x\n")
    with pytest.raises(Fatal):
        params.check("smtpd")
    params.check("local")
