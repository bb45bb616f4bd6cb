"""Option parsing, measured with getopt_long(3) of glibc 2.36."""

import pytest

from maillab.shell.options import UsageError, choice, gnu, posix

LS = gnu("-a,--all -h,--human-readable -A,--almost-all -w,--width= --hide= --color=? -I,--ignore= -k --format=")


def error(table, *words):
    with pytest.raises(UsageError) as caught:
        table.parse(["ls", *words])
    return str(caught.value)


def test_letters_cluster_and_take_arguments():
    given = LS.parse(["ls", "-aw20", "x", "-I", "*.o", "-k"])
    assert [(f.name, f.value, f.spelled) for f in given.found] == [
        ("all", None, "-a"),
        ("width", "20", "-w"),
        ("ignore", "*.o", "-I"),
        ("k", None, "-k"),
    ]
    assert given.operands == ["x"]


def test_long_options_abbreviate():
    given = LS.parse(["ls", "--wid=3", "--alm", "--color", "--color=never", "--", "-a"])
    assert given.values("width") == ["3"] and given.has("almost-all")
    assert [f.value for f in given.found if f.name == "color"] == [None, "never"]
    assert given.operands == ["-a"]


def test_dash_is_an_operand():
    assert LS.parse(["ls", "-"]).operands == ["-"]


def test_messages():
    assert error(LS, "-z") == "invalid option -- 'z'"
    assert error(LS, "-w") == "option requires an argument -- 'w'"
    assert error(LS, "--width") == "option '--width' requires an argument"
    assert error(LS, "--pasla=3") == "unrecognized option '--pasla=3'"
    assert error(LS, "--all=3") == "option '--all' doesn't allow an argument"
    assert error(LS, "--h") == "option '--h' is ambiguous; possibilities: '--human-readable' '--hide' '--help'"
    assert error(LS, "--al=3") == "option '--al=3' is ambiguous; possibilities: '--all' '--almost-all'"


def test_posix_stops_at_the_first_operand():
    table = posix("ab:c::")
    given = table.parse(["p", "-ab", "x", "-c", "-cz", "y", "-a"])
    assert [(f.name, f.value) for f in given.found] == [("a", None), ("b", "x"), ("c", None), ("c", "z")]
    assert given.operands == ["y", "-a"]
    assert error(table, "--all") == "invalid option -- '-'"
    assert posix("a", permute=True).parse(["p", "x", "-a"]).has("a")


def test_overriding_options():
    given = LS.parse(["ls", "-a", "-A", "-a"])
    assert given.latest("all", "almost-all") == "all"
    assert given.count("all") == 2 and given.last("width", "80") == "80"


def test_choice():
    words = {"always": 1, "yes": 1, "never": 0, "no": 0}
    assert choice("al", "--color", words) == 1 and choice("n", "--color", words) == 0
    with pytest.raises(UsageError) as caught:
        choice("x", "--color", words)
    assert str(caught.value) == ("invalid argument 'x' for '--color'\nValid arguments are:\n  - 'always', 'yes'\n  - 'never', 'no'")
