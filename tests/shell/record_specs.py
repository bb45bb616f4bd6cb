"""Record what the real shells of this machine print for the cases of spec files: python tests/shell/record_specs.py FILE..."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from spec_format import read, write

ENVIRONMENT = {"LANG": "C", "HOME": "/root", "PATH": "/usr/local/bin:/usr/bin:/bin", "TERM": "dumb"}


def ended(data: bytes) -> str:
    """The text, brought to end in a newline."""
    text = data.decode("utf-8", "surrogateescape")
    return text if not text or text.endswith("\n") else text + "\n"


def main() -> None:
    """Run every case and write the files back."""
    for name in sys.argv[1:]:
        cases = read(Path(name))
        for case in cases:
            with tempfile.TemporaryDirectory() as place:
                done = subprocess.run(
                    [case.shell, "-c", case.script], cwd=place, env=ENVIRONMENT, capture_output=True, stdin=subprocess.DEVNULL, timeout=20
                )  # fmt: skip
            case.stdout, case.stderr, case.status = ended(done.stdout), ended(done.stderr), done.returncode % 256
        write(Path(name), cases)


main()
