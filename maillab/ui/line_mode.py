"""Line mode: the lab in the plain terminal.

Keys go to the simulated tty as they are and its output to the real screen as it is, so that the line editing, the full-screen
programs and the control keys are those of the lab; prompt_toolkit puts the real keyboard into raw mode and decodes the few keys
that are ours. Without a terminal on standard input its lines are typed one after the other, as fast as they are answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from typing import BinaryIO, Final

from msgspec.structs import replace
from prompt_toolkit.input import Input, create_input
from prompt_toolkit.key_binding import KeyPress
from prompt_toolkit.keys import Keys

from maillab.lessons.journal import Header
from maillab.lessons.lab import Lab
from maillab.lessons.lesson import Lesson
from maillab.lessons.recording import COLS, ROWS, screen, settle
from maillab.lessons.script import report
from maillab.lessons.worldfile import WorldSpec
from maillab.ui.checking import Answer, Checker
from maillab.ui.pace import Pacer
from maillab.ui.words import say

FRAME: Final = 1 / 30
ESCAPE_AFTER: Final = 0.05
"""Wall seconds after which a lone escape character is the Escape key."""
PATIENCE: Final = 0.2
"""Virtual seconds a paste waits, a line, for somebody to read."""
UNKNOWN_STATUS: Final = 1
CONTINUATION: Final = "> "
"""What bash asks with while a command goes on (PS2 as shipped)."""
_ALTERNATE: Final = (b"\x1b[?1049h", b"\x1b[?1049l")
_RESTORE: Final = b"\x1b[0m\x1b[?25h\x1b[?1l\x1b>"


class LineMode:
    """A lab at the plain terminal: one simulated terminal at a time is in front."""

    def __init__(
        self, lab: Lab, out: BinaryIO, language: str, *, lesson: Lesson | None = None, checker: Checker | None = None,
        front: str = "", fast: bool = False, clock: Callable[[], float] = time.monotonic,
    ):  # fmt: skip
        self.lab = lab
        self.out = out
        self.language = language
        self.lesson = lesson
        self.checker = checker
        self.fast = fast
        self.pacer = Pacer(lab, clock)
        self.names = lab.names()
        self.front = front or self.names[0]
        self.left = False
        self._shown = dict.fromkeys(self.names, 0)
        self._notices = len(lab.session.notices)
        self._bugs = len(lab.session.world.bugs)
        self._alternate = False
        self.task: asyncio.Task[None] | None = None

    # --- the screen -------------------------------------------------------------------------------------------------

    def announce(self) -> None:
        """One line: the keys that are ours."""
        words = [say(self.language, "line_keys")]
        if len(self.names) > 1:
            words.append(say(self.language, "line_switch", names=", ".join(name.rpartition("/")[0] for name in self.names)))
        if self.lesson is not None:
            words.append(say(self.language, "line_check"))
        self._say(" · ".join(words))
        self.show()

    def show(self) -> None:
        """What the front terminal sent since the last time; what is not simulated, and our bugs, on lines of their own."""
        output = self.lab.terminal(self.front).output
        fresh = bytes(output[self._shown[self.front] :])
        self._shown[self.front] = len(output)
        if fresh:
            on, off = (fresh.rfind(sequence) for sequence in _ALTERNATE)
            self._alternate = on > off if on != off else self._alternate
            self._put(fresh)
        for what in self.lab.session.notices[self._notices :]:
            self._say(say(self.language, "not_simulated", what=what))
        self._notices = len(self.lab.session.notices)
        for bug in self.lab.session.world.bugs[self._bugs :]:
            self._say(f"maillab: {bug.program}: {type(bug.error).__name__}: {bug.error}")
        self._bugs = len(self.lab.session.world.bugs)

    def _say(self, text: str) -> None:
        """A line of ours, dim, before what the terminal shows next."""
        self._put(b"\r\x1b[2m" + text.replace("\n", "\r\n").encode() + b"\x1b[0m\r\n")

    def _put(self, data: bytes) -> None:
        self.out.write(data)
        self.out.flush()

    def _prompt_again(self) -> None:
        terminal = self.lab.terminal(self.front)
        if terminal.at_prompt() and terminal.prompt:
            self._put(terminal.prompt.encode("utf-8", "surrogateescape"))

    # --- time -------------------------------------------------------------------------------------------------------

    def frame(self) -> None:
        """The lab catches up with the wall, and the screen with the lab."""
        if not self.fast:
            self.pacer.advance()
        self.show()
        if self.lab.terminal(self.front).over():
            living = [name for name in self.names if not self.lab.terminal(name).over()]
            if living:
                self._bring(living[0])
            else:
                self.left = True

    def fit(self) -> None:
        """All terminals are as large as the real one."""
        size = shutil.get_terminal_size()
        for name in self.names:
            self.lab.resize(name, size.lines, size.columns)

    # --- keys -------------------------------------------------------------------------------------------------------

    def press(self, keys: Iterable[KeyPress]) -> None:
        """Our keys do what they say, all others go to the simulated tty."""
        for key in keys:
            if key.key == Keys.F10:
                self.left = True
            elif key.key == Keys.F8 and len(self.names) > 1:
                self._bring(self.names[(self.names.index(self.front) + 1) % len(self.names)])
            elif key.key == Keys.F2 and self.lesson is not None:
                self.task = self.task or asyncio.ensure_future(self._check(self.lesson))
            elif key.key == Keys.BracketedPaste:
                self.paste(key.data)
            elif key.data:
                self.type(key.data)
        self.frame()

    def type(self, text: str) -> None:
        """Keys for the front terminal."""
        self.lab.type(self.front, text.encode("utf-8", "surrogateescape"))
        if self.fast:
            settle(self.lab, self.lab.terminal(self.front))

    def paste(self, text: str) -> None:
        """Type a text as somebody patient would: each line when the one before has been taken."""
        for line in text.replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True):
            self.lab.run(PATIENCE, self.lab.terminal(self.front).waiting)
            self.type(line.replace("\n", "\r"))

    def _bring(self, name: str) -> None:
        self.front = name
        waiting = len(self.lab.terminal(name).output) > self._shown[name]
        self._put(b"\r\n")
        self._say(f"--- {name.rpartition('/')[0]} ---")
        if waiting:
            self.show()
        else:
            self._prompt_again()

    async def _check(self, lesson: Lesson) -> None:
        assert self.checker is not None
        self._put(b"\r\n")
        self._say(say(self.language, "checking"))
        answer = await self.checker.ask(lesson.name, self.lab.journal.text(), self.lab.now)
        for line in verdict_lines(lesson, self.language, answer):
            self._say(line)
        self._prompt_again()
        self.task = None

    # --- running ----------------------------------------------------------------------------------------------------

    async def run(self, keyboard: Input) -> None:
        """Until the last shell ends or the leaving key is pressed."""
        loop = asyncio.get_running_loop()

        def ready() -> None:
            keys = keyboard.read_keys()
            self.press(keys)
            loop.call_later(ESCAPE_AFTER, lambda: self.press(keyboard.flush_keys()))

        with keyboard.raw_mode(), keyboard.attach(ready):
            while not self.left and not keyboard.closed:
                self.fit()
                self.frame()
                await asyncio.sleep(FRAME)
        if self.task is not None:
            self.task.cancel()
        self._put((_ALTERNATE[1] if self._alternate else b"") + _RESTORE + b"\r\n")


def verdict_lines(lesson: Lesson, language: str, answer: Answer) -> list[str]:
    """The verdicts of the checks, the reasons of a no and the hints, one a line."""
    if answer.problem:
        return [say(language, "check_broken", what=answer.problem)]
    lines = []
    for verdict in answer.assessment.verdicts:
        lines.append(("✔ " if verdict.ok else "✘ ") + lesson.sentence(language, "checks", verdict.check))
        if not verdict.ok:
            lines.append("  " + lesson.sentence(language, "reasons", verdict.reason))
            lines += ["  " + line for line in verdict.evidence[:3]]
    if answer.assessment.passed():
        return lines
    return lines + ["➜ " + lesson.sentence(language, "hints", hint) for hint in answer.assessment.hints]


def run_interactive(mode: LineMode) -> None:
    """At a real terminal."""
    mode.announce()
    with contextlib.closing(create_input(sys.stdin)) as keyboard:
        asyncio.run(mode.run(keyboard))


def plain_lab(spec: WorldSpec) -> Lab:
    """A lab for `run_lines`: on terminals that know no control sequences, too wide for lines to be folded."""
    environment = {**spec.environment, "TERM": "dumb"}
    return Lab(replace(spec, environment=environment), Header(rows=ROWS, cols=COLS))


def run_lines(lab: Lab, front: str, lines: Iterable[str], out: BinaryIO) -> int:
    """Type lines on a terminal and show what each answers, without prompts and echo; the exit status of the shell."""
    terminal = lab.terminal(front)
    for line in [*lines, "exit"]:
        if terminal.over():
            break
        prompt, keys = terminal.prompt, line.rstrip("\r\n").encode("utf-8", "surrogateescape") + b"\r"
        del terminal.output[:]
        lab.type(front, keys)
        settle(lab, terminal)
        shown = screen(bytes(terminal.output), keys, terminal.prompt or prompt)
        shown = shown.removesuffix("exit" if terminal.over() else CONTINUATION).removesuffix("\n")
        if shown:
            out.write(shown.encode("utf-8", "surrogateescape") + b"\n")
            out.flush()
    report(lab.session)
    status = terminal.process.status if terminal.process is not None else None
    return status.shell if status is not None else UNKNOWN_STATUS
