"""The error of a person at the keyboard: a bad world file, lesson, journal or submission."""

from __future__ import annotations


class MaillabError(Exception):
    """Names the file, the line (0: the whole file), what is wrong, and the remedy."""

    def __init__(self, file: str, line: int, what: str, remedy: str):
        super().__init__(file, line, what, remedy)
        self.file = file
        self.line = line
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.what} ({self.remedy})"
