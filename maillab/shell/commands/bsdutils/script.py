"""script - make a typescript of a terminal session

SYNOPSIS
    script [-a] [-e] [-q] [-c COMMAND] [FILE]

DESCRIPTION
    Runs a shell, or COMMAND, and writes what it prints to FILE (`typescript`) too, between two lines with the time.

EXIT STATUS
    0; with -e the status of the command.

BUGS
    There is no pseudo-terminal: the output of the command is a pipe, and what is typed is not in the typescript. -I -B -T -t -o -E -m
    are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import fail, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.kernel.calendar import strftime

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"bsdutils": "/usr/bin/script"}

OPTIONS = gnu(
    "-a,--append -c,--command= -E,--echo= -e,--return -f,--flush --force -I,--log-in= -O,--log-out= -B,--log-io= -T,--log-timing= "
    "-m,--logging-format= -o,--output-limit= -q,--quiet -t,--timing=? -h,--help -V,--version",
    standard=False,
)
HELP = """
Usage:
 script [options] [file]

Make a typescript of a terminal session.

Options:
 -I, --log-in <file>           log stdin to file
 -O, --log-out <file>          log stdout to file (default)
 -B, --log-io <file>           log stdin and stdout to file

 -T, --log-timing <file>       log timing information to file
 -t[<file>], --timing[=<file>] deprecated alias to -T (default file is stderr)
 -m, --logging-format <name>   force to 'classic' or 'advanced' format

 -a, --append                  append to the log file
 -c, --command <command>       run command rather than interactive shell
 -e, --return                  return exit code of the child process
 -f, --flush                   run flush after each write
     --force                   use output file even when it is a link
 -E, --echo <when>             echo input in session (auto, always or never)
 -o, --output-limit <size>     terminate if output files exceed size
 -q, --quiet                   be quiet

 -h, --help                    display this help
 -V, --version                 display version

For more details see script(1).
"""
REFUSED = ("echo", "log-in", "log-io", "log-timing", "logging-format", "output-limit", "timing")
STAMP = "%Y-%m-%d %H:%M:%S+00:00"


async def main(sys: Process, argv: list[str]) -> int:
    """script."""
    given = await OPTIONS.read(sys, argv, help=HELP, version="script from util-linux 2.38.1\n")
    if given.has(*REFUSED):
        await fail(sys, argv, "only -a, -c, -e, -f, -O and -q are simulated", status=1)
    name = given.last("log-out") or (given.operands[0] if given.operands else "typescript")
    if not given.operands and not given.has("force") and sys.exists(name) and sys.lstat(name).kind == "l":
        await fail(sys, argv, f"output file `{name}' is a link\nUse --force if you really want to use it.\nProgram not started.", status=1)
    command = given.last("command")
    shell = sys.env.get("SHELL") or "/bin/sh"
    words = [shell, "-i"] if command is None else [shell, "-c", command]
    try:
        log = sys.open(name, "a" if given.has("append") else "w")
    except SysError as error:
        await fail(sys, argv, f"cannot open {name}: {error}", status=1)
    if not given.has("quiet"):
        await sys.stdout.print(f"Script started, output log file is '{name}'.")
        await sys.stdout.flush()
    if command is None:
        sys.unsimulated("script: the typescript has no typed lines")
    facts = f'COMMAND="{command}" ' if command is not None else ""
    terminal = _terminal(sys)
    await sys.write(log, f"Script started on {strftime(STAMP, sys.clock())} [{facts}{terminal}]\n".encode())
    code = await _record(sys, words, log)
    await sys.write(log, f'\nScript done on {strftime(STAMP, sys.clock())} [COMMAND_EXIT_CODE="{code}"]\n'.encode())
    if not given.has("quiet"):
        await sys.stdout.print("Script done.")
    return code if given.has("return") else 0


def _terminal(sys: Process) -> str:
    """What the first line says of the terminal."""
    if not sys.isatty(0):
        return "<not executed on terminal>"
    rows, cols = sys.winsize(0)
    return f'TERM="{sys.env.get("TERM", "")}" TTY="{sys.ttyname(0)}" COLUMNS="{cols}" LINES="{rows}"'


async def _record(sys: Process, words: list[str], log: int) -> int:
    """Run the command; its output goes to the screen and to the log."""
    source, sink = sys.pipe()
    pid = sys.spawn(words[0], words, fds={0: 0, 1: sink, 2: sink})
    sys.close(sink)
    while data := await sys.read(source):
        await sys.write(1, data)
        await sys.write(log, data)
    _, status = await sys.waitpid(pid)
    return status.shell if status else 0
