"""Sessions with the daemons of Postfix in a small world, written down as scripts (dialogues/*.dialogue).

`! command` prepares the host before Postfix starts; `> line` is sent to port 25 and `< line` is a line of the reply (`<* line` its last one
only, `<~` a regular expression); `$ command` runs in the shell and `| line` is a line of its output; `~ expression` is found in mail.log at
the end.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillab.lessons.lab import Lab
from maillab.lessons.probe import Probe
from maillab.lessons.worldfile import HostSpec, WorldSpec

SCRIPTS = sorted((Path(__file__).parent / "dialogues").glob("*.dialogue"))
BOOT = [
    "cp /usr/share/postfix/main.cf.debian /etc/postfix/main.cf; newaliases",
    "postconf -e 'mydestination=$myhostname, ploplo.fr, localhost' myhostname=mail.ploplo.fr mydomain=ploplo.fr 'myorigin=$mydomain' "
    "alias_maps=hash:/etc/aliases",
    "useradd -m toto; useradd -m jules",
]


def mail_host(*commands: str) -> Probe:
    """A host with Postfix installed, prepared by the commands."""
    host = HostSpec("julien.localdomain", boot=[*BOOT, *commands])
    return Probe(Lab(WorldSpec(image="P1", hosts={"julien": host})))


def expect_reply(replies: list[str], wanted: list[str]) -> None:
    """Compare one reply with what a script wants; nothing is wanted while content is sent."""
    if not wanted:
        return
    assert replies, f"no reply; wanted {wanted}"
    got = replies.pop(0).split("\n")
    if wanted[0].startswith("<* "):
        got = got[-1:]
    for line, pattern in zip(got, wanted, strict=True):
        mark, text = pattern.split(" ", 1)
        assert re.fullmatch(text, line) if mark == "<~" else line == text, f"{line!r} is not {text!r}"


def steps(lines: list[str]) -> list[tuple[str, list[str]]]:
    """(a line that is sent or run, the lines that answer it)."""
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        if line[:1] in ">$":
            found.append((line, []))
        elif line[:1] in "<|":
            if not found:
                found.append(("", []))
            found[-1][1].append(line)
    return found


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_dialogue(path: Path) -> None:
    lines = path.read_text().splitlines()
    probe = mail_host(*[line[2:] for line in lines if line.startswith("! ")], "/etc/init.d/postfix start")
    script = steps(lines)
    sent = [line[2:] for line, _ in script if line.startswith(">")]
    replies = probe.dialogue(*sent) if sent else []
    for line, wanted in script:
        if not line.startswith("$"):
            expect_reply(replies, wanted)
    probe.wait(4)
    for line, wanted in script:
        if line.startswith("$"):
            assert probe.run(line[2:]).lines == [text[2:] for text in wanted]
    log = probe.read("/var/log/mail.log")
    for line in lines:
        if line.startswith("~ "):
            assert re.search(line[2:], log), f"no {line[2:]!r} in\n{log}"
    assert probe.world.bugs == []


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=80), st.sampled_from(["main.cf", "master.cf"]))
def test_random_configuration_files_raise_nothing(data: bytes, name: str) -> None:
    probe = mail_host()
    path = f"/etc/postfix/{name}"
    probe.world.hosts["julien"].kernel_process.spew(path, data, "a" if name == "main.cf" else "w")
    probe.run("postconf -n; postconf -M; postfix check; postfix start; sleep 2; echo x | sendmail toto; mailq; postfix stop")
    assert probe.world.bugs == []
