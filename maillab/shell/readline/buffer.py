"""The line being edited: text, point, mark, undo and the kill ring. Nothing here knows a terminal or a key."""

from __future__ import annotations

from dataclasses import dataclass, field

UNDO_MAX = 1000


@dataclass
class KillRing:
    """What was killed, the latest last; it outlives the line."""

    texts: list[str] = field(default_factory=list)

    def kill(self, text: str, *, joins: bool, before: bool) -> None:
        """Remember a killed text; one that follows another kill at once joins it."""
        if joins and self.texts:
            self.texts[-1] = text + self.texts[-1] if before else self.texts[-1] + text
        elif text:
            self.texts.append(text)
            del self.texts[:-60]

    def rotate(self) -> str:
        """The text before the one yanked last."""
        if not self.texts:
            return ""
        self.texts.insert(0, self.texts.pop())
        return self.texts[-1]


class Buffer:
    """One line under the cursor `point`."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.point = len(text)
        self.mark = 0
        self.undone: list[tuple[str, int]] = []
        self.inserting = False

    # --- changing -----------------------------------------------------------------------------------------------------

    def remember(self) -> None:
        """A change begins: undo comes back to here."""
        self.undone.append((self.text, self.point))
        del self.undone[:-UNDO_MAX]
        self.inserting = False

    def undo(self) -> bool:
        """Take the latest change back."""
        self.inserting = False
        if not self.undone:
            return False
        self.text, self.point = self.undone.pop()
        return True

    def insert(self, text: str, *, typed: bool = False) -> None:
        """Text at the point; characters typed one after the other are one change."""
        if not (typed and self.inserting):
            self.remember()
        self.text = self.text[: self.point] + text + self.text[self.point :]
        self.point += len(text)
        self.inserting = typed

    def delete(self, start: int, end: int) -> str:
        """Take out text[start:end]; the point moves to where it was."""
        start, end = max(0, min(start, end)), min(len(self.text), max(start, end))
        gone = self.text[start:end]
        if gone:
            self.remember()
            self.text = self.text[:start] + self.text[end:]
            self.point = start
        return gone

    def replace(self, text: str, point: int | None = None) -> None:
        """Another text altogether."""
        self.remember()
        self.text = text
        self.point = len(text) if point is None else point

    def transpose_characters(self) -> bool:
        """^T: the character before the point moves over it."""
        if len(self.text) < 2 or not self.point:
            return False
        at = min(self.point, len(self.text) - 1)
        self.remember()
        self.text = self.text[: at - 1] + self.text[at] + self.text[at - 1] + self.text[at + 1 :]
        self.point = at + 1
        return True

    def transpose_words(self) -> bool:
        """M-t: the word before the point moves over the one after it."""
        end = self.word_end(self.point)
        start_two = self.word_start(end)
        start_one = self.word_start(start_two)
        end_one = self.word_end(start_one)
        if start_one == start_two or end_one > start_two:
            return False
        self.remember()
        text = self.text
        self.text = text[:start_one] + text[start_two:end] + text[end_one:start_two] + text[start_one:end_one] + text[end:]
        self.point = end
        return True

    def change_case(self, how: str) -> None:
        """M-u, M-l, M-c on the word from the point on."""
        end = self.word_end(self.point)
        word = self.text[self.point : end]
        changed = {"u": str.upper, "l": str.lower, "c": capital}[how](word)
        self.remember()
        self.text = self.text[: self.point] + changed + self.text[end:]
        self.point = end

    # --- places -------------------------------------------------------------------------------------------------------

    def word_end(self, at: int) -> int:
        """The end of the word (letters and digits) at or after a place."""
        while at < len(self.text) and not self.text[at].isalnum():
            at += 1
        while at < len(self.text) and self.text[at].isalnum():
            at += 1
        return at

    def word_start(self, at: int) -> int:
        """The beginning of the word before a place."""
        while at > 0 and not self.text[at - 1].isalnum():
            at -= 1
        while at > 0 and self.text[at - 1].isalnum():
            at -= 1
        return at

    def blank_word_start(self, at: int) -> int:
        """The beginning of the blank-separated word before a place (^W)."""
        while at > 0 and self.text[at - 1].isspace():
            at -= 1
        while at > 0 and not self.text[at - 1].isspace():
            at -= 1
        return at


def capital(word: str) -> str:
    """The first letter or digit of a word large, the rest small."""
    for index, ch in enumerate(word):
        if ch.isalnum():
            return word[:index] + ch.upper() + word[index + 1 :].lower()
    return word
