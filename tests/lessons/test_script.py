"""`maillab run`: a script in a fresh lab, its output and status ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from maillab.lessons.errors import MaillabError
from maillab.lessons.script import run_script


def test_the_status_and_both_streams(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run_script(None, "", "", (), ("sh", "-c", "echo out; echo err >&2; exit 7")) == 7
    assert capfdbinary.readouterr() == (b"out\n", b"err\n")


def test_any_bytes_can_be_put(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\x00\n")
    assert run_script(None, "", "", (f"{tmp_path}/bytes:/srv/new/bytes",), ("cat", "/srv/new/bytes")) == 0
    assert capfdbinary.readouterr().out == b"\xff\x00\n"


@pytest.mark.parametrize("place", ["nowhere", "x:relative", ":/x", "/does/not/exist:/x"])
def test_a_place_that_is_none_is_told(place: str) -> None:
    with pytest.raises(MaillabError, match="LOCAL:/PATH"):
        run_script(None, "", "", (place,), ("true",))


def test_a_reader_that_goes_away_ends_the_script() -> None:
    command = [sys.executable, "-m", "maillab", "run", "--", "seq", "100000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"1\n"
        process.stdout.close()
        assert process.wait(20) == 141
        assert process.stderr.read() == b""
