"""How deep commands may stand inside one another, and what happens beyond.

A function that calls itself without end makes bash run out of stack: it dies of SIGSEGV. Here the limit is a number of
nested commands, and Python's own limit is raised so that it is never met first (a frame of the runner is an `await`,
some twelve frames a nested command in the worst case).
"""

from __future__ import annotations

import sys as interpreter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

COMMANDS_MAX = 1500
FRAMES_MAX = 12 * COMMANDS_MAX + 2000
SIGSEGV = 11


def prepare() -> None:
    """Let Python nest as deeply as the shell may."""
    if interpreter.getrecursionlimit() < FRAMES_MAX:
        interpreter.setrecursionlimit(FRAMES_MAX)


def enter(sh: Shell) -> None:
    """One command more around the next; beyond the limit the shell dies."""
    sh.nested += 1
    if sh.nested > COMMANDS_MAX:
        overflow(sh)


def overflow(sh: Shell) -> None:
    """The end of the stack."""
    sh.sys.signal(SIGSEGV, "default")
    sh.sys.signal_self(SIGSEGV)
