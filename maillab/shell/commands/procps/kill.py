"""kill - send a signal to processes (the program; the shells have a builtin of their own)

SYNOPSIS
    kill [-SIGNAL | -s SIGNAL] PID...
    kill -l [SIGNAL]; kill -L
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import NAMES, NUMBERS

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"procps": "/bin/kill"}

HELP = """
Usage:
 kill [options] <pid> [...]

Options:
 <pid> [...]            send signal to every <pid> listed
 -<signal>, -s, --signal <signal>
                        specify the <signal> to be sent
 -q, --queue <value>    integer value to be sent with the signal
 -l, --list=[<signal>]  list all signal names, or convert one to a name
 -L, --table            list all signal names in a nice table

 -h, --help     display this help and exit
 -V, --version  output version information and exit

For more details see kill(1).
"""


async def main(sys: Process, argv: list[str]) -> int:
    words = argv[1:]
    if not words or words[0] in ("-h", "--help"):
        await sys.stdout.write(HELP)
        return 0 if words else 1
    first = words[0]
    if first in ("-V", "--version"):
        await sys.stdout.print("kill from procps-ng 4.0.2")
        return 0
    if first in ("-l", "--list", "-L", "--table"):
        return await _names(sys, words[1:], table=first in ("-L", "--table"))
    number = 15
    if first in ("-s", "--signal") and len(words) > 1:
        found, words = _number(words[1]), words[2:]
    elif first.startswith("-") and first != "--":
        found, words = _number(first[1:]), words[1:]
    else:
        found, words = 15, words[1:] if first == "--" else words
    if found is None:
        await sys.stderr.write(f"{argv[0]}: invalid argument {first[1:2]}\n{HELP}")
        return 1
    number = found
    status = 0
    for word in words:
        if not word.lstrip("-").isdigit():
            await sys.stderr.print(f"{argv[0]}: failed to parse argument: '{word}'")
            return 1
        try:
            sys.kill(int(word), number)
        except SysError as error:
            await sys.stderr.print(f"{argv[0]}: ({word}): {error}")
            status = 1
    return status


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else NUMBERS.get(text.upper().removeprefix("SIG"))


async def _names(sys: Process, words: list[str], *, table: bool) -> int:
    out = sys.stdout
    if words:
        word = words[0]
        if word.isdigit():
            await out.print(NAMES.get(int(word) & 127, word))
        else:
            await out.print(_number(word) or 0)
        return 0
    if table:
        cells = [f"{number:2d} {name:<8s}" for number, name in NAMES.items()]
        for i in range(0, len(cells), 7):
            line = " ".join(cells[i:i + 7])
            await out.print(line.rstrip(" ") if len(cells[i:i + 7]) == 7 else line)
        return 0
    names = list(NAMES.values())
    await out.print(" ".join(names[:16]))
    await out.print(" ".join(names[16:]))
    return 0
