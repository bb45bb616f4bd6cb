"""The vi keys of readline (`set -o vi`): insert mode, and a command mode that knows the line and the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.readline.emacs import KEYS, EmacsKeys

if TYPE_CHECKING:
    from maillab.shell.readline.editor import Editor

INSERTING = {"\x17", "\x15", "\x19", "\x12", "\x13", "\x16", "\x14", "\t", "\x0c", "\x04", "\x7f", "\x08", "\x10", "\x0e"}
ENTERING = ("i", "a", "I", "A")


def kind(ch: str, *, big: bool) -> int:
    """The class of a character for word motions: blank, word, other."""
    if ch.isspace():
        return 0
    return 1 if big or ch.isalnum() or ch == "_" else 2


class ViKeys:
    """Obeys keys in one of two modes."""

    meta = False

    def __init__(self, editor: Editor) -> None:
        self.editor = editor
        self.emacs = EmacsKeys(editor)
        self.commanding = False
        self.register = ""
        self.searched = ("", True)
        self.last_find = ("", "")

    async def press(self, key: str) -> None:
        """One key."""
        if self.commanding:
            await self.command(key)
            self.editor.buffer.point = max(0, min(self.editor.buffer.point, len(self.editor.buffer.text) - self.commanding))
        elif key == "\x1b":
            self.commanding = True
            self.editor.buffer.inserting = False
            self.editor.buffer.point = max(0, self.editor.buffer.point - 1)
        elif key in INSERTING or (len(key) > 1 and key in KEYS) or len(key) == 1:
            await self.emacs.press(key)
        else:
            await self.editor.bell()

    async def command(self, key: str) -> None:
        """A command with its count."""
        digits = ""
        while key.isdigit() and len(key) == 1 and (digits or key != "0") and len(digits) < 5:
            digits += key
            key = await self.editor.next_key()
        count = int(digits or 1)
        if key in ("d", "c", "y"):
            await self.operate(key, count)
        elif key in ENTERING:
            self.enter(key)
        elif key in ("k", "-", "up", "j", "+", "down", "G"):
            await self.history(key, count, bool(digits))
        elif key in ("/", "?"):
            await self.search(key)
        elif key in ("n", "N"):
            await self.again(self.searched[1] == (key == "n"))
        elif key in ("\x12", "\x0c", "\x04"):
            await self.emacs.press(key)
        else:
            end = await self.motion(key, count)
            if end is not None:
                self.editor.buffer.point = end[0]
            elif not await self.change(key, count):
                await self.editor.bell()

    def enter(self, key: str) -> None:
        """Into insert mode."""
        buffer = self.editor.buffer
        buffer.point = {"i": buffer.point, "a": min(len(buffer.text), buffer.point + 1), "I": 0, "A": len(buffer.text)}[key]
        buffer.remember()
        self.commanding = False

    # --- changing -----------------------------------------------------------------------------------------------------

    async def change(self, key: str, count: int) -> bool:
        """The commands that change the line at once."""
        buffer = self.editor.buffer
        size = len(buffer.text)
        if key in ("x", "delete", "s"):
            self.register = buffer.delete(buffer.point, buffer.point + count)
        elif key == "X":
            self.register = buffer.delete(buffer.point - count, buffer.point)
        elif key in ("D", "C"):
            self.register = buffer.delete(buffer.point, size)
        elif key == "S":
            self.register = buffer.delete(0, size)
        elif key == "Y":
            self.register = buffer.text[buffer.point :]
        elif key in ("p", "P"):
            buffer.point = min(size, buffer.point + (key == "p"))
            buffer.insert(self.register * count)
            buffer.point -= 1
        elif key == "r":
            await self.overwrite(count)
        elif key == "~":
            self.flip(count)
        elif key in ("u", "U"):
            while buffer.undo() and key == "U":
                pass
        elif key == "#":
            self.emacs.comment()
        else:
            return False
        if key in ("s", "C", "S"):
            self.commanding = False
        return True

    async def overwrite(self, count: int) -> None:
        """r: one character in the place of others."""
        buffer = self.editor.buffer
        new = await self.editor.next_key()
        if len(new) == 1 and new >= " " and buffer.point + count <= len(buffer.text):
            buffer.replace(buffer.text[: buffer.point] + new * count + buffer.text[buffer.point + count :], buffer.point + count - 1)

    def flip(self, count: int) -> None:
        """~: small to large and back."""
        buffer = self.editor.buffer
        end = min(len(buffer.text), buffer.point + count)
        buffer.replace(buffer.text[: buffer.point] + buffer.text[buffer.point : end].swapcase() + buffer.text[end:], end)

    async def operate(self, key: str, count: int) -> None:
        """d, c, y with a motion, or doubled for the whole line."""
        buffer = self.editor.buffer
        second = await self.editor.next_key()
        digits = ""
        while second.isdigit() and second != "0" and len(digits) < 4:
            digits += second
            second = await self.editor.next_key()
        count *= int(digits or 1)
        if second == key:
            start, end = 0, len(buffer.text)
        else:
            if key == "c" and second in "wW" and buffer.text[buffer.point : buffer.point + 1].strip():
                second = "e" if second == "w" else "E"
            reached = await self.motion(second, count)
            if reached is None:
                await self.editor.bell()
                return
            start, end = sorted((buffer.point, reached[0]))
            end += reached[1] and reached[0] >= buffer.point
        self.register = buffer.text[start:end]
        if key == "y":
            buffer.point = start
        else:
            buffer.delete(start, end)
        self.commanding = key != "c"

    # --- moving -------------------------------------------------------------------------------------------------------

    async def motion(self, key: str, count: int) -> tuple[int, bool] | None:
        """Where a motion ends, and whether the character there belongs to what an operator takes; None for no motion."""
        buffer = self.editor.buffer
        point, size = buffer.point, len(buffer.text)
        if key in ("h", "left", "\x7f", "\x08"):
            return max(0, point - count), False
        if key in ("l", "right", " "):
            return min(size, point + count), False
        if key in ("0", "home"):
            return 0, False
        if key == "^":
            return size - len(buffer.text.lstrip()), False
        if key in ("$", "end"):
            return size, False
        if key == "|":
            return min(size, count - 1), False
        if key in "wWbBeE" and len(key) == 1:
            for _ in range(min(count, size)):
                point = self.word(key, point)
            return point, key in "eE"
        if key in "fFtT;," and len(key) == 1:
            return await self.find(key, count)
        if key == "%":
            return self.bracket()
        return None

    def word(self, key: str, at: int) -> int:
        """w, b, e and their large forms."""
        text = self.editor.buffer.text
        big = key.isupper()
        if key in "wW":
            start = at
            while at < len(text) and kind(text[at], big=big) == kind(text[start], big=big) != 0:
                at += 1
            while at < len(text) and text[at].isspace():
                at += 1
            return at
        step = 1 if key in "eE" else -1
        at += step
        while 0 <= at < len(text) and text[at].isspace():
            at += step
        while 0 <= at + step < len(text) and 0 <= at < len(text) and kind(text[at + step], big=big) == kind(text[at], big=big):
            at += step
        return max(0, min(at, len(text) - 1))

    async def find(self, key: str, count: int) -> tuple[int, bool] | None:
        """f, t, F, T and their repetitions."""
        if key in ";,":
            how, wanted = self.last_find
            if not how:
                return None
            key = how if key == ";" else how.swapcase()
        else:
            wanted = await self.editor.next_key()
            self.last_find = (key, wanted)
        text, at = self.editor.buffer.text, self.editor.buffer.point
        step = 1 if key in "ft" else -1
        for _ in range(count):
            at += step
            while 0 <= at < len(text) and text[at] != wanted:
                at += step
        if not 0 <= at < len(text):
            return None
        return at - step * (key in "tT"), key in "ft"

    def bracket(self) -> tuple[int, bool] | None:
        """%: the bracket that belongs to this one."""
        text, at = self.editor.buffer.text, self.editor.buffer.point
        while at < len(text) and text[at] not in "()[]{}":
            at += 1
        if at >= len(text):
            return None
        pair = next(pair for pair in ("()", "[]", "{}") if text[at] in pair)
        step, depth = (1 if text[at] == pair[0] else -1), 0
        while 0 <= at < len(text):
            depth += (text[at] == pair[0]) - (text[at] == pair[1])
            if not depth:
                return at, True
            at += step
        return None

    # --- history ------------------------------------------------------------------------------------------------------

    async def history(self, key: str, count: int, counted: bool) -> None:
        """k, j, G."""
        editor = self.editor
        step = -count if key in ("k", "-", "up") else count
        target = editor.index + step if key != "G" else (count - 1 if counted else 0)
        if not editor.visit(target):
            await editor.bell()
        elif self.commanding:
            editor.buffer.point = 0

    async def search(self, key: str) -> None:
        """/ and ?: a text asked for at the bottom."""
        editor = self.editor
        text = ""
        editor.display.prompt = ""
        while True:
            await editor.write(editor.display.redraw(key + text, 1 + len(text)))
            typed = await editor.next_key()
            if typed in ("\r", "\n"):
                break
            if typed in ("\x7f", "\x08") and text:
                text = text[:-1]
            elif len(typed) == 1 and typed >= " " and typed != "\x7f":
                text += typed
            else:
                text = ""
                break
        editor.display.prompt = editor.prompt.rpartition("\n")[2]
        if text:
            self.searched = (text, key == "/")
        await self.again(key == "/")
        await editor.write(editor.display.redraw(editor.buffer.text, editor.buffer.point))

    async def again(self, back: bool) -> None:
        """The next line of the history with the text; `back`: older ones."""
        editor, text = self.editor, self.searched[0]
        step = -1 if back else 1
        index = editor.index + step
        while text and 0 <= index < len(editor.history):
            line = editor.history[index]
            if line.startswith(text[1:]) if text.startswith("^") else text in line:
                editor.visit(index)
                editor.buffer.point = 0
                return
            index += step
        await editor.bell()
