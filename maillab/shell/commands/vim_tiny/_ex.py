"""The commands after `:`: ranges, files, substitution, :g, settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell.commands.vim_tiny import _operators as operators
from maillab.shell.commands.vim_tiny._editor import SETTINGS, Quit, Refused
from maillab.shell.commands.vim_tiny._pattern import Pattern, replacement
from maillab.shell.commands.vim_tiny._text import Position
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import decode

if TYPE_CHECKING:
    from maillab.shell.commands.vim_tiny._editor import Vi

NAMES = (
    ("write", "w"), ("wq", "wq"), ("quit", "q"), ("xit", "x"), ("exit", "exi"), ("edit", "e"), ("read", "r"), ("substitute", "s"),
    ("global", "g"), ("vglobal", "v"), ("delete", "d"), ("yank", "y"), ("put", "pu"), ("set", "se"), ("undo", "u"), ("redo", "red"),
    ("copy", "co"), ("t", "t"), ("move", "m"), ("join", "j"), ("normal", "norm"), ("nohlsearch", "noh"), ("qall", "qa"), ("wall", "wa"),
    ("wqall", "wqa"), ("xall", "xa"), ("file", "f"), ("next", "n"), ("syntax", "sy"), ("enew", "ene"), ("print", "p"), ("cquit", "cq"),
)  # fmt: skip
SHORT = {"nu": "number", "ic": "ignorecase", "hls": "hlsearch", "ro": "readonly", "ai": "autoindent", "ws": "wrapscan"}
WRITING = ("write", "wq", "xit", "exit")
COMMAND = re.compile(r"\s*(s(?=[^\w\s]|$)|k(?=\w$)|[gv](?=[^\w\s])|[A-Za-z]+|[<>&=!@#]|)(!?)\s*(.*)", re.DOTALL)


def search(vi: Vi, pattern: str, start: Position, *, forward: bool) -> Position:
    """The next match. Raises Refused (E486)."""
    try:
        compiled = Pattern(pattern, ignorecase=vi.settings["ignorecase"])
    except ValueError:
        raise Refused(f"E486: Pattern not found: {pattern}") from None
    lines = vi.text.lines
    count = len(lines)
    for step in range(count + 1):
        row = (start.row + step) % count if forward else (start.row - step) % count
        starts = compiled.starts(lines[row])
        if step == 0:
            starts = [col for col in starts if (col > start.col if forward else col < start.col)]
        if starts:
            if forward and (row, starts[0]) <= start and step:
                vi.message = "search hit BOTTOM, continuing at TOP"
            elif not forward and row >= start.row and step:
                vi.message = "search hit TOP, continuing at BOTTOM"
            return Position(row, starts[0] if forward else starts[-1])
    raise Refused(f"E486: Pattern not found: {pattern}")


class Range:
    """Reads the line numbers before a command."""

    def __init__(self, vi: Vi, text: str) -> None:
        self.vi = vi
        self.rest = text.lstrip(" :")
        self.first = self.last = vi.text.row
        self.given = 0

    def read(self) -> Range:
        """%, N, ., $, 'a, /re/, with + and -, separated by commas."""
        if self.rest.startswith("%"):
            self.first, self.last, self.given, self.rest = 0, len(self.vi.text.lines) - 1, 2, self.rest[1:]
            return self
        while True:
            at = self.address()
            if at is None and self.rest[:1] not in (",", ";"):
                break
            self.first, self.last = (self.last if self.given else self.vi.text.row), self.vi.text.row if at is None else at
            if not self.given:
                self.first = self.last
            self.given += 1
            if self.rest[:1] not in (",", ";"):
                break
            self.rest = self.rest[1:]
        if self.given and not (-1 <= self.first <= self.last < len(self.vi.text.lines)):
            raise Refused("E493: Backwards range given" if self.first > self.last else "E16: Invalid range")
        return self

    def address(self) -> int | None:
        """One line number, from 0."""
        self.rest = self.rest.lstrip()
        found = re.match(r"\d+", self.rest)
        value: int | None = None
        if found:
            value = int(found.group()) - 1
            self.rest = self.rest[found.end() :]
        elif self.rest[:1] in (".", "$"):
            value = self.vi.text.row if self.rest[0] == "." else len(self.vi.text.lines) - 1
            self.rest = self.rest[1:]
        elif self.rest[:1] == "'" and len(self.rest) > 1:
            mark = self.vi.text.marks.get(self.rest[1])
            if mark is None:
                raise Refused("E20: Mark not set")
            value, self.rest = mark.row, self.rest[2:]
        elif self.rest[:1] in ("/", "?"):
            how = self.rest[0]
            pattern, _, self.rest = self.rest[1:].partition(how)
            start = Position(self.vi.text.row, 1 << 30 if how == "/" else 0)
            value = search(self.vi, pattern or self.vi.searched[0], start, forward=how == "/").row
        while found := re.match(r"\s*([-+])(\d*)", self.rest):
            value = (self.vi.text.row if value is None else value) + int(found[2] or 1) * (1 if found[1] == "+" else -1)
            self.rest = self.rest[found.end() :]
        return value


