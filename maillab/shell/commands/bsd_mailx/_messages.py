"""Mailboxes in mbox format as bsd-mailx reads them, and single messages as it writes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

NEW, READ, DELETED, SAVED, MBOX, PRESERVE, TOUCHED, STATUS, MODIFIED = (1 << bit for bit in range(9))

_FROM_LINE = re.compile(
    rb"From (\S+ +|)(?:tty\S+ +)?"
    rb"([A-Z][a-z]{2} [A-Z][a-z]{2} [ 0123]\d [ 012]\d:\d\d(?::\d\d)?(?: [A-Z][A-Z0-9+-]{2,4})? \d{4}(?: [-+]\d{4})?)"
)
Ignored = Callable[[str], bool]


@dataclass
class Message:
    """A message of the mailbox: its bytes (envelope line included) and what was done with it."""

    data: bytes
    flags: int = NEW

    @property
    def lines(self) -> int:
        """Lines, the envelope line and the blank line at the end included."""
        return self.data.count(b"\n")

    def status(self) -> bytes:
        """The text of its Status: header."""
        return (b"R" if self.flags & READ else b"") + (b"" if self.flags & NEW else b"O")

    def touch(self) -> None:
        """Somebody looked at it."""
        self.flags |= TOUCHED
        if not self.flags & READ:
            self.flags |= READ | STATUS

    def envelope(self) -> tuple[str, str]:
        """(sender, date) of its `From ` line."""
        found = _FROM_LINE.match(self.data)
        if not found:
            return "", ""
        return found[1].strip().decode("utf-8", "surrogateescape"), found[2].decode("latin-1")

    def fields(self) -> list[tuple[str, str]]:
        """The header fields (name as written, unfolded value)."""
        out: list[tuple[str, str]] = []
        for line in self.data.decode("utf-8", "surrogateescape").split("\n")[1:]:
            if not line:
                break
            if line[0] in " \t" and out:
                out[-1] = (out[-1][0], f"{out[-1][1]} {line.strip()}")
                continue
            name, colon, value = line.partition(":")
            if not colon or " " in name.rstrip():
                break
            out.append((name.rstrip(), value.strip()))
        return out

    def header(self, name: str) -> str | None:
        """The first field of a name."""
        return next((value for field, value in self.fields() if field.lower() == name), None)

    def sender(self, reply: bool = False) -> str:
        """Who it is from: the From: field, else Sender: (unless it is for a reply), else the envelope."""
        found = self.header("from") or (None if reply else self.header("sender"))
        return skin(found) if found else self.envelope()[0]

    def shown(self, ignored: Ignored | None = None, prefix: bytes = b"", *, body_only: bool = False) -> bytes:
        """The message as printed, saved or written: without the ignored fields, its Status: field brought up to date."""
        if body_only:
            body = self.data.partition(b"\n\n")[2]
            return body.removesuffix(b"\n")
        with_status = ignored is None or not ignored("status")
        out: list[bytes] = []
        lines = self.data.split(b"\n")
        if lines and not lines[-1]:
            lines.pop()
        skipping = False
        out.append(lines[0])
        at = len(lines)
        for number, line in enumerate(lines[1:], 1):
            if not line:
                at = number
                break
            if line[:1] in b" \t":
                if not skipping:
                    out.append(line)
                continue
            name, colon, _ = line.partition(b":")
            if not colon or b" " in name:
                at = number
                break
            text = name.decode("latin-1")
            skipping = text.lower() == "status" or (ignored is not None and ignored(text.lower()))
            if not skipping:
                out.append(line)
        if with_status and self.status():
            out.append(b"Status: " + self.status())
        if at < len(lines) and lines[at]:
            out.append(b"")
        out += lines[at:]
        return b"".join((prefix + line if line or prefix.strip() else line) + b"\n" for line in out)


def parse(data: bytes) -> list[Message]:
    """The messages of a mailbox: each begins with a `From ` line after a blank line (or at the beginning)."""
    starts: list[int] = []
    at = 0
    blank = True
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        if blank and data.startswith(b"From ", at) and _FROM_LINE.match(data, at):
            starts.append(at)
        blank = end == at
        at = end + 1
    messages = []
    for start, stop in pairwise([*starts, len(data)]):
        text = data[start:stop]
        messages.append(_with_flags(Message(text if text.endswith(b"\n") else text + b"\n")))
    return messages


def _with_flags(message: Message) -> Message:
    for name, value in message.fields():
        if name.lower() == "status":
            if "R" in value:
                message.flags |= READ
            if "O" in value:
                message.flags &= ~NEW
    return message


def skin(text: str) -> str:
    """Addresses without their comments: `Toto <t@x>` and `t@x (Toto)` become `t@x`."""
    return ", ".join(_skin_one(part) for part in split_addresses(text))


def _skin_one(text: str) -> str:
    text = re.sub(r"\([^()]*\)", "", text)
    found = re.search(r"<([^<>]*)>", re.sub(r'"[^"]*"', "", text))
    return (found[1] if found else text).strip()


def split_addresses(text: str) -> list[str]:
    """A list of addresses cut at its commas (not those inside quotes, comments and angle brackets)."""
    parts, depth, quoted, part = [], 0, False, ""
    for char in text:
        if char == '"':
            quoted = not quoted
        elif not quoted and char in "(<":
            depth += 1
        elif not quoted and char in ")>":
            depth -= 1
        if char == "," and not quoted and depth <= 0:
            parts.append(part)
            part = ""
        else:
            part += char
    parts.append(part)
    return [part.strip() for part in parts if part.strip()]
