"""The history list of an interactive shell, its file, and ! expansion."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell import pattern as patterns
from maillab.shell.control import ShellError
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DESIGNATOR = re.compile(r":?([\^$*]|\d+-\d+|\d+-|\d+\*|-\d+|\d+|%)|:(?=[\^$*\d%-])")


class History:
    """Remembers lines; `written` counts those that are in the file already."""

    def __init__(self, sh: Shell) -> None:
        self.sh = sh
        self.base = 1  # the number of the first remembered line
        self.written = 0

    @property
    def lines(self) -> list[str]:
        """The remembered lines, oldest first."""
        return self.sh.state.history

    @property
    def limit(self) -> int:
        text = self.sh.state.variables.text("HISTSIZE", "500")
        return int(text) if text.isdigit() else 1 << 30

    def file_name(self) -> str:
        """HISTFILE, or nothing."""
        return self.sh.state.variables.text("HISTFILE")

    def load(self) -> None:
        """Read the file at the start of an interactive shell."""
        name = self.file_name()
        try:
            data = self.sh.sys.slurp(name) if name else b""
        except SysError:
            return
        self.lines.extend(data.decode("utf-8", "surrogateescape").splitlines())
        self.written = len(self.lines)

    def save(self) -> None:
        """Write the file when the shell ends: HISTFILESIZE lines at most."""
        name = self.file_name()
        if not name or len(self.lines) <= self.written:
            return
        text = self.sh.state.variables.text("HISTFILESIZE", str(self.limit))
        kept = self.lines[-int(text) :] if text.isdigit() and int(text) else ([] if text == "0" else self.lines)
        try:
            self.sh.sys.spew(name, "".join(line + "\n" for line in kept).encode("utf-8", "surrogateescape"), mode=0o600)
        except SysError:
            return

    def add(self, line: str) -> None:
        """Remember a command as HISTCONTROL and HISTIGNORE want it."""
        variables = self.sh.state.variables
        if not self.sh.option("history") or not line.strip():
            return
        control = variables.text("HISTCONTROL").split(":")
        if ("ignorespace" in control or "ignoreboth" in control) and line.startswith((" ", "\t")):
            return
        if ("ignoredups" in control or "ignoreboth" in control) and self.lines and self.lines[-1] == line:
            return
        for rule in variables.text("HISTIGNORE").split(":"):
            if rule and patterns.compile(rule.replace("&", self.lines[-1] if self.lines else "")).matches(line):
                return
        if "erasedups" in control:
            self.lines[:] = [old for old in self.lines if old != line]
        self.lines.append(line)
        while len(self.lines) > self.limit:
            self.lines.pop(0)
            self.base += 1
            self.written = max(0, self.written - 1)

    def extend_last(self, line: str) -> None:
        """The next line of a command of several lines (cmdhist)."""
        if self.lines and self.sh.option("history"):
            self.lines[-1] = join_lines(self.lines[-1], line)

    # --- ! ----------------------------------------------------------------------------------------------------------

    def expand(self, line: str) -> tuple[str, bool, bool]:
        """(the line after ! expansion, whether it changed, whether it is only to be shown). Raises ShellError."""
        if line.startswith("^"):
            pieces = line[1:].split("^")
            line = f"!!:s^{pieces[0]}^{pieces[1] if len(pieces) > 1 else ''}^" + "^".join(pieces[2:])
        if "!" not in line:
            return line, False, False
        return Expander(self, line).run()

    def find(self, text: str, shown: str) -> str:
        """The event a designator means. Raises ShellError."""
        lines = self.lines
        if text == "!":
            found = lines[-1] if lines else None
        elif re.fullmatch(r"-?\d+", text):
            number = int(text)
            index = len(lines) + number if number < 0 else number - self.base
            found = lines[index] if 0 <= index < len(lines) else None
        elif text.startswith("?"):
            wanted = text.strip("?")
            found = next((line for line in reversed(lines) if wanted in line), None)
        else:
            found = next((line for line in reversed(lines) if line.startswith(text)), None)
        if found is None:
            raise ShellError(f"{shown}: event not found")
        return found


class Expander:
    """One line under ! expansion."""

    def __init__(self, history: History, line: str) -> None:
        self.history = history
        self.line = line
        self.pos = 0
        self.changed = False
        self.print_only = False

    def run(self) -> tuple[str, bool, bool]:
        out: list[str] = []
        single = False
        double = False
        line = self.line
        while self.pos < len(line):
            ch = line[self.pos]
            if ch == "\\" and not single:
                out.append(line[self.pos : self.pos + 2])
                self.pos += 2
                continue
            if ch == "'" and not double:
                single = not single
            elif ch == '"' and not single:
                double = not double
            following = line[self.pos + 1 : self.pos + 2]
            inert = following in ("", " ", "\t", "\n", "=", "(") or (double and following == '"')
            if ch == "!" and not single and not inert and not (self.pos and line[self.pos - 1] in "${["):
                out.append(self.event())
                self.changed = True
                continue
            out.append(ch)
            self.pos += 1
        return "".join(out), self.changed, self.print_only

    def event(self) -> str:
        """!event:words:modifiers"""
        start = self.pos
        self.pos += 1
        rest = self.line[self.pos :]
        found = re.match(r"!|-?\d+|\?[^?\n]*\??|#|(?=[$^*:])|[^\s:;&|<>()\"'^$*]+", rest)
        text = found.group() if found else ""
        self.pos += len(text)
        if text == "#":
            event = self.line[:start]
        else:
            event = self.history.find(text or "!", self.line[start : self.pos] or "!")
        return self.modifiers(self.words(event, start), start)

    def words(self, event: str, start: int) -> str:
        """The word designator."""
        found = DESIGNATOR.match(self.line, self.pos)
        if not found or not found.group(1):
            return event
        self.pos = found.end()
        words = split_words(event)
        text = found.group(1)
        last = len(words) - 1
        if text == "$":
            return words[-1] if words else ""
        if text == "^":
            text = "1"
        if text == "*":
            return " ".join(words[1:])
        low, high = bounds(text, last)
        if low > last or high > last:
            raise ShellError(f"{self.line[start:self.pos].split(':', 1)[-1]}: bad word specifier")
        return " ".join(words[low : high + 1])

    def modifiers(self, text: str, start: int) -> str:
        """:h :t :r :e :p :q :s/a/b/ :gs :&"""
        while self.line[self.pos : self.pos + 1] == ":" and self.pos + 1 < len(self.line):
            letter = self.line[self.pos + 1]
            if letter in "gas":
                text = self.substitute(text)
                continue
            self.pos += 2
            if letter == "h":
                text = text.rsplit("/", 1)[0] if "/" in text else text
            elif letter == "t":
                text = text.rsplit("/", 1)[-1]
            elif letter == "r":
                text = re.sub(r"\.[^./]*$", "", text)
            elif letter == "e":
                text = text[text.rfind(".") :] if "." in text else text
            elif letter == "p":
                self.print_only = True
            elif letter == "q":
                text = "'" + text.replace("'", "'\\''") + "'"
            else:
                raise ShellError(f":{letter}: unrecognized history modifier")
        return text

    def substitute(self, text: str) -> str:
        """:s/old/new/ and :gs/old/new/"""
        everywhere = self.line[self.pos + 1] in "ga"
        self.pos += 3 if everywhere else 2
        mark = self.line[self.pos : self.pos + 1]
        pieces = self.line[self.pos + 1 :].split(mark, 2) if mark else [""]
        old, new = pieces[0], pieces[1] if len(pieces) > 1 else ""
        self.pos += 1 + len(old) + 1 + len(new) + (1 if len(pieces) > 2 else 0)
        if old not in text:
            raise ShellError(":s" + mark + old + mark + new + (mark if len(pieces) > 2 else "") + ": substitution failed")
        return text.replace(old, new.replace("&", old), -1 if everywhere else 1)


def bounds(text: str, last: int) -> tuple[int, int]:
    """The first and last word of n, n-m, n-, n*, -m."""
    if text.endswith("*"):
        return int(text[:-1]), last
    if text.startswith("-"):
        return 0, int(text[1:])
    if text.endswith("-"):
        return int(text[:-1]), last - 1
    if "-" in text:
        low, high = text.split("-")
        return int(low), int(high)
    return int(text), int(text)


def split_words(line: str) -> list[str]:
    """The words of a history line: quotes hold together, operators are words."""
    rule = re.compile(r"""(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s;&|<>()'"\\])+|[;&|<>()]+""", re.DOTALL)
    return [found.group() for found in rule.finditer(line)]


def join_lines(first: str, second: str) -> str:
    """Two lines of one command as one history line."""
    opening = first.rstrip().endswith(("do", "then", "else", "{", "(", "|", "&&", "||", ";;", ";", "in"))
    return f"{first}{' ' if opening else '; '}{second}"
