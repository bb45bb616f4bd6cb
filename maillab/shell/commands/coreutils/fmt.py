"""fmt - simple optimal text formatter

Usage: fmt [-WIDTH] [OPTION]... [FILE]...
Reformat each paragraph in the FILE(s), writing to standard output.
The option -WIDTH is an abbreviated form of --width=DIGITS.

With no FILE, or when FILE is -, read standard input.

Mandatory arguments to long options are mandatory for short options too.
  -c, --crown-margin        preserve indentation of first two lines
  -p, --prefix=STRING       reformat only lines beginning with STRING,
                              reattaching the prefix to reformatted lines
  -s, --split-only          split long lines, but do not refill
  -t, --tagged-paragraph    indentation of first line different from second
  -u, --uniform-spacing     one space between words, two after sentences
  -w, --width=WIDTH         maximum line width (default of 75 columns)
  -g, --goal=WIDTH          goal width (default of 93% of width)
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import Given, gnu
from maillab.sim.host.stdio import decode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/fmt"}
AUTHORS = "Ross Paterson"
OPTIONS = gnu("-c,--crown-margin -p,--prefix= -s,--split-only -t,--tagged-paragraph -u,--uniform-spacing -w,--width= -g,--goal=")
LEEWAY = 7
"""fmt aims at lines this percentage shorter than the width."""
SENTENCE, NO_BREAK, LINE, ORPHAN, WIDOW, PARENTHESIS, PUNCTUATION = 50, 600, 70, 150, 200, 40, 40


@dataclass
class Word:
    """A word with the blanks after it, and what it does to sentences."""

    text: str
    space: int = 1
    opens: bool = False
    punct: bool = False
    period: bool = False
    final: bool = False


async def main(sys: Process, argv: list[str]) -> int:
    words = list(argv)
    if len(words) > 1 and words[1][:1] == "-" and words[1][1:].isdigit():
        words[1:2] = ["-w", words[1][1:]]
    command = Command(sys, words, __doc__, AUTHORS)
    command.cannot_open = "cannot open {file} for reading"
    command.cannot_read = "read error"
    given = await command.read(OPTIONS)
    width = await _number(command, given, "width", 75, 2500)
    goal = await _number(command, given, "goal", width * (200 - 2 * LEEWAY + 1) // 200, width)
    if given.has("goal") and not given.has("width"):
        width = goal + 10
    for name in given.operands or ["-"]:
        fd = await command.open(name)
        if fd is None:
            continue
        lines = [decode(line).rstrip("\n").expandtabs() async for line in command.lines(fd, name)]
        command.done(fd)
        await sys.stdout.write("".join(line + "\n" for line in formatted(lines, given, width, goal)))
    return command.status


async def _number(command: Command, given: Given, name: str, default: int, most: int) -> int:
    text = given.last(name)
    if text is None:
        return default
    if not text.isdigit() or int(text) > most:
        out_of_range = ": Numerical result out of range" if text.isdigit() else ""
        await command.die(f"invalid width: {command.q(text)}{out_of_range}")
    return int(text)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def formatted(lines: list[str], given: Given, width: int, goal: int) -> list[str]:
    """The lines of a text, paragraph by paragraph: lines of one indentation without blank lines or other prefixes between."""
    prefix = given.last("prefix") or ""
    out: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip() or not line.lstrip(" ").startswith(prefix.strip(" ")):
            out.append(line.rstrip(" ") if not line.strip() else line)
            at += 1
            continue
        lead, body = _without_prefix(line, prefix)
        block = [body]
        at += 1
        while at < len(lines) and not given.has("split-only") and lines[at].strip():
            if not lines[at].lstrip(" ").startswith(prefix.strip(" ")):
                break
            following = _without_prefix(lines[at], prefix)[1]
            if not following.strip() or not _belongs(block, following, given):
                break
            block.append(following)
            at += 1
        first = _indent(block[0])
        other = _indent(block[1]) if len(block) > 1 else first + (3 if given.has("tagged-paragraph") else 0)
        words = _words(block, given.has("uniform-spacing"))
        room = len(lead)
        out += [lead + text for text in _fill(words, first, other, width - room, goal - room)]
    return out


def _without_prefix(line: str, prefix: str) -> tuple[str, str]:
    if not prefix:
        return "", line
    start = _indent(line)
    return line[: start + len(prefix.strip(" "))], line[start + len(prefix.strip(" ")) :]


def _belongs(block: list[str], line: str, given: Given) -> bool:
    """Does a line go on with the paragraph?"""
    if given.has("crown-margin", "tagged-paragraph"):
        if len(block) > 1:
            return _indent(line) == _indent(block[1])
        return not given.has("tagged-paragraph") or _indent(line) != _indent(block[0])
    return _indent(line) == _indent(block[0])


def _words(block: list[str], uniform: bool) -> list[Word]:
    words: list[Word] = []
    for line in block:
        at = _indent(line)
        while at < len(line):
            stop = at
            while stop < len(line) and line[stop] != " ":
                stop += 1
            text = line[at:stop]
            at = stop
            while at < len(line) and line[at] == " ":
                at += 1
            stem = text.rstrip(")]'\"")
            word = Word(text, at - stop, text[0] in "(['`\"", text[-1] in ")]'\"?!.,;:", stem[-1:] in (".", "?", "!"))
            end = at >= len(line)
            word.final = word.period and (end or word.space > 1)
            if end or uniform:
                word.space = 2 if word.final else 1
            words.append(word)
    words[-1].period = words[-1].final = True
    return words


def _fill(words: list[Word], first: int, other: int, width: int, goal: int) -> list[str]:
    """Break a paragraph where the sum of the costs of its lines is least."""
    count = len(words)
    best = [0] * (count + 1)
    breaks = [count] * count
    lengths = [0] * (count + 1)
    for start in range(count - 1, -1, -1):
        least: int | None = None
        length = (first if start == 0 else other) + len(words[start].text)
        stop = start + 1
        while True:
            cost = best[stop]
            if stop < count:
                cost += _line_cost(length, goal, lengths[stop] if breaks[stop] != count else None)
            if least is None or cost < least:
                least, breaks[start], lengths[start] = cost, stop, length
            if stop == count:
                break
            length += words[stop - 1].space + len(words[stop].text)
            if length >= width:
                break
            stop += 1
        best[start] = (least or 0) + _base_cost(words, start)
    out, start = [], 0
    while start < count:
        stop = breaks[start]
        text = "".join(word.text + " " * word.space for word in words[start : stop - 1]) + words[stop - 1].text
        out.append(" " * (first if start == 0 else other) + text)
        start = stop
    return out


def _base_cost(words: list[Word], start: int) -> int:
    """The cost of breaking before a word."""
    cost = LINE * LINE
    if start:
        before = words[start - 1]
        if before.period:
            cost += -(SENTENCE * SENTENCE) if before.final else NO_BREAK * NO_BREAK
        elif before.punct:
            cost -= PUNCTUATION * PUNCTUATION
        elif start > 1 and words[start - 2].final:
            cost += WIDOW * WIDOW // (len(before.text) + 2)
    if words[start].opens:
        cost -= PARENTHESIS * PARENTHESIS
    elif words[start].final:
        cost += ORPHAN * ORPHAN // (len(words[start].text) + 2)
    return cost


def _line_cost(length: int, goal: int, following: int | None) -> int:
    """The cost of a line's length: its distance from the goal and from the next line's (None when that is the last)."""
    cost = (10 * (goal - length)) ** 2
    return cost if following is None else cost + (10 * (length - following)) ** 2 // 2
