"""ulimit - Modify shell resource limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import Options, dash_error, options
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]"

Limit = tuple[str, str, str, int | None]  # letter, description, unit, value (None: unlimited)
LIMITS: tuple[Limit, ...] = (
    ("R", "real-time non-blocking time", "(microseconds, -R)", None), ("c", "core file size", "(blocks, -c)", 0),
    ("d", "data seg size", "(kbytes, -d)", None), ("e", "scheduling priority", "(-e)", 0),
    ("f", "file size", "(blocks, -f)", None), ("i", "pending signals", "(-i)", 7823),
    ("l", "max locked memory", "(kbytes, -l)", 8192), ("m", "max memory size", "(kbytes, -m)", None),
    ("n", "open files", "(-n)", 1024), ("p", "pipe size", "(512 bytes, -p)", 8),
    ("q", "POSIX message queues", "(bytes, -q)", 819200), ("r", "real-time priority", "(-r)", 0),
    ("s", "stack size", "(kbytes, -s)", 8192), ("t", "cpu time", "(seconds, -t)", None),
    ("u", "max user processes", "(-u)", 7823), ("v", "virtual memory", "(kbytes, -v)", None),
    ("x", "file locks", "(-x)", None),
)  # fmt: skip
DASH_LIMITS: tuple[tuple[str, str, int | None], ...] = (
    ("t", "time(seconds)", None), ("f", "file(blocks)", None), ("d", "data(kbytes)", None), ("s", "stack(kbytes)", 8192),
    ("c", "coredump(blocks)", 0), ("m", "memory(kbytes)", None), ("l", "locked memory(kbytes)", 8192),
    ("p", "process", 7823), ("n", "nofiles", 1024), ("v", "vmemory(kbytes)", None), ("w", "locks", None),
    ("r", "rtprio", 0),
)  # fmt: skip
FILE_BLOCK = {"bash": 1024, "dash": 512}


async def run(sh: Shell, args: list[str]) -> int:
    """Show or set; only the file size (-f) has an effect, setting another is accepted for the value it has."""
    known = "".join(entry[0] for entry in (DASH_LIMITS if sh.dialect.is_dash else LIMITS))
    given = await options(sh, "ulimit", args, "SHa" + known)
    if "a" in given:
        await everything(sh)
        return 0
    letter = next((found for found in known if found in given), "f")
    if not given.operands:
        value = limit_of(sh, letter)
        await sh.write(("unlimited" if value is None else str(value)) + "\n")
        return 0
    return await change(sh, letter, given)


def limit_of(sh: Shell, letter: str) -> int | None:
    """The value in the letter's unit."""
    if letter == "f":
        size = sh.sys.limits.get("fsize")
        return None if size is None else size // FILE_BLOCK[sh.dialect.name]
    table = {entry[0]: entry[-1] for entry in (DASH_LIMITS if sh.dialect.is_dash else LIMITS)}
    return table[letter]


async def change(sh: Shell, letter: str, given: Options) -> int:
    """Set one limit."""
    word = given.operands[0]
    if word not in ("unlimited", "hard", "soft") and not word.isdigit():
        if sh.dialect.is_dash:
            return await dash_error(sh, "ulimit", "bad number")
        await sh.report(f"ulimit: {word}: invalid number")
        return 1
    value = int(word) if word.isdigit() else None
    if letter != "f":
        if value != limit_of(sh, letter):
            sh.sys.unsimulated(f"ulimit -{letter}")
        return 0
    try:
        sh.sys.setrlimit("fsize", None if value is None else value * FILE_BLOCK[sh.dialect.name])
    except SysError as error:
        await sh.report(f"ulimit: file size: cannot modify limit: {error.strerror}")
        return 1
    return 0


async def everything(sh: Shell) -> None:
    """ulimit -a"""
    lines = []
    for entry in DASH_LIMITS if sh.dialect.is_dash else LIMITS:
        value = limit_of(sh, entry[0])
        text = "unlimited" if value is None else str(value)
        if sh.dialect.is_dash:
            lines.append(f"{entry[1]:<20} {text}\n")
        else:
            width = 40 - len(entry[1])
            lines.append(f"{entry[1]}{entry[2]!s:>{width}} {text}\n")
    await sh.write("".join(lines))
