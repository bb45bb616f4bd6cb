"""tempfile - make a temporary file (deprecated: see mktemp)

SYNOPSIS
    tempfile [-d DIR] [-p PREFIX] [-s SUFFIX] [-m MODE] [-n FILE]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"debianutils": "/bin/tempfile"}

OPTIONS = gnu("-d,--directory= -m,--mode= -n,--name= -p,--prefix= -s,--suffix=")
USAGE = """Usage: tempfile [OPTION]

Create a temporary file in a safe manner.

-d, --directory=DIR  place temporary file in DIR
-m, --mode=MODE      open with MODE instead of 0600
-n, --name=FILE      use FILE instead of tempnam(3)
-p, --prefix=STRING  set temporary file's prefix to STRING
-s, --suffix=STRING  set temporary file's suffix to STRING
    --help           display this help and exit
    --version        output version information and exit
"""
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


async def main(sys: Process, argv: list[str]) -> int:
    """tempfile."""
    if sys.program.version >= (2, 30):
        await sys.stderr.print("WARNING: tempfile is deprecated; consider using mktemp instead.")
    given = await OPTIONS.read(sys, argv, help=USAGE, version="tempfile 5.7\n", hint=USAGE)
    mode = given.last("mode", "600") or ""
    if not mode or any(digit not in "01234567" for digit in mode):
        await sys.stderr.print(f"Invalid mode '{mode}'.  Mode must be octal.")
        return 1
    name = given.last("name")
    folder = given.last("directory") or sys.env.get("TMPDIR") or "/tmp"
    path = name
    if path is None:
        random = "".join(sys.random.choice(LETTERS) for _ in range(6))
        path = f"{folder}/{given.last('prefix', 'file')}{random}{given.last('suffix', '')}"
    try:
        sys.close(sys.open(path, "x", int(mode, 8)))
    except SysError as error:
        await sys.stderr.print(f"{'open' if name else 'mkstemps'}: {error}")
        return 1
    await sys.stdout.print(path)
    return 0
