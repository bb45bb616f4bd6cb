"""top - the processes, the busiest first

SYNOPSIS
    top [-b] [-n COUNT] [-d SECONDS] [-p PIDS] [-u USER] [-o FIELD] [-c] [-i] [-w WIDTH]

DESCRIPTION
    On a terminal the picture is refreshed every three seconds until `q` or control-C; -b prints it for a file or a pipe.

BUGS
    Keys other than q, space and h are ignored; the lines on tasks and processors are derived from the process table.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import proc
from maillab.shell.commands.procps._machine import meminfo, uptime_line
from maillab.shell.options import Given, posix
from maillab.sim.host.accounts import getpwnam, user_name
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"procps": "/usr/bin/top"}

OPTIONS = posix("bcd:Ee:Hhin:o:Op:SsU:u:vw::1", permute=True)
FIELDS = {"PID": lambda p: -p.pid, "%CPU": lambda p: p.cpu, "%MEM": lambda p: p.rss, "RES": lambda p: p.rss, "VIRT": lambda p: p.vsize,
          "TIME+": lambda p: p.cpu, "USER": lambda p: p.euid, "COMMAND": lambda p: p.comm}


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, ["top", *argv[1:]], hint="")
    if given.has("v", "h"):
        await sys.stdout.print("top from procps-ng 4.0.2")
        return 0
    field = (given.last("o") or "%CPU").lstrip("+-").upper()
    if field not in FIELDS:
        await sys.stderr.print(f"top: unrecognized field name '{given.last('o')}'")
        return 1
    user = given.last("u") or given.last("U")
    if user is not None and not user.isdigit() and getpwnam(sys, user) is None:
        await sys.stderr.print("top: Invalid user")
        return 1
    if not given.has("b") and not sys.isatty(1):
        await sys.stderr.print("top: failed tty get")
        return 1
    return await _loop(sys, given, field, user)


async def _loop(sys: Process, given: Given, field: str, user: str | None) -> int:
    batch, count = given.has("b"), int(given.last("n") or 0)
    delay = float(given.last("d") or 3)
    before = None if batch else sys.tcgetattr(0)
    if before is not None:
        raw = before.copy()
        raw.icanon = raw.echo = False
        sys.tcsetattr(0, raw)
    shown = 0
    try:
        while True:
            lines = picture(sys, given, field, user)
            if batch:
                await sys.stdout.write("\n".join(lines) + "\n" + ("\n" if shown + 1 != count else ""))
            else:
                rows, columns = sys.winsize(1)
                await sys.stdout.write("\033[H\033[J" + "\r\n".join(line[:columns] for line in lines[:rows - 1]) + "\r\n")
            await sys.stdout.flush()
            shown += 1
            if shown == count:
                return 0
            if batch:
                await sys.sleep(delay)
            elif await _key(sys, delay) == b"q":
                return 0
    except SysError as error:
        if error.name != "EINTR":
            raise
        return 0
    finally:
        if before is not None:
            sys.tcsetattr(0, before)


async def _key(sys: Process, delay: float) -> bytes:
    readable, _ = await sys.poll(read=[0], timeout=delay)
    return (await sys.read(0, 1) or b"q") if readable else b""


def picture(sys: Process, given: Given, field: str, user: str | None) -> list[str]:
    """The lines of one refresh."""
    found = proc.processes(sys)
    states = [p.state for p in found]
    running, stopped, zombies = max(1, states.count("R")), states.count("T"), states.count("Z")
    memory = meminfo(sys)
    total, unused = memory.get("MemTotal", 0) / 1024, memory.get("MemFree", 0) / 1024
    cache = (memory.get("Buffers", 0) + memory.get("Cached", 0)) / 1024
    available = memory.get("MemAvailable", 0) / 1024
    swap, swap_free = memory.get("SwapTotal", 0) / 1024, memory.get("SwapFree", 0) / 1024
    lines = [
        f"top -{uptime_line(sys)}",
        f"Tasks: {len(found):3d} total, {running:3d} running, {len(found) - running - stopped - zombies:3d} sleeping, "
        f"{stopped:3d} stopped, {zombies:3d} zombie",
        "%Cpu(s):  0.0 us,  0.0 sy,  0.0 ni,100.0 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st ",
        f"MiB Mem : {total:8.1f} total, {unused:8.1f} free, {total - available:8.1f} used, {cache:8.1f} buff/cache     ",
        f"MiB Swap: {swap:8.1f} total, {swap_free:8.1f} free, {swap - swap_free:8.1f} used. {available:8.1f} avail Mem ",
        "",
    ]
    digits = len(proc.read_text(sys, "/proc/sys/kernel/pid_max").strip()) or 5
    lines.append(f"{'PID':>{digits}} USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND")
    pids = [int(word) for value in given.values("p") for word in value.split(",") if word.isdigit()]
    for p in sorted(found, key=lambda p: (FIELDS[field](p), -p.pid), reverse=True):
        name = user_name(sys, p.euid)
        if (pids and p.pid not in pids) or (user is not None and user not in (name, str(p.euid))) or (given.has("i") and p.state == "S"):
            continue
        name = name if len(name) <= 8 else name[:7] + "+"
        seconds = p.cpu / proc.TICKS
        command = p.command if given.has("c") else p.comm
        sizes = f"{p.vsize:7d} {p.rss:6d} {p.rss * 3 // 4:6d}"
        lines.append(f"{p.pid:{digits}d} {name:<8} {20 + p.nice:3d} {p.nice:3d} {sizes} {p.state}   0.0 "
                     f"{p.rss / 1024 * 100 / total if total else 0:5.1f} {int(seconds) // 60:3d}:{seconds % 60:05.2f} {command}")
    return lines
