"""diff - compare files line by line

SYNOPSIS
    diff [OPTION]... FILES

DESCRIPTION
    GNU diff 3.8: normal, -u, -c, -e, -n and -y output, the shortest edit script as GNU finds it, -i -w -b -B -E -Z --strip-trailing-cr,
    directories with -r -N -x -q -s, --label.

EXIT STATUS
    0 no differences, 1 differences, 2 trouble.

BUGS
    -d, -H and --horizon-lines are accepted: the edit script is always the shortest. -D, -F, -p, -I, -l, --to-file, --from-file,
    --color and line formats are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillab.shell import pattern as patterns
from maillab.shell.commands.diffutils import _output as output
from maillab.shell.commands.diffutils._compare import Change, changes
from maillab.shell.commands.diffutils._diff_help import HELP, VERSION
from maillab.shell.options import TRY_HELP, UsageError, fail, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import Input, encode
from maillab.sim.kernel import calendar

if TYPE_CHECKING:
    from maillab.shell.options import Given
    from maillab.sim.host.process import Process

INSTALLED = {"diffutils": "/usr/bin/diff"}

OPTIONS = gnu(
    "-0 -1 -2 -3 -4 -5 -6 -7 -8 -9 -a,--text -b,--ignore-space-change -B,--ignore-blank-lines -c -C,--context= -d,--minimal "
    "-e,--ed -E,--ignore-tab-expansion -H,--speed-large-files -i,--ignore-case -L,--label= -n,--rcs -N,--new-file --normal "
    "-q,--brief -r,--recursive -s,--report-identical-files -t,--expand-tabs -T,--initial-tab -u -U,--unified= "
    "--unidirectional-new-file -w,--ignore-all-space -W,--width= -x,--exclude= -y,--side-by-side -Z,--ignore-trailing-space "
    "--left-column --suppress-common-lines --strip-trailing-cr --horizon-lines= --no-dereference -v,--version",
    standard=False,
)
TROUBLE = 2
LONGEST = 64 << 20
HINT = "{prog}: " + TRY_HELP


class Style:
    """What the options say."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.context = 3
        self.form = "normal"
        self.labels = given.values("label")
        self.recursive = given.has("recursive")
        self.new_file = given.has("new-file")
        self.width = 130
        self.shown = ""

    def key(self, line: bytes) -> bytes:
        """A line as it is compared."""
        given = self.given
        if given.has("strip-trailing-cr") and line.endswith(b"\r\n"):
            line = line[:-2] + b"\n"
        if given.has("ignore-case"):
            line = line.lower()
        if given.has("ignore-all-space"):
            return b"".join(line.split())
        if given.has("ignore-space-change"):
            ended = b" ".join((b"x" + line + b"x").split())
            return ended[1:-1].rstrip()
        if given.has("ignore-trailing-space"):
            line = line.rstrip()
        if given.has("ignore-tab-expansion"):
            line = line.expandtabs(8)
        return line


async def read_style(sys: Process, argv: list[str], given: Given) -> Style:
    """The style of output; two different ones conflict."""
    style = Style(given)
    digits = "".join(found.name for found in given.found if found.name.isdigit())
    for found in given.found:
        form = {"c": "context", "context": "context", "u": "unified", "unified": "unified", "ed": "ed", "rcs": "rcs",
                "normal": "normal", "side-by-side": "side"}.get(found.name)  # fmt: skip
        if form is None:
            continue
        if style.form not in ("normal", form) and form != "normal":
            await trouble(sys, argv, "conflicting output style options", hint=HINT)
        style.form = form
        if found.name in ("context", "unified") and found.value is not None:
            if not found.value.isdigit():
                await trouble(sys, argv, f"invalid context length '{found.value}'", hint=HINT)
            style.context = int(found.value)
    if digits:
        style.context = int(digits)
        style.form = style.form if style.form in ("unified", "context") else "context"
    width = given.last("width")
    if width is not None:
        if not width.isdigit() or int(width) == 0:
            await trouble(sys, argv, f"invalid width '{width}'", hint=HINT)
        style.width = int(width)
    if len(style.labels) > 2:
        await trouble(sys, argv, "too many file label options")
    words = argv[1 : len(argv)]
    style.shown = " ".join(["diff", *[word for word in words if word.startswith("-") and len(word) > 1]])
    return style


async def trouble(sys: Process, argv: list[str], message: str, hint: str = "") -> None:
    """An error that ends the program with status 2."""
    await fail(sys, argv, message, status=TROUBLE, hint=hint)


