"""The shells against what the real ones printed (tests/shell/spec)."""

from __future__ import annotations

from pathlib import Path

import pytest

from maillab.lessons.session import Session
from maillab.lessons.worldfile import WorldSpec
from maillab.sim.host.process import Process
from tests.shell.spec_format import Case, read

FOLDER = Path(__file__).parent / "spec"
ENVIRONMENT = {"LANG": "C", "HOME": "/root", "PATH": "/usr/local/bin:/usr/bin:/bin", "TERM": "dumb"}
Result = tuple[str, str, int]


async def run_case(sys: Process, case: Case) -> Result:
    """Run one script in an empty directory."""
    outputs = []
    place = f"/tmp/case{sys.monotonic()}"
    sys.mkdir(place)
    for name in ("out", "err"):
        sys.spew(f"{place}.{name}", b"")
        outputs.append(sys.open(f"{place}.{name}", "a"))
    null = sys.open("/dev/null", "r")
    pid = sys.spawn(
        f"/bin/{case.shell}", [case.shell, "-c", case.script], env=dict(ENVIRONMENT), cwd=place,
        fds={0: null, 1: outputs[0], 2: outputs[1]},
    )  # fmt: skip
    _, status = await sys.waitpid(pid)
    for fd in (*outputs, null):
        sys.close(fd)
    texts = [sys.slurp(f"{place}.{name}").decode("utf-8", "surrogateescape") for name in ("out", "err")]
    texts = [text if not text or text.endswith("\n") else text + "\n" for text in texts]
    assert status is not None
    return texts[0], texts[1], status.shell


def run_cases(cases: list[Case]) -> list[Result]:
    """All cases one after the other in one lab."""
    spec = WorldSpec(image="L0", packages=["cpio"]).with_default_host()
    for entry in spec.hosts.values():
        entry.terminals = 0
    session = Session(spec)
    results: list[Result] = []

    async def body(sys: Process) -> int:
        for case in cases:
            results.append(await run_case(sys, case))
        return 0

    session.world.start(next(iter(spec.hosts)), body, "specs")
    session.world.run(24 * 3600.0, lambda: len(results) == len(cases), 200_000_000)
    assert not session.world.bugs, session.world.bugs
    return results


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.spec")))
def test_spec(name: str) -> None:
    cases = read(FOLDER / name)
    wrong = []
    for case, (stdout, stderr, status) in zip(cases, run_cases(cases), strict=True):
        if (stdout, stderr, status) != (case.stdout, case.stderr, case.status):
            wrong.append(
                f"#### {case.title}\n{case.script}"
                f"expected {case.status}:\n{case.stdout}{case.stderr}got {status}:\n{stdout}{stderr}"
            )
    assert not wrong, "\n".join(wrong)
