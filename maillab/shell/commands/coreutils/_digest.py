"""md5sum, sha1sum, sha224sum, sha256sum, sha384sum, sha512sum: one program in six sizes."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import Given, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import decode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

OPTIONS = gnu("-b,--binary -c,--check --ignore-missing --quiet --status -t,--text -w,--warn --strict -z,--zero --tag")
_BSD = re.compile(r"([A-Z0-9]+) \((.*)\) = ([0-9a-fA-F]+)", re.S)
_PLAIN = re.compile(r"\\?([0-9a-fA-F]+) [ *](.*)", re.S)


async def run(sys: Process, argv: list[str], doc: str | None, authors: str, algorithm: str) -> int:
    """The whole program for one algorithm of hashlib."""
    command = Command(sys, argv, doc, authors)
    given = await command.read(OPTIONS)
    await _check_options(command, given)
    for name in given.operands or ["-"]:
        if given.has("check"):
            await _verify(command, given, name, algorithm)
        else:
            digest = await _digest(command, name, algorithm)
            if digest is not None:
                await sys.stdout.write(_line(given, name, digest, algorithm))
    return command.status


async def _check_options(command: Command, given: Given) -> None:
    if given.has("check"):
        if given.has("tag"):
            await command.usage("the --tag option is meaningless when verifying checksums")
        return
    if given.has("tag") and given.latest("binary", "text") == "text":
        await command.usage("--tag does not support --text mode")
    for name in ("ignore-missing", "status", "warn", "quiet", "strict"):
        if given.has(name):
            await command.usage(f"the --{name} option is meaningful only when verifying checksums")


async def _digest(command: Command, name: str, algorithm: str, complain: bool = True) -> str | None:
    before = command.status
    fd = await command.open(name) if complain else command.sys.open(name)
    if fd is None:
        return None
    state = hashlib.new(algorithm, usedforsecurity=False)
    async for block in command.blocks(fd, name):
        state.update(block)
    command.done(fd)
    return state.hexdigest() if command.status == before or before else None


def _line(given: Given, name: str, digest: str, algorithm: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    zero = given.has("zero")
    mark = "\\" if escaped != name and not zero else ""
    shown, end = (name, "\0") if zero else (escaped, "\n")
    if given.has("tag"):
        return f"{mark}{algorithm.upper()} ({shown}) = {digest}{end}"
    return f"{mark}{digest} {'*' if given.latest('binary', 'text') == 'binary' else ' '}{shown}{end}"


def _parse(line: str, algorithm: str) -> tuple[str, str] | None:
    """(file, digest) of a line of a checksum file."""
    length = hashlib.new(algorithm, usedforsecurity=False).digest_size * 2
    if (tagged := _BSD.fullmatch(line)) and tagged[1] == algorithm.upper() and len(tagged[3]) == length:
        return tagged[2], tagged[3]
    plain = _PLAIN.fullmatch(line)
    if not plain or len(plain[1]) != length:
        return None
    name = plain[2]
    if line.startswith("\\"):
        name = re.sub(r"\\(.)", lambda found: {"n": "\n", "r": "\r"}.get(found[1], found[1]), name)
    return name, plain[1]


async def _verify(command: Command, given: Given, source: str, algorithm: str) -> None:
    """Check every file that a checksum file names; says OK or FAILED, then sums up."""
    fd = await command.open(source)
    if fd is None:
        return
    shown = "standard input" if source == "-" else source
    good = bad = missing = malformed = matched = 0
    number = 0
    async for raw in command.lines(fd, source):
        number += 1
        line = decode(raw).rstrip("\n").removesuffix("\r")
        if not line or line.startswith("#"):
            continue
        entry = _parse(line, algorithm)
        if entry is None:
            malformed += 1
            if given.has("warn"):
                await command.note(f"{command.odd(shown)}: {number}: improperly formatted {algorithm.upper()} checksum line")
            continue
        good += 1
        outcome = await _compare(command, given, *entry, algorithm)
        missing += outcome == "unreadable"
        bad += outcome == "FAILED"
        matched += outcome == "OK"
    command.done(fd)
    if not good:
        await command.complain(f"{command.odd(shown)}: no properly formatted checksum lines found")
        return
    if not given.has("status"):
        await _sum_up(command, malformed, missing, bad)
    if given.has("ignore-missing") and not matched:
        await command.complain(f"{command.odd(shown)}: no file was verified")
    if bad or missing or (malformed and given.has("strict")):
        command.status = 1


async def _compare(command: Command, given: Given, name: str, wanted: str, algorithm: str) -> str:
    try:
        if name != "-" and given.has("ignore-missing") and not command.sys.exists(name):
            return "ignored"
        digest = await _digest(command, name, algorithm, complain=name == "-")
    except SysError as error:
        await command.complain(command.odd(name), error)
        digest = None
    outcome = "unreadable" if digest is None else "OK" if digest == wanted.lower() else "FAILED"
    if not given.has("status") and not (given.has("quiet") and outcome == "OK"):
        mark = "\\" if "\n" in name else ""
        said = "FAILED open or read" if outcome == "unreadable" else outcome
        await command.sys.stdout.write(f"{mark}{name.replace(chr(10), chr(92) + 'n')}: {said}\n")
    return outcome


async def _sum_up(command: Command, malformed: int, missing: int, bad: int) -> None:
    if malformed:
        await command.note(f"WARNING: {malformed} line{' is' if malformed == 1 else 's are'} improperly formatted")
    if missing:
        await command.note(f"WARNING: {missing} listed file{'' if missing == 1 else 's'} could not be read")
    if bad:
        await command.note(f"WARNING: {bad} computed checksum{' did' if bad == 1 else 's did'} NOT match")
