"""master.cf as master(8) reads it: one service a logical line, defaults filled in, mistakes fatal.

The messages are those of master, observed in 3.7.11 (postconf(1) has others of its own for the same file).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from maillab.sim.postfix.lib.msg import Fatal

TYPES = ("inet", "unix", "fifo", "pass", "unix-dgram")
FIELDS = ("transport type", "private", "unprivileged", "chroot", "wakeup", "max_proc", "command")
_ARGUMENT = re.compile(r"\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}|[^ \t\r\n]+")


@dataclass
class Entry:
    """One line of master.cf."""

    name: str
    type: str
    private: bool
    unprivileged: bool
    chroot: bool
    wakeup: int
    conditional: bool
    max_proc: int
    program: str
    arguments: list[str] = field(default_factory=list)
    line: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """What tells services apart."""
        return self.name, self.type

    @property
    def path(self) -> str:
        """The socket of a local service, relative to the queue directory."""
        return f"{'private' if self.private else 'public'}/{self.name}"


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines joined with those that continue them (first white space), with the number of the last line; comments dropped."""
    current: list[str] = []
    last = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#") or line.lstrip().startswith("#"):
            continue
        if line[0] in " \t" and current:
            current.append(line.strip())
            last = number
            continue
        if current:
            yield last, " ".join(current)
        current, last = [line.strip()], number
    if current:
        yield last, " ".join(current)


class Reader:
    """Parses entries of one file. `process_limit` and `chroot` are the defaults of a `-`.

    `old_jails` are the lines where `chroot` was left to its old default.
    """

    def __init__(self, path: str, process_limit: int, chroot: bool) -> None:
        self.path = path
        self.process_limit = process_limit
        self.chroot = chroot
        self.old_jails: list[int] = []

    def read(self, text: str) -> list[Entry]:
        """The services of a master.cf. Raises Fatal."""
        return [self._entry(line, number) for number, line in logical_lines(text)]

    def _fail(self, number: int, text: str) -> Fatal:
        return Fatal(f"{self.path}: line {number}: {text}")

    def _bad(self, number: int, name: str, value: str) -> Fatal:
        return self._fail(number, f'field "{name}": bad value: "{value}"')

    def _entry(self, line: str, number: int) -> Entry:
        words = [match[1].strip() if match[1] is not None else match[0] for match in _ARGUMENT.finditer(line)]
        if len(words) <= len(FIELDS):
            raise self._fail(number, f'missing "{FIELDS[len(words) - 1]}" field')
        name, kind = words[0], words[1]
        if kind not in TYPES:
            raise self._bad(number, "transport type", kind)
        private = self._flag(number, "private", words[2], True)
        if kind == "inet" and private:
            raise self._fail(number, "inet service cannot be private")
        unprivileged = self._flag(number, "unprivileged", words[3], True)
        chroot = self._flag(number, "chroot", words[4], self.chroot)
        if words[4] == "-" and self.chroot:
            self.old_jails.append(number)
        wakeup, conditional = self._wakeup(number, words[5])
        limit = self.process_limit if words[6] == "-" else self._number(number, "max_proc", words[6])
        return Entry(name, kind, private, unprivileged, chroot, wakeup, conditional, limit, words[7], words[8:], number)

    def _flag(self, number: int, name: str, word: str, default: bool) -> bool:
        if word == "-":
            return default
        if word not in ("y", "n"):
            raise self._bad(number, name, word)
        return word == "y"

    def _number(self, number: int, name: str, word: str) -> int:
        if not (word.isascii() and word.isdigit()):
            raise self._bad(number, name, word)
        return int(word)

    def _wakeup(self, number: int, word: str) -> tuple[int, bool]:
        if word == "-":
            return 0, False
        conditional = word.endswith("?")
        return self._number(number, "wakeup", word.removesuffix("?")), conditional
