"""The ratchet: how many screens of each recording the lab showed at best. `python -m tests.recordings.ratchet` raises it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from joblib import Parallel, delayed

from maillab.lessons.recording import compare, read_recording, replay

HERE = Path(__file__).parent
SCORES = HERE / "scores.json"
CONSOLES = sorted(path for path in HERE.glob("*/*.console") if path.parent.name != "network")


def name(path: Path) -> str:
    """area/name of a recording."""
    return f"{path.parent.name}/{path.stem}"


def score(path: Path) -> tuple[int, int, list[str]]:
    """(screens as recorded, screens, the steps that differ)."""
    recording = read_recording(path)
    compared = compare(recording, [screen for _, screen in replay(recording)])
    same = sum(item.verdict == "same" for item in compared)
    differ = [item.step.text for item in compared if item.verdict == "differs"]
    return same, same + len(differ), differ


def best() -> dict[str, list[int]]:
    """What was reached so far: [screens as recorded, screens]."""
    found: dict[str, list[int]] = json.loads(SCORES.read_text()) if SCORES.exists() else {}
    return found


def main() -> None:
    """Measure everything; write down what rose. Exits 1 when something fell."""
    known = best()
    fell = 0
    areas: dict[str, list[int]] = {}
    for path, (same, of, _) in zip(CONSOLES, Parallel(n_jobs=-1)(delayed(score)(path) for path in CONSOLES), strict=True):
        before = known.get(name(path), [0])[0]
        if same < before:
            fell += 1
            print(f"{name(path)} fell from {before} to {same}")
        known[name(path)] = [max(same, before), of]
        area = areas.setdefault(path.parent.name, [0, 0])
        area[0] += same
        area[1] += of
    SCORES.write_text(json.dumps(dict(sorted(known.items())), indent=0) + "\n")
    for area_name, (same, of) in areas.items():
        print(f"{area_name:10s} {same:4d} of {of:4d} screens  {same / of:6.1%}")
    sys.exit(1 if fell else 0)


if __name__ == "__main__":
    main()
