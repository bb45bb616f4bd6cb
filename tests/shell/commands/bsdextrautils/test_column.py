"""column, hexdump, col and look."""

from __future__ import annotations

from tests.shell.commands.conftest import Lab

COLUMN = "maillab.shell.commands.bsdextrautils.column"
HEXDUMP = "maillab.shell.commands.bsdextrautils.hexdump"


def test_a_table(lab: Lab) -> None:
    assert lab.run(COLUMN, ["column", "-t"], b"nom uid\ntoto 1000\nmaurice 1\n").stdout == "nom      uid\ntoto     1000\nmaurice  1\n"
    found = lab.run(COLUMN, ["column", "-t", "-s:", "-o", "|"], b"a:bb:c\nddd:e:f\n")
    assert found.stdout == "a  |bb|c\nddd|e |f\n"
    assert lab.run(COLUMN, ["column", "-t", "-s:"], b"a:b\nc\n").stdout == "a  b\nc  \n"


def test_filled_columns(lab: Lab) -> None:
    lines = "".join(f"{n}\n" for n in range(1, 11)).encode()
    assert lab.run(COLUMN, ["column", "-c", "40"], lines).stdout == "1\t3\t5\t7\t9\n2\t4\t6\t8\t10\n"
    assert lab.run(COLUMN, ["column", "-x", "-c", "40"], lines).stdout == "1\t2\t3\t4\t5\n6\t7\t8\t9\t10\n"


def test_hexdump(lab: Lab) -> None:
    dump = lab.run(HEXDUMP, ["hd", "f"], files={"f": b"a\nb\nc\n"}).stdout
    assert dump == "00000000  61 0a 62 0a 63 0a                                 |a.b.c.|\n00000006\n"
    assert lab.run(HEXDUMP, ["hexdump", "f"]).stdout == "0000000 0a61 0a62 0a63                         \n0000006\n"
    zeros = lab.run(HEXDUMP, ["hexdump", "-C"], b"\0" * 64).stdout
    assert zeros.splitlines()[1:] == ["*", "00000040"]
    missing = lab.run(HEXDUMP, ["hexdump", "nof"])
    assert missing.stderr == "hexdump: nof: No such file or directory\nhexdump: all input file arguments failed\n"


def test_col_carries_out_backspaces(lab: Lab) -> None:
    module = "maillab.shell.commands.bsdextrautils.col"
    assert lab.run(module, ["col", "-b"], b"a\bb_\bc\n").stdout == "bc\n"
    assert lab.run(module, ["col", "-bx"], b"x\ty  \n").stdout == "x       y\n"


def test_look(lab: Lab) -> None:
    module = "maillab.shell.commands.bsdextrautils.look"
    found = lab.run(module, ["look", "to", "f"], files={"f": "tata\ntiti\ntoto\n"})
    assert (found.stdout, found.status) == ("toto\n", 0)
    assert lab.run(module, ["look"]).stderr == "look: bad usage\nTry 'look --help' for more information.\n"
