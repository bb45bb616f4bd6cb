"""tput, clear, reset - initialize a terminal or query its capabilities

SYNOPSIS
    tput [-T type] capname [parameters]
    clear [-T type] [-x]
    reset [terminal]

DESCRIPTION
    The capabilities that scripts ask for, of the terminals of the xterm, linux, vt100 and screen families, and of dumb, which has none.

BUGS
    tput -S is refused. Terminals of other families are unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import fail, posix
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"ncurses-bin": ["/usr/bin/tput", "/usr/bin/clear", "/usr/bin/reset", "/usr/bin/tset"]}

OPTIONS = posix("T:xVS")
ANSI = {
    "clear": "\33[H\33[2J", "bold": "\33[1m", "rev": "\33[7m", "smul": "\33[4m", "rmul": "\33[24m", "sgr0": "\33(B\33[m", "el": "\33[K",
    "ed": "\33[J", "home": "\33[H", "civis": "\33[?25l", "cnorm": "\33[?12l\33[?25h", "smso": "\33[7m", "rmso": "\33[27m", "bel": "\7",
    "cuu1": "\33[A", "cud1": "\n", "cr": "\r", "smcup": "\33[?1049h\33[22;0;0t", "rmcup": "\33[?1049l\33[23;0;0t", "dim": "\33[2m",
    "blink": "\33[5m", "el1": "\33[1K", "sc": "\0337", "rc": "\0338", "op": "\33[39;49m",
}  # fmt: skip
DUMB = {"bel": "\7", "cr": "\r", "cud1": "\n", "ind": "\n"}
NUMBERS = {"cols": 80, "lines": 24, "colors": 8, "it": 8}
FAMILIES = {"xterm": ANSI, "screen": ANSI, "tmux": ANSI, "linux": ANSI, "rxvt": ANSI, "vt100": ANSI, "vt102": ANSI,
            "vt220": ANSI, "ansi": ANSI, "dumb": DUMB}  # fmt: skip
TITLES = {"xterm": "xterm terminal emulator (X Window System)", "dumb": "80-column dumb tty", "linux": "Linux console",
          "vt100": "DEC VT100 (w/advanced video)", "screen": "VT 100/ANSI X3.64 virtual terminal"}  # fmt: skip
ERASE_SCROLLBACK = "\33[3J"
RESET = "\33c\33]104\7\33[!p\33[?3;4l\33[4l\33>"
PARAMETERS = {"setaf": "\33[3{0}m", "setab": "\33[4{0}m", "cup": "\33[{1};{2}H", "cuf": "\33[{0}C", "cub": "\33[{0}D"}
UNKNOWN_TERMINAL, UNKNOWN_CAPABILITY, BAD_USAGE = 3, 4, 2


async def main(sys: Process, argv: list[str]) -> int:
    """tput, clear and reset."""
    called = argv[0].rpartition("/")[2]
    given = await OPTIONS.read(sys, argv, status=BAD_USAGE, hint=f"usage: {called} [-T term]\n")
    if given.has("V"):
        await sys.stdout.write("ncurses 6.4.20221231\n")
        return 0
    if given.has("S"):
        await fail(sys, argv, "-S is not simulated", status=BAD_USAGE)
    operands = given.operands
    term = given.last("T") or (operands[0] if called in ("reset", "tset") and operands else sys.env.get("TERM", ""))
    if not term:
        text = "TERM environment variable not set." if called == "clear" else "No value for $TERM and no -T specified"
        await fail(sys, [called], text, status=BAD_USAGE if called != "clear" else 1)
    strings = FAMILIES.get(term.partition("-")[0])
    if strings is None:
        await fail(sys, [called], f"unknown terminal \"{term}\"", status=UNKNOWN_TERMINAL if called != "clear" else 1)
    if called == "clear":
        extra = ERASE_SCROLLBACK if strings is ANSI and not given.has("x") and term.startswith("xterm") else ""
        await sys.stdout.write(strings.get("clear", "") + extra)
        return 0
    if called in ("reset", "tset"):
        await sys.stdout.write(RESET if strings is ANSI else "\r")
        return 0
    if not operands:
        await fail(sys, [called], "usage: tput [-V] [-S] [-x] [-T term] capname", status=BAD_USAGE)
    return await capability(sys, called, term, strings, operands)


async def capability(sys: Process, called: str, term: str, strings: dict[str, str], words: list[str]) -> int:
    """One capability; status 1 when the terminal has not got it."""
    name, *parameters = words
    if name in ("cols", "lines"):
        try:
            rows, columns = sys.winsize(2)
        except SysError:
            rows, columns = NUMBERS["lines"], NUMBERS["cols"]
        await sys.stdout.write(f"{(columns if name == 'cols' else rows) or NUMBERS[name]}\n")
        return 0
    if name in ("colors", "it"):
        await sys.stdout.write(f"{(256 if '256' in term else NUMBERS[name]) if strings is ANSI else -1}\n")
        return 0
    if name == "longname":
        await sys.stdout.write(TITLES.get(term.partition("-")[0], term))
        return 0
    if name in ("init", "reset"):
        await sys.stdout.write(RESET if name == "reset" and strings is ANSI else "")
        return 0
    if name in PARAMETERS:
        numbers = [int(word) if word.isdigit() else 0 for word in [*parameters, "0", "0"]]
        if strings is not ANSI:
            return 1
        await sys.stdout.write(PARAMETERS[name].format(numbers[0], numbers[0] + 1, numbers[1] + 1))
        return 0
    if name in strings:
        await sys.stdout.write(strings[name])
        return 0
    if name in ANSI:
        return 1
    return await fail(sys, [called], f"unknown terminfo capability '{name}'", status=UNKNOWN_CAPABILITY)
