"""Pages as text."""

from __future__ import annotations

from maillab.shell.commands.man_db._render import render

SOURCE = ".TH POSTMAP 1\n.SH NAME\npostmap \\- Postfix lookup table management\n"


def test_the_head_fits_the_width() -> None:
    lines = render("postmap", "1", SOURCE, 72).split("\n")
    assert lines[0] == "POSTMAP(1)" + " " * 14 + "General Commands Manual" + " " * 13 + "POSTMAP(1)"
    assert lines[2:4] == ["NAME", "       postmap - Postfix lookup table management"]


def test_a_program_shows_its_docstring() -> None:
    source = SOURCE.replace(".SH", '.\\" module maillab.shell.commands.man_db.man\n.SH', 1)
    text = render("man", "1", source, 80)
    assert "\nSYNOPSIS\n       man [-a] [-w]" in text
    assert "\nBUGS\n" in text
