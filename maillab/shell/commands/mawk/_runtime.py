"""What a running awk program works with: the record and its fields, the special variables, the functions of the language."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from maillab.shell.commands.mawk import _values
from maillab.shell.commands.mawk._arrays import Table
from maillab.shell.commands.mawk._format import MissingArgument, sprintf
from maillab.shell.commands.mawk._regex import compile_regex
from maillab.shell.commands.mawk._streams import Reader, Separator, Streams
from maillab.shell.commands.mawk._values import AwkError, Input, Value, num, number_text
from maillab.sim.host.posix_regex import Regex, RegexError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

MOST_FIELDS = 32767
FUEL = 20000
FUEL_SECONDS = 0.002


class Next(Exception):
    """next."""


class NextFile(Exception):
    """nextfile."""


class Exit(Exception):
    """exit, with its value."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class Runtime:
    """The state of one run; upper case attributes are awk's variables of that name."""

    def __init__(self, sys: Process, main_input: MainInput) -> None:
        self.sys = sys
        self.streams = Streams(sys)
        self.main = main_input
        self.fuel = FUEL
        self.NR: Value = 0.0
        self.FNR: Value = 0.0
        self.FS: Value = " "
        self.RS: Value = "\n"
        self.OFS: Value = " "
        self.ORS: Value = "\n"
        self.SUBSEP: Value = "\x1c"
        self.CONVFMT: Value = "%.6g"
        self.OFMT: Value = "%.6g"
        self.RSTART: Value = 0.0
        self.RLENGTH: Value = -1.0
        self.FILENAME: Value = None
        self.form = "%.6g"
        self._record = ""
        self._fields: list[Value] | None = []
        self._stale = False
        self.generator: int | None = None
        self.seed: Value = sys.clock() // 1_000_000 * 1.0

    # --- the record

    def set_record(self, text: Value) -> Value:
        """$0 = text."""
        self._record = self.text(text)
        self._fields = None
        self._stale = False
        return text

    def line(self) -> str:
        """$0 as text."""
        if self._stale:
            self._record = self.text(self.OFS).join([self.text(value) for value in self._fields or []])
            self._stale = False
        return self._record

    def fields(self) -> list[Value]:
        """$1, $2...: cut when first asked for."""
        if self._fields is None:
            self._fields = [Input(part) for part in self.pieces(self._record, self.text(self.FS))]
        return self._fields

    def field(self, index: Value) -> Value:
        """$index."""
        at = self._index(index)
        if at == 0:
            return Input(self.line())
        found = self.fields()
        return found[at - 1] if at <= len(found) else None

    def _index(self, index: Value) -> int:
        number = num(index)
        if number != number or number < 0:
            raise AwkError(f"negative field index ${number_text(number, '%.6g')}")
        if number > MOST_FIELDS:
            raise AwkError(f"program limit exceeded: maximum number of fields size={MOST_FIELDS}")
        return int(number)

    def set_field(self, index: Value, value: Value) -> Value:
        """$index = value."""
        at = self._index(index)
        if at == 0:
            self.set_record(value)
            return value
        found = self.fields()
        if at > len(found):
            found.extend([""] * (at - len(found)))
        found[at - 1] = "" if value is None else value
        self._stale = True
        return value

    @property
    def NF(self) -> Value:
        """How many fields there are."""
        return float(len(self.fields()))

    @NF.setter
    def NF(self, value: Value) -> None:
        count = self._index(value)
        found = self.fields()
        del found[count:]
        found.extend([""] * (count - len(found)))
        self._stale = True

    def assign(self, name: str, value: Value) -> Value:
        """A special variable takes a value."""
        if name in ("FS", "OFS"):
            self.fields()
            self.line()
        setattr(self, name, value)
        if name == "CONVFMT":
            self.form = self.text(value)
        return value

    def pieces(self, text: str, separator: str | Regex) -> list[str]:
        """A text cut into fields: by blanks, into characters, by one character, by an expression."""
        if separator == " ":
            return WORDS(text)
        if not text:
            return []
        if separator == "":
            return list(text)
        if isinstance(separator, str):
            if len(separator) == 1:
                return text.split(separator)
            separator = self.regex(separator)
        return cut(separator, text)

    # --- values

    def text(self, value: Value) -> str:
        """A value as text, by CONVFMT."""
        if isinstance(value, str):
            return value
        return "" if value is None else number_text(value, self.form)

    def subscript(self, value: Value) -> Value:
        """A subscript in a program that sets CONVFMT: numbers that are not whole become text by it."""
        return self.text(value) if isinstance(value, float) and not value.is_integer() else value

    def regex(self, source: str) -> Regex:
        """The expression of a text."""
        try:
            return compile_regex(source)
        except ValueError as error:
            raise AwkError(str(error)) from None

    def search(self, pattern: Regex, text: str) -> re.Match[str] | None:
        """The first, longest match."""
        try:
            return pattern.search(text)
        except RegexError:
            raise AwkError("out of memory") from None

    # --- output

    def shown(self, value: Value) -> str:
        """A value as print shows it, by OFMT."""
        return number_text(value, self.text(self.OFMT)) if isinstance(value, float) else value or ""

    async def print(self, values: tuple[Value, ...], where: tuple[str, str] | None = None) -> None:
        """print."""
        if not values:
            text = self.line()
        elif len(values) == 1:
            text = self.shown(values[0])
        else:
            text = self.text(self.OFS).join([self.shown(value) for value in values])
        await self._emit(text + self.text(self.ORS), where)

    async def printf(self, values: tuple[Value, ...], where: tuple[str, str] | None = None) -> None:
        """printf; what precedes a missing argument is written before the error ends the program."""
        try:
            text = sprintf(self.text(values[0]), values[1:], "printf")
        except MissingArgument as error:
            await self._emit(error.done, where)
            raise
        await self._emit(text, where)

    async def _emit(self, text: str, where: tuple[str, str] | None) -> None:
        streams = self.streams
        await (streams.stdout if where is None else await streams.output(*where)).write(text)

    async def breathe(self) -> None:
        """A long loop lets others run and costs time."""
        self.fuel = FUEL
        await self.sys.sleep(FUEL_SECONDS)

    # --- input

    def separator(self) -> Separator:
        """RS: one character, blank lines ("") or an expression."""
        text = self.text(self.RS)
        return text if len(text) < 2 else self.regex(text)

    async def read_main(self, whole: bool) -> tuple[float, Value]:
        """The next record of the main input: (status, text); counts it."""
        text = await self.main.record(self)
        if text is None:
            return 0.0, None
        self.NR, self.FNR = num(self.NR) + 1, num(self.FNR) + 1
        return 1.0, Input(text)

    async def read_file(self, name: str) -> tuple[float, Value]:
        """getline < name."""
        reader = self.streams.input(name)
        return await self._read(reader) if reader is not None else (-1.0, None)

    async def read_command(self, command: str) -> tuple[float, Value]:
        """command | getline."""
        return await self._read(await self.streams.command(command))

    async def _read(self, reader: Reader) -> tuple[float, Value]:
        text = await reader.record(self.separator())
        return (0.0, None) if text is None else (1.0, Input(text))

    # --- functions that may wait

    async def system(self, command: str) -> float:
        """system(): output so far is written first."""
        await self.streams.flush()
        return await self.streams.wait(self.streams.shell(command, {0: 0, 1: 1, 2: 2}))

    async def close(self, name: str) -> float:
        """close()."""
        return await self.streams.close(name)

    async def fflush(self, name: str | None = None) -> float:
        """fflush()."""
        return await self.streams.flush(name)

    # --- functions on text

    def length(self, value: Any) -> float:
        """length(): of a text or of an array."""
        return float(len(value)) if isinstance(value, Table) else float(len(self.text(value)))

    def substr(self, value: Value, start: Value, count: Value = math.inf) -> str:
        """substr(): positions are cut to whole ones; what is before the first counts, as mawk has it."""
        text = self.text(value)
        first, size = whole(num(start)), whole(num(count))
        if first < 0:
            size -= first
        begin = max(0, first - 1)
        return text[begin : begin + max(0, size)]

    def index(self, text: str, part: str) -> float:
        """index(): from 1, 0 when the part does not occur."""
        return float(text.find(part) + 1)

    def tolower(self, text: str) -> str:
        """tolower(), ASCII letters only."""
        return text.translate(TO_LOWER)

    def toupper(self, text: str) -> str:
        """toupper(), ASCII letters only."""
        return text.translate(TO_UPPER)

    def sprintf(self, form: Value, *values: Value) -> str:
        """sprintf()."""
        return sprintf(self.text(form), values)

    def split(self, text: str, array: Table, separator: Value | Regex) -> float:
        """split()."""
        cutter = separator if isinstance(separator, Regex) else self.text(separator)
        parts = self.pieces(text, cutter)
        array.fill([Input(part) for part in parts])
        return float(len(parts))

    def match(self, text: str, pattern: Regex) -> float:
        """match(), with RSTART and RLENGTH."""
        found = self.search(pattern, text)
        self.RSTART = float(found.start() + 1) if found else 0.0
        self.RLENGTH = float(found.end() - found.start()) if found else -1.0
        return self.RSTART

    def substitute(self, pattern: Regex, replacement: str, text: str, every: bool) -> tuple[float, str]:
        """sub and gsub: how many replacements, and the text they make."""
        parts = replacement_parts(replacement)
        out: list[str] = []
        at, count = 0, 0
        try:
            for found in pattern.finditer(text):
                out.append(text[at : found.start()])
                out += [found.group() if part is None else part for part in parts]
                at = found.end()
                count += 1
                if not every:
                    break
        except RegexError:
            raise AwkError("out of memory") from None
        out.append(text[at:])
        return float(count), "".join(out)

    # --- functions on numbers

    def sin_(self, number: float) -> float:
        """sin()."""
        return math.sin(number) if math.isfinite(number) else -math.nan

    def cos_(self, number: float) -> float:
        """cos()."""
        return math.cos(number) if math.isfinite(number) else -math.nan

    def exp_(self, number: float) -> float:
        """exp()."""
        try:
            return math.exp(number)
        except OverflowError:
            return math.inf

    def log_(self, number: float) -> float:
        """log()."""
        if number == 0.0:
            return -math.inf
        return math.log(number) if number > 0 or number != number else -math.nan

    def sqrt_(self, number: float) -> float:
        """sqrt()."""
        return math.sqrt(number) if number >= 0 or number != number else -math.nan

    def int_(self, number: float) -> float:
        """int()."""
        return _values.truncate(number)

    def atan2(self, first: Value, second: Value) -> float:
        """atan2()."""
        return math.atan2(num(first), num(second))

    def rand(self) -> float:
        """rand(): from this host's stream of chance, or from the seed that srand() gave."""
        if self.generator is None:
            return float(self.sys.random.randrange(1 << 31)) / (1 << 31)
        self.generator = (self.generator * 6364136223846793005 + 1442695040888963407) & ((1 << 64) - 1)
        return float(self.generator >> 33) / (1 << 31)

    def srand(self, seed: Value = None) -> Value:
        """srand(): the seed before; the time is the seed when none is given."""
        before, self.seed = self.seed, float(self.sys.clock() // 1_000_000) if seed is None else seed
        self.generator = int(num(self.seed)) & ((1 << 64) - 1)
        return before


class MainInput:
    """The records of the files named in ARGV, assignments among them taken when their turn comes."""

    def __init__(self, arguments: Any, assign: Any) -> None:
        self.arguments = arguments
        self.assign = assign
        self.at = 1
        self.reader: Reader | None = None
        self.seen = False

    async def record(self, runtime: Runtime) -> str | None:
        """The next record, from the next file where need be."""
        while True:
            if self.reader is None and not self._open(runtime):
                return None
            assert self.reader is not None
            text = await self.reader.record(runtime.separator())
            if text is not None:
                return text
            self.skip(runtime)

    def skip(self, runtime: Runtime) -> None:
        """Done with the present file."""
        if self.reader is not None and self.reader.fd > 2:
            runtime.sys.close(self.reader.fd)
        self.reader = None

    def _open(self, runtime: Runtime) -> bool:
        """Go on to the next file of ARGV; False when there is none."""
        from maillab.shell.commands.mawk._streams import OutputError, to_path
        from maillab.sim.host.errno import SysError

        for name in self.arguments(self):
            if self.assign(name):
                continue
            self.seen = True
            runtime.FNR = 0.0
            runtime.FILENAME = Input(name)
            try:
                fd = 0 if name in ("-", "/dev/stdin") else runtime.sys.open(to_path(name), "r")
            except SysError as error:
                raise OutputError(f"cannot open {name} ({error.strerror})") from None
            self.reader = Reader(runtime.sys, fd)
            return True
        if not self.seen:
            self.seen = True
            self.reader = Reader(runtime.sys, 0)
            return True
        return False


WORDS = re.compile(r"[^ \t\n\r\f\v]+").findall
TO_LOWER = {code: code + 32 for code in range(65, 91)}
TO_UPPER = {code: code - 32 for code in range(97, 123)}


def whole(number: float) -> int:
    """A position or a length as an integer."""
    return 0 if number != number else int(max(-1e15, min(1e15, number)))


def cut(pattern: Regex, text: str) -> list[str]:
    """A text cut at each (not empty) match."""
    parts: list[str] = []
    at = 0
    for found in pattern.finditer(text):
        if found.end() > found.start():
            parts.append(text[at : found.start()])
            at = found.end()
    parts.append(text[at:])
    return parts


def replacement_parts(replacement: str) -> list[str | None]:
    """The replacement of sub: texts, and None where the match goes (`&`; `\\&` is a plain one)."""
    parts: list[str | None] = [""]
    at = 0
    while at < len(replacement):
        char = replacement[at]
        if char == "\\" and replacement[at + 1 : at + 2] in ("&", "\\"):
            char, at = replacement[at + 1], at + 1
            parts.append(char)
        else:
            parts.append(None if char == "&" else char)
        at += 1
    return parts


def names(runtime: Runtime, regexes: list[Regex]) -> dict[str, Any]:
    """The names the translated program uses."""
    return {
        "rt": runtime, "regexes": regexes, "ranges": {}, "Table": Table, "Next": Next, "NextFile": NextFile, "Exit": Exit,
        "num": num, "truth": _values.truth, "order": _values.order, "divide": _values.divide, "power": _values.power,
        "remainder": _values.remainder, "inf": math.inf,
    }  # fmt: skip
