"""update-rc.d - install and remove System-V style init script links

SYNOPSIS
    update-rc.d [-f] NAME remove
    update-rc.d [-f] NAME defaults|defaults-disabled
    update-rc.d NAME disable|enable [S|2|3|4|5]

DESCRIPTION
    Makes the links S.. and K.. of a script in /etc/rc?.d from the run levels in its LSB header, removes them, or turns S links into
    K links and
    back.

BUGS
    All links have the number 01 (or the one they have already): the order of dependencies is not worked out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.sim.releases.initlinks import levels

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"init-system-helpers": "/usr/sbin/update-rc.d", "sysv-rc": "/usr/sbin/update-rc.d"}
USAGE = """usage: update-rc.d [-f] <basename> remove
       update-rc.d [-f] <basename> defaults
       update-rc.d [-f] <basename> defaults-disabled
       update-rc.d <basename> disable|enable [S|2|3|4|5]
\t\t-f: force

The disable|enable API is not stable and might change in the future.
"""
LEVELS = "0123456S"
_LINK = re.compile(r"([SK])(\d\d)(.+)")


async def main(sys: Process, argv: list[str]) -> int:
    words = [word for word in argv[1:] if not word.startswith("-")]
    force = "-f" in argv[1:]
    if "-h" in argv[1:] or "--help" in argv[1:]:
        await sys.stdout.write(USAGE)
        return 0
    if len(words) < 2:
        await sys.stderr.write(f"update-rc.d: error: not enough arguments\n{USAGE}")
        return 1
    name, action = words[0], words[1]
    if action not in ("remove", "defaults", "defaults-disabled", "disable", "enable", "start", "stop"):
        await sys.stderr.write(USAGE)
        return 1
    script = f"/etc/init.d/{name}"
    if action == "remove":
        if sys.exists(script) and not force:
            return await _error(sys, f"initscript {name} exists, use -f to force") if sys.program.version < (1, 50) else _remove(sys, name)
        return _remove(sys, name)
    if not sys.isfile(script):
        return await _error(
            sys, f"unable to read {script}" if action not in ("disable", "enable") else f"cannot find a LSB script for {name}"
        )
    if action in ("disable", "enable"):
        return await _switch(sys, name, action == "enable", words[2:])
    return _install(sys, name, script, disabled=action == "defaults-disabled")


async def _error(sys: Process, text: str) -> int:
    await sys.stderr.write(f"update-rc.d: error: {text}\n")
    return 1


def _links(sys: Process, name: str, level: str) -> list[str]:
    folder = f"/etc/rc{level}.d"
    if not sys.isdir(folder):
        return []
    return [link for link in sorted(sys.listdir(folder)) if (found := _LINK.fullmatch(link)) and found[3] == name]


def _remove(sys: Process, name: str) -> int:
    for level in LEVELS:
        for link in _links(sys, name, level):
            sys.unlink(f"/etc/rc{level}.d/{link}")
    return 0


def _install(sys: Process, name: str, script: str, disabled: bool) -> int:
    if any(_links(sys, name, level) for level in LEVELS):
        return 0
    wanted = levels(sys.slurp(script))
    number = "20" if sys.program.package == "sysv-rc" else "01"
    for level in wanted.start:
        _link(sys, name, level, ("K" if disabled else "S") + number)
    for level in wanted.stop:
        _link(sys, name, level, "K" + number)
    return 0


def _link(sys: Process, name: str, level: str, prefix: str) -> None:
    folder = f"/etc/rc{level}.d"
    if not sys.isdir(folder):
        sys.mkdir(folder, 0o755)
    sys.symlink(f"../init.d/{name}", f"{folder}/{prefix}{name}")


async def _switch(sys: Process, name: str, enable: bool, only: list[str]) -> int:
    """S links become K links, or K links S links, in the levels that the header starts the script in."""
    wanted = levels(sys.slurp(f"/etc/init.d/{name}")).start
    chosen = "".join(only) or wanted
    if not any(_links(sys, name, level) for level in LEVELS):
        return await _error(sys, "no runlevel symlinks to modify, aborting!")
    for level in chosen:
        for link in _links(sys, name, level):
            letter = "S" if enable else "K"
            if not link.startswith(letter):
                folder = f"/etc/rc{level}.d"
                sys.rename(f"{folder}/{link}", f"{folder}/{letter}{link[1:]}")
    return 0
