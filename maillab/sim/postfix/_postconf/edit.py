"""Changing main.cf: `-e name=value`, `-X name` (remove), `-# name` (comment out); comments and the order of lines stay.

The new text is written to main.cf.tmp, which then takes main.cf's place. Source: postconf(1), and 2.5.1 and 3.7.11 observed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix.lib.main_cf import SettingError, split_setting
from maillab.sim.postfix.lib.readlline import BLANK

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg

SEPARATORS = BLANK + "="


def requests(log: Msg, mode: str, operands: list[str], modern: bool) -> dict[str, str]:
    """What is to be changed: values by name (for -X and -#, names alone). Raises Fatal."""
    wanted: dict[str, str] = {}
    for word in operands:
        if modern and "\n" in word:
            log.fatal("-e, -X, or -# accepts no multi-line input")
        text = word.lstrip(BLANK)
        if modern and text.startswith("#"):
            log.fatal("-e, -X, or -# accepts no comment input")
        if mode == "e":
            try:
                name, value = split_setting(text)
            except SettingError as error:
                log.fatal(f'{error}: "{word}"')
            wanted[name] = value
        else:
            if "=" in text:
                log.fatal("-X or -# requires names without value")
            wanted[text.strip(BLANK)] = ""
    return wanted


def rewrite(text: str, wanted: dict[str, str], mode: str, path: str, log: Msg) -> str:
    """The text of main.cf with the changes made."""
    out: list[str] = []
    done: dict[str, int] = {}
    current = ""
    for line in text.splitlines(keepends=True):
        stripped = line.lstrip(BLANK)
        if not stripped or stripped.startswith("#"):
            out.append(line)
            continue
        if line[0] in BLANK:
            if current == "" or mode == "#":
                out.append("#" + line if current else line)
            continue
        name = line[: next((index for index, char in enumerate(line) if char in SEPARATORS), len(line))]
        current = name if name in wanted else ""
        if not current:
            out.append(line)
            continue
        done[name] = done.get(name, 0) + 1
        if done[name] == 2 and mode == "e":
            log.warning(f'{path}: multiple entries for "{name}"')
        if mode == "e":
            out.append(f"{name} = {wanted[name]}\n")
        elif mode == "#":
            out.append("#" + line)
    if mode == "e":
        if out and not out[-1].endswith("\n") and any(name not in done for name in wanted):
            out[-1] += "\n"
        out += [f"{name} = {value}\n" for name, value in wanted.items() if name not in done]
    return "".join(out)


async def replace_file(sys: Process, log: Msg, path: str, change: object) -> None:
    """Write `change(old text)` to PATH.tmp under a lock, with the mode and owner of PATH, and put it in PATH's place. Raises
    Fatal."""
    assert callable(change)
    temporary = f"{path}.tmp"
    try:
        lock = sys.open(temporary, "c", 0o600)
    except SysError as error:
        log.fatal(f"open {temporary}: {error.strerror}")
    await sys.flock(lock, "ex")
    try:
        data = sys.slurp(path)
    except SysError as error:
        sys.unlink(temporary)
        log.fatal(f"read {path}: {error.strerror}" if error.name == "EISDIR" else f"open {path} for reading: {error.strerror}")
    new = change(data.decode("utf-8", "surrogateescape"))
    stat = sys.stat(path)
    try:
        sys.ftruncate(lock, 0)
        sys.pwrite(lock, new.encode("utf-8", "surrogateescape"), 0)
        if (sys.euid, sys.egid) != (stat.uid, stat.gid):
            sys.chown(temporary, stat.uid, stat.gid)
        sys.chmod(temporary, stat.mode & 0o777)
        sys.rename(temporary, path)
    except SysError as error:
        log.fatal(f"write {temporary}: {error.strerror}")
    sys.close(lock)
