"""The emacs keys of readline, as bash binds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.shell.readline.editor import Editor


def control(letter: str) -> str:
    """^X as the character the terminal sends."""
    return chr(ord(letter) & 31)


class EmacsKeys:
    """Obeys keys; `count` is the numeric argument."""

    meta = True

    def __init__(self, editor: Editor) -> None:
        self.editor = editor
        self.count: int | None = None
        self.yanked = (0, 0)
        self.last_argument = 0

    async def press(self, key: str) -> None:
        """One key."""
        name = KEYS.get(key, "")
        if key.startswith("M-") and (key[2:].isdigit() or key == "M--"):
            await self.argument(key[2:])
            return
        if name:
            await self.obey(name)
        elif len(key) == 1 and (key >= " " and key != "\x7f"):
            self.editor.buffer.insert(key * self.times, typed=True)
            name = "insert"
        else:
            await self.editor.bell()
        self.editor.last = name
        self.count = None

    @property
    def times(self) -> int:
        """How often."""
        return max(0, min(1 if self.count is None else self.count, 10_000))

    async def argument(self, digits: str) -> None:
        """M-3 M-2 ...: the keys that follow digits."""
        while True:
            key = await self.editor.next_key()
            if not key.removeprefix("M-").isdigit() or len(digits) > 5:
                break
            digits += key.removeprefix("M-")
        self.count = -1 if digits == "-" else int(digits)
        await self.editor.handle(key)

    async def obey(self, name: str) -> None:
        """A command by its name in readline."""
        if name in WAITING:
            await self.waiting(name)
            return
        for _ in range(self.times if name in REPEATED else 1):
            if not getattr(self, name)():
                await self.editor.bell()
                return

    async def waiting(self, name: str) -> None:
        """The commands that talk to the terminal."""
        editor = self.editor
        if name == "complete":
            await editor.complete()
        elif name == "list_completions":
            await editor.complete(list_now=True)
        elif name == "insert_completions":
            await editor.insert_all()
        elif name in ("reverse_search", "forward_search"):
            await editor.search(name == "forward_search")
        elif name == "clear_screen":
            await editor.write("\x1b[H\x1b[2J")
            await editor.redraw()
        elif name == "quoted_insert":
            editor.buffer.insert(await editor.keys.character())
        elif name == "prefix":
            second = EXTENDED.get(await editor.next_key(), "")
            if second:
                await self.obey(second)
            else:
                await editor.bell()

    # --- moving -------------------------------------------------------------------------------------------------------

    def move(self, point: int) -> bool:
        """Go there; False (a bell) when it is outside."""
        inside = 0 <= point <= len(self.editor.buffer.text)
        if inside:
            self.editor.buffer.point = point
            self.editor.buffer.inserting = False
        return inside

    def beginning(self) -> bool:
        return self.move(0)

    def end(self) -> bool:
        return self.move(len(self.editor.buffer.text))

    def forward(self) -> bool:
        return self.move(self.editor.buffer.point + 1)

    def backward(self) -> bool:
        return self.move(self.editor.buffer.point - 1)

    def forward_word(self) -> bool:
        return self.move(self.editor.buffer.word_end(self.editor.buffer.point))

    def backward_word(self) -> bool:
        return self.move(self.editor.buffer.word_start(self.editor.buffer.point))

    def set_mark(self) -> bool:
        self.editor.buffer.mark = self.editor.buffer.point
        return True

    def exchange(self) -> bool:
        buffer = self.editor.buffer
        buffer.point, buffer.mark = min(buffer.mark, len(buffer.text)), buffer.point
        return True

    # --- deleting and yanking -----------------------------------------------------------------------------------------

    def delete(self) -> bool:
        buffer = self.editor.buffer
        return bool(buffer.delete(buffer.point, buffer.point + 1))

    def delete_or_end(self) -> bool:
        """^D: on an empty line the end of input, unless the key before deleted, too."""
        if not self.editor.buffer.text and self.editor.last != "delete_or_end":
            self.editor.ended = True
            return True
        return self.delete()

    def erase(self) -> bool:
        buffer = self.editor.buffer
        return bool(buffer.point) and bool(buffer.delete(buffer.point - 1, buffer.point))

    def kill(self, start: int, end: int) -> bool:
        """Into the kill ring."""
        before = start < self.editor.buffer.point
        text = self.editor.buffer.delete(start, end)
        self.editor.ring.kill(text, joins=self.editor.last.startswith("kill"), before=before)
        return True

    def kill_line(self) -> bool:
        return self.kill(self.editor.buffer.point, len(self.editor.buffer.text))

    def kill_start(self) -> bool:
        return self.kill(0, self.editor.buffer.point)

    def kill_word(self) -> bool:
        return self.kill(self.editor.buffer.point, self.editor.buffer.word_end(self.editor.buffer.point))

    def kill_word_before(self) -> bool:
        return self.kill(self.editor.buffer.word_start(self.editor.buffer.point), self.editor.buffer.point)

    def kill_blank_word(self) -> bool:
        return self.kill(self.editor.buffer.blank_word_start(self.editor.buffer.point), self.editor.buffer.point)

    def kill_region(self) -> bool:
        return self.kill(*sorted((self.editor.buffer.mark, self.editor.buffer.point)))

    def kill_spaces(self) -> bool:
        buffer = self.editor.buffer
        start, end = len(buffer.text[: buffer.point].rstrip(" \t")), buffer.point
        while end < len(buffer.text) and buffer.text[end] in " \t":
            end += 1
        buffer.delete(start, end)
        return True

    def yank(self) -> bool:
        buffer, texts = self.editor.buffer, self.editor.ring.texts
        if not texts:
            return False
        start = buffer.point
        buffer.insert(texts[-1])
        buffer.mark = start
        self.yanked = (start, buffer.point)
        return True

    def yank_pop(self) -> bool:
        if self.editor.last not in ("yank", "yank_pop"):
            return False
        self.editor.buffer.delete(*self.yanked)
        self.editor.ring.rotate()
        return self.yank()

    def yank_argument(self) -> bool:
        """M-. : the last word of the line before, then of the one before that."""
        editor = self.editor
        if editor.last == "yank_argument":
            self.last_argument -= 1
            editor.buffer.delete(*self.yanked)
        else:
            self.last_argument = len(editor.history) - 1
        if self.last_argument < 0:
            return False
        words = editor.history[self.last_argument].split()
        start = editor.buffer.point
        editor.buffer.insert(words[-1] if words else "")
        self.yanked = (start, editor.buffer.point)
        return True

    # --- changing -----------------------------------------------------------------------------------------------------

    def transpose(self) -> bool:
        return self.editor.buffer.transpose_characters()

    def transpose_words(self) -> bool:
        return self.editor.buffer.transpose_words()

    def upper(self) -> bool:
        self.editor.buffer.change_case("u")
        return True

    def lower(self) -> bool:
        self.editor.buffer.change_case("l")
        return True

    def capitalize(self) -> bool:
        self.editor.buffer.change_case("c")
        return True

    def undo(self) -> bool:
        return self.editor.buffer.undo()

    def revert(self) -> bool:
        while self.editor.buffer.undo():
            pass
        return True

    def comment(self) -> bool:
        self.editor.buffer.replace("#" + self.editor.buffer.text)
        self.editor.accept()
        return True

    def abort(self) -> bool:
        return False

    # --- history ------------------------------------------------------------------------------------------------------

    def previous(self) -> bool:
        return self.editor.visit(self.editor.index - 1)

    def next(self) -> bool:
        return self.editor.visit(self.editor.index + 1)

    def first(self) -> bool:
        return self.editor.visit(0)

    def newest(self) -> bool:
        return self.editor.visit(len(self.editor.history))

    def operate_and_next(self) -> bool:
        """^O: run this line of the history and come back with the next."""
        if self.editor.index + 1 < len(self.editor.history):
            self.editor.reader.next_history = self.editor.index + 1
        self.editor.accept()
        return True


def bind(names: dict[str, str]) -> dict[str, str]:
    """Control letters by their names."""
    return {control(key[1]) if key[0] == "^" and len(key) == 2 else key: name for key, name in names.items()}


KEYS: dict[str, str] = bind({
    "^A": "beginning", "home": "beginning", "^E": "end", "end": "end", "^F": "forward", "right": "forward", "^B": "backward",
    "left": "backward", "M-f": "forward_word", "M-b": "backward_word", "^P": "previous", "up": "previous", "^N": "next", "down": "next",
    "M-<": "first", "M->": "newest", "pageup": "previous", "pagedown": "next", "^@": "set_mark", "^D": "delete_or_end", "delete": "delete",
    "^H": "erase", "\x7f": "erase", "^K": "kill_line", "^U": "kill_start", "^W": "kill_blank_word", "M-d": "kill_word",
    "M-\x7f": "kill_word_before", "M-\x08": "kill_word_before", "M-\\": "kill_spaces", "^Y": "yank", "M-y": "yank_pop",
    "M-.": "yank_argument", "M-_": "yank_argument", "^T": "transpose", "M-t": "transpose_words", "M-u": "upper", "M-l": "lower",
    "M-c": "capitalize", "\x1f": "undo", "M-r": "revert", "M-#": "comment", "^G": "abort", "^O": "operate_and_next",
    "^I": "complete", "M-?": "list_completions", "M-=": "list_completions", "M-*": "insert_completions", "^R": "reverse_search",
    "^S": "forward_search", "^L": "clear_screen", "^V": "quoted_insert", "^Q": "quoted_insert", "^X": "prefix",
})  # fmt: skip
EXTENDED: dict[str, str] = bind({"^U": "undo", "^X": "exchange", "\x7f": "kill_start"})
WAITING = (
    "complete", "list_completions", "insert_completions", "reverse_search", "forward_search", "clear_screen", "quoted_insert", "prefix",
)  # fmt: skip
REPEATED = (
    "forward", "backward", "forward_word", "backward_word", "previous", "next", "delete", "erase", "kill_word", "kill_word_before",
    "kill_blank_word", "undo", "transpose",
)  # fmt: skip
