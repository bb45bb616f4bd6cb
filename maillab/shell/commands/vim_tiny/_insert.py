"""Insert mode and replace mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.shell.commands.vim_tiny._editor import Vi

MOVES = ("left", "right", "up", "down", "home", "end")


async def insert_mode(vi: Vi, count: int, *, remembered: bool) -> None:
    """Type until Escape; a count repeats what was typed."""
    text = vi.text
    if not remembered:
        text.remember()
    vi.inserting = True
    warning = vi.message if vi.message.startswith("W10") else ""
    vi.message = warning or "-- INSERT --"
    typed = ""
    while True:
        if not vi.queue:
            await vi.write(vi.screen.frame())
        key = await vi.next_key()
        if key in ("\x1b", "\x03"):
            break
        vi.message = "-- INSERT --"
        typed = press(vi, key, typed)
        if key == "\x16":
            quoted = await vi.next_key()
            text.insert(quoted)
            typed += quoted
        elif key == "paste":
            text.insert((await vi.keys.paste()).replace("\r", "\n"))
    for _ in range(count - 1):
        text.insert(typed)
    vi.inserting = False
    vi.message = ""
    text.col = max(0, text.col - 1)
    text.clamp()


def press(vi: Vi, key: str, typed: str) -> str:
    """One key of insert mode; what was typed so far."""
    text = vi.text
    if key in ("\r", "\n"):
        indent = text.line[: len(text.line) - len(text.line.lstrip())] if vi.settings["autoindent"] else ""
        text.insert("\n" + indent)
        return typed + "\n" + indent
    if key in ("\x7f", "\x08"):
        erase(vi)
        return typed[:-1]
    if key == "\x17":
        kept = text.line[: text.col].rstrip()
        while kept and not kept[-1].isspace():
            kept = kept[:-1]
        text.lines[text.row] = kept + text.line[text.col :]
        text.col = len(kept)
        return ""
    if key == "\x15":
        text.lines[text.row] = text.line[text.col :]
        text.col = 0
        return ""
    if key == "delete":
        text.lines[text.row] = text.line[: text.col] + text.line[text.col + 1 :]
    elif key in MOVES:
        move(vi, key)
        return ""
    elif len(key) == 1 and (key >= " " or key == "\t"):
        text.insert(key)
        return typed + key
    return typed


def move(vi: Vi, key: str) -> None:
    """The cursor keys."""
    text = vi.text
    if key in ("home", "end"):
        text.col = 0 if key == "home" else len(text.line)
    elif key in ("left", "right"):
        text.col += 1 if key == "right" else -1
    else:
        text.row += 1 if key == "down" else -1
    text.clamp(past_end=True)


def erase(vi: Vi) -> None:
    """Backspace, which may join lines."""
    text = vi.text
    if text.col:
        text.lines[text.row] = text.line[: text.col - 1] + text.line[text.col :]
        text.col -= 1
    elif text.row:
        before = text.lines[text.row - 1]
        text.lines[text.row - 1 : text.row + 1] = [before + text.line]
        text.row -= 1
        text.col = len(before)


async def replace_mode(vi: Vi) -> None:
    """R: characters take the places of others."""
    text = vi.text
    text.remember()
    vi.inserting = True
    vi.message = "-- REPLACE --"
    while True:
        if not vi.queue:
            await vi.write(vi.screen.frame())
        key = await vi.next_key()
        if key in ("\x1b", "\x03"):
            break
        if key in ("\x7f", "\x08"):
            text.col = max(0, text.col - 1)
        elif key in ("\r", "\n"):
            text.insert("\n")
        elif len(key) == 1 and (key >= " " or key == "\t"):
            text.lines[text.row] = text.line[: text.col] + key + text.line[text.col + 1 :]
            text.col += 1
    vi.inserting = False
    vi.message = ""
    text.col = max(0, text.col - 1)
