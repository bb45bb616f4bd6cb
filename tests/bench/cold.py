"""How long one command in a fresh lab takes, from the shell prompt to the shell prompt: `./lab run -- true`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, Options, timed

ROOT = Path(__file__).parent.parent.parent


def command() -> list[str]:
    """The door itself where its environment is set up, otherwise what it would run."""
    start = [str(ROOT / "lab")] if (ROOT / ".venv" / "bin" / "python").exists() else [sys.executable, "-m", "maillab"]
    return [*start, "run", "--", "true"]


def measure(options: Options) -> Iterator[Figure]:
    """The bar is 0.4 seconds in all."""

    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def run() -> None:
        subprocess.run(command(), check=True, cwd=ROOT, env=environment)

    run()  # compiles what was not, as `lab` does when it is set up
    yield Figure("cold start: lab run -- true", "s", "<= 0.4", [timed(run) for _ in range(options.runs)])
