"""The command line of ls, dir and vdir: what the many options come down to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._ls_colors import Colors, read_colors
from maillab.shell.options import Given, UsageError, choice, gnu
from maillab.shell.quotearg import STYLES
from maillab.shell.sizes import BlockSize, SizeError, parse_block_size

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

OPTIONS = gnu(
    "-a,--all -b,--escape -d,--directory -D,--dired --full-time --group-directories-first -h,--human-readable -i,--inode -k,--kibibytes "
    "-n,--numeric-uid-gid -G,--no-group -q,--hide-control-chars -r,--reverse -s,--size -w,--width= -A,--almost-all -B,--ignore-backups "
    "--classify=? --file-type --si -H,--dereference-command-line --dereference-command-line-symlink-to-dir --hide= -I,--ignore= "
    "--indicator-style= -L,--dereference -N,--literal -Q,--quote-name --quoting-style= -R,--recursive --format= --show-control-chars "
    "--sort= -T,--tabsize= --time= --time-style= --zero --color=? --hyperlink=? --block-size= -Z,--context --author "
    "-1 -c -C -f -g -l -m -o -p -t -u -v -x -F -S -U -X"
)
WHEN = {"always": 1, "yes": 1, "force": 1, "never": 0, "no": 0, "none": 0, "auto": 2, "tty": 2, "if-tty": 2}
FORMATS = {
    "verbose": "long", "long": "long", "commas": "commas", "horizontal": "across", "across": "across", "vertical": "columns",
    "single-column": "one",
}  # fmt: skip
SORTS = {"none": "none", "time": "time", "size": "size", "extension": "extension", "version": "version", "width": "width"}
TIMES = {
    "atime": "atime", "access": "atime", "use": "atime", "ctime": "ctime", "status": "ctime", "mtime": "mtime", "modification": "mtime",
    "birth": "birth", "creation": "birth",
}  # fmt: skip
INDICATORS = {"none": "", "slash": "slash", "file-type": "type", "classify": "all"}
TIME_STYLES = {"full-iso": "full-iso", "long-iso": "long-iso", "iso": "iso", "locale": "locale"}
_FORMAT_OF = {"C": "columns", "x": "across", "m": "commas"}


@dataclass
class Settings:
    """Everything a listing depends on besides the files."""

    format: str = "one"  # one, columns, across, commas, long
    sort: str = "name"
    reverse: bool = False
    time: str = "mtime"
    directories_first: bool = False
    hidden: str = ""  # "" none, "almost", "all"
    ignore: list[str] = field(default_factory=list)
    hide: list[str] = field(default_factory=list)
    directory_itself: bool = False
    recursive: bool = False
    dereference: str = "never"  # never, command-line-directory, command-line, always
    inode: bool = False
    blocks: bool = False
    block_size: BlockSize = field(default_factory=BlockSize)
    size_unit: BlockSize = field(default_factory=lambda: BlockSize(1))
    numeric: bool = False
    owner: bool = True
    group: bool = True
    author: bool = False
    context: bool = False
    indicator: str = ""
    style: str = "literal"
    question_marks: bool = False
    width: int = 80
    tabsize: int = 8
    recent: str = "%b %e %H:%M"
    older: str = "%b %e  %Y"
    end: str = "\n"
    colors: Colors | None = None
    hyperlinks: bool = False


async def list_files(sys: Process, argv: list[str], doc: str | None, authors: str, mode: str = "") -> int:
    """The whole program; `mode` is "" for ls, "columns" for dir, "long" for vdir."""
    from maillab.shell.commands.coreutils._ls_listing import Lister

    command = Command(sys, argv, doc, authors, trouble=2)
    given = await command.read(OPTIONS)
    try:
        settings = await _settings(command, given, mode)
    except UsageError as error:
        await command.usage(error, 1 if "\n" in str(error) else None)
    if given.has("dired"):
        sys.unsimulated("ls --dired")
    return await Lister(command, settings).run(given.operands)


async def _settings(command: Command, given: Given, mode: str) -> Settings:
    sys = command.sys
    tty = sys.isatty(1)
    result = Settings()
    result.format = _format(given, mode, tty)
    await _names(command, given, result, mode, tty)
    await _sizes(command, given, result)
    result.width = await _width(command, given, tty)
    result.tabsize = await _tabsize(command, given)
    _order(given, result)
    await _times(command, given, result)
    _selection(given, result)
    result.numeric = given.has("numeric-uid-gid")
    result.owner, result.group = not given.has("g"), not given.has("no-group", "o")
    result.author, result.context = given.has("author"), given.has("context")
    result.inode = given.has("inode")
    result.blocks = given.has("size") and given.latest("f", "size") != "f"
    result.dereference = _dereference(given, result)
    color = _when(given, "color", tty)
    if color and not given.has("zero"):
        result.colors = await read_colors(command)
    result.hyperlinks = _when(given, "hyperlink", tty)
    return result


def _when(given: Given, name: str, tty: bool) -> bool:
    on = False
    for found in given.found:
        if found.name == name:
            when = choice(found.value, f"--{name}", WHEN) if found.value is not None else 1
            on = when == 1 or (when == 2 and tty)
    if name == "color" and given.has("f"):
        return on and given.latest("f", "color") == "color"
    return on


def _format(given: Given, mode: str, tty: bool) -> str:
    result = mode or ("columns" if tty else "one")
    for found in given.found:
        if found.name in ("l", "g", "o", "numeric-uid-gid", "full-time"):
            result = "long"
        elif found.name in _FORMAT_OF:
            result = _FORMAT_OF[found.name]
        elif found.name == "format":
            result = str(choice(found.value or "", "--format", FORMATS))
        elif found.name in ("1", "zero"):
            result = "one" if result != "long" or found.name == "zero" else "long"
        elif found.name == "f" and result == "long":
            result = "columns" if tty else "one"
    return result


async def _names(command: Command, given: Given, result: Settings, mode: str, tty: bool) -> None:
    """Quoting style, control characters, indicators."""
    modern = command.version >= (8, 25)
    style = "escape" if mode else "shell-escape" if tty and modern else "literal"
    if (wanted := command.sys.env.get("QUOTING_STYLE")) in STYLES:
        style = wanted or style
    quick = {"escape": "escape", "literal": "literal", "quote-name": "c", "zero": "literal"}
    for found in given.found:
        if found.name in quick:
            style = quick[found.name]
        elif found.name == "quoting-style":
            style = str(choice(found.value or "", "--quoting-style", {name: name for name in STYLE_ORDER}))
        elif found.name in ("classify", "F"):
            when = choice(found.value, "--classify", WHEN) if found.value is not None else 1
            result.indicator = "all" if when == 1 or (when == 2 and tty) else result.indicator
        elif found.name == "file-type":
            result.indicator = "type"
        elif found.name == "p":
            result.indicator = "slash"
        elif found.name == "indicator-style":
            result.indicator = str(choice(found.value or "", "--indicator-style", INDICATORS))
    result.style = style
    control = given.latest("hide-control-chars", "show-control-chars", "zero")
    result.question_marks = control == "hide-control-chars" if control else tty and not mode
    result.end = "\0" if given.has("zero") else "\n"


STYLE_ORDER = (
    "literal", "shell", "shell-always", "shell-escape", "shell-escape-always", "c", "c-maybe", "escape", "locale", "clocale",
)  # fmt: skip


async def _sizes(command: Command, given: Given, result: Settings) -> None:
    env = command.sys.env
    text = env.get("LS_BLOCK_SIZE") or env.get("BLOCK_SIZE")
    explicit: BlockSize | None = None
    if text:
        try:
            explicit = parse_block_size(text)
        except SizeError:
            explicit = None
    for found in given.found:
        if found.name == "human-readable":
            explicit = BlockSize(1, 1024)
        elif found.name == "si":
            explicit = BlockSize(1, 1000)
        elif found.name == "block-size":
            try:
                explicit = parse_block_size(found.value or "")
            except SizeError as error:
                what = "invalid suffix in " if error.kind == "suffix" else "invalid "
                await command.die(f"{what}--block-size argument {command.q(found.value or '')}")
    if explicit:
        result.block_size = result.size_unit = explicit
    elif "POSIXLY_CORRECT" in env and not given.has("kibibytes"):
        result.block_size = BlockSize(512)


async def _width(command: Command, given: Given, tty: bool) -> int:
    """The columns of a line; 0 is unlimited."""
    text = given.last("width")
    if text is not None:
        if not text.isdigit():
            await command.die(f"invalid line width: {command.q(text)}")
        return int(text)
    columns = command.sys.env.get("COLUMNS", "")
    if tty and (size := command.sys.winsize(1)[1]):
        return size
    return int(columns) if columns.isdigit() else 80


async def _tabsize(command: Command, given: Given) -> int:
    text = given.last("tabsize")
    if text is not None and not text.isdigit():
        await command.die(f"invalid tab size: {command.q(text)}")
    env = command.sys.env.get("TABSIZE", "8")
    return int(text) if text is not None else int(env) if env.isdigit() else 8


def _order(given: Given, result: Settings) -> None:
    letters = {"t": "time", "S": "size", "v": "version", "X": "extension", "U": "none", "f": "none"}
    sort = ""
    for found in given.found:
        if found.name in letters:
            sort = letters[found.name]
        elif found.name == "sort":
            sort = str(choice(found.value or "", "--sort", SORTS))
        elif found.name in ("c", "u"):
            result.time = {"c": "ctime", "u": "atime"}[found.name]
        elif found.name == "time":
            result.time = str(choice(found.value or "", "--time", TIMES))
    timed = given.has("c", "u", "time") and result.format != "long"
    result.sort = sort or ("time" if timed else "name")
    result.reverse = given.has("reverse")
    result.directories_first = given.has("group-directories-first")


async def _times(command: Command, given: Given, result: Settings) -> None:
    style = command.sys.env.get("TIME_STYLE") or ("long-iso" if command.version < (7,) else "locale")
    for found in given.found:
        if found.name == "full-time":
            style = "full-iso"
        elif found.name == "time-style":
            style = found.value or ""
    if style.startswith("+"):
        result.recent, newline, older = style[1:].partition("\n")
        result.older = older if newline else result.recent
        return
    style = style.removeprefix("posix-")
    if result.format != "long":
        return
    try:
        style = str(choice(style, "time style", TIME_STYLES))
    except UsageError:
        kind = "ambiguous" if not style else "invalid"
        await command.note(f"{kind} argument {command.q(style)} for {command.q('time style')}")
        await command.sys.stderr.write(
            "Valid arguments are:\n  - [posix-]full-iso\n  - [posix-]long-iso\n  - [posix-]iso\n  - [posix-]locale\n"
            f"  - +FORMAT (e.g., +%H:%M) for a 'date'-style format\nTry '{command.program} --help' for more information.\n"
        )
        command.sys.exit(2)
    formats = {
        "full-iso": ("%Y-%m-%d %H:%M:%S.%N %z",) * 2,
        "long-iso": ("%Y-%m-%d %H:%M",) * 2,
        "iso": ("%m-%d %H:%M", "%Y-%m-%d "),
        "locale": ("%b %e %H:%M", "%b %e  %Y"),
    }
    result.recent, result.older = formats[style]


def _selection(given: Given, result: Settings) -> None:
    """Which names are listed."""
    last = given.latest("all", "almost-all", "f")
    result.hidden = {"all": "all", "f": "all", "almost-all": "almost"}.get(last or "", "")
    result.ignore = given.values("ignore")
    if given.has("ignore-backups"):
        result.ignore += ["*~", ".*~"]
    result.hide = given.values("hide")
    result.directory_itself = given.has("directory")
    result.recursive = given.has("recursive") and not result.directory_itself


def _dereference(given: Given, result: Settings) -> str:
    names = {
        "dereference": "always", "dereference-command-line": "command-line",
        "dereference-command-line-symlink-to-dir": "command-line-directory",
    }  # fmt: skip
    last = given.latest(*names)
    if last:
        return names[last]
    if result.directory_itself or result.indicator == "all" or result.format == "long":
        return "never"
    return "command-line-directory"
