"""chmod - change file mode bits

Usage: chmod [OPTION]... MODE[,MODE]... FILE...
  or:  chmod [OPTION]... OCTAL-MODE FILE...
  or:  chmod [OPTION]... --reference=RFILE FILE...
Change the mode of each FILE to MODE.
With --reference, change the mode of each FILE to that of RFILE.

  -c, --changes          like verbose but report only when a change is made
  -f, --silent, --quiet  suppress most error messages
  -v, --verbose          output a diagnostic for every file processed
      --no-preserve-root  do not treat '/' specially (the default)
      --preserve-root    fail to operate recursively on '/'
      --reference=RFILE  use RFILE's mode instead of MODE values
  -R, --recursive        change files and directories recursively
      --help        display this help and exit
      --version     output version information and exit

Each MODE is of the form '[ugoa]*([-+=]([rwxXst]*|[ugo]))+|[-+=][0-7]+'.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._names import join
from maillab.shell.modes import Change, mode_string, parse_mode
from maillab.shell.options import Given, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.inode import Stat

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/chmod"}
AUTHORS = "David MacKenzie and Jim Meyering"
OPTIONS = gnu("-c,--changes -R,--recursive --no-preserve-root --preserve-root -f,--quiet,--silent -v,--verbose --reference=")
_MODE_WORD = re.compile(r"-[rwxXstugoa,+=0-7-]+")


async def main(sys: Process, argv: list[str]) -> int:
    words, minus = _split(argv)
    command = Command(sys, words, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    names = list(given.operands)
    reference = given.last("reference")
    if minus and reference is not None:
        await command.usage("cannot combine mode and --reference options")
    text = minus
    if reference is None and not minus:
        if not names:
            await command.usage("missing operand")
        text = names.pop(0)
    if not names:
        await command.usage(
            f"missing operand after {command.q(given.operands[-1] if given.operands else text)}" if text else "missing operand"
        )
    change = await _change(command, text, reference)
    changer = Changer(command, given, change, minus)
    for name in names:
        await changer.operand(name)
    return command.status


def _split(argv: list[str]) -> tuple[list[str], str]:
    """Take the words that are modes with a minus (`-x`, `-rw,g+w`) out of the command line."""
    words, modes = [argv[0]], []
    rest = argv[1:]
    for at, word in enumerate(rest):
        if word == "--":
            words += rest[at:]
            break
        if len(word) > 1 and _MODE_WORD.fullmatch(word) and word[1] != "-":
            modes.append(word)
        else:
            words.append(word)
    return words, ",".join(modes)


async def _change(command: Command, text: str, reference: str | None) -> Change:
    if reference is not None:
        try:
            wanted = command.sys.stat(reference).perms
        except SysError as error:
            await command.die(f"failed to get attributes of {command.file(reference)}", error)
        return lambda old, directory, umask: wanted
    change = parse_mode(text)
    if change is None:
        await command.usage(f"invalid mode: {command.q(text)}")
    return change


class Changer:
    """One run of chmod."""

    def __init__(self, command: Command, given: Given, change: Change, minus: str):
        self.command = command
        self.sys = command.sys
        self.change = change
        self.minus = minus
        self.recursive = given.has("recursive")
        self.quiet = given.has("quiet")
        self.verbosity = given.latest("changes", "verbose") or ""
        self.protect_root = given.latest("preserve-root", "no-preserve-root") == "preserve-root"

    async def operand(self, name: str) -> None:
        """Change what the command line names; a symbolic link means its target."""
        if self.recursive and self.protect_root and name.strip("/") == "" and name:
            await self.command.complain(f"it is dangerous to operate recursively on {self.command.file(name)}")
            await self.command.complain("use --no-preserve-root to override this failsafe")
            return
        try:
            stat = self.sys.stat(name)
        except SysError as error:
            await self._cannot_access(name, error)
            return
        await self._apply(name, stat, top=True)

    async def _cannot_access(self, name: str, error: SysError) -> None:
        self.command.status = 1
        if self.quiet:
            return
        if self._is_dangling(name):
            await self.command.complain(f"cannot operate on dangling symlink {self.command.file(name)}")
            return
        await self.command.complain(f"cannot access {self.command.file(name)}", error)

    def _is_dangling(self, name: str) -> bool:
        try:
            return self.sys.lstat(name).kind == "l" and not self.sys.exists(name)
        except SysError:
            return False

    async def _apply(self, path: str, stat: Stat, top: bool = False) -> None:
        if stat.kind == "l" and not top:
            if self.verbosity == "verbose":
                await self.sys.stdout.print(f"neither symbolic link {self.command.file(path)} nor referent has been changed")
            return
        new = self.change(stat.perms, stat.kind == "d", self.sys.umask_)
        try:
            self.sys.chmod(path, new)
        except SysError as error:
            self.command.status = 1
            if not self.quiet:
                await self.command.complain(f"changing permissions of {self.command.file(path)}", error)
            if self.verbosity:
                await self._report(path, stat.perms, new, failed=True)
        else:
            await self._report(path, stat.perms, new)
            if self.minus and self.change(stat.perms, stat.kind == "d", 0) != new:
                wanted = mode_string(self.change(stat.perms, stat.kind == "d", 0), "-")[1:]
                await self.command.complain(f"{self.command.odd(path)}: new permissions are {mode_string(new, '-')[1:]}, not {wanted}")
        if self.recursive and stat.kind == "d":
            await self._descend(path)

    async def _descend(self, path: str) -> None:
        try:
            names = self.sys.listdir(path)
        except SysError as error:
            await self.command.complain(f"cannot read directory {self.command.file(path)}", error)
            return
        for name in names:
            below = join(path, name)
            try:
                stat = self.sys.lstat(below)
            except SysError as error:
                await self._cannot_access(below, error)
                continue
            await self._apply(below, stat)

    async def _report(self, path: str, old: int, new: int, failed: bool = False) -> None:
        if not self.verbosity or (self.verbosity == "changes" and (old == new or failed)):
            return
        shown = self.command.file(path)
        before = f"{old:04o} ({mode_string(old, '-')[1:]})"
        after = f"{new:04o} ({mode_string(new, '-')[1:]})"
        if failed:
            await self.sys.stdout.print(f"failed to change mode of {shown} from {before} to {after}")
        elif old == new:
            await self.sys.stdout.print(f"mode of {shown} retained as {after}")
        else:
            await self.sys.stdout.print(f"mode of {shown} changed from {before} to {after}")