class Diff:
    """One run."""

    def __init__(self, sys: Process, argv: list[str], style: Style) -> None:
        self.sys = sys
        self.called = argv[0]
        self.style = style

    async def complain(self, text: str) -> int:
        """A message; the status of trouble."""
        await self.sys.stdout.flush()
        await self.sys.stderr.write(f"{self.called}: {text}\n")
        return TROUBLE

    async def operands(self, old: str, new: str) -> int:
        """The two files of the command line; a directory stands for the file of the same name in it."""
        sys = self.sys
        folders = [name != "-" and sys.isdir(name) for name in (old, new)]
        if folders[0] != folders[1]:
            other = new if folders[0] else old
            if other == "-":
                return await self.complain("cannot compare '-' to a directory")
            if not (self.style.new_file and not sys.exists(other)):
                base = other.rstrip("/").rpartition("/")[2]
                if folders[0]:
                    old = f"{old.rstrip('/')}/{base}"
                else:
                    new = f"{new.rstrip('/')}/{base}"
        elif folders[0]:
            return await self.folders(old, new)
        return await self.files(old, new, alone=True)

    async def folders(self, old: str, new: str) -> int:
        """Two directories: names in the order of the C locale; a directory is the same as itself."""
        if self.sys.exists(old) and self.sys.exists(new):
            here, there = self.sys.stat(old), self.sys.stat(new)
            if (here.dev, here.ino) == (there.dev, there.ino):
                return 0
        names: list[list[str]] = []
        for folder in (old, new):
            try:
                names.append(self.sys.listdir(folder) if self.sys.exists(folder) or not self.style.new_file else [])
            except SysError as error:
                return await self.complain(f"{folder}: {error.strerror}")
        status = 0
        excluded = [patterns.compile(glob) for glob in self.style.given.values("exclude")]
        for name in sorted({*names[0], *names[1]}, key=encode):
            if any(glob.matches(name) for glob in excluded):
                continue
            one, other = f"{old.rstrip('/')}/{name}", f"{new.rstrip('/')}/{name}"
            missing = [name not in names[0], name not in names[1]]
            if any(missing) and not self.style.new_file:
                await self.sys.stdout.write(f"Only in {new if missing[0] else old}: {name}\n")
                status = max(status, 1)
            else:
                status = max(status, await self.member(one, other))
        return status

    async def member(self, old: str, new: str) -> int:
        """Two files of directories that are compared."""
        sys = self.sys
        folders = [sys.isdir(old), sys.isdir(new)]
        exist = [sys.exists(old), sys.exists(new)]
        if all(folders) or (any(folders) and not all(exist)):
            if self.style.recursive:
                return await self.folders(old, new)
            await sys.stdout.write(f"Common subdirectories: {old} and {new}\n")
            return 0
        if any(folders):
            kinds = [self.kind(old), self.kind(new)]
            await sys.stdout.write(f"File {old} is a {kinds[0]} while file {new} is a {kinds[1]}\n")
            return 1
        return await self.files(old, new, alone=False)

    def kind(self, name: str) -> str:
        """What kind of file a message says it is."""
        status = self.sys.stat(name)
        if status.kind == "-":
            return "regular file" if status.size else "regular empty file"
        return {"d": "directory", "p": "fifo", "s": "socket", "c": "character special file"}.get(status.kind, "weird file")

    async def read(self, name: str) -> bytes | None:
        """A whole file; None (and a message) when it cannot be read."""
        try:
            if name == "-":
                return await self.sys.stdin.read()
            if self.style.new_file and not self.sys.exists(name):
                return b""
            fd = self.sys.open(name, "r")
            data = await Input(self.sys, fd).read()
            self.sys.close(fd)
        except SysError as error:
            await self.complain(f"{name}: {error.strerror}")
            return None
        if len(data) > LONGEST:
            await self.complain("memory exhausted")
            return None
        return data

    async def files(self, old: str, new: str, *, alone: bool) -> int:
        """Two files; `alone`: named on the command line, so no heading."""
        first = await self.read(old)
        second = first if old == new == "-" else await self.read(new)
        if first is None or second is None:
            return TROUBLE
        style = self.style
        if first == second:
            return await self.same(old, new, first)
        brief = style.given.has("brief")
        if not style.given.has("text") and (b"\0" in first[:32768] or b"\0" in second[:32768]):
            kind = "Files" if brief else "Binary files"
            await self.sys.stdout.write(f"{kind} {old} and {new} differ\n")
            return 1
        texts = compared(style, first, second)
        if not texts.changes:
            return await self.same(old, new, first)
        if brief:
            await self.sys.stdout.write(f"Files {old} and {new} differ\n")
            return 1
        if not alone:
            await self.sys.stdout.write(f"{style.shown} {old} {new}\n")
        for part in self.shown(texts, old, new):
            await self.sys.stdout.write(part)
        return 1

    async def same(self, old: str, new: str, data: bytes) -> int:
        """No differences."""
        style = self.style
        if style.given.has("report-identical-files"):
            await self.sys.stdout.write(f"Files {old} and {new} are identical\n")
        elif style.form == "side":
            lines = data.splitlines(keepends=True)
            for part in self.shown(output.Texts(lines, lines, []), old, new):
                await self.sys.stdout.write(part)
        return 0

    def shown(self, texts: output.Texts, old: str, new: str) -> Iterator[bytes]:
        """The differences in the wanted form."""
        style = self.style
        if style.form in ("unified", "context"):
            yield from self.heading(old, new)
            yield from (output.unified if style.form == "unified" else output.contextual)(texts, style.context)
        elif style.form == "side":
            given = style.given
            sides = output.SideBySide(
                style.width, suppress=given.has("suppress-common-lines"), left_only=given.has("left-column"),
                expand=given.has("expand-tabs"),
            )  # fmt: skip
            yield from sides.lines(texts)
        else:
            yield from {"ed": output.ed, "rcs": output.rcs}.get(style.form, output.normal)(texts)

    def heading(self, old: str, new: str) -> Iterator[bytes]:
        """The names and times above hunks, or the labels."""
        marks = (b"---", b"+++") if self.style.form == "unified" else (b"***", b"---")
        for index, name in enumerate((old, new)):
            if index < len(self.style.labels):
                yield marks[index] + b" " + encode(self.style.labels[index]) + b"\n"
                continue
            yield marks[index] + b" " + encode(name) + b"\t" + self.time(name).encode() + b"\n"

    def time(self, name: str) -> str:
        """A file's time; of standard input, now; of an absent file, 1970."""
        try:
            when = self.sys.clock() if name == "-" else self.sys.stat(name).mtime
        except SysError:
            when = 0
        if self.style.form == "context":
            return calendar.strftime("%a %b %e %H:%M:%S %Y", when)
        return calendar.strftime("%Y-%m-%d %H:%M:%S", when) + f".{when % 1_000_000 * 1000:09d} +0000"


