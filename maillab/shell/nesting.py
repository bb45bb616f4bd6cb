"""How deep commands may stand inside one another, how large texts may grow, and what happens beyond.

A function that calls itself without end makes bash run out of stack: it dies of SIGSEGV. Here the limit is a number of
nested commands, and Python's own limit is raised so that it is never met first (a frame of the runner is an `await`,
some twelve frames a nested command in the worst case).
"""

from __future__ import annotations

import sys as interpreter
from typing import TYPE_CHECKING

from maillab.shell.control import OutOfMemory

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

TEXT_MAX = 1 << 26  # bytes of one text; a variable or word beyond it is the end of the shell
MEMORY_MAX = 1 << 28  # bytes of all large variables together
LARGE = 1 << 20
COMMANDS_MAX = 1500
FRAMES_MAX = 12 * COMMANDS_MAX + 2000
SIGSEGV = 11


def prepare() -> None:
    """Let Python nest as deeply as the shell may."""
    if interpreter.getrecursionlimit() < FRAMES_MAX:
        interpreter.setrecursionlimit(FRAMES_MAX)


def check_size(size: int) -> None:
    """A text of `size` characters is about to be made. Raises OutOfMemory."""
    if size > TEXT_MAX:
        raise OutOfMemory(size)


def enter(sh: Shell) -> None:
    """One command more around the next; beyond the limit the shell dies."""
    sh.nested += 1
    if sh.nested > COMMANDS_MAX:
        overflow(sh)


def overflow(sh: Shell) -> None:
    """The end of the stack."""
    sh.sys.signal(SIGSEGV, "default")
    sh.sys.signal_self(SIGSEGV)
