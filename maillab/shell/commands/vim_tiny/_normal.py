"""Normal and visual mode: commands with counts and registers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.vim_tiny import _motions as motions
from maillab.shell.commands.vim_tiny import _operators as operators
from maillab.shell.commands.vim_tiny._editor import Refused
from maillab.shell.commands.vim_tiny._ex import execute, search
from maillab.shell.commands.vim_tiny._insert import insert_mode, replace_mode
from maillab.shell.commands.vim_tiny._motions import Target
from maillab.shell.commands.vim_tiny._text import Position

if TYPE_CHECKING:
    from maillab.shell.commands.vim_tiny._editor import Vi

CHANGES = "xXrsSDCpPJ~iIaAoOcd<>R"
OPERATORS = "dcy<>"
SYNONYMS = {
    "left": "h", "\x08": "h", "\x7f": "h", "right": "l", " ": "l", "up": "k", "\x10": "k", "down": "j", "\x0e": "j", "\n": "j",
    "home": "0", "end": "$", "delete": "x", "insert": "i", "pageup": "\x02", "pagedown": "\x06", "\r": "+",
}  # fmt: skip


class Normal:
    """Reads and obeys commands."""

    def __init__(self, vi: Vi) -> None:
        self.vi = vi
        self.register = ""

    async def step(self) -> None:
        """One command."""
        vi = self.vi
        recording = vi.recorded is None
        if recording:
            vi.recorded = []
        key = ""
        try:
            key = await self.command()
        except Refused as error:
            vi.message = str(error)
            vi.queue.clear()
        keys = vi.recorded or []
        if recording:
            vi.recorded = None
        if key and key in CHANGES and recording and vi.visual is None:
            vi.change.keys = keys
        vi.text.clamp()
        if key not in ("j", "k", "\x06", "\x02", "\x04", "\x15"):
            vi.text.wanted = 1 << 30 if key == "$" else vi.text.col

    async def number(self) -> tuple[str, str]:
        """Digits, and the key after them."""
        digits = ""
        key = SYNONYMS.get(key := await self.vi.next_key(), key)
        while len(key) == 1 and key.isdigit() and (digits or key != "0") and len(digits) < 7:
            digits += key
            key = SYNONYMS.get(key := await self.vi.next_key(), key)
        return digits, key

    async def command(self) -> str:
        """Read and obey a command; its key."""
        vi = self.vi
        self.register = ""
        digits, key = await self.number()
        while key == '"':
            self.register = await vi.next_key()
            more, key = await self.number()
            digits = more or digits
        vi.message = "" if key != ":" else vi.message
        count = int(digits or 1)
        if vi.visual is not None and await self.in_visual(key, count):
            return key
        if key in OPERATORS and len(key) == 1:
            await self.operate(key, count)
            return key
        target = await self.motion(key, count, counted=bool(digits))
        if target is not None:
            vi.text.row, vi.text.col = target.row, target.col
            return key
        await self.simple(key, count, counted=bool(digits))
        return key

    # --- operators ----------------------------------------------------------------------------------------------------

    async def operate(self, key: str, count: int) -> None:
        """d, c, y, <, > with a motion, or doubled for lines."""
        vi, text = self.vi, self.vi.text
        digits, second = await self.number()
        total = count * int(digits or 1)
        if second == key:
            if text.row + total > len(text.lines) and total > 1 and key != "y":
                total = len(text.lines) - text.row
            first, last = text.row, min(len(text.lines) - 1, text.row + total - 1)
            await self.apply(key, Position(first, 0), Position(last, 0), linewise=True)
            return
        if key == "c" and second in ("w", "W") and motions.char(text, Position(text.row, text.col)).strip():
            second = "e" if second == "w" else "E"
            if len(text.line) == text.col + 1 or motions.kind(text.line[text.col + 1], second == "E") != motions.kind(
                text.line[text.col], second == "E"
            ):
                total -= 1
        here = Position(text.row, text.col)
        if second in ("i", "a"):
            inner = operators.text_object(text, second, await vi.next_key())
            if inner is not None:
                await self.apply(key, *inner, linewise=False)
            return
        target = Target(*here, inclusive=True) if total == 0 else await self.motion(second, total, counted=bool(digits) or total > 1)
        if target is None:
            return
        start, end = sorted((here, Position(target.row, target.col)))
        if target.inclusive:
            end = Position(end.row, end.col + 1)
        if second in ("w", "W") and end.row > start.row and end.col <= text.first_word(end.row):
            end = Position(end.row - 1, len(text.lines[end.row - 1]))
        await self.apply(key, start, end, linewise=target.linewise or key in "<>")

    async def apply(self, key: str, start: Position, end: Position, *, linewise: bool) -> None:
        """Carry an operator out; `end` is just behind the last character."""
        vi, text = self.vi, self.vi.text
        lines = text.lines[start.row : end.row + 1] if linewise else text.piece(start, end)
        if key in "<>":
            vi.message = operators.shift(text, start.row, end.row, right=key == ">")
            return
        text.keep(self.register, lines, linewise=linewise, yanked=key == "y")
        if key == "y":
            text.row, text.col = (start.row, text.col) if linewise else start
            vi.message = f"{len(lines)} lines yanked" if linewise and len(lines) > 2 else ""
            return
        text.remember()
        if key == "c" and linewise:
            indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())] if vi.settings["autoindent"] else ""
            text.lines[start.row : end.row + 1] = [indent]
            text.row, text.col = start.row, len(indent)
        elif linewise:
            text.cut_lines(start.row, end.row)
            vi.message = "--No lines in buffer--" if text.empty else f"{len(lines)} fewer lines" if len(lines) > 2 else ""
        else:
            text.cut(start, end)
        if key == "c":
            await insert_mode(vi, 1, remembered=True)

    # --- motions ------------------------------------------------------------------------------------------------------

    async def motion(self, key: str, count: int, *, counted: bool) -> Target | None:
        """Where a motion leads; None when the key is none (or it fails)."""
        vi, text = self.vi, self.vi.text
        row, col, last = text.row, text.col, len(text.lines) - 1
        at = Position(row, col)
        if key == "h":
            return Target(row, max(0, col - count))
        if key == "l":
            return Target(row, min(len(text.line), col + count))
        if key in ("j", "k"):
            to = row + count if key == "j" else row - count
            return Target(max(0, min(last, to)), text.wanted, linewise=True)
        if key in ("+", "-", "_"):
            to = max(0, min(last, row + (count if key == "+" else -count if key == "-" else count - 1)))
            return Target(to, text.first_word(to), linewise=True)
        if key == "0":
            return Target(row, 0)
        if key == "^":
            return Target(row, text.first_word(row))
        if key == "|":
            return Target(row, count - 1)
        if key == "$":
            to = min(last, row + count - 1)
            return Target(to, max(0, len(text.lines[to]) - 1), inclusive=bool(text.lines[to]))
        if len(key) == 1 and key in "wWbBeE":
            step = {"w": motions.word_forward, "b": motions.word_back, "e": motions.word_end}[key.lower()]
            for _ in range(min(count, 100_000)):
                at = step(text, at, key.isupper())
            return Target(*at, inclusive=key in "eE")
        if key in ("G", "g"):
            if key == "g" and await vi.next_key() != "g":
                return None
            to = min(last, count - 1) if counted else (last if key == "G" else 0)
            return Target(to, text.first_word(to), linewise=True)
        if key in ("H", "M", "L"):
            bottom = vi.screen.last
            to = {"H": min(bottom, vi.screen.top + count - 1), "M": (vi.screen.top + bottom) // 2, "L": max(0, bottom - count + 1)}[key]
            return Target(to, text.first_word(to), linewise=True)
        return await self.far_motion(key, count)

    async def far_motion(self, key: str, count: int) -> Target | None:
        """f t F T ; , % { } / ? n N * # ' `"""
        vi, text = self.vi, self.vi.text
        if len(key) == 1 and key in "fFtT;,":
            how, wanted = vi.found_char
            if key in ";,":
                how = how if key == ";" else how.swapcase()
            else:
                how, wanted = key, await vi.next_key()
                vi.found_char = (how, wanted)
            col = motions.find_char(text.line, text.col, how, wanted, count) if how else None
            return None if col is None else Target(text.row, col, inclusive=how in "ft")
        if key == "%":
            found = motions.bracket(text)
            return None if found is None else Target(*found, inclusive=True)
        if key in ("{", "}"):
            return Target(*motions.paragraph(text, 1 if key == "}" else -1))
        if key in ("/", "?"):
            typed = await self.prompt(key)
            if typed is None:
                return Target(text.row, text.col)
            pattern = typed.split(key)[0] if not typed.endswith("\\" + key) else typed
            vi.searched = (pattern or vi.searched[0], key == "/")
            return self.look(True, count)
        if key in ("n", "N"):
            return self.look(key == "n", count)
        if key in ("*", "#"):
            word = operators.word_under(text)
            if not word:
                raise Refused("E348: No string under cursor")
            vi.searched = (f"\\<{word}\\>", key == "*")
            return self.look(True, count)
        if key in ("'", "`"):
            return self.marked(key, await vi.next_key())
        return None

    def look(self, same: bool, count: int) -> Target:
        """n and N."""
        pattern, forward = self.vi.searched
        if not pattern:
            raise Refused("E35: No previous regular expression")
        direction = forward == same
        at = Position(self.vi.text.row, self.vi.text.col)
        self.vi.text.marks["'"] = at
        self.vi.message = ("/" if direction else "?") + pattern
        for _ in range(count):
            at = search(self.vi, pattern, at, forward=direction)
        return Target(*at)

    def marked(self, how: str, name: str) -> Target:
        """'a and `a."""
        text = self.vi.text
        at = text.marks.get("'" if name in "'`" else name)
        if at is None or at.row >= len(text.lines):
            raise Refused("E20: Mark not set")
        text.marks["'"] = Position(text.row, text.col)
        return Target(at.row, text.first_word(at.row), linewise=True) if how == "'" else Target(*at)

    # --- simple commands ----------------------------------------------------------------------------------------------

    async def simple(self, key: str, count: int, *, counted: bool) -> None:
        """The commands that are no motion and no operator."""
        vi, text = self.vi, self.vi.text
        if len(key) == 1 and key in "iIaAoO":
            await self.enter_insert(key, count)
        elif key == "R":
            await replace_mode(vi)
        elif len(key) == 1 and key in "xXDCsSYrJ~pP":
            await self.edit(key, count)
        elif key in ("u", "\x12"):
            for _ in range(count):
                vi.message = operators.undo(text) if key == "u" else operators.redo(text)
        elif key == ".":
            keys = vi.change.keys
            if counted:
                start = next((index for index, part in enumerate(keys) if not part.isdigit()), 0)
                keys = vi.change.keys = [*str(count), *keys[start:]]
            vi.queue[:0] = keys
        elif key == ":":
            typed = await self.prompt(f":.,.+{count - 1}" if counted else ":")
            if typed is not None:
                await execute(vi, typed)
        elif key == "m":
            text.marks[await vi.next_key()] = Position(text.row, text.col)
        elif key in ("v", "V"):
            vi.visual = (Position(text.row, text.col), key == "V")
            vi.message = "-- VISUAL LINE --" if key == "V" else "-- VISUAL --"
        elif key == "Z":
            second = await vi.next_key()
            if second in ("Z", "Q"):
                await execute(vi, "x" if second == "Z" else "q!")
        elif key == "\x1a":
            await vi.suspend()
        elif key == "\x07":
            vi.message = operators.file_status(vi)
        elif key == "z":
            await self.place(await vi.next_key())
        else:
            self.scroll(key, count if counted else 0)

    def scroll(self, key: str, count: int) -> None:
        """^F ^B ^D ^U ^E ^Y ^L"""
        vi, text, screen = self.vi, self.vi.text, self.vi.screen
        page = {"\x06": screen.height - 2, "\x02": 2 - screen.height, "\x04": screen.height // 2, "\x15": -(screen.height // 2)}
        if key in page:
            step = (count or 1) * page[key] if key in "\x06\x02" else (count or abs(page[key])) * (1 if key == "\x04" else -1)
            screen.top = max(0, min(len(text.lines) - 1, screen.top + step))
            text.row = max(0, min(len(text.lines) - 1, text.row + step))
            text.col = text.first_word(text.row)
        elif key in ("\x05", "\x19"):
            screen.top = max(0, min(len(text.lines) - 1, screen.top + (count or 1) * (1 if key == "\x05" else -1)))
            text.row = max(screen.top, min(text.row, screen.top + screen.height - 1))
        elif key == "\x0c":
            screen.measure()
        elif key == "\x03":
            vi.message = "Type  :qa!  and press <Enter> to abandon all changes and exit Vim"

    async def place(self, key: str) -> None:
        """zt zz zb"""
        screen, row = self.vi.screen, self.vi.text.row
        shift = {"t": 0, "\r": 0, "z": screen.height // 2, ".": screen.height // 2, "b": screen.height - 1, "-": screen.height - 1}
        if key in shift:
            screen.top = max(0, row - shift[key])

    async def enter_insert(self, key: str, count: int) -> None:
        """i I a A o O"""
        vi, text = self.vi, self.vi.text
        if vi.settings["readonly"] and not text.modified:
            vi.message = "W10: Warning: Changing a readonly file"
        text.remember()
        indent = text.line[: len(text.line) - len(text.line.lstrip())] if vi.settings["autoindent"] else ""
        if key in "oO":
            text.row += key == "o"
            text.lines.insert(text.row, indent)
            text.col = len(indent)
        else:
            text.col = {"i": text.col, "a": min(len(text.line), text.col + 1), "I": len(text.line) - len(text.line.lstrip()), "A": len(text.line)}[
                key
            ]
        await insert_mode(vi, count, remembered=True)

    async def edit(self, key: str, count: int) -> None:
        """x X D C s S Y r J ~ p P"""
        vi, text = self.vi, self.vi.text
        here = Position(text.row, text.col)
        if key in "xs":
            if text.line or key == "s":
                await self.apply("d" if key == "x" else "c", here, Position(text.row, min(len(text.line), text.col + count)), linewise=False)
        elif key == "X":
            if text.col:
                await self.apply("d", Position(text.row, max(0, text.col - count)), here, linewise=False)
        elif key in "DC":
            await self.apply("d" if key == "D" else "c", here, Position(text.row, len(text.line)), linewise=False)
        elif key in "SY":
            last = min(len(text.lines) - 1, text.row + count - 1)
            await self.apply("c" if key == "S" else "y", Position(text.row, 0), Position(last, 0), linewise=True)
        elif key == "r":
            operators.overwrite(text, await vi.next_key(), count)
        elif key == "J":
            operators.join(text, text.row, max(2, count))
        elif key == "~":
            operators.flip(text, count)
        else:
            vi.message = operators.put(text, self.register or '"', count, below=key == "p")

    # --- visual mode --------------------------------------------------------------------------------------------------

    async def in_visual(self, key: str, count: int) -> bool:
        """Commands that mean something else in visual mode; False leaves the key to normal mode."""
        vi, text = self.vi, self.vi.text
        assert vi.visual is not None
        start, end = sorted((vi.visual[0], Position(text.row, text.col)))
        linewise = vi.visual[1]
        vi.message = "-- VISUAL LINE --" if linewise else "-- VISUAL --"
        if key in ("\x1b", "\x03") or (key in ("v", "V") and (key == "V") == linewise):
            vi.visual, vi.message = None, ""
        elif key in ("v", "V"):
            vi.visual = (vi.visual[0], key == "V")
            vi.message = "-- VISUAL LINE --" if key == "V" else "-- VISUAL --"
        elif key == "o":
            vi.visual, (text.row, text.col) = (Position(text.row, text.col), linewise), vi.visual[0]
        elif len(key) == 1 and key in "dxycs<>XDYS":
            vi.visual, vi.message = None, ""
            operator = {"x": "d", "s": "c", "X": "d", "D": "d", "Y": "y", "S": "c"}.get(key, key)
            text.row, text.col = start
            await self.apply(operator, start, Position(end.row, end.col + 1), linewise=linewise or key in "XDYS<>")
        elif key in ("J", "~", "u", "U"):
            vi.visual, vi.message = None, ""
            operators.visual_change(text, key, start, end, linewise)
        elif key == ":":
            vi.visual = None
            text.marks["<"], text.marks[">"] = start, end
            typed = await self.prompt(":'<,'>")
            if typed is not None:
                await execute(vi, typed)
        else:
            return False
        return True

    # --- the bottom line ----------------------------------------------------------------------------------------------

    async def prompt(self, opening: str) -> str | None:
        """A line typed at the bottom, without its first character; None when it is given up."""
        vi = self.vi
        typed = opening
        while True:
            if not vi.queue:
                await vi.write(vi.screen.command_line(typed))
            key = await vi.next_key()
            if key in ("\r", "\n"):
                vi.message = typed
                return typed[1:]
            if key in ("\x1b", "\x03"):
                return None
            if key in ("\x7f", "\x08"):
                typed = typed[:-1]
                if not typed:
                    return None
            elif key == "\x15":
                typed = typed[0]
            elif key == "\x17":
                typed = typed[0] + " ".join(typed[1:].split(" ")[:-1])
            elif len(key) == 1 and (key >= " " or key == "\t"):
                typed += key


