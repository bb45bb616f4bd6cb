"""getopt, rev and flock."""

from __future__ import annotations

from tests.shell.commands.conftest import Lab

FOLDER = "maillab.shell.commands.util_linux."


def test_getopt(lab: Lab) -> None:
    assert lab.run(FOLDER + "getopt", ["getopt", "ab:", "-a", "-b", "x", "y"]).stdout == " -a -b x -- y\n"
    found = lab.run(FOLDER + "getopt", ["getopt", "-o", "ab:", "-l", "foo,bar:", "--", "-a", "--bar=x", "y z"])
    assert found.stdout == " -a --bar 'x' -- 'y z'\n"
    wrong = lab.run(FOLDER + "getopt", ["getopt", "-o", "a", "--", "-q"])
    assert wrong == (" --\n", "getopt: invalid option -- 'q'\n", 1)


def test_rev(lab: Lab) -> None:
    assert lab.run(FOLDER + "rev", ["rev"], b"abc\nxy").stdout == "cba\nyx"
    assert lab.run(FOLDER + "rev", ["rev", "nof"]) == ("", "rev: cannot open nof: No such file or directory\n", 1)


def test_flock_needs_a_command(lab: Lab) -> None:
    found = lab.run(FOLDER + "flock", ["flock"])
    assert (found.stderr, found.status) == ("flock: not enough arguments\nTry 'flock --help' for more information.\n", 64)


def test_more_copies_without_a_terminal(lab: Lab) -> None:
    found = lab.run(FOLDER + "more", ["more", "a", "b"], files={"a": "un\n", "b": "deux\n"})
    assert found.stdout == "::::::::::::::\na\n::::::::::::::\nun\n::::::::::::::\nb\n::::::::::::::\ndeux\n"
