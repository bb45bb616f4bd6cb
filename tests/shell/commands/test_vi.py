"""vi on an xterm: keys typed, the screen and the file compared with what vim.tiny 9.0 shows."""

from __future__ import annotations

import pytest

from tests.shell.test_readline import Screen

TEXT = "one\\ntwo three\\nfour\\nfive\\n"


def edited(keys: str) -> Screen:
    """A screen of 12 lines after vi was given keys on a file of four lines."""
    screen = Screen(12, 70)
    screen.type(f"printf '{TEXT}' > f; vi f\r")
    screen.type(keys)
    return screen


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("dd", "two three\nfour\nfive\n"), ("dd3.u", "two three\nfour\nfive\n"), ("ihello \x1b", "hello one\ntwo three\nfour\nfive\n"),
        ("ox\x1b", "one\nx\ntwo three\nfour\nfive\n"), ("Gox\x1b", "one\ntwo three\nfour\nfive\nx\n"), ("jdw", "one\nthree\nfour\nfive\n"),
        ("jwcwX\x1b", "one\ntwo X\nfour\nfive\n"), ("yyp", "one\none\ntwo three\nfour\nfive\n"), ("yyP", "one\none\ntwo three\nfour\nfive\n"),
        (":%s/o/0/g\r", "0ne\ntw0 three\nf0ur\nfive\n"), (":g/o/d\r", "five\n"), ("JJ", "one two three four\nfive\n"),
        ("x", "ne\ntwo three\nfour\nfive\n"), ("2x.", "\ntwo three\nfour\nfive\n"), ("rX", "Xne\ntwo three\nfour\nfive\n"),
        ("A!\x1bj.", "one!\ntwo three!\nfour\nfive\n"), ("/fo\rD", "one\ntwo three\n\nfive\n"), ("ddp", "two three\none\nfour\nfive\n"),
        ("vjd", "wo three\nfour\nfive\n"), ("Vjd", "four\nfive\n"), (">>", "\tone\ntwo three\nfour\nfive\n"), ("~~", "ONe\ntwo three\nfour\nfive\n"),
        ("j2fhx", "one\nwo three\nfour\nfive\n"), ("jftx", "one\ntwo hree\nfour\nfive\n"), ("jwciwX\x1b", "one\ntwo X\nfour\nfive\n"),
        (":2,3d\r", "one\nfive\n"), (":2m0\r", "two three\none\nfour\nfive\n"), (":1t$\r", "one\ntwo three\nfour\nfive\none\n"),
        ("majyy'aP", "two three\none\ntwo three\nfour\nfive\n"), ("ddu\x12", "two three\nfour\nfive\n"),
        ("3ia\x1b", "aaaone\ntwo three\nfour\nfive\n"),
        (":s/n/[&]/\r", "o[n]e\ntwo three\nfour\nfive\n"),
        (":1s/\\(o\\)\\(n\\)/\\2\\1/\r", "noe\ntwo three\nfour\nfive\n"),
        ("dG", ""), ("cchello\x1b", "hello\ntwo three\nfour\nfive\n"), ("Rxy\x1b", "xye\ntwo three\nfour\nfive\n"), ("jd$", "one\n\nfour\nfive\n"),
        ("y2jGp", "one\ntwo three\nfour\nfive\none\ntwo three\nfour\n"), (":r !echo hi\r", "one\nhi\ntwo three\nfour\nfive\n"),
    ],
)  # fmt: skip
def test_what_vi_writes(keys: str, text: str) -> None:
    screen = edited(keys + ":w! g\r:q!\r")
    sys = screen.lab.session.world.hosts["julien"].kernel_process
    assert sys.slurp("/root/g").decode() == text


@pytest.mark.parametrize(
    ("keys", "bottom"),
    [
        ("", '"f" 4L, 24B                                         1,1           All'),
        ("/zzz\r", "E486: Pattern not found: zzz                        1,1           All"),
        (":foo\r", "E492: Not an editor command: foo                    1,1           All"),
        ("ihello", "-- INSERT --                                        1,6           All"),
        (":%s/o/0/g\r", "3 substitutions on 3 lines                          3,1           All"),
        (":set nu\r", ":set nu                                             1,1           All"),
        ("dG:w\r", '"f" 0L, 0B written                                  0,0-1         All'),
        ("dd3.u", "3 more lines; before #2  0 seconds ago              1,1           All"),
        ("x:w new\r", '"new" [New] 4L, 23B written                         1,1           All'),
    ],
)
def test_what_the_bottom_line_says(keys: str, bottom: str) -> None:
    assert edited(keys).lines()[-1] == bottom


def test_the_screen_comes_back_after_quitting() -> None:
    screen = edited("x:q\r")
    assert screen.lines()[-1].startswith("E37: No write since last change (add ! to override)")
    screen.type(":q!\r")
    assert screen.lines()[-1] == "root@julien:~#"


def test_a_new_file_and_a_refused_one() -> None:
    screen = Screen(12, 70)
    screen.type("vi new\r")
    assert screen.lines()[-1] == '"new" [New]                                         0,0-1         All'
    screen.type("ihi\x1b:wq\rcat new\r")
    assert screen.lines()[-2:] == ["hi", "root@julien:~#"]


def test_ex_runs_scripts() -> None:
    screen = Screen()
    screen.type("printf 'a\\nb\\n' > f; printf '1d\\n$a\\nc\\n.\\nwq\\n' | ex -s f; clear; cat f\r")
    assert screen.lines()[-3:] == ["b", "c", "root@julien:~#"]
