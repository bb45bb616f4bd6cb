"""uniq - report or omit repeated lines

Usage: uniq [OPTION]... [INPUT [OUTPUT]]
Filter adjacent matching lines from INPUT (or standard input),
writing to OUTPUT (or standard output).

With no options, matching lines are merged to the first occurrence.

Mandatory arguments to long options are mandatory for short options too.
  -c, --count           prefix lines by the number of occurrences
  -d, --repeated        only print duplicate lines, one for each group
  -D                    print all duplicate lines
      --all-repeated[=METHOD]  like -D, but allow separating groups
                                 with an empty line;
                                 METHOD={none(default),prepend,separate}
  -f, --skip-fields=N   avoid comparing the first N fields
      --group[=METHOD]  show all items, separating groups with an empty line;
                          METHOD={separate(default),prepend,append,both}
  -i, --ignore-case     ignore differences in case when comparing
  -s, --skip-chars=N    avoid comparing the first N characters
  -u, --unique          only print unique lines
  -z, --zero-terminated     line delimiter is NUL, not newline
  -w, --check-chars=N   compare no more than N characters in lines
      --help        display this help and exit
      --version     output version information and exit

A field is a run of blanks (usually spaces and/or TABs), then non-blank
characters.  Fields are skipped before chars.

Note: 'uniq' does not detect repeated lines unless they are adjacent.
You may want to sort the input first, or use 'sort -u' without 'uniq'.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command, open_waiting
from maillab.shell.options import Given, UsageError, gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/uniq"}
AUTHORS = "Richard M. Stallman and David MacKenzie"
OPTIONS = gnu(
    "-c,--count -d,--repeated -D --all-repeated=? --group=? -i,--ignore-case -u,--unique -f,--skip-fields= -s,--skip-chars= "
    "-w,--check-chars= -z,--zero-terminated -0 -1 -2 -3 -4 -5 -6 -7 -8 -9"
)
DELIMIT = {"none": "none", "prepend": "prepend", "separate": "separate"}
GROUP = {"prepend": "prepend", "append": "append", "separate": "separate", "both": "both"}


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    await command.need_operand(given.operands, 0, 2)
    key = await _key(command, given)
    try:
        grouping = command.choice(given.last("group") or "separate", "--group", GROUP) if given.has("group") else ""
        delimit = command.choice(given.last("all-repeated") or "none", "--all-repeated", DELIMIT)
    except UsageError as error:
        await command.usage(error)
    if grouping and given.has("count", "repeated", "all-repeated", "D", "unique"):
        await command.usage("--group is mutually exclusive with -c/-d/-D/-u")
    if given.has("D", "all-repeated") and given.has("count"):
        await command.usage("printing all duplicated lines and repeat counts is meaningless")
    await _redirect(command, given.operands)
    end = b"\0" if given.has("zero-terminated") else b"\n"
    first = True
    group: list[bytes] = []
    held: bytes | None = None
    writer = Writer(command, given, grouping, delimit, end)
    async for line in command.lines(0, given.operands[0] if given.operands else "-", end):
        line = line.removesuffix(end)
        value = key(line)
        if not first and value == held:
            group.append(line) if writer.keeps_all else writer.more()
            continue
        if not first:
            await writer.write(group)
        first, held, group = False, value, [line]
    if not first:
        await writer.write(group)
    await writer.finish()
    return command.status


async def _redirect(command: Command, operands: list[str]) -> None:
    """INPUT and OUTPUT become descriptors 0 and 1."""
    for name, fd, flags in zip(operands, (0, 1), ("r", "w"), strict=False):
        if name == "-":
            continue
        try:
            opened = await open_waiting(command.sys, name, flags)
        except SysError as error:
            await command.die(command.odd(name), error)
        command.sys.dup2(opened, fd)
        command.sys.close(opened)


async def _key(command: Command, given: Given) -> Callable[[bytes], bytes]:
    """What of a line is compared."""
    numbers = {"skip-fields": "fields to skip", "skip-chars": "bytes to skip", "check-chars": "bytes to compare"}
    values: dict[str, int] = {}
    for name, what in numbers.items():
        text = given.last(name)
        if text is not None and not text.isdigit():
            await command.die(f"{text}: invalid number of {what}")
        values[name] = int(text or "0")
    digits = "".join(found.name for found in given.found if found.name.isdigit())
    fields = int(digits) if digits else values["skip-fields"]
    chars = values["skip-chars"]
    check = values["check-chars"] if given.has("check-chars") else None
    fold = given.has("ignore-case")

    def key(line: bytes) -> bytes:
        at = 0
        for _ in range(fields):
            while at < len(line) and line[at] in b" \t":
                at += 1
            while at < len(line) and line[at] not in b" \t":
                at += 1
        part = line[at + chars :]
        if check is not None:
            part = part[:check]
        return part.lower() if fold else part

    return key


class Writer:
    """What is printed of each group of equal lines."""

    def __init__(self, command: Command, given: Given, grouping: str, delimit: str, end: bytes):
        self.out = command.sys.stdout
        self.grouping = grouping
        self.all_repeated = given.has("D", "all-repeated")
        self.keeps_all = bool(grouping) or self.all_repeated
        self.delimit = delimit
        self.end = end
        self.count = given.has("count")
        self.repeated = given.has("repeated") or self.all_repeated
        self.unique = given.has("unique")
        self.extra = 0
        self.written = 0

    def more(self) -> None:
        """One more line equal to the first of the group."""
        self.extra += 1

    async def write(self, group: list[bytes]) -> None:
        """The group is complete."""
        size = len(group) + self.extra
        self.extra = 0
        if self.grouping:
            before = self.grouping in ("prepend", "both") or (self.grouping == "separate" and self.written)
            after = self.grouping == "append"
            lines = ([b""] if before else []) + group + ([b""] if after else [])
        elif (size == 1 and self.repeated) or (size > 1 and self.unique and not self.all_repeated):
            return
        elif self.all_repeated:
            if self.unique:
                group = group[:-1] if size > 1 else group
            before = self.delimit == "prepend" or (self.delimit == "separate" and self.written)
            lines = ([b""] if before else []) + group
        else:
            lines = [(b"%7d " % size if self.count else b"") + group[0]]
        self.written += 1
        for line in lines:
            await self.out.write(line + self.end)

    async def finish(self) -> None:
        """After the last group."""
        if self.grouping == "both" and self.written:
            await self.out.write(self.end)
