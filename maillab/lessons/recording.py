"""Recordings (`.console` files): sessions typed on real hosts, and their replay in the lab.

    # comment        ! image P1        ! host NAME FQDN IP [IMAGE]     ! dns OPTION      ! boot COMMAND     ! wait SECONDS
    ! release hardy  ! packages a b    @ NAME (the terminal that follows)    $ typed at the shell    > typed to the program
    | what the screen showed (without prompt and echo)                       ~ unordered | ~ unstable

A `$` step lasts until the shell's next prompt or until a program waits for the keyboard; then, as after a `>` step,
`wait` seconds pass when it is not the shell that waits. A session of `! release` was typed by a person, and is replayed at a person's pace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from maillab.lessons.errors import MaillabError
from maillab.lessons.journal import Header
from maillab.lessons.lab import Lab
from maillab.lessons.masking import Masker, unordered
from maillab.lessons.session import Terminal
from maillab.lessons.worldfile import HostSpec, WorldSpec

WAIT = 1.3
"""Seconds after each line that the recorder typed."""
PERSON = 15.0
"""Seconds between two lines of a session that a person typed (`! release`: the handout's), reading the screen in between."""
SETTLE = 0.03
QUIET = 30.0
STEP_LIMIT = 3600.0
SCREEN = {"TERM": "dumb", "LANG": "C", "PAGER": "cat"}
ROWS, COLS = 50, 400
_CONTROL = re.compile(r"\^[A-Z\[\]\\^_@]")


@dataclass
class Step:
    """One typed line: `text` as the file has it (with its `$ ` or `> `), on a host, and the screen that followed."""

    line: int
    host: str
    text: str
    wait: float
    expected: list[str] = field(default_factory=list)
    note: str = ""

    def keys(self) -> bytes:
        """The bytes to type: a `>` line of one `^X` is that control key, without a return after it."""
        typed = self.text[2:]
        if _CONTROL.fullmatch(typed) and self.text[0] == ">":
            return bytes((ord(typed[1]) & 0x1F,))
        return typed.encode("utf-8", "surrogateescape") + b"\r"


@dataclass
class Recording:
    """A parsed `.console` file."""

    name: str
    spec: WorldSpec
    steps: list[Step]


def parse_recording(text: str, name: str, world: WorldSpec | None = None) -> Recording:
    """Read a recording (with `world`: typed in that world). Raises MaillabError for a line that is none of the format's."""
    spec = world or WorldSpec(image="P1", environment=dict(SCREEN))
    steps: list[Step] = []
    wait, host = WAIT, ""
    for number, line in enumerate(text.split("\n"), 1):
        mark, rest = line[:1], line[2:]
        if mark == "!":
            word, _, value = rest.partition(" ")
            if word == "wait":
                wait = float(value)
            else:
                _directive(spec, word, value, name, number)
                wait = PERSON if word == "release" else wait
        elif mark == "@":
            host = rest.strip()
        elif mark in ("$", ">"):
            steps.append(Step(number, host, line if len(line) > 1 else line + " ", wait))
        elif mark == "|" and steps:
            steps[-1].expected.append(rest)
        elif mark == "~" and steps:
            steps[-1].note = rest.strip()
        elif mark not in ("#", ""):
            raise MaillabError(name, number, f"no recording has a line like {line[:40]!r}", "begin it with one of # ! @ $ > | ~")
    spec = spec.with_default_host()
    for step in steps:
        step.host = step.host or next(iter(spec.hosts))
        if step.host not in spec.hosts:
            raise MaillabError(name, step.line, f"unknown host {step.host!r}", "declare it with a line `! host NAME FQDN IP`")
    return Recording(name, spec, steps)


def _directive(spec: WorldSpec, word: str, value: str, name: str, number: int) -> None:
    parts = value.split()
    if word == "image":
        spec.image = parts[0]
    elif word == "release":
        spec.image, spec.release = "", parts[0]
    elif word == "packages":
        spec.packages = parts
    elif word == "host" and len(parts) == 2:
        spec.hosts[parts[0]] = HostSpec(parts[1])
    elif word == "host" and len(parts) in (3, 4):
        spec.hosts[parts[0]] = HostSpec(parts[1], parts[2], image=parts[3] if len(parts) == 4 else "")
    elif word == "dns":
        spec.dns.append(value)
    elif word == "boot":
        spec.boot.append(value)
    else:
        raise MaillabError(name, number, f"unknown directive {word!r}", "use image, release, packages, host, dns, boot or wait")


def read_recording(path: Path) -> Recording:
    """Read a recording from disk."""
    try:
        return parse_recording(path.read_text(encoding="utf-8", errors="surrogateescape"), str(path))
    except OSError as error:
        raise MaillabError(str(path), 0, error.strerror or str(error), "name a readable .console file") from None


def replay(recording: Recording) -> Iterator[tuple[Step, str]]:
    """Type every step in a fresh lab; yields what the screen showed. An internal error of the lab is raised at the end."""
    lab = Lab(recording.spec, Header(rows=ROWS, cols=COLS))
    for host in {step.host: None for step in recording.steps}:
        del lab.terminal(f"{host}/0").output[:]
    for step in recording.steps:
        yield step, play(lab, step)
    for bug in lab.session.world.bugs:
        raise bug.error


def play(lab: Lab, step: Step) -> str:
    """Type one step and wait as the recorder waited; returns the screen without echo and prompt."""
    terminal = lab.terminal(f"{step.host}/0")
    keys = step.keys()
    lab.type(f"{step.host}/0", keys)
    if step.text[0] == "$":
        settle(lab, terminal)
        at_rest = terminal.at_prompt() or terminal.over()
        lab.run(SETTLE if at_rest and step.wait < PERSON else step.wait)
    else:
        lab.run(step.wait)
    shown = bytes(terminal.output)
    del terminal.output[:]
    return screen(shown, keys, terminal.prompt)


def settle(lab: Lab, terminal: Terminal) -> None:
    """Run until somebody waits for the keyboard, or nothing was shown for a long while."""
    end = lab.now + int(STEP_LIMIT * 1_000_000)
    while lab.now < end:
        shown = len(terminal.output)
        if lab.run(QUIET, lambda: terminal.waiting() or terminal.over()) or len(terminal.output) == shown:
            return


def screen(output: bytes, keys: bytes, prompt: str | None) -> str:
    """What a terminal showed since its last step, without the prompts at both ends and the echo of the typed line.

    What a program printed while another host's terminal was typed on comes first; the echo then stays, as in the recordings.
    """
    text = output.decode("utf-8", "replace").replace("\r\n", "\n")
    if prompt:
        text = text.removeprefix(prompt)
    echo = keys.decode("utf-8", "replace").replace("\r", "\n")
    if text.startswith(echo):
        text = text[len(echo) :]
    elif echo.endswith("\n"):
        text = text.removeprefix("\n")  # a line typed without echo (a password)
    if prompt and text.endswith(prompt):
        text = text[: -len(prompt)]
    if prompt:
        text = text.replace(f"\n{prompt}", "\n")  # what a background job prints comes after the prompt
    return text.removesuffix("\n")


@dataclass(frozen=True)
class Comparison:
    """A step and how it went: `same`, `differs`, `silent` (nothing on either side) or `unstable` (the real software varies)."""

    step: Step
    actual: str
    verdict: str


def compare(recording: Recording, actual: list[str]) -> list[Comparison]:
    """Hold the screens of a replay against those recorded, through the masks."""
    mask_expected = Masker("\n".join("\n".join(step.expected) for step in recording.steps))
    mask_actual = Masker("\n".join(actual))
    found = []
    for step, screen_shown in zip(recording.steps, actual, strict=True):
        expected, shown = mask_expected("\n".join(step.expected)), mask_actual(screen_shown)
        if step.note == "unstable":
            verdict = "unstable"
        elif not expected and not shown:
            verdict = "silent"
        elif expected == shown or (step.note == "unordered" and unordered(expected) == unordered(shown)):
            verdict = "same"
        else:
            verdict = "differs"
        found.append(Comparison(step, screen_shown, verdict))
    return found
