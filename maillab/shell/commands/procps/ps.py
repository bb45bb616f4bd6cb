"""ps - show processes

SYNOPSIS
    ps [aux] [-ef] [-o FORMAT] [-C NAME] [-p PIDS] [-u USERS] [--sort KEYS] [--forest] ...

DESCRIPTION
    Understands the UNIX options (with a dash), the BSD ones (without) and the GNU long ones, mixed as in procps 4.0: selection by
    -A -e -a -d -N a x r T -p p -q -C -u -U U -G -g -s -t t --ppid --pid, formats -f -F -l -j -o o -O u l j, modifiers -H f --forest
    h --no-headers k --sort e w --cols. Without a selection: the processes of this user on this terminal.
    The columns are those of `_columns.py`.

EXIT STATUS
    1 when no process was selected or the command line is wrong.

BUGS
    Threads (-L -T -m H), -M, -Z, X, s and v formats are refused. `wchan`, flags and priorities are constants.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.shell import proc
from maillab.shell.commands.procps._columns import COLUMNS, FORMATS, LAST_COLUMNS, Column, Machine
from maillab.shell.proc import ProcessInfo
from maillab.sim.host.accounts import getgrnam, getpwnam
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"procps": "/bin/ps"}

USAGE = """
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1).
"""
VERSION = "ps from procps-ng 4.0.2\n"
START_COST = 4000  # microseconds: ps needs longer to start than its neighbours in a pipeline
GNU = {"forest", "no-headers", "no-heading", "noheader", "noheaders", "headers", "sort", "format", "pid", "ppid", "quick-pid", "user",
       "User", "group", "Group", "sid", "tty", "cols", "columns", "width", "rows", "lines", "deselect", "cumulative", "version", "help",
       "info"}
GNU_ARGUMENTS = {"sort": "long sort specification must follow --sort", "format": "format specification must follow --format",
                 "pid": "list of process IDs must follow --pid", "ppid": "list of process IDs must follow --ppid",
                 "quick-pid": "list of process IDs must follow --quick-pid", "user": "list of users must follow --user",
                 "User": "list of real users must follow --User", "group": "list of groups must follow --group",
                 "Group": "list of real groups must follow --Group", "sid": "list of sessions must follow --sid",
                 "tty": "list of terminals must follow --tty", "cols": "number of columns must follow --cols, --width, or --columns",
                 "columns": "number of columns must follow --cols, --width, or --columns",
                 "width": "number of columns must follow --cols, --width, or --columns",
                 "rows": "number of rows must follow --rows or --lines",
                 "lines": "number of rows must follow --rows or --lines"}
GNU_LETTERS = {"format": "o", "pid": "p", "quick-pid": "q", "user": "u", "User": "U", "group": "G", "Group": "G", "sid": "s", "tty": "t"}
UNIX_ARGUMENTS = {"C": "list of command names must follow -C", "p": "list of process IDs must follow -p",
                  "q": "list of process IDs must follow -q", "u": "list of users must follow -u", "U": "list of real users must follow -U",
                  "G": "list of real groups must follow -G", "g": "list of session leaders OR effective group names must follow -g",
                  "s": "list of session IDs must follow -s", "t": "list of terminals (pty, tty...) must follow -t",
                  "o": "format specification must follow -o", "O": "format or sort specification must follow -O"}
BSD_ARGUMENTS = {"p": "list of process IDs must follow p", "o": "format specification must follow o",
                 "O": "format or sort specification must follow O",
                 "U": "list of users must follow U", "k": "long sort specification must follow 'k'",
                 "q": "list of process IDs must follow q"}
Test = Callable[[ProcessInfo], bool]


class PsError(Exception):
    """A command line ps does not accept; the text follows `error: `."""


@dataclass
class Request:
    """What was asked for."""

    tests: list[Test] = field(default_factory=list)
    everything: bool = False
    bsd_a: bool = False
    bsd_x: bool = False
    running: bool = False
    inverse: bool = False
    bsd: bool = False
    style: str | None = None
    columns: list[tuple[str, str | None]] = field(default_factory=list)
    sort: list[tuple[str, bool]] = field(default_factory=list)
    headers: bool = True
    forest: str = ""
    width: int | None = None
    wide: int = 0
    answer: str | None = None


class Parser:
    """Reads the three styles of options into a Request."""

    def __init__(self, sys: Process, me: ProcessInfo | None) -> None:
        self.sys = sys
        self.me = me
        self.request = Request()
        self.words: list[str] = []

    def read(self, words: list[str]) -> Request:
        self.words = list(words)
        while self.words:
            word = self.words.pop(0)
            if word.startswith("--") and len(word) > 2:
                self._gnu(word)
            elif word.startswith("-") and len(word) > 1:
                self._dashed(word[1:])
            elif word[:1].isdigit():
                self._pids(word)
                self.request.bsd = True
            else:
                self._bsd(word)
        return self.request

    def _dashed(self, letters: str) -> None:
        """A UNIX word; one that fails (`-aux` where no user is called x) is read again as a BSD one."""
        kept, words = self.request, list(self.words)
        from copy import deepcopy

        before = Request(**{**vars(kept), "tests": list(kept.tests), "columns": deepcopy(kept.columns), "sort": list(kept.sort)})
        try:
            self._unix(letters)
        except PsError:
            if "u" not in letters or not set(letters) <= set("auxwfejlh"):
                raise
            self.request, self.words = before, words
            self._bsd(letters)

    def _argument(self, rest: str, missing: str) -> str:
        if rest:
            return rest
        if not self.words:
            raise PsError(missing)
        return self.words.pop(0)

    # --- styles

    def _unix(self, letters: str) -> None:
        request = self.request
        for i, letter in enumerate(letters):
            if letter in UNIX_ARGUMENTS:
                self._with_argument(letter, self._argument(letters[i + 1:], UNIX_ARGUMENTS[letter]))
                return
            if letter in "Ae":
                request.everything = True
            elif letter in "ad":
                request.tests.append((lambda p: p.sid != p.pid and p.tty != 0) if letter == "a" else (lambda p: p.sid != p.pid))
            elif letter == "N":
                request.inverse = True
            elif letter in "fFlj":
                request.style = letter
            elif letter == "H":
                request.forest = "indent"
            elif letter == "w":
                request.wide += 1
            elif letter == "V":
                request.answer = VERSION
            elif letter in "cynLTmMZPx":
                raise PsError(f"-{letter} is not simulated" if letter != "x" else "must set personality to get -x option")
            else:
                raise PsError("unsupported SysV option")

    def _with_argument(self, letter: str, value: str) -> None:
        request = self.request
        if letter == "C":
            names = value.split(",")
            request.tests.append(lambda p: any(p.comm == name[:15] for name in names))
        elif letter in "pq":
            self._pids(value)
        elif letter in "uU":
            uids = self._users(value)
            request.tests.append((lambda p: p.euid in uids) if letter == "u" else (lambda p: p.uid in uids))
        elif letter == "G":
            gids = self._groups(value)
            request.tests.append(lambda p: p.gid in gids)
        elif letter in "gs":
            sids = self._numbers(value)
            request.tests.append(lambda p: p.sid in sids)
        elif letter == "t":
            self._ttys(value)
        elif letter == "o":
            self._format(value)
        else:
            request.columns += [("pid", None)]
            self._format(value)
            request.columns += [("s", None), ("tname", None), ("time", None), ("args", "COMMAND")]

    def _bsd(self, letters: str) -> None:
        request = self.request
        request.bsd = True
        for i, letter in enumerate(letters):
            if letter in BSD_ARGUMENTS:
                value = self._argument(letters[i + 1:], BSD_ARGUMENTS[letter])
                if letter in "pq":
                    self._pids(value)
                elif letter == "k":
                    self._sort(value)
                elif letter == "U":
                    uids = self._users(value)
                    request.tests.append(lambda p, uids=uids: p.euid in uids)  # type: ignore[misc]
                else:
                    self._with_argument(letter, value)
                return
            if letter == "t":
                self._ttys(letters[i + 1:] or (proc.tty_name(self.me.tty) if self.me else "?"))
                return
            if letter == "a":
                request.bsd_a = True
            elif letter in "xg":
                request.bsd_x = request.bsd_x or letter == "x"
            elif letter == "r":
                request.running = True
            elif letter == "T":
                mine = self.me.tty if self.me else 0
                request.tests.append(lambda p, mine=mine: p.tty == mine)  # type: ignore[misc]
            elif letter in "ulj":
                request.style = f"bsd-{letter}"
            elif letter == "f":
                request.forest = "tree"
            elif letter == "h":
                request.headers = False
            elif letter == "w":
                request.wide += 1
            elif letter == "V":
                request.answer = VERSION
            elif letter in "ecnSHmXsvLMZ":
                if letter not in "eScn":
                    raise PsError(f"{letter} is not simulated")
                self.sys.unsimulated(f"ps {letter}")
            else:
                raise PsError("unsupported option (BSD syntax)")

    def _gnu(self, word: str) -> None:
        name, equals, value = word[2:].partition("=")
        if name not in GNU:
            if name.isdigit():
                raise PsError("unknown gnu long option")
            raise PsError("unknown gnu long option")
        request = self.request
        if name in GNU_ARGUMENTS and not equals:
            value = self._argument("", GNU_ARGUMENTS[name])
        if name == "forest":
            request.forest = "tree"
        elif name in ("no-headers", "no-heading", "noheader", "noheaders"):
            request.headers = False
        elif name == "sort":
            self._sort(value)
        elif name == "deselect":
            request.inverse = True
        elif name == "ppid":
            parents = self._numbers(value)
            request.tests.append(lambda p: p.ppid in parents)
        elif name in ("cols", "columns", "width"):
            request.width = int(value) if value.isdigit() else None
        elif name == "version":
            request.answer = VERSION
        elif name in ("help", "info"):
            request.answer = USAGE
        elif name in GNU_ARGUMENTS and name not in ("rows", "lines"):
            self._with_argument(GNU_LETTERS[name], value)

    # --- lists

    def _numbers(self, text: str) -> list[int]:
        words = text.replace(",", " ").split()
        if not words or not all(word.isdigit() for word in words):
            raise PsError("process ID list syntax error")
        if any(int(word) > 0x7FFFFFFF for word in words):
            raise PsError("process ID out of range")
        return [int(word) for word in words]

    def _pids(self, text: str) -> None:
        pids = self._numbers(text)
        self.request.tests.append(lambda p: p.pid in pids)

    def _users(self, text: str) -> list[int]:
        out = []
        for word in text.replace(",", " ").split():
            user = getpwnam(self.sys, word)
            if user is None and not word.isdigit():
                raise PsError("user name does not exist")
            out.append(user.uid if user else int(word))
        return out

    def _groups(self, text: str) -> list[int]:
        out = []
        for word in text.replace(",", " ").split():
            group = getgrnam(self.sys, word)
            if group is None and not word.isdigit():
                raise PsError("group name does not exist")
            out.append(group.gid if group else int(word))
        return out

    def _ttys(self, text: str) -> None:
        names = []
        for word in text.replace(",", " ").split():
            found = next((n for n in (word, f"pts/{word}", f"tty{word}") if n in ("-", "?") or self.sys.exists(f"/dev/{n}")), None)
            if word.startswith("/dev/") and self.sys.exists(word):
                found = word[5:]
            if found is None:
                raise PsError("TTY could not be found")
            names.append("?" if found == "-" else found)
        self.request.tests.append(lambda p: proc.tty_name(p.tty) in names)

    def _format(self, text: str) -> None:
        for word in text.replace(" ", ",").split(","):
            if not word:
                continue
            name, equals, header = word.partition("=")
            if name.partition(":")[0] not in COLUMNS:
                raise PsError(f'unknown user-defined format specifier "{name}"')
            self.request.columns.append((name, header if equals else None))

    def _sort(self, text: str) -> None:
        for word in text.split(","):
            name = word.lstrip("+-")
            if name not in COLUMNS:
                raise PsError("unknown sort specifier")
            self.request.sort.append((name, word.startswith("-")))


async def main(sys: Process, argv: list[str]) -> int:
    await sys.spend(START_COST)
    me = proc.process(sys, sys.pid)
    try:
        request = Parser(sys, me).read(argv[1:])
    except PsError as error:
        await sys.stderr.write(f"error: {error}\n{USAGE}")
        return 1
    if request.answer is not None:
        await sys.stdout.write(request.answer)
        return 0
    shown = [p for p in proc.processes(sys) if _selected(request, p, me)]
    machine = Machine(sys)
    for name, backwards in reversed(request.sort):
        key = COLUMNS[name].sort or (lambda p: p.pid)
        shown.sort(key=key, reverse=backwards)  # type: ignore[arg-type]
    if request.forest:
        shown = _forest(shown, machine, request.forest)
    await _print(sys, request, shown, machine)
    return 0 if shown else 1


def _selected(request: Request, p: ProcessInfo, me: ProcessInfo | None) -> bool:
    if request.running and p.state not in "RD":
        return False
    if request.everything or (request.bsd_a and request.bsd_x):
        chosen = True
    else:
        chosen = any(test(p) for test in request.tests)
        if request.bsd_a:
            chosen = chosen or p.tty != 0
        elif request.bsd_x:
            chosen = chosen or (me is not None and p.euid == me.euid)
        elif not request.tests:
            chosen = me is not None and p.euid == me.euid and p.tty == me.tty
    return chosen != request.inverse


def _forest(shown: list[ProcessInfo], machine: Machine, style: str) -> list[ProcessInfo]:
    """Children below their parents, with the lines of the tree in front of the command."""
    pids = {p.pid for p in shown}
    children: dict[int, list[ProcessInfo]] = {}
    for p in shown:
        children.setdefault(p.ppid if p.ppid in pids else 0, []).append(p)
    out: list[ProcessInfo] = []

    def visit(p: ProcessInfo, before: str, depth: int, last: bool) -> None:
        if style == "indent":
            machine.prefix[p.pid] = "  " * depth
        else:
            machine.prefix[p.pid] = before + " \\_ " if depth else ""
        out.append(p)
        below = children.get(p.pid, [])
        for i, child in enumerate(below):
            inner = before + ("    " if last else " |  ") if depth else ""
            visit(child, inner, depth + 1, i == len(below) - 1)

    for root in children.get(0, []):
        visit(root, "", 0, True)
    return out


async def _print(sys: Process, request: Request, shown: list[ProcessInfo], machine: Machine) -> None:
    style = request.style if request.style is not None else "bsd" if request.bsd else ""
    wanted = request.columns or FORMATS[style]
    digits = len(proc.read_text(sys, "/proc/sys/kernel/pid_max").strip()) or 5
    columns: list[tuple[Column, str, int]] = []
    for name, header in wanted:
        key, _, size = name.partition(":")
        column = COLUMNS[key]
        title = column.header if header is None else header
        width = int(size) if size.isdigit() else max(column.width or digits, len(title))
        columns.append((column, title, width))
    limit = _limit(sys, request)
    if request.headers and any(title for _, title, _ in columns):
        await sys.stdout.print(_row([(title, width, column) for column, title, width in columns])[:limit].rstrip(" "))
    for p in shown:
        cells = [(_cell(column, p, machine, width), width, column) for column, _, width in columns]
        await sys.stdout.print(_row(cells)[:limit])


def _cell(column: Column, p: ProcessInfo, machine: Machine, width: int) -> str:
    text = column.text(p, machine)
    if column.header in ("USER", "EUSER", "RUSER", "GROUP", "EGROUP", "RGROUP") and len(text) > width:
        return text[:width - 1] + "+"
    return text


def _row(cells: list[tuple[str, int, Column]]) -> str:
    """Cells in their widths; the last one, when aligned left, takes what it needs."""
    out = []
    for i, (text, width, column) in enumerate(cells):
        if column.left:
            last = i == len(cells) - 1
            cut = column in (COLUMNS[name] for name in LAST_COLUMNS)
            out.append(text if last else (text[:width] if cut else text).ljust(width))
        else:
            out.append(text.rjust(width))
    return " ".join(out)


def _limit(sys: Process, request: Request) -> int | None:
    if request.width is not None:
        return request.width
    if request.wide > 1:
        return None
    try:
        columns = sys.winsize(1)[1]
    except SysError:
        text = sys.env.get("COLUMNS", "")
        return int(text) if text.isdigit() and int(text) else None
    return columns + 52 * request.wide
