"""What sed does to its pattern space and hold space without input or output."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from maillab.shell.commands.sed._commands import CaseMark, Command

if TYPE_CHECKING:
    from maillab.shell.commands.sed._execute import Editor


def filled(pieces: list[str | int | CaseMark], found: re.Match[str]) -> str:
    """The right side of s for one match, its case conversions done."""
    out: list[str] = []
    mode, once = "", ""
    for piece in pieces:
        if isinstance(piece, CaseMark):
            if piece.letter in "ul":
                once = piece.letter
            else:
                mode, once = ("" if piece.letter == "E" else piece.letter), once if piece.letter != "E" else ""
            continue
        text = (found.group(piece) or "") if isinstance(piece, int) else piece
        if mode:
            text = text.upper() if mode == "U" else text.lower()
        if once and text:
            text = (text[0].upper() if once == "u" else text[0].lower()) + text[1:]
            once = ""
        out.append(text)
    return "".join(out)


def _hold(editor: Editor, _: Command) -> None:
    editor.hold, editor.hold_end = editor.space, editor.lines.line_end


def _hold_more(editor: Editor, _: Command) -> None:
    editor.hold += "\n" + editor.space
    editor.hold_end = editor.lines.line_end
    editor.limit()


def _get(editor: Editor, _: Command) -> None:
    editor.space, editor.lines.line_end = editor.hold, editor.hold_end


def _get_more(editor: Editor, _: Command) -> None:
    editor.space += "\n" + editor.hold
    editor.lines.line_end = editor.hold_end
    editor.limit()


def _exchange(editor: Editor, _: Command) -> None:
    editor.space, editor.hold = editor.hold, editor.space
    editor.lines.line_end, editor.hold_end = editor.hold_end, editor.lines.line_end


def _zap(editor: Editor, _: Command) -> None:
    editor.space = ""


def _transliterate(editor: Editor, command: Command) -> None:
    editor.space = editor.space.translate(command.table)


def _append(editor: Editor, command: Command) -> None:
    editor.queue.append(("text", command.text))


def _read(editor: Editor, command: Command) -> None:
    editor.queue.append(("file", command.file))


def _nothing(editor: Editor, command: Command) -> None:
    """v: the version was checked when the script was read."""


SIMPLE: dict[str, Callable[[Editor, Command], None]] = {
    "h": _hold, "H": _hold_more, "g": _get, "G": _get_more, "x": _exchange, "z": _zap, "y": _transliterate,
    "a": _append, "r": _read, "v": _nothing,
}  # fmt: skip
