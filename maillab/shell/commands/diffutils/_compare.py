"""What changed between two sequences of lines: the shortest edit script, cut and slid as GNU diff shows it.

The search is E. Myers' O(ND) algorithm in its linear-space form (An O(ND) Difference Algorithm and Its Variations, 1986). Before it,
lines that do not occur in the other file are set aside; after it, runs of changed lines are slid as far down as they go, unless
they can be joined to a change of the other file (observed on GNU diff 3.8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TOO_EXPENSIVE = 4096


@dataclass(frozen=True, slots=True)
class Change:
    """Lines old[at:at+deleted] became new[to:to+inserted] (counted from 0)."""

    at: int
    deleted: int
    to: int
    inserted: int


def changes(old: Sequence[object], new: Sequence[object]) -> list[Change]:
    """The edit script, in order."""
    numbers: dict[object, int] = {}
    first = [numbers.setdefault(line, len(numbers)) for line in old]
    second = [numbers.setdefault(line, len(numbers)) for line in new]
    marked = mark(first, second)
    slide(first, marked[0], marked[1])
    slide(second, marked[1], marked[0])
    return script(marked[0], marked[1])


def mark(first: list[int], second: list[int]) -> tuple[list[bool], list[bool]]:
    """Which lines of each sequence are not common."""
    common = set(first) & set(second)
    kept = [i for i, line in enumerate(first) if line in common], [i for i, line in enumerate(second) if line in common]
    search = Search([first[i] for i in kept[0]], [second[i] for i in kept[1]])
    search.run()
    marks = [line not in common for line in first], [line not in common for line in second]
    for side in (0, 1):
        for place, changed in zip(kept[side], search.changed[side], strict=True):
            marks[side][place] = changed
    return marks


class Search:
    """Divide and conquer between two sequences; `changed` is the result."""

    def __init__(self, first: list[int], second: list[int]) -> None:
        self.first = first
        self.second = second
        self.changed = [False] * len(first), [False] * len(second)

    def run(self) -> None:
        """Mark all changed lines."""
        pending = [(0, len(self.first), 0, len(self.second))]
        while pending:
            low, high, left, right = pending.pop()
            while low < high and left < right and self.first[low] == self.second[left]:
                low, left = low + 1, left + 1
            while low < high and left < right and self.first[high - 1] == self.second[right - 1]:
                high, right = high - 1, right - 1
            if low == high or left == right:
                self.changed[0][low:high] = [True] * (high - low)
                self.changed[1][left:right] = [True] * (right - left)
                continue
            x, y = self.middle(low, high, left, right)
            pending += [(low, x, left, y), (x, high, y, right)]

    def middle(self, low: int, high: int, left: int, right: int) -> tuple[int, int]:
        """A point on a shortest path from (low, left) to (high, right), met from both ends."""
        lowest, highest = low - right, high - left
        start, goal = low - left, high - right
        odd = (start - goal) % 2 == 1
        forward, backward = {start: low}, {goal: high}
        fmin = fmax = start
        bmin = bmax = goal
        never = high + 1
        for cost in range(1, 1 << 30):
            fmin, fmax = widened(forward, fmin, fmax, lowest, highest, -1)
            for diagonal in range(fmax, fmin - 1, -2):
                x = max(forward.get(diagonal - 1, -1) + 1, forward.get(diagonal + 1, -1))
                y = x - diagonal
                while x < high and y < right and self.first[x] == self.second[y]:
                    x, y = x + 1, y + 1
                forward[diagonal] = x
                if odd and bmin <= diagonal <= bmax and backward[diagonal] <= x:
                    return x, y
            bmin, bmax = widened(backward, bmin, bmax, lowest, highest, never)
            for diagonal in range(bmax, bmin - 1, -2):
                x = min(backward.get(diagonal - 1, never), backward.get(diagonal + 1, never) - 1)
                y = x - diagonal
                while x > low and y > left and self.first[x - 1] == self.second[y - 1]:
                    x, y = x - 1, y - 1
                backward[diagonal] = x
                if not odd and fmin <= diagonal <= fmax and x <= forward[diagonal]:
                    return x, y
            if cost >= TOO_EXPENSIVE:
                best = max(range(fmin, fmax + 1, 2), key=lambda diagonal: 2 * forward[diagonal] - diagonal)
                x = min(forward[best], high)
                return x, min(x - best, right)
        raise AssertionError("the paths never met")


def widened(reached: dict[int, int], least: int, most: int, lowest: int, highest: int, never: int) -> tuple[int, int]:
    """One more diagonal on both sides, as long as there are any; the new outermost neighbours are unreached."""
    if least > lowest:
        least -= 1
        reached[least - 1] = never
    else:
        least += 1
    if most < highest:
        most += 1
        reached[most + 1] = never
    else:
        most -= 1
    return least, most


def slide(lines: list[int], changed: list[bool], other: list[bool]) -> None:
    """Slide each run of changed lines: joined with neighbours, then down to the end, or to where the other file changes too."""
    at = partner = 0
    end = len(lines)
    while True:
        while at < end and not changed[at]:
            while partner < len(other) and other[partner]:
                partner += 1
            partner += 1
            at += 1
        if at == end:
            return
        start = at
        while at < end and changed[at]:
            at += 1
        while partner < len(other) and other[partner]:
            partner += 1
        start, at, partner, corresponding = _settle(lines, changed, other, start, at, partner)
        while corresponding < at:
            start, at = start - 1, at - 1
            changed[start], changed[at] = True, False
            partner -= 1
            while partner > 0 and other[partner - 1] and not (partner < len(other) and other[partner]):
                break
            while partner < len(other) and partner > 0 and other[partner]:
                partner -= 1


def _settle(
    lines: list[int], changed: list[bool], other: list[bool], start: int, at: int, partner: int
) -> tuple[int, int, int, int]:  # fmt: skip
    """Slide one run up (joining runs above it), then down (joining runs below it), until its length stays the same."""
    end = len(lines)
    while True:
        length = at - start
        while start > 0 and lines[start - 1] == lines[at - 1]:
            start, at = start - 1, at - 1
            changed[start], changed[at] = True, False
            while start > 0 and changed[start - 1]:
                start -= 1
            partner -= 1
            while partner > 0 and partner < len(other) and other[partner]:
                partner -= 1
        corresponding = at if partner > 0 and other[partner - 1] else end
        while at != end and lines[start] == lines[at]:
            changed[start], changed[at] = False, True
            start, at = start + 1, at + 1
            while at < end and changed[at]:
                at += 1
            partner += 1
            while partner < len(other) and other[partner]:
                partner += 1
                corresponding = at
        if at - start == length:
            return start, at, partner, corresponding


def script(old: list[bool], new: list[bool]) -> list[Change]:
    """The marks of both files as changes."""
    found: list[Change] = []
    i = j = 0
    while i < len(old) or j < len(new):
        at, to = i, j
        while i < len(old) and old[i]:
            i += 1
        while j < len(new) and new[j]:
            j += 1
        if i > at or j > to:
            found.append(Change(at, i - at, to, j - to))
        i, j = i + 1, j + 1
    return found