def full_name(name: str) -> str:
    """The whole name of a command, "" when there is none."""
    return next((long for long, short in NAMES if long.startswith(name) and name.startswith(short)), "")


async def execute(vi: Vi, line: str) -> None:
    """Run one command line. Raises Refused, Quit."""
    if line.lstrip(" :").startswith('"') or not line.strip(" :"):
        return
    bounds = Range(vi, line).read()
    found = COMMAND.fullmatch(bounds.rest)
    assert found is not None
    name, bang, argument = found.groups()
    text = vi.text
    if not name and not bang:
        text.row = max(0, bounds.last)
        text.col = text.first_word(text.row)
        return
    if bang and not name:
        await shell_command(vi, argument)
        return
    if name == "k":
        text.marks[argument] = Position(bounds.last, 0)
        return
    if name in ("<", ">"):
        vi.message = operators.shift(text, bounds.first, bounds.last, right=name == ">")
        return
    if name == "=":
        vi.message = str(bounds.last + 1 if bounds.given else len(text.lines))
        return
    if name == "&":
        substitute(vi, bounds, "")
        return
    await named(vi, full_name(name), bang, argument, bounds, bounds.rest.strip())


async def named(vi: Vi, name: str, bang: str, argument: str, bounds: Range, shown: str) -> None:
    """A command by its whole name."""
    text = vi.text
    if name in WRITING or name in ("wall", "wqall", "xall"):
        write(vi, name, bang, argument, bounds)
    elif name in ("quit", "qall"):
        if text.modified and not bang:
            raise Refused("E37: No write since last change (add ! to override)")
        raise Quit
    elif name == "cquit":
        raise Quit(1)
    elif name in ("edit", "enew", "next"):
        edit(vi, name, bang, argument)
    elif name == "read":
        await read(vi, argument, bounds)
    elif name == "substitute":
        substitute(vi, bounds, argument)
    elif name in ("global", "vglobal"):
        await every(vi, bounds, argument, matching=name == "global" and not bang)
    elif name == "set":
        settings(vi, argument)
    elif name in ("undo", "redo"):
        vi.message = operators.undo(text) if name == "undo" else operators.redo(text)
    elif name == "normal":
        vi.queue[:0] = [*argument, "\x1b"]
    elif name == "file":
        vi.name = argument or vi.name
        vi.message = operators.file_status(vi)
    elif name == "print":
        text.row = bounds.last
        vi.message = text.line
    elif name in ("delete", "yank", "put", "copy", "t", "move", "join"):
        on_lines(vi, name, argument, bounds)
    elif name in ("nohlsearch", "syntax"):
        return
    else:
        raise Refused(f"E492: Not an editor command: {shown}")


def on_lines(vi: Vi, name: str, argument: str, bounds: Range) -> None:
    """:d :y :pu :co :m :j"""
    text = vi.text
    lines = text.lines[bounds.first : bounds.last + 1]
    if name in ("delete", "yank"):
        text.keep(argument[:1], lines, linewise=True, yanked=name == "yank")
        if name == "delete":
            text.remember()
            text.cut_lines(bounds.first, bounds.last)
            vi.message = f"{len(lines)} fewer lines" if len(lines) > 2 else ""
    elif name == "put":
        text.row = bounds.last
        vi.message = operators.put(text, argument[:1] or '"', 1, below=True)
    elif name == "join":
        operators.join(text, bounds.first, max(2, len(lines)))
    else:
        target = Range(vi, argument).address()
        if target is None:
            raise Refused("E14: Invalid address")
        text.remember()
        if name == "move":
            if bounds.first <= target < bounds.last:
                raise Refused("E134: Cannot move a range of lines into itself")
            del text.lines[bounds.first : bounds.last + 1]
            target -= len(lines) if target >= bounds.last else 0
        text.lines[target + 1 : target + 1] = lines
        text.row = target + len(lines)


