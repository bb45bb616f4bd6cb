"""The edit script: it turns one file into the other, and is as GNU diff's where several are possible."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from maillab.shell.commands.diffutils._compare import Change, changes

LINES = st.lists(st.sampled_from("abcd"), max_size=14)


def patched(old: list[str], new: list[str], script: list[Change]) -> list[str]:
    out: list[str] = []
    at = 0
    for change in script:
        out += old[at : change.at] + new[change.to : change.to + change.inserted]
        at = change.at + change.deleted
    return out + old[at:]


@given(LINES, LINES)
def test_the_script_makes_the_new_file(old: list[str], new: list[str]) -> None:
    assert patched(old, new, changes(old, new)) == new


@given(LINES, LINES)
def test_the_script_is_the_shortest(old: list[str], new: list[str]) -> None:
    lengths = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, a in enumerate(old):
        for j, b in enumerate(new):
            lengths[i + 1][j + 1] = lengths[i][j] + 1 if a == b else max(lengths[i][j + 1], lengths[i + 1][j])
    changed = sum(change.deleted + change.inserted for change in changes(old, new))
    assert changed == len(old) + len(new) - 2 * lengths[-1][-1]


def test_runs_slide_down() -> None:
    assert changes(list("{}-{}"), list("{}-{x}-{}")) == [Change(4, 0, 4, 4)]
    assert changes(list("xaaa"), list("aa")) == [Change(0, 2, 0, 0)]
