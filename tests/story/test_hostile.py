"""Hostile input at the prompt: every run ends, no program meets an exception of ours, and the machine goes on."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillab.lessons.lab import Lab
from maillab.lessons.probe import Probe
from maillab.lessons.worldfile import WorldSpec

RETRY = "bash: fork: retry: Resource temporarily unavailable"


def typed(text: bytes, seconds: float = 30.0) -> tuple[Lab, str]:
    """A lab after the text was typed and time has passed; what the terminal showed."""
    lab = Lab(WorldSpec())
    name = lab.names()[0]
    lab.type(name, text + b"\r")
    lab.run(seconds, lab.terminal(name).at_prompt)
    assert lab.session.world.bugs == []
    return lab, lab.terminal(name).output.decode("utf-8", "replace")


def answer(command: str) -> tuple[str, str, int]:
    """Output, errors and status of a command in a fresh lab, which still answers afterwards."""
    lab = Lab(WorldSpec())
    probe = Probe(lab)
    result = probe.run(command)
    assert probe.run("echo alive").out == "alive\n"
    assert lab.session.world.bugs == []
    return result.out, result.err, result.status


def test_a_fork_bomb_fills_the_process_table_and_no_more() -> None:
    lab, _ = typed(b":(){ :|:& };:", 1.0)
    lab.run(4.0)
    assert lab.session.world.bugs == []
    assert RETRY in lab.terminal(lab.names()[0]).output.decode()


def test_substitutions_inside_one_another_end_with_the_processes() -> None:
    out, err, status = answer("f() { echo $(f); }; f; echo over")
    assert "over" in out
    assert "fork: retry: Resource temporarily unavailable" in err
    assert status == 0


@pytest.mark.parametrize(
    "command",
    [
        "x=a; for i in $(seq 60); do x=$x$x; done; echo unreached",
        "x=a; for i in $(seq 60); do x+=$x; done; echo unreached",
        'x=$(head -c 1000000 /dev/zero | tr "\\0" a); y=${x//a/$x}; echo unreached',
        'for i in $(seq 99); do a[i]=$(head -c 30000000 /dev/zero | tr "\\0" a); done; echo unreached',
    ],
)
def test_growing_texts_kill_the_shell_as_malloc_does(command: str) -> None:
    out, err, status = answer(command)
    assert "unreached" not in out
    assert "xrealloc: cannot allocate" in err
    assert status == 2


@pytest.mark.parametrize("program", ["cat /dev/zero", "yes", "tr a b < /dev/zero", "dd if=/dev/zero bs=64k"])
def test_a_full_disk_is_an_error_of_the_program(program: str) -> None:
    _, err, status = answer(f"{program} > /root/z; s=$?; rm /root/z; exit $s")
    assert "No space left on device" in err
    assert status == 1


def test_brace_expansion_without_memory() -> None:
    out, err, _ = answer("echo {1..3000000}; echo {1..9999}{1..9999}; set -- {1..200000}; echo $#")
    assert out == "{1..3000000}\n{1..9999}{1..9999}\n200000\n"
    assert err.count("brace expansion: failed to allocate memory for") == 2


def test_recursion_without_end_kills_the_shell_only() -> None:
    _, _, status = answer("bash -c 'f() { f; }; f'")
    assert status == 139


@pytest.mark.parametrize("command", ["eval " * 200 + "echo deep", "alias a='b ' b='a '; shopt -s expand_aliases; eval a"])
def test_nesting_and_loops_of_names_end(command: str) -> None:
    answer(command)


def test_thousands_of_here_documents() -> None:
    out, _, status = answer("".join(f"cat <<E{n}\n{n}\nE{n}\n" for n in range(400)) + "cat " + " ".join(f"<<F{n}" for n in range(3000)))
    assert out.startswith("0\n1\n2\n") and status in (0, 1)


@pytest.mark.parametrize("program", ["grep -c b", "sed s/a/b/", "awk '{ print length }'"])
def test_an_endless_line_is_bounded(program: str) -> None:
    answer(f"head -c 100000000 /dev/zero | tr '\\0' a | {program} | wc -c")


@pytest.mark.parametrize(
    "command",
    [
        'grep -E "^(a+)+$" f', 'grep -E "(a|aa)+$" f', 'sed -E "s/(a*)*c/x/" f', "awk '/^(a|a)*$/' f", '[[ $(cat f) =~ ^(a+)+$ ]]',
        'grep -E "(a?){40}a{40}c" f', "grep -E '(.*)*(.*)*(.*)*x' f", "sed -E 's/((a+)+)+c//' f", "[[ $(cat f) == +(+(a))c ]]",
    ],
)  # fmt: skip
def test_dangerous_expressions_end(command: str) -> None:
    answer(f"echo {'a' * 60}b > f; {command}")


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=60))
def test_garbage_at_the_prompt_raises_nothing(data: bytes) -> None:
    typed(data, 5.0)