def write(vi: Vi, name: str, bang: str, argument: str, bounds: Range) -> None:
    """:w :wq :x"""
    text = vi.text
    if argument.startswith("!"):
        vi.sys.unsimulated("vi: writing to a command")
        raise Refused("E485: Can't read file")
    append = argument.startswith(">>")
    if name not in ("xit", "exit", "xall") or text.modified or argument:
        first, last = (bounds.first, bounds.last) if bounds.given else (0, len(text.lines) - 1)
        whole = (first, last) == (0, len(text.lines) - 1)
        if not whole and not argument and not bang:
            raise Refused("E140: Use ! to write partial buffer")
        vi.message = vi.save(argument.removeprefix(">>").strip(), first, last, force=bool(bang), append=append)
    if name not in ("write", "wall"):
        raise Quit


def edit(vi: Vi, name: str, bang: str, argument: str) -> None:
    """:e :enew :n"""
    if vi.text.modified and not bang:
        raise Refused("E37: No write since last change (add ! to override)")
    if name == "next":
        if vi.index + 1 >= len(vi.files):
            raise Refused("E163: There is only one file to edit" if len(vi.files) == 1 else "E165: Cannot go beyond last file")
        vi.index += 1
        argument = vi.files[vi.index]
    if name == "edit" and not argument and not vi.name:
        raise Refused("E32: No file name")
    vi.settings["readonly"] = False
    vi.message = vi.open("" if name == "enew" else argument or vi.name)
    vi.screen.top = 0


async def read(vi: Vi, argument: str, bounds: Range) -> None:
    """:r FILE and :r !COMMAND"""
    text = vi.text
    if argument.startswith("!"):
        data = await output_of(vi, argument[1:])
        message = ""
    else:
        try:
            data = vi.sys.slurp(argument or vi.name)
        except SysError:
            raise Refused(f"E484: Can't open file {argument}") from None
        message = f'"{argument}" {data.count(10)}L, {len(data)}B'
    lines = decode(data).split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    text.remember()
    at = (bounds.last if bounds.given else text.row) + 1
    text.lines[at:at] = lines
    text.row = min(at, len(text.lines) - 1)
    text.col = text.first_word(text.row)
    vi.message = message or (f"{len(lines)} more lines" if len(lines) > 2 else "")


async def output_of(vi: Vi, command: str) -> bytes:
    """What a shell command prints."""
    sys = vi.sys
    reader, writer = sys.pipe()
    null = sys.open("/dev/null", "r")
    pid = sys.spawn("/bin/sh", ["sh", "-c", command], fds={0: null, 1: writer, 2: writer})
    sys.close(writer)
    sys.close(null)
    data = bytearray()
    while chunk := await sys.read(reader):
        data += chunk[: max(0, (1 << 22) - len(data))]
    sys.close(reader)
    await sys.waitpid(pid)
    return bytes(data)


async def shell_command(vi: Vi, command: str) -> None:
    """:!COMMAND, its output below, Enter to go on."""
    output = decode(await output_of(vi, command)).replace("\n", "\r\n")
    await vi.write(f"\x1b[{vi.screen.rows};1H\r\n{output}\r\nPress ENTER or type command to continue")
    await vi.next_key()
    vi.screen.known = []
    vi.message = ""


def split_delimited(argument: str) -> list[str]:
    """/a/b/c with escaped delimiters."""
    mark = argument[0]
    pieces: list[str] = []
    current, index = "", 1
    while index < len(argument):
        ch = argument[index]
        if ch == "\\" and index + 1 < len(argument):
            following = argument[index + 1]
            current += following if following == mark else ch + following
            index += 2
            continue
        if ch == mark and len(pieces) < 2:
            pieces.append(current)
            current = ""
        else:
            current += ch
        index += 1
    return [*pieces, current]


