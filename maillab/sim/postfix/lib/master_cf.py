"""master.cf as text: its entries, their fields and arguments, and the complaints of the real parser (master(5)).

    for entry in parse(text, path): entry.name, entry.type, entry.chroot, entry.command, entry.arguments

Raises Fatal: "file /etc/postfix/master.cf: line 138: bad field count", 'invalid type field "tcp" in "2525 tcp n - n - - smtpd"'.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from maillab.sim.postfix.lib.mac_expand import find_close
from maillab.sim.postfix.lib.main_cf import SettingError, split_setting
from maillab.sim.postfix.lib.msg import Fatal
from maillab.sim.postfix.lib.readlline import BLANK, Logical, logical_lines

FIELDS = ("service", "type", "private", "unprivileged", "chroot", "wakeup", "process_limit", "command")
TYPES = ("unix", "unix-dgram", "fifo", "inet", "pass")
GOALS = (0, 11, 17, 25, 33, 41, 49, 57)
WIDTH = 80
INDENT = "    "
FLAG_LETTERS = "-yn"
_WORD = re.compile(f"[^{BLANK}]+")


@dataclass
class MasterEntry:
    """One service: its eight fields (FIELDS) and the arguments after the command name."""

    fields: list[str]
    arguments: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The service name."""
        return self.fields[0]

    @property
    def type(self) -> str:
        """The transport type."""
        return self.fields[1]

    @property
    def command(self) -> str:
        """The program."""
        return self.fields[7]

    @property
    def pattern(self) -> str:
        """`name/type`."""
        return f"{self.name}/{self.type}"

    def overrides(self) -> dict[str, str]:
        """The parameters that `-o name=value` arguments set; mistakes are for the daemon to find."""
        found: dict[str, str] = {}
        for index, word in enumerate(self.arguments[:-1]):
            if word == "-o":
                try:
                    name, value = split_override(self.arguments[index + 1])
                except Fatal:
                    continue
                found[name] = value
        return found

    def whole_command(self) -> str:
        """The program and its arguments on one line."""
        return " ".join([self.command, *self.arguments])

    def show(self, fold: bool = False) -> str:
        """The entry as postconf -M prints it."""
        line = ""
        for goal, text in zip(GOALS, self.fields, strict=True):
            line = line.ljust(goal) if len(line) < goal else line + " " * bool(line)
            line += text
        if not fold:
            return " ".join([line, *self.arguments])
        return _folded(line, self.arguments)


def _folded(line: str, arguments: list[str]) -> str:
    """The arguments on lines of their own: each -o, and what fits."""
    out: list[str] = []
    daemon = next((word for word in arguments if not word.startswith("-")), None) is None or arguments[:1] == ["-o"]
    at = 0
    after_option = False
    while at < len(arguments):
        word, follow = arguments[at], arguments[at + 1] if at + 1 < len(arguments) else None
        if word.startswith("-") and daemon:
            pair = f"{word} {follow}" if word == "-o" and follow is not None else word
            at += 2 if word == "-o" and follow is not None else 1
            out.append(line)
            line = INDENT + pair
            after_option = True
            continue
        if after_option or len(line) + 1 + len(word) >= WIDTH:
            out.append(line)
            line = INDENT + word
        else:
            line += " " + word
        after_option = False
        at += 1
    return "\n".join([*out, line])


def split_words(text: str) -> list[str]:
    """Words separated by blanks; `{ ... }` is one word. Raises ValueError with the sentence about a missing brace."""
    if "{" not in text:
        return _WORD.findall(text)
    words: list[str] = []
    at = 0
    while True:
        while at < len(text) and text[at] in BLANK:
            at += 1
        if at >= len(text):
            return words
        if text[at] == "{":
            close = find_close(text, at)
            if close < 0:
                raise ValueError("missing '}'")
            end = close + 1
            while end < len(text) and text[end] not in BLANK:
                end += 1
        else:
            end = at
            while end < len(text) and text[end] not in BLANK:
                end += 1
        words.append(text[at:end])
        at = end


def split_override(text: str) -> tuple[str, str]:
    """Name and value of `name=value` or `{ name = value }`. Raises Fatal."""
    inner = text[1:-1] if text.startswith("{") and text.endswith("}") else text
    try:
        return split_setting(inner)
    except SettingError as error:
        raise Fatal(f'invalid "-o {text}" option value: {error}') from error


def parse_entry(text: str, where: str) -> MasterEntry:
    """One logical line; `where` stands before the complaint about its fields. Raises Fatal."""
    try:
        words = split_words(text)
    except ValueError as error:
        raise Fatal(f"{where}: {error}") from error
    if len(words) < len(FIELDS):
        raise Fatal(f"{where}: bad field count")
    entry = MasterEntry(words[:8], _normal_arguments(words[8:]))
    check_fields(entry.fields, text)
    return entry


def _normal_arguments(words: list[str]) -> list[str]:
    """Arguments with `-oname=value` split, and `{ name = value }` without the blanks around its parts."""
    out: list[str] = []
    for word in words:
        if out and out[-1] == "-o" and word.startswith("{"):
            try:
                name, value = split_override(word)
            except Fatal:
                out.append(word)
                continue
            out.append(f"{{{name}={value}}}" if any(char in BLANK for char in value) else f"{name}={value}")
        else:
            out.append(word)
    return out


def check_fields(fields: list[str], text: str) -> None:
    """Complain of the first field with a wrong value. Raises Fatal."""
    _, kind, private, unprivileged, chroot, wakeup, limit, _ = fields
    check_field("type", kind, text)
    for label, value in (("private", private), ("unprivileged", unprivileged), ("chroot", chroot)):
        check_field(label, value, text)
    check_field("wakeup", wakeup, text)
    check_field("process_limit", limit, text)


def check_field(label: str, value: str, text: str) -> None:
    """Complain of a wrong value of one field. Raises Fatal."""
    if label == "type":
        good = value in TYPES
    elif label in ("private", "unprivileged", "chroot"):
        good = len(value) == 1 and value in FLAG_LETTERS
    elif label == "wakeup":
        good = value == "-" or value.removesuffix("?").isdigit()
    elif label == "process_limit":
        good = value == "-" or value.isdigit()
    else:
        good = True
    if not good:
        raise Fatal(f'invalid {label} field "{value}" in "{text}"')


@dataclass
class MasterCf:
    """The entries of a master.cf, in its order, and the warnings of reading it."""

    entries: list[MasterEntry] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def matching(self, name: str, kind: str) -> list[MasterEntry]:
        """The entries that a pattern names; `*` matches all."""
        return [entry for entry in self.entries if name in ("*", entry.name) and kind in ("*", entry.type)]


def parse(text: str, path: str) -> MasterCf:
    """Read the text of a master.cf. Raises Fatal."""
    from maillab.sim.postfix.lib.readlline import stray

    result = MasterCf()
    for line in logical_lines(text):
        complaint = stray(path, line)
        if complaint is not None:
            result.warnings.append(complaint)
            continue
        result.entries.append(_entry_of(line, path))
    return result


def _entry_of(line: Logical, path: str) -> MasterEntry:
    return parse_entry(line.text, f"file {path}: line {line.first}")
