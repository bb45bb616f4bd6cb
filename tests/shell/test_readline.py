"""The line editor of bash on an xterm: keys typed, the screen compared."""

from __future__ import annotations

import pytest

from maillab.lessons.lab import Lab
from maillab.lessons.worldfile import WorldSpec
from maillab.ui.emulator import Emulator

PROMPT = "root@julien:~# "


class Screen:
    """A lab and the terminal a person would see."""

    def __init__(self, rows: int = 24, cols: int = 80) -> None:
        self.lab = Lab(WorldSpec())
        self.name = self.lab.names()[0]
        self.lab.resize(self.name, rows, cols)
        self.emulator = Emulator(rows, cols)
        self.fed = 0

    def type(self, keys: str, seconds: float = 2.0) -> None:
        """Keys, and time for what they do."""
        self.lab.type(self.name, keys.encode("utf-8", "surrogateescape"))
        self.lab.run(seconds)
        assert self.lab.session.world.bugs == []

    def lines(self) -> list[str]:
        """The screen without its empty rest."""
        output = self.lab.terminal(self.name).output
        self.emulator.feed(bytes(output[self.fed :]))
        self.fed = len(output)
        text = self.emulator.text()
        while text and not text[-1]:
            text.pop()
        return text

    def line(self) -> str:
        """What stands after the last prompt."""
        return self.lines()[-1].removeprefix(PROMPT.rstrip()).removeprefix(" ")


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("hello world\x01X", "Xhello world"), ("abc\x01\x05d", "abcd"), ("abc\x02\x02X", "aXbc"), ("abc\x1b[D\x1b[DX", "aXbc"),
        ("one two\x17three", "one three"), ("one two\x15x", "x"), ("one two\x01\x0bx", "x"), ("one two\x15\x19\x19", "one twoone two"),
        ("ab\x14", "ba"), ("one two\x1bbX", "one Xtwo"), ("one two\x01\x1bfX", "oneX two"), ("one two\x01\x1bd", " two"),
        ("abc\x01\x04", "bc"), ("abc\x7f\x7f", "a"), ("abc\x1b[H\x1b[3~", "bc"), ("one two\x17\x1f", "one two"), ("été\x7f", "ét"),
        ("one two\x1bbx\x1bu", "one xTWO"), ("a b\x1bt", "b a"), ("\x1b5x", "xxxxx"), ("a\x16\x01b", "a^Ab"),
        ("echo one\r\x1b.", "one"), ("echo one\recho two\r\x10\x10", "echo one"), ("echo one\recho two\r\x1b[A\x1b[A\x1b[B", "echo two"),
        ("echo one\recho two\r\x12one\x05!", "echo one!"), ("draft\x10\x0e", "draft"), ("\x1b[200~pasted\x1b[201~!", "pasted!"),
    ],
)  # fmt: skip
def test_emacs_keys(keys: str, shown: str) -> None:
    screen = Screen()
    screen.type(keys)
    assert screen.line() == shown.rstrip()


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("one two\x1bbx", "one wo"), ("one two\x1b0dw", "two"), ("one two\x1bdd", ""), ("one two\x1b0cwX", "X two"), ("one two\x1bhhD", "one"),
        ("one two\x1bIX", "Xone two"), ("one two\x1b0wiX", "one Xtwo"), ("one\x1bxxu", "on"), ("one two\x1b0fttx", "one two"),
        ("one two\x1b0ftx", "one wo"), ("echo a\recho b\r\x1bkk", "echo a"), ("echo a\recho b\r\x1bkkj", "echo b"), ("one\x1b0rX", "Xne"),
        ("one two\x1b02x", "e two"), ("echo a\recho b\r\x1b/a\r", "echo a"), ("one two\x1b0d$", ""), ("one\x1b~", "onE"), ("ab\x1bp", "ab"),
        ("one two\x1bbD0P", "twoone"),
    ],
)  # fmt: skip
def test_vi_keys(keys: str, shown: str) -> None:
    screen = Screen()
    screen.type("set -o vi\rclear\r")
    screen.type(keys)
    assert screen.line() == shown


def test_tab_completes_commands_files_variables_and_users() -> None:
    screen = Screen()
    screen.type("mkdir -p work/sub; touch work/main.cf 'work/odd name'; clear\r")
    for keys, shown in [
        ("hostn\t", "hostname"), ("ls wo\t", "ls work/"), ("ls work/m\t", "ls work/main.cf"), ("ls work/o\t", "ls work/odd\\ name"),
        ("ls 'work/o\t", "ls 'work/odd name'"), ("echo $HISTF\tS\t", "echo $HISTFILESIZE"),
        ("cd work/\t", "cd work/sub/"), ("echo ~postf\t", "echo ~postf"),
    ]:  # fmt: skip
        screen.type(keys)
        assert screen.line() == shown
        screen.type("\x15")


def test_a_second_tab_lists() -> None:
    screen = Screen()
    screen.type("mkdir d; touch d/aa d/ab; mkdir d/ac; clear\r")
    screen.type("ls d/\t")
    assert screen.line() == "ls d/a"
    screen.type("\t")
    assert screen.lines() == [PROMPT + "ls d/a", "aa  ab  ac/", PROMPT + "ls d/a"]


def test_long_lines_wrap_and_stay_editable() -> None:
    screen = Screen(cols=40)
    screen.type("echo " + "x" * 40 + "\x01\x1bfY")
    assert screen.lines()[-2:] == [PROMPT + "echoY " + "x" * 19, "x" * 21]
    screen.type("\x05\x15\x0c")
    assert screen.lines() == [PROMPT.rstrip()]


def test_a_line_that_fills_the_window_exactly() -> None:
    screen = Screen(cols=40)
    screen.type("#" + "x" * 24)
    screen.type("yz\r")
    assert screen.lines() == [PROMPT + "#" + "x" * 24, "yz", PROMPT.rstrip()]


def test_interrupt_and_end() -> None:
    screen = Screen()
    screen.type("half a li")
    screen.type("\x03")
    assert screen.lines() == [PROMPT + "half a li^C", PROMPT.rstrip()]
    screen.type("bash --norc\r")
    screen.type("\x04")
    assert screen.lines()[-3:] == ["bash-5.2#", "exit", PROMPT.rstrip()]


def test_resizing_draws_the_line_anew() -> None:
    screen = Screen(cols=60)
    screen.type("echo " + "x" * 30)
    screen.lines()
    screen.lab.resize(screen.name, 24, 40)
    screen.emulator.resize(24, 40)
    screen.lab.run(1)
    screen.type("Z")
    assert "".join(screen.lines())[-3:] == "xxZ"


def test_programs_get_what_is_typed_ahead() -> None:
    screen = Screen()
    screen.type("cat > f\rone\rtwo\r\x04cat f\r")
    assert screen.lines()[-3:] == ["one", "two", PROMPT.rstrip()]


def test_a_dumb_terminal_keeps_its_own_editing() -> None:
    screen = Screen()
    screen.type("TERM=dumb\recho a\x02b | od -c\r")
    assert any("002" in line for line in screen.lines())
