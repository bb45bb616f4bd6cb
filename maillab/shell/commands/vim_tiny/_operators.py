"""Changes of the text that commands of normal mode make, and vim's reports of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.vim_tiny._motions import PAIRS, kind
from maillab.shell.commands.vim_tiny._text import Position, Text

if TYPE_CHECKING:
    from maillab.shell.commands.vim_tiny._editor import Vi

INDENT = 8


def shift(text: Text, first: int, last: int, *, right: bool) -> str:
    """>> and <<"""
    text.remember()
    for row in range(first, last + 1):
        line = text.lines[row]
        body = line.lstrip(" \t")
        columns = len(line[: len(line) - len(body)].expandtabs(8)) + (INDENT if right else -INDENT)
        if body:
            text.lines[row] = "\t" * (max(0, columns) // 8) + " " * (max(0, columns) % 8) + body
    text.row, text.col = first, text.first_word(first)
    count = last - first + 1
    return f"{count} lines {'>' if right else '<'}ed 1 time" if count > 2 else ""


def overwrite(text: Text, new: str, count: int) -> None:
    """r"""
    if new == "\x1b" or len(new) != 1 or text.col + count > len(text.line):
        return
    text.remember()
    if new in ("\r", "\n"):
        head, tail = text.line[: text.col], text.line[text.col + count :]
        text.lines[text.row : text.row + 1] = [head, tail]
        text.row, text.col = text.row + 1, 0
        return
    text.lines[text.row] = text.line[: text.col] + new * count + text.line[text.col + count :]
    text.col += count - 1


def join(text: Text, row: int, count: int) -> None:
    """J"""
    if row + 1 >= len(text.lines):
        return
    text.remember()
    for _ in range(min(count, len(text.lines) - row) - 1):
        head, tail = text.lines[row], text.lines[row + 1].lstrip()
        gap = "" if not tail or not head or head[-1].isspace() or tail.startswith(")") else " "
        text.lines[row : row + 2] = [head + gap + tail]
        text.row, text.col = row, len(head) if tail and gap else max(0, len(head) - 1)


def flip(text: Text, count: int) -> None:
    """~"""
    text.remember()
    end = min(len(text.line), text.col + count)
    text.lines[text.row] = text.line[: text.col] + text.line[text.col : end].swapcase() + text.line[end:]
    text.col = end


def put(text: Text, register: str, count: int, *, below: bool) -> str:
    """p and P; the report."""
    entry = text.registers.get(register.lower())
    if entry is None:
        return f"E353: Nothing in register {register}"
    text.remember()
    lines = entry.lines * count if entry.linewise else entry.lines
    if entry.linewise:
        row = text.row + below
        text.lines[row:row] = lines
        text.row, text.col = row, text.first_word(row)
        return f"{len(lines)} more lines" if len(lines) > 2 else ""
    if below and text.line:
        text.col += 1
    start = Position(text.row, text.col)
    text.insert("\n".join(lines) * count)
    text.row, text.col = start if len(lines) > 1 else Position(text.row, max(0, text.col - 1))
    return ""


def report(before: int, now: int, number: int, when: str) -> str:
    """What undo and redo say."""
    lines = now - before
    if lines == 0:
        what = "1 change"
    else:
        size = abs(lines)
        what = f"{size} more line{'s' * (size > 1)}" if lines > 0 else "1 line less" if size == 1 else f"{size} fewer lines"
    return f"{what}; {when} #{number}  0 seconds ago"


def undo(text: Text) -> str:
    """u"""
    sizes = text.restore(text.undo_list, text.redo_list)
    text.modified = bool(text.undo_list)
    return "Already at oldest change" if sizes is None else report(*sizes, len(text.undo_list) + 1, "before")


def redo(text: Text) -> str:
    """^R"""
    sizes = text.restore(text.redo_list, text.undo_list)
    return "Already at newest change" if sizes is None else report(*sizes, len(text.undo_list), "after")


def visual_change(text: Text, key: str, start: Position, end: Position, linewise: bool) -> None:
    """J, ~, u and U on a selection."""
    if key == "J":
        join(text, start.row, max(2, end.row - start.row + 1))
        return
    text.remember()
    change = {"~": str.swapcase, "u": str.lower, "U": str.upper}[key]
    for row in range(start.row, end.row + 1):
        line = text.lines[row]
        low = start.col if row == start.row and not linewise else 0
        high = end.col + 1 if row == end.row and not linewise else len(line)
        text.lines[row] = line[:low] + change(line[low:high]) + line[high:]
    text.row, text.col = start


def word_under(text: Text) -> str:
    """The word at or after the cursor (for * and #)."""
    line, col = text.line, text.col
    while col < len(line) and kind(line[col], False) != 1:
        col += 1
    start = end = col
    while start > 0 and kind(line[start - 1], False) == 1:
        start -= 1
    while end < len(line) and kind(line[end], False) == 1:
        end += 1
    return line[start:end]


def text_object(text: Text, how: str, what: str) -> tuple[Position, Position] | None:
    """iw aw iW aW, and quotes and brackets on one line: where it begins, and just behind its end."""
    line, col = text.line, text.col
    if what in ("w", "W"):
        if not line:
            return None
        group = kind(line[col], what == "W")
        start = end = col
        while start > 0 and kind(line[start - 1], what == "W") == group:
            start -= 1
        while end < len(line) and kind(line[end], what == "W") == group:
            end += 1
        while how == "a" and end < len(line) and line[end].isspace():
            end += 1
        return Position(text.row, start), Position(text.row, end)
    opening, closing = next(((a, b) for a, b in [*PAIRS.items(), ("<", ">")] if what in (a, b)), (what, what))
    start = line.rfind(opening, 0, col + 1)
    end = line.find(closing, max(start + 1, col))
    if start < 0 or end < 0 or opening not in "([{<\"'`":
        return None
    return (Position(text.row, start + 1), Position(text.row, end)) if how == "i" else (Position(text.row, start), Position(text.row, end + 1))


def file_status(vi: Vi) -> str:
    """^G and :f"""
    text = vi.text
    name = f'"{vi.name}"' if vi.name else '"[No Name]"'
    if text.empty and text.lines == [""]:
        return f"{name} --No lines in buffer--"
    count = len(text.lines)
    changed = " [Modified]" if text.modified else ""
    percent = (text.row + 1) * 100 // count
    return f"{name}{changed} {count} line{'s' * (count != 1)} --{percent}%--"
