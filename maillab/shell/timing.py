"""The reserved word `time` and the builtin `times`: real and processor time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DEFAULT_FORMAT = "\nreal\t%3lR\nuser\t%3lU\nsys\t%3lS"
POSIX_FORMAT = "real %2R\nuser %2U\nsys %2S"


def started(sh: Shell) -> tuple[int, int]:
    """The clock and the processor time now, in microseconds."""
    return sh.sys.monotonic(), sh.sys.cpu


async def report_times(sh: Shell, start: tuple[int, int], *, posix: bool) -> None:
    """What `time` prints on standard error."""
    real, cpu = sh.sys.monotonic() - start[0], sh.sys.cpu - start[1]
    layout = sh.state.variables.get("TIMEFORMAT")
    if posix:
        layout = POSIX_FORMAT
    elif layout is None:
        layout = DEFAULT_FORMAT
    if layout:
        await sh.complain(formatted(layout, {"R": real, "U": cpu, "S": 0}) + "\n")


def formatted(layout: str, values: dict[str, int]) -> str:
    """TIMEFORMAT: %[p][l]R, U, S and %P."""
    out: list[str] = []
    position = 0
    while position < len(layout):
        ch = layout[position]
        position += 1
        if ch != "%" or position >= len(layout):
            out.append(ch)
            continue
        precision, long = 3, False
        if layout[position].isdigit():
            precision = min(3, int(layout[position]))
            position += 1
        if layout[position : position + 1] == "l":
            long = True
            position += 1
        letter = layout[position : position + 1]
        position += 1
        if letter == "%":
            out.append("%")
        elif letter == "P":
            out.append(f"{100 * (values['U'] + values['S']) / max(1, values['R']):.2f}")
        elif letter in values:
            out.append(duration(values[letter], precision, long))
    return "".join(out)


def duration(microseconds: int, precision: int, long: bool) -> str:
    """12.345 or 0m12.345s"""
    thousandths = microseconds // 1000
    minutes, rest = divmod(thousandths, 60_000) if long else (0, thousandths)
    seconds, fraction = divmod(rest, 1000)
    digits = f".{fraction:03d}"[: precision + 1] if precision else ""
    return f"{minutes}m{seconds}{digits}s" if long else f"{seconds}{digits}"
