"""Backups of files about to be replaced (cp, mv, ln, install): -b, --backup, --suffix, VERSION_CONTROL, SIMPLE_BACKUP_SUFFIX."""

from __future__ import annotations

import re

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._names import base_name, dir_name, join
from maillab.shell.options import Given, UsageError

CONTROL = {
    "none": "none", "off": "none", "simple": "simple", "never": "simple", "existing": "existing", "nil": "existing",
    "numbered": "numbered", "t": "numbered",
}  # fmt: skip
BACKUP_OPTIONS = "--backup=? -b"


class Backup:
    """How backups are named; `kind` "none" makes none."""

    def __init__(self, kind: str, suffix: str):
        self.kind = kind
        self.suffix = suffix

    def __bool__(self) -> bool:
        return self.kind != "none"

    def name(self, command: Command, path: str) -> str:
        """Where the file at this path would be kept."""
        numbers = self._numbers(command, path) if self.kind in ("numbered", "existing") else []
        if self.kind == "simple" or (self.kind == "existing" and not numbers):
            return path + self.suffix
        return f"{path}.~{max(numbers, default=0) + 1}~"

    def _numbers(self, command: Command, path: str) -> list[int]:
        pattern = re.compile(re.escape(base_name(path)) + r"\.~(\d+)~")
        found = (pattern.fullmatch(name) for name in command.sys.listdir(dir_name(path)))
        return [int(match[1]) for match in found if match]


async def backup_of(command: Command, given: Given) -> Backup:
    """The backups that options and environment ask for."""
    suffix = given.last("suffix") or command.sys.env.get("SIMPLE_BACKUP_SUFFIX") or "~"
    if not given.has("backup", "b", "suffix"):
        return Backup("none", suffix)
    words = given.values("backup")
    option, text = ("backup type", words[-1]) if words else ("$VERSION_CONTROL", command.sys.env.get("VERSION_CONTROL", ""))
    if not text:
        return Backup("existing", suffix)
    try:
        return Backup(command.choice(text, option, CONTROL), suffix)
    except UsageError as error:
        await command.usage(str(error).replace(f"for '{option}'", f"for {command.q(option)}"))


async def targets(command: Command, given: Given, missing_destination: bool = True) -> tuple[list[str], str, bool]:
    """(sources, destination, is the destination a directory to put things in) of cp, mv, ln and install."""
    names = list(given.operands)
    into = given.last("target-directory")
    no_target = given.has("no-target-directory")
    least = 1 if into is not None else 2
    if len(names) < least and missing_destination:
        if not names:
            await command.usage("missing file operand")
        await command.usage(f"missing destination file operand after {command.file(names[0])}")
    if no_target:
        if into is not None:
            await command.die("cannot combine --target-directory (-t) and --no-target-directory (-T)")
        if len(names) > 2:
            await command.usage(f"extra operand {command.file(names[2])}")
        return names[:1], names[1], False
    if into is not None:
        await _need_directory(command, into, "target directory ")
        return names, into, True
    last = names[-1]
    if len(names) == 1:
        return names, ".", True
    if command.sys.isdir(last):
        return names[:-1], last, True
    if len(names) > 2:
        await _need_directory(command, last, "target ")
    if last.endswith("/") and missing_destination and not command.sys.exists(last) and command.name == "ln":
        await _need_directory(command, last, "target ")
    return names[:1], last, False


async def _need_directory(command: Command, name: str, what: str) -> None:
    """End the program when a name is not that of a directory."""
    from maillab.sim.host.errno import SysError

    try:
        if command.sys.stat(name).kind != "d":
            raise SysError("ENOTDIR")
    except SysError as error:
        await command.die(f"{what}{command.file(name)}", error)


def place(destination: str, source: str, inside: bool) -> str:
    """The path a source goes to."""
    if not inside:
        return destination
    return join(destination, base_name(source))


async def ask(command: Command, question: str) -> bool:
    """Put a yes-or-no question on stderr and read the answer."""
    await command.sys.stdout.flush()
    await command.sys.stderr.write(f"{command.program}: {question}")
    answer = await command.sys.stdin.readline()
    return answer[:1] in (b"y", b"Y")
