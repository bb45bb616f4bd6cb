"""free - memory used and free

SYNOPSIS
    free [-b|-k|-m|-g|-h] [--si] [-t] [-w] [-s SECONDS] [-c COUNT]

BUGS
    -l and -v are refused. The figures are those of /proc/meminfo, which do not move.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.procps._machine import meminfo
from maillab.shell.options import Given, gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"procps": "/usr/bin/free"}

OPTIONS = gnu("-b,--bytes --kilo --mega --giga --tera --peta -k,--kibi -m,--mebi -g,--gibi --tebi --pebi -h,--human --si -l,--lohi "
              "-t,--total -v,--committed -s,--seconds= -c,--count= -w,--wide --help -V,--version", standard=False)
HELP = """
Usage:
 free [options]

Options:
 -b, --bytes         show output in bytes
     --kilo          show output in kilobytes
     --mega          show output in megabytes
     --giga          show output in gigabytes
     --tera          show output in terabytes
     --peta          show output in petabytes
 -k, --kibi          show output in kibibytes
 -m, --mebi          show output in mebibytes
 -g, --gibi          show output in gibibytes
     --tebi          show output in tebibytes
     --pebi          show output in pebibytes
 -h, --human         show human-readable output
     --si            use powers of 1000 not 1024
 -l, --lohi          show detailed low and high memory statistics
 -t, --total         show total for RAM + swap
 -v, --committed     show committed memory and commit limit
 -s N, --seconds N   repeat printing every N seconds
 -c N, --count N     repeat printing N times, then exit
 -w, --wide          wide output

     --help     display this help and exit
 -V, --version  output version information and exit

For more details see free(1).
"""
DIVISORS = {"bytes": 1, "kilo": 1000, "mega": 1000**2, "giga": 1000**3, "tera": 1000**4, "peta": 1000**5, "kibi": 1024, "mebi": 1024**2,
            "gibi": 1024**3, "tebi": 1024**4, "pebi": 1024**5}


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, hint=HELP.rstrip("\n"))
    if given.has("help", "version"):
        await sys.stdout.write(HELP if given.has("help") else "free from procps-ng 4.0.2\n")
        return 0
    if given.has("lohi", "committed"):
        await sys.stderr.print("free: -l and -v are not simulated")
        return 1
    count = int(given.last("count") or (0 if given.has("seconds") else 1))
    shown = 0
    while True:
        await _show(sys, given)
        shown += 1
        if shown == count:
            return 0
        await sys.stdout.print("")
        await sys.stdout.flush()
        await sys.sleep(float(given.last("seconds") or 1))


async def _show(sys: Process, given: Given) -> None:
    memory = meminfo(sys)
    total, unused, available = memory.get("MemTotal", 0), memory.get("MemFree", 0), memory.get("MemAvailable", 0)
    buffers, cache = memory.get("Buffers", 0), memory.get("Cached", 0) + memory.get("SReclaimable", 0)
    swap, swap_free = memory.get("SwapTotal", 0), memory.get("SwapFree", 0)
    wide = given.has("wide")
    await sys.stdout.print("               total        used        free      shared "
                           + ("    buffers       cache   available" if wide else " buff/cache   available"))
    caches = [buffers, cache] if wide else [buffers + cache]
    for label, values in (("Mem:", [total, total - available, unused, memory.get("Shmem", 0), *caches, available]),
                          ("Swap:", [swap, swap - swap_free, swap_free])):
        await sys.stdout.print(label.ljust(8) + " ".join(f"{scaled(given, value):>11}" for value in values))
    if given.has("total"):
        values = [total + swap, total - available + swap - swap_free, unused + swap_free]
        await sys.stdout.print("Total:".ljust(8) + " ".join(f"{scaled(given, value):>11}" for value in values))


def scaled(given: Given, kib: int) -> str:
    """A number of KiB in the unit asked for."""
    value = kib * 1024
    if given.has("human"):
        return human(value, 1000 if given.has("si") else 1024)
    unit = next((name for name in DIVISORS if given.has(name)), None)
    if unit is None:
        return str(value // 1000 if given.has("si") else kib)
    divisor = DIVISORS[unit]
    if given.has("si") and divisor % 1024 == 0 and divisor > 1:
        divisor = {1024: 1000, 1024**2: 1000**2, 1024**3: 1000**3, 1024**4: 1000**4, 1024**5: 1000**5}[divisor]
    return str(value // divisor)


def human(value: float, step: int) -> str:
    """Three significant characters and a unit: 8.6Mi, 353Mi, 23Gi, 0B."""
    units = ["B", "Ki", "Mi", "Gi", "Ti", "Pi"] if step == 1024 else ["B", "K", "M", "G", "T", "P"]
    for unit in units:
        if value < step or unit == units[-1]:
            return f"{value:.1f}{unit}" if value < 10 and unit != "B" else f"{int(value)}{unit}"
        value /= step
    return ""
