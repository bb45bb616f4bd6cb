"""awk's arrays, which a `for (k in a)` walks in the order of mawk's hash table.

mawk keeps its elements in lists, one for each value of the 64 (or more) remainders of a key's FNV-1a hash, the last used element
of a list first. Keys used only as integers live in lists of their own until the first use as a string, or the
first walk. Order observed on mawk 1.3.4 (20200120).
"""

from collections.abc import Sequence

from maillab.shell.commands.mawk._values import MAX_INT, Value, number_text

LISTS = 64
AVERAGE_LIST = 12


def key_text(key: Value) -> str:
    """A subscript as the text that names the element."""
    return key if isinstance(key, str) else "" if key is None else number_text(key, "%.6g")


def fnv1a(text: str) -> int:
    """The 32 bit Fowler-Noll-Vo hash, variant 1a."""
    value = 2166136261
    for char in text:
        value = ((value ^ ord(char)) * 16777619) & 0xFFFFFFFF
    return value


class Table(dict[str, Value]):
    """One array: a dictionary kept in the order of use, the last used element last."""

    __slots__ = ("by_string", "integers", "lists")

    def __init__(self) -> None:
        super().__init__()
        self.by_string = False
        self.integers: set[str] = set()
        self.lists = LISTS

    def locate(self, key: Value) -> str:
        """The text of a subscript; the element, if there is one, becomes the last used."""
        if isinstance(key, float) and key == int(key if abs(key) < MAX_INT else 0.5):
            text = str(int(key))
            if self.by_string and text in self.integers:
                return text
            self.integers.add(text)
        else:
            text = key_text(key)
            self._use_strings()
        if text in self:
            self[text] = self.pop(text)
        return text

    def _use_strings(self) -> None:
        """From now on keys are found by their text: the integer lists are walked into the others."""
        if self.by_string:
            return
        self.by_string = True
        recent_first = list(reversed(self.items()))
        self.clear()
        for text, value in sorted(recent_first, key=lambda item: int(item[0]) & (self.lists - 1)):
            self[text] = value

    def element(self, key: Value) -> Value:
        """The element's value; it exists from now on."""
        text = self.locate(key)
        if text not in self:
            self._make_room()
            self[text] = None
        return self[text]

    def put(self, key: Value, value: Value) -> Value:
        """Give an element its value; returns the value."""
        text = self.locate(key)
        if text not in self:
            self._make_room()
        self[text] = value
        return value

    def _make_room(self) -> None:
        if len(self) >= self.lists * AVERAGE_LIST:
            self.lists *= 2

    def has(self, key: Value) -> bool:
        """key in array."""
        return self.locate(key) in self

    def remove(self, key: Value) -> None:
        """delete array[key]."""
        text = self.locate(key)
        self.pop(text, None)
        self.integers.discard(text)

    def empty(self) -> None:
        """delete array."""
        self.clear()
        self.by_string = False
        self.integers.clear()
        self.lists = LISTS

    def fill(self, values: Sequence[Value]) -> None:
        """The array becomes 1, 2, 3... (split)."""
        self.empty()
        for number, value in enumerate(values, 1):
            self[str(number)] = value
        self.integers.update(self)
        while len(self) > self.lists * AVERAGE_LIST:
            self.lists *= 2

    def walk(self) -> list[str]:
        """The keys in the order of for (key in array)."""
        self._use_strings()
        mask = self.lists - 1
        recent_first = list(self)
        recent_first.reverse()
        return sorted(recent_first, key=lambda text: fnv1a(text) & mask)
