"""`maillab run`: one command or script in a fresh lab, outside of any terminal."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import BinaryIO

from maillab.lessons.command import run_command
from maillab.lessons.errors import MaillabError
from maillab.lessons.session import Session
from maillab.lessons.worldfile import HostSpec, WorldSpec, read_world
from maillab.sim.host.process import Process

LIMIT = 24 * 3600.0
BUDGET = 200_000_000
NOBODY_READS = 141
"""The status of what SIGPIPE ended."""


def run_script(world: Path | None, image: str, host: str, put: tuple[str, ...], command: tuple[str, ...]) -> int:
    """Run and return the exit status (124 when the budget was used up first)."""
    spec = read_world(world) if world else WorldSpec(image=image).with_default_host()
    name = host or next(iter(spec.hosts))
    if name not in spec.hosts:
        raise MaillabError(str(world or "world"), 0, f"no host {name!r}", f"use one of {', '.join(spec.hosts)}")
    for place in put:
        local, _, path = place.rpartition(":")
        if not local or not path.startswith("/"):
            raise MaillabError("--put", 0, f"{place!r} names no place in the lab", "write LOCAL:/PATH")
        spec.hosts[name] = _with_file(spec.hosts[name], Path(local), path)
    for entry in spec.hosts.values():
        entry.terminals = 0
    session = Session(spec)
    script = shlex.join(command) if command else sys.stdin.read()
    return _run(session, name, script)


def _with_file(entry: HostSpec, local: Path, path: str) -> HostSpec:
    try:
        entry.files = {**entry.files, path: local.read_text(encoding="utf-8", errors="surrogateescape")}
    except OSError as error:
        raise MaillabError(str(local), 0, error.strerror or str(error), "name a readable file, as LOCAL:/PATH") from None
    return entry


def _run(session: Session, host: str, script: str) -> int:
    done: list[int] = []
    streams = {1: sys.stdout.buffer, 2: sys.stderr.buffer}

    def take(stream: int, data: bytes) -> None:
        if not _pass_on(streams[stream], data):
            done.append(NOBODY_READS)

    async def body(process: Process) -> int:
        done.append(await run_command(process, script, session.environment, take))
        return 0

    session.world.start(host, body, "run")
    session.world.run(LIMIT, lambda: bool(done), BUDGET)
    report(session)
    return done[0] if done else 124


def _pass_on(out: BinaryIO, data: bytes) -> bool:
    """Write to our own standard output or error; False when its reader has gone."""
    try:
        out.write(data)
        out.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())  # what is still buffered goes nowhere, silently
        return False
    return True


def report(session: Session) -> None:
    """Say on standard error what was used and is not simulated, and what went wrong inside the lab."""
    for notice in session.notices:
        print(f"maillab: not simulated: {notice}", file=sys.stderr)
    for bug in session.world.bugs:
        print(f"maillab: internal error in {bug.program} on {bug.host}: {bug.error!r}", file=sys.stderr)
