"""mktemp - create a temporary file or directory

Usage: mktemp [OPTION]... [TEMPLATE]
Create a temporary file or directory, safely, and print its name.
TEMPLATE must contain at least 3 consecutive 'X's in last component.
If TEMPLATE is not specified, use tmp.XXXXXXXXXX, and --tmpdir is implied.
Files are created u+rw, and directories u+rwx, minus umask restrictions.

  -d, --directory     create a directory, not a file
  -u, --dry-run       do not create anything; merely print a name (unsafe)
  -q, --quiet         suppress diagnostics about file/dir-creation failure
      --suffix=SUFF   append SUFF to TEMPLATE; SUFF must not contain a slash.
                        This option is implied if TEMPLATE does not end in X
  -p DIR, --tmpdir[=DIR]  interpret TEMPLATE relative to DIR; if DIR is not
                        specified, use $TMPDIR if set, else /tmp.  With
                        this option, TEMPLATE must not be an absolute name;
                        unlike with -t, TEMPLATE may contain slashes, but
                        mktemp creates only the final component
  -t                  interpret TEMPLATE as a single file name component,
                        relative to a directory: $TMPDIR, if set; else the
                        directory specified via -p; else /tmp [deprecated]
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._names import join
from maillab.shell.options import Given, gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/mktemp"}
AUTHORS = "Jim Meyering and Eric Blake"
OPTIONS = gnu("-d,--directory -q,--quiet --suffix= -u,--dry-run -p= --tmpdir=? -t")
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
TRIES = 100


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    if len(given.operands) > 1:
        await command.usage("too many templates")
    head, count, tail = await _template(command, given)
    kind = "directory" if given.has("directory") else "file"
    for _ in range(TRIES):
        name = head + "".join(sys.random.choice(LETTERS) for _ in range(count)) + tail
        try:
            if given.has("dry-run"):
                sys.lstat(name)
                continue
            if given.has("directory"):
                sys.mkdir(name, 0o700)
            else:
                sys.close(sys.open(name, "x", 0o600))
        except SysError as error:
            if error.name == "EEXIST":
                continue
            if not (given.has("dry-run") and error.name == "ENOENT"):
                if not given.has("quiet"):
                    await command.complain(f"failed to create {kind} via template {command.file(head + 'X' * count + tail)}", error)
                return 1
        await sys.stdout.print(name)
        return 0
    return await command.die(f"failed to create {kind} via template {command.file(head + 'X' * count + tail)}", SysError("EEXIST"))


async def _template(command: Command, given: Given) -> tuple[str, int, str]:
    """(before the X's, how many, after them), the directory included."""
    use_tmp = given.has("p", "tmpdir", "t") or not given.operands
    template = given.operands[0] if given.operands else "tmp.XXXXXXXXXX"
    suffix = given.last("suffix")
    if suffix is not None:
        if not template.endswith("X"):
            await command.die(f"with --suffix, template {command.q(template)} must end in X")
        stem, tail = template, suffix
    else:
        end = template.rfind("X") + 1
        stem, tail = template[:end], template[end:]
    if "/" in tail:
        await command.die(f"invalid suffix {command.q(tail)}, contains directory separator")
    count = len(stem) - len(stem.rstrip("X"))
    if count < 3:
        await command.die(f"too few X's in template {command.q(template)}")
    if use_tmp:
        folder = given.last("p") or given.last("tmpdir")
        if given.has("t"):
            if "/" in template:
                await command.die(f"invalid template, {command.q(template)}, contains directory separator")
            folder = command.sys.env.get("TMPDIR") or folder
        elif re.match("/", template):
            await command.die(f"invalid template, {command.q(template)}; with --tmpdir, it may not be absolute")
        stem = join(folder or command.sys.env.get("TMPDIR") or "/tmp", stem)
    return stem[: len(stem) - count], count, tail
