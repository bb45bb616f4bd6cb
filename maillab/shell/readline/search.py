"""Incremental search in the history: ^R and ^S."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.shell.readline.editor import Editor

REVERSE, FORWARD = "\x12", "\x13"
ERASE = ("\x7f", "\x08")


class Search:
    """The state of one search: the pattern, and where it was found."""

    def __init__(self, editor: Editor, forward: bool) -> None:
        self.editor = editor
        self.lines = [*editor.history, editor.buffer.text]
        self.forward = forward
        self.pattern = ""
        self.line = editor.index
        self.column = editor.buffer.point
        self.failed = False

    def prompt(self) -> str:
        """What stands in the place of the shell's prompt."""
        return f"({'failed ' if self.failed else ''}{'i' if self.forward else 'reverse-i'}-search)`{self.pattern}': "

    def find(self, *, again: bool) -> None:
        """Look for the pattern from here on; `again`: not at this very place."""
        step = 1 if self.forward else -1
        line, column = self.line, self.column + (step if again else 0)
        self.failed = True
        while 0 <= line < len(self.lines):
            text = self.lines[line]
            at = text.find(self.pattern, max(0, column)) if self.forward else self.before(text, column)
            if at >= 0:
                self.line, self.column, self.failed = line, at, False
                return
            line += step
            column = 0 if self.forward else len(self.lines[line]) if 0 <= line < len(self.lines) else 0

    def before(self, text: str, column: int) -> int:
        """The last occurrence that starts at or before a column."""
        return text.rfind(self.pattern, 0, column + len(self.pattern)) if column >= 0 else -1

    async def show(self) -> None:
        """The found line with the cursor on the match."""
        editor = self.editor
        editor.display.prompt = self.prompt()
        await editor.write(editor.display.redraw(self.lines[self.line], min(self.column, len(self.lines[self.line]))))


async def incremental_search(editor: Editor, forward: bool) -> None:
    """Search until a key that does not belong to the search; that key is then obeyed, Escape and ^G are not."""
    search = Search(editor, forward)
    await search.show()
    while True:
        key = await editor.next_key()
        if key in (REVERSE, FORWARD):
            search.forward = key == FORWARD
            search.pattern = search.pattern or editor.reader.last_search
            search.find(again=bool(search.pattern))
        elif key in ERASE:
            search.pattern = search.pattern[:-1]
            search.line, search.column = editor.index, len(search.lines[editor.index])
            search.find(again=False)
        elif len(key) == 1 and key >= " " and key != "\x7f":
            search.pattern += key
            search.find(again=False)
        else:
            break
        await search.show()
    editor.reader.last_search = search.pattern or editor.reader.last_search
    editor.display.prompt = editor.prompt.rpartition("\n")[2]
    if key != "\x07":
        if search.line != editor.index:
            editor.visit(search.line)
        editor.buffer.point = min(search.column, len(editor.buffer.text))
    await editor.write(editor.display.redraw(editor.buffer.text, editor.buffer.point))
    if key not in ("\x07", "\x1b"):
        await editor.handle(key)
