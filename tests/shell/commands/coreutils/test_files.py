"""Commands that change files, measured with coreutils 9.1."""

from __future__ import annotations

import pytest

from maillab.shell.commands.coreutils._ls_layout import best_columns
from tests.shell.commands.conftest import Lab, Result


def run(lab: Lab, *argv: str) -> Result:
    return lab.run(f"maillab.shell.commands.coreutils.{argv[0]}", list(argv))


def test_copy_move_remove(lab: Lab) -> None:
    lab.run("maillab.shell.commands.coreutils.mkdir", ["mkdir", "-p", "d/e"], files={"f": "x\n"})
    assert run(lab, "cp", "-a", "f", "d/e/g").status == 0
    assert run(lab, "cp", "d", "c").stderr == "cp: -r not specified; omitting directory 'd'\n"
    assert run(lab, "cp", "-r", "d", "c").status == 0
    assert lab.read("c/e/g") == b"x\n"
    assert run(lab, "mv", "-v", "f", "c").stdout == "renamed 'f' -> 'c/f'\n"
    assert run(lab, "rm", "c").stderr == "rm: cannot remove 'c': Is a directory\n"
    assert run(lab, "rm", "-rf", "c", "pasla").status == 0
    assert run(lab, "ls").stdout == "d\n"


def test_backups(lab: Lab) -> None:
    lab.run("maillab.shell.commands.coreutils.touch", ["touch", "a", "b"])
    run(lab, "cp", "-b", "a", "b")
    run(lab, "cp", "--backup=numbered", "a", "b")
    assert run(lab, "ls").stdout == "a\nb\nb.~1~\nb~\n"


def test_owners_and_modes(lab: Lab) -> None:
    lab.run("maillab.shell.commands.coreutils.touch", ["touch", "f"])
    run(lab, "chown", "toto:mail", "f")
    run(lab, "chmod", "u=rwx,g=rx,o=", "f")
    assert run(lab, "stat", "-c", "%A %U:%G", "f").stdout == "-rwxr-x--- toto:mail\n"
    assert run(lab, "chown", "toto:inconnu", "f").stderr == "chown: invalid group: 'toto:inconnu'\n"


@pytest.mark.parametrize(("limit", "columns"), [(80, 5), (12, 2), (3, 1)])
def test_columns(limit: int, columns: int) -> None:
    widths = best_columns([3, 4, 3, 2, 3], limit, down=True)
    assert len(widths) == columns and (sum(widths) < limit or columns == 1)