def compared(style: Style, first: bytes, second: bytes) -> output.Texts:
    """Both files as lines, and the changes that count."""
    old, new = lines_of(first), lines_of(second)
    found = changes([style.key(line) for line in old], [style.key(line) for line in new])
    if style.given.has("ignore-blank-lines"):
        found = [change for change in found if not blank(old, new, change)]
    return output.Texts(old, new, found)


def lines_of(data: bytes) -> list[bytes]:
    """Lines with their newlines."""
    return [line + b"\n" for line in data.split(b"\n")[:-1]] + ([data.rpartition(b"\n")[2]] if not data.endswith(b"\n") and data else [])


def blank(old: list[bytes], new: list[bytes], change: Change) -> bool:
    """Does a change only concern empty lines?"""
    lines = old[change.at : change.at + change.deleted] + new[change.to : change.to + change.inserted]
    return all(line == b"\n" for line in lines)


async def main(sys: Process, argv: list[str]) -> int:
    """diff."""
    if "--help" in argv[1:] or "--version" in argv[1:] or "-v" in argv[1:]:
        await sys.stdout.write((HELP if "--help" in argv else VERSION).replace("{prog}", argv[0]))
        return 0
    try:
        given = OPTIONS.parse(argv)
    except UsageError as error:
        await fail(sys, argv, str(error), status=TROUBLE, hint=f"{argv[0]}: {TRY_HELP}")
    style = await read_style(sys, argv, given)
    names = given.operands
    if len(names) < 2:
        await trouble(sys, argv, f"missing operand after '{names[0] if names else argv[-1]}'", hint=HINT)
    if len(names) > 2:
        await trouble(sys, argv, f"extra operand '{names[2]}'", hint=HINT)
    return await Diff(sys, argv, style).operands(names[0], names[1])
