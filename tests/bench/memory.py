"""Resident memory of a world of many hosts with Postfix running, in an interpreter of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from maillab.lessons.session import Session
from maillab.lessons.worldfile import HostSpec, WorldSpec
from tests.bench.cold import ROOT
from tests.bench.figures import Figure, Options
from tests.bench.messages import BOOT


def world_of(hosts: int) -> Session:
    """Hosts with a terminal each, booted."""
    entries = {f"h{n}": HostSpec(f"h{n}.ploplo.fr", f"192.0.2.{n}", boot=BOOT) for n in range(1, hosts + 1)}
    return Session(WorldSpec(image="P1", hosts=entries))


def resident() -> float:
    """Megabytes of this process in memory (Linux)."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def measure(options: Options) -> Iterator[Figure]:
    """The bar is 150 megabytes for 20 hosts."""
    script = f"from tests.bench import memory; world = memory.world_of({options.hosts}); print(memory.resident())"
    values = []
    for _ in range(min(options.runs, 3)):
        done = subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT, capture_output=True, text=True)
        values.append(float(done.stdout))
    yield Figure(f"memory of {options.hosts} hosts with Postfix", "MB", "<= 150", values)