def substitute(vi: Vi, bounds: Range, argument: str) -> None:
    """:s/pattern/replacement/flags"""
    if argument and not argument[0].isalnum() and argument[0] not in "&\"|":
        pattern, template, flags = (*split_delimited(argument), "", "")[:3]
        pattern = pattern or vi.searched[0]
        vi.substituted = (pattern, template, flags)
    else:
        pattern, template, flags = (*vi.substituted[:2], argument)
    if not pattern:
        raise Refused("E35: No previous regular expression")
    vi.searched = (pattern, True)
    try:
        compiled = Pattern(pattern, ignorecase="i" in flags or (vi.settings["ignorecase"] and "I" not in flags))
    except ValueError:
        raise Refused(f"E486: Pattern not found: {pattern}") from None
    count, rows = replace_all(vi, compiled, template, bounds, everywhere="g" in flags, dry="n" in flags)
    if not count:
        if "e" not in flags:
            raise Refused(f"E486: Pattern not found: {pattern}")
    elif count > 2 or "n" in flags:
        what = "match" if "n" in flags else "substitution"
        plural = "es" if what == "match" else "s"
        vi.message = f"{count} {what}{plural * (count != 1)} on {rows} line{'s' * (rows != 1)}"
    else:
        vi.message = ""


def replace_all(vi: Vi, compiled: Pattern, template: str, bounds: Range, *, everywhere: bool, dry: bool) -> tuple[int, int]:
    """Replace in all lines of a range: (matches, lines)."""
    text = vi.text
    total = rows = added = 0
    changed: list[tuple[int, str]] = []
    for row in range(max(0, bounds.first), bounds.last + 1):
        line, out, at, count = text.lines[row], "", 0, 0
        while (found := compiled.find(line, at)) is not None:
            count += 1
            out += line[at : found.start()] + replacement(template, found)
            at = found.end()
            if found.end() == found.start():
                out += line[at : at + 1]
                at += 1
            if not everywhere or at > len(line):
                break
        if count:
            total, rows = total + count, rows + 1
            changed.append((row, out + line[at:]))
    if changed and not dry:
        text.remember()
        for row, new in changed:
            lines = new.split("\n")
            text.lines[row + added : row + added + 1] = lines
            added += len(lines) - 1
            text.row = row + added
        text.col = text.first_word(text.row)
    return total, rows


async def every(vi: Vi, bounds: Range, argument: str, *, matching: bool) -> None:
    """:g/pattern/command and :v"""
    if not argument:
        raise Refused("E148: Regular expression missing from global")
    text = vi.text
    pattern, command = (*split_delimited(argument), "")[:2]
    rest = argument[len(pattern) + 2 :]
    command = rest or command or "p"
    try:
        compiled = Pattern(pattern or vi.searched[0], ignorecase=vi.settings["ignorecase"])
    except ValueError:
        raise Refused(f"E486: Pattern not found: {pattern}") from None
    first, last = (bounds.first, bounds.last) if bounds.given else (0, len(text.lines) - 1)
    rows = [row for row in range(first, last + 1) if (compiled.find(text.lines[row]) is not None) == matching]
    if not rows:
        raise Refused(f"E486: Pattern not found: {pattern}" if matching else f"E538: Pattern found in every line: {pattern}")
    depth = len(text.undo_list)
    before = len(text.lines)
    for row in rows:
        text.row = max(0, min(row + len(text.lines) - before, len(text.lines) - 1))
        try:
            await execute(vi, command)
        except Refused as error:
            vi.message = str(error)
    del text.undo_list[depth + 1 :]
    lost = before - len(text.lines)
    if abs(lost) > 2:
        vi.message = f"{lost} fewer lines" if lost > 0 else f"{-lost} more lines"


def settings(vi: Vi, argument: str) -> None:
    """:set"""
    for word in argument.split():
        name = word.rstrip("!?&")
        value = not name.startswith("no")
        name = SHORT.get(bare := name.removeprefix("no") if not value else name, bare)
        name = name.partition("=")[0]
        if name not in SETTINGS:
            vi.sys.unsimulated(f"vi: set {name}")
            raise Refused(f"E518: Unknown option: {word}")
        if word.endswith("?"):
            vi.message = f"{'  ' if vi.settings[name] else 'no'}{name}"
        else:
            vi.settings[name] = not vi.settings[name] if word.endswith("!") else value
    vi.screen.known = []
