"""rm - remove files or directories

Usage: rm [OPTION]... [FILE]...
Remove (unlink) the FILE(s).

  -f, --force           ignore nonexistent files and arguments, never prompt
  -i                    prompt before every removal
  -I                    prompt once before removing more than three files, or
                          when removing recursively; less intrusive than -i,
                          while still giving protection against most mistakes
      --interactive[=WHEN]  prompt according to WHEN: never, once (-I), or
                          always (-i); without WHEN, prompt always
      --one-file-system  when removing a hierarchy recursively, skip any
                          directory that is on a file system different from
                          that of the corresponding command line argument
      --no-preserve-root  do not treat '/' specially
      --preserve-root[=all]  do not remove '/' (default);
                              with 'all', reject any command line argument
                              on a separate device from its parent
  -r, -R, --recursive   remove directories and their contents recursively
  -d, --dir             remove empty directories
  -v, --verbose         explain what is being done
      --help        display this help and exit
      --version     output version information and exit

By default, rm does not remove directories.  Use the --recursive (-r or -R)
option to remove each listed directory, too, along with all of its contents.

To remove a file whose name starts with a '-', for example '-foo',
use one of these commands:
  rm -- -foo

  rm ./-foo

Note that if you use rm to remove a file, it might be possible to recover
some of its contents, given sufficient expertise and/or time.  For greater
assurance that the contents are truly unrecoverable, consider using shred(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._backup import ask
from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._names import base_name, join
from maillab.shell.options import Given, UsageError, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.inode import Stat

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/rm"}
AUTHORS = "Paul Rubin, David MacKenzie, Richard M. Stallman,\nand Jim Meyering"
OPTIONS = gnu(
    "-f,--force -i -I --interactive=? --one-file-system --no-preserve-root --preserve-root=? --presume-input-tty -r,-R,--recursive "
    "-d,--dir -v,--verbose"
)
INTERACTIVE = {"never": "never", "no": "never", "none": "never", "once": "once", "always": "always", "yes": "always"}
KINDS = {
    "-": "regular file", "d": "directory", "l": "symbolic link", "p": "fifo", "s": "socket", "c": "character special file",
    "b": "block special file",
}  # fmt: skip


class Remover:
    """One run of rm: `prompting` is never, once, always or "" (only for what is write-protected, on a terminal)."""

    def __init__(self, command: Command, given: Given, prompting: str):
        self.command = command
        self.sys = command.sys
        self.force = given.latest("force", "i", "I", "interactive") == "force"
        self.prompting = prompting
        self.recursive = given.has("recursive")
        self.empty = given.has("dir")
        self.verbose = given.has("verbose")
        self.protect_root = not given.has("no-preserve-root")

    async def operand(self, name: str) -> None:
        """Remove what the command line names."""
        if base_name(name) in (".", "..") and self.recursive:
            await self.command.complain(f"refusing to remove '.' or '..' directory: skipping {self.command.file(name)}")
            return
        try:
            stat = self.sys.lstat(name)
        except SysError as error:
            if not (self.force and error.name in ("ENOENT", "ENOTDIR")):
                await self.command.complain(f"cannot remove {self.command.file(name)}", error)
            return
        if self.recursive and self.protect_root and stat.kind == "d" and self._is_root(name):
            await self._refuse_root(name)
            return
        await self.remove(name, stat)

    def _is_root(self, name: str) -> bool:
        try:
            root, this = self.sys.stat("/"), self.sys.stat(name)
        except SysError:
            return False
        return (root.dev, root.ino) == (this.dev, this.ino)

    async def _refuse_root(self, name: str) -> None:
        same = "" if name == "/" else " (same as '/')"
        shown = self.command.file(name)
        await self.command.complain(f"it is dangerous to operate recursively on {shown}{same}")
        await self.command.complain("use --no-preserve-root to override this failsafe")

    async def remove(self, path: str, stat: Stat) -> bool:
        """Remove a file or a tree; False when something of it stays."""
        if stat.kind != "d":
            return await self._file(path, stat)
        if not self.recursive and not self.empty:
            await self.command.complain(f"cannot remove {self.command.file(path)}", SysError("EISDIR"))
            return False
        return await self._directory(path, stat)

    async def _directory(self, path: str, stat: Stat) -> bool:
        shown = self.command.file(path)
        try:
            names = self.sys.listdir(path)
        except SysError as error:
            try:
                self.sys.rmdir(path)
                return True
            except SysError:
                await self.command.complain(f"cannot remove {shown}", error)
                return False
        if names and not self.recursive:
            await self.command.complain(f"cannot remove {shown}", SysError("ENOTEMPTY"))
            return False
        if names and not await self._allowed(path, stat, f"descend into {self._protected(path)}directory {shown}? "):
            return False
        complete = True
        for name in names:
            below = join(path, name)
            try:
                inner = self.sys.lstat(below)
            except SysError as error:
                await self.command.complain(f"cannot remove {self.command.file(below)}", error)
                complete = False
                continue
            complete = await self.remove(below, inner) and complete
        if not complete and self.prompting != "always":
            return False
        if not await self._allowed(path, stat, f"remove {self._protected(path)}directory {shown}? "):
            return False
        return await self._call(path, directory=True)

    async def _file(self, path: str, stat: Stat) -> bool:
        kind = "regular empty file" if stat.kind == "-" and stat.size == 0 else KINDS[stat.kind]
        protected = "" if stat.kind == "l" else self._protected(path)
        if not await self._allowed(path, stat, f"remove {protected}{kind} {self.command.file(path)}? "):
            return False
        return await self._call(path, directory=False)

    def _protected(self, path: str) -> str:
        return "" if self.sys.access(path, "w") else "write-protected "

    async def _allowed(self, path: str, stat: Stat, question: str) -> bool:
        if self.prompting == "always":
            return await ask(self.command, question)
        if self.force or self.prompting == "never" or stat.kind == "l" or not self.sys.isatty(0):
            return True
        return self.sys.access(path, "w") or await ask(self.command, question)

    async def _call(self, path: str, directory: bool) -> bool:
        try:
            (self.sys.rmdir if directory else self.sys.unlink)(path)
        except SysError as error:
            if self.force and error.name == "ENOENT":
                return True
            await self.command.complain(f"cannot remove {self.command.file(path)}", error)
            return False
        if self.verbose:
            await self.sys.stdout.print(f"removed {'directory ' if directory else ''}{self.command.file(path)}")
        return True


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    prompting = await _prompting(command, given)
    if not given.operands:
        if given.has("force"):
            return 0
        await command.usage("missing operand")
    if prompting == "once":
        count = len(given.operands)
        if given.has("recursive") or count > 3:
            words = f"{count} argument{'' if count == 1 else 's'}{' recursively' if given.has('recursive') else ''}"
            if not await ask(command, f"remove {words}? "):
                return 0
        prompting = ""
    remover = Remover(command, given, prompting)
    for name in given.operands:
        await remover.operand(name)
    return command.status


async def _prompting(command: Command, given: Given) -> str:
    result = ""
    for found in given.found:
        if found.name == "force":
            result = "never"
        elif found.name in ("i", "I"):
            result = "always" if found.name == "i" else "once"
        elif found.name == "interactive":
            try:
                result = command.choice(found.value, "--interactive", INTERACTIVE) if found.value is not None else "always"
            except UsageError as error:
                await command.usage(error)
    return result
