"""pr - convert text files for printing

Usage: pr [OPTION]... [FILE]...
Paginate or columnate FILE(s) for printing.

With no FILE, or when FILE is -, read standard input.

Mandatory arguments to long options are mandatory for short options too.
  +FIRST_PAGE[:LAST_PAGE], --pages=FIRST_PAGE[:LAST_PAGE]
                    begin [stop] printing with page FIRST_[LAST_]PAGE
  -COLUMN, --columns=COLUMN
                    output COLUMN columns and print columns down,
                    unless -a is used. Balance number of lines in the
                    columns on each page
  -a, --across      print columns across rather than down, used together
                    with -COLUMN
  -c, --show-control-chars
                    use hat notation (^G) and octal backslash notation
  -d, --double-space
                    double space the output
  -D, --date-format=FORMAT
                    use FORMAT for the header date
  -e[CHAR[WIDTH]], --expand-tabs[=CHAR[WIDTH]]
                    expand input CHARs (TABs) to tab WIDTH (8)
  -F, -f, --form-feed
                    use form feeds instead of newlines to separate pages
                    (by a 3-line page header with -F or a 5-line header
                    and trailer without -F)
  -h, --header=HEADER
                    use a centered HEADER instead of filename in page header,
                    -h "" prints a blank line, don't use -h""
  -i[CHAR[WIDTH]], --output-tabs[=CHAR[WIDTH]]
                    replace spaces with CHARs (TABs) to tab WIDTH (8)
  -J, --join-lines  merge full lines, turns off -W line truncation, no column
                    alignment, --sep-string[=STRING] sets separators
  -l, --length=PAGE_LENGTH
                    set the page length to PAGE_LENGTH (66) lines
                    (default number of lines of text 56, and with -F 63).
                    implies -t if PAGE_LENGTH <= 10
  -m, --merge       print all files in parallel, one in each column,
                    truncate lines, but join lines of full length with -J
  -n[SEP[DIGITS]], --number-lines[=SEP[DIGITS]]
                    number lines, use DIGITS (5) digits, then SEP (TAB),
                    default counting starts with 1st line of input file
  -N, --first-line-number=NUMBER
                    start counting with NUMBER at 1st line of first
                    page printed (see +FIRST_PAGE)
  -o, --indent=MARGIN
                    offset each line with MARGIN (zero) spaces, do not
                    affect -w or -W, MARGIN will be added to PAGE_WIDTH
  -r, --no-file-warnings
                    omit warning when a file cannot be opened
  -s[CHAR], --separator[=CHAR]
                    separate columns by a single character, default for CHAR
                    is the <TAB> character without -w and 'no char' with -w.
                    -s[CHAR] turns off line truncation of all 3 column
                    options (-COLUMN|-a -COLUMN|-m) except -w is set
  -S[STRING], --sep-string[=STRING]
                    separate columns by STRING,
                    without -S: Default separator <TAB> with -J and <space>
                    otherwise (same as -S" "), no effect on column options
  -t, --omit-header  omit page headers and trailers;
                     implied if PAGE_LENGTH <= 10
  -T, --omit-pagination
                    omit page headers and trailers, eliminate any pagination
                    by form feeds set in input files
  -v, --show-nonprinting
                    use octal backslash notation
  -w, --width=PAGE_WIDTH
                    set page width to PAGE_WIDTH (72) characters for
                    multiple text-column output only, -s[char] turns off (72)
  -W, --page-width=PAGE_WIDTH
                    set page width to PAGE_WIDTH (72) characters always,
                    truncate lines, except -J option is set, no interference
                    with -S or -s
      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import Given, gnu
from maillab.sim.host.stdio import decode
from maillab.sim.kernel.calendar import strftime

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/pr"}
AUTHORS = "Pete TerMaat and Roland Huebner"
OPTIONS = gnu(
    "--pages= --columns= -a,--across -c,--show-control-chars -d,--double-space -D,--date-format= -e,--expand-tabs=? -f,-F,--form-feed "
    "-h,--header= -i,--output-tabs=? -J,--join-lines -l,--length= -m,--merge -n,--number-lines=? -N,--first-line-number= -o,--indent= "
    "-r,--no-file-warnings -s,--separator=? -S,--sep-string=? -t,--omit-header -T,--omit-pagination -v,--show-nonprinting -w,--width= "
    "-W,--page-width= -0 -1 -2 -3 -4 -5 -6 -7 -8 -9"
)
HEAD_LINES, TRAILER_LINES = 5, 5
UNSIMULATED = ("show-control-chars", "output-tabs", "join-lines", "show-nonprinting")
_PAGES = re.compile(r"\+(\d+)(?::(\d+))?")


@dataclass
class Page:
    """How pages look."""

    length: int = 66
    width: int = 72
    columns: int = 1
    across: bool = False
    merge: bool = False
    header: bool = True
    pages: bool = True
    form_feed: bool = False
    double: bool = False
    indent: int = 0
    separator: str | None = None
    number: tuple[str, int] | None = None
    first_number: int = 1
    first: int = 1
    last: int = 1 << 30

    @property
    def room(self) -> int:
        """Text lines of a page."""
        lines = self.length - (HEAD_LINES + TRAILER_LINES if self.header else 0)
        return max(1, lines // 2 if self.double else lines)


async def main(sys: Process, argv: list[str]) -> int:
    pages = next((found for word in argv[1:] if (found := _PAGES.fullmatch(word))), None)
    command = Command(sys, [word for word in argv if not pages or word != pages[0]], __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    page = await _page(command, given)
    span = re.fullmatch(r"(\d+)(?::(\d+))?", given.last("pages") or "") or pages
    if span:
        page.first, page.last = int(span[1]), int(span[2] or page.last)
    for name in UNSIMULATED:
        if given.has(name):
            sys.unsimulated(f"pr --{name}")
    names = given.operands or ["-"]
    if page.merge:
        page.columns = len(names)
        texts = [text for name in names if (text := await _text(command, given, name)) is not None]
        await _print(command, given, page, "", texts)
        return command.status
    for name in names:
        text = await _text(command, given, name)
        if text is not None:
            await _print(command, given, page, name, [text])
    return command.status


async def _page(command: Command, given: Given) -> Page:
    page = Page()
    digits = "".join(found.name for found in given.found if found.name.isdigit())
    page.columns = await _number(command, given, "columns", int(digits or 1), "invalid number of columns")
    page.length = await _number(command, given, "length", 66, "'-l PAGE_LENGTH' invalid number of lines")
    page.indent = await _number(command, given, "indent", 0, "'-o MARGIN' invalid line offset")
    page.first_number = await _number(command, given, "first-line-number", 1, "'-N NUMBER' invalid starting line number")
    page.width = await _number(command, given, "width", 72, "'-w PAGE_WIDTH' invalid number of characters")
    page.width = await _number(command, given, "page-width", page.width, "'-W PAGE_WIDTH' invalid number of characters")
    page.across, page.merge = given.has("across"), given.has("merge")
    if page.merge and (given.has("columns") or digits):
        await command.die("cannot specify number of columns when printing in parallel")
    if page.merge and page.across:
        await command.die("cannot specify both printing across and printing in parallel")
    page.pages = not given.has("omit-header", "omit-pagination")
    page.header = page.pages and page.length > HEAD_LINES + TRAILER_LINES
    page.form_feed, page.double = given.has("form-feed"), given.has("double-space")
    if given.has("separator", "sep-string"):
        chosen = given.latest("separator", "sep-string") or ""
        page.separator = given.last(chosen) or ("\t" if chosen == "separator" else " ")
    if given.has("number-lines"):
        text = given.last("number-lines") or ""
        mark = text[:1] if text[:1] and not text[0].isdigit() else "\t"
        size = text[1:] if text[:1] and not text[0].isdigit() else text
        if size and not size.isdigit():
            await command.usage(f"'-n' extra characters or invalid number in the argument: {command.q(size)}")
        page.number = (mark, int(size or 5))
    return page


async def _number(command: Command, given: Given, name: str, default: int, sentence: str) -> int:
    text = given.last(name)
    if text is None:
        return default
    if not text.isdigit() or (not int(text) and name not in ("indent", "first-line-number")):
        await command.die(f"{sentence}: {command.q(text)}")
    return int(text)


async def _text(command: Command, given: Given, name: str) -> list[str] | None:
    """The lines of a file, tabs expanded where columns need it; None after a complaint."""
    fd = await command.open(name)
    if fd is None:
        return None
    lines = [decode(line).removesuffix("\n") async for line in command.lines(fd, name)]
    command.done(fd)
    columns = given.has("merge", "columns", "expand-tabs") or any(found.name.isdigit() for found in given.found)
    return [line.expandtabs() for line in lines] if columns else lines


async def _print(command: Command, given: Given, page: Page, name: str, texts: list[list[str]]) -> None:
    """One file (or several side by side), page by page."""
    sys = command.sys
    when = sys.clock() if page.merge or name == "-" else sys.stat(name).mtime
    date = strftime(given.last("date-format") or "%Y-%m-%d %H:%M", when)
    title = given.last("header")
    if title is None:
        title = "" if page.merge or name == "-" else name
    number = page.first_number
    at, count = 0, 0
    total = max((len(text) for text in texts), default=0)
    per_page = page.room * (1 if page.merge else page.columns)
    while at < total:
        count += 1
        rows = _rows(page, [text[at : at + per_page] for text in texts])
        at += per_page
        body = []
        for row in rows:
            body.append(_row(page, row, number))
            number += 1
        if not page.first <= count <= page.last:
            continue
        out = ["", "", _head(page, date, title, f"Page {count}"), "", ""] if page.header else []
        for line in body:
            out += [" " * page.indent + line, *([""] if page.double else [])]
        if page.header and not page.form_feed:
            out += [""] * (page.length - len(out))
        await sys.stdout.write("".join(line + "\n" for line in out) + ("\f" if page.form_feed and page.pages else ""))


def _head(page: Page, date: str, title: str, number: str) -> str:
    """Date, title and page number, spread over the width."""
    free = max(0, page.width - len(date) - len(title) - len(number))
    return f"{' ' * page.indent}{date}{' ' * max(1, free // 2)}{title}{' ' * max(1, free - free // 2)}{number}"


def _rows(page: Page, texts: list[list[str]]) -> list[list[str]]:
    """The cells of each output line of a page."""
    if page.merge:
        return [[text[i] if i < len(text) else "" for text in texts] for i in range(max(len(text) for text in texts))]
    lines = texts[0]
    if page.columns == 1:
        return [[line] for line in lines]
    if page.across:
        return [lines[i : i + page.columns] for i in range(0, len(lines), page.columns)]
    depth, extra = divmod(len(lines), page.columns)
    sizes = [page.room] * page.columns if len(lines) == page.room * page.columns else [depth + (c < extra) for c in range(page.columns)]
    columns, start = [], 0
    for size in sizes:
        columns.append(lines[start : start + size])
        start += size
    return [[column[i] for column in columns if i < len(column)] for i in range(max(sizes))]


def _row(page: Page, cells: list[str], number: int) -> str:
    """One line: its number, and its cells cut to their columns, the blanks between turned into tabs."""
    head = f"{number:>{page.number[1]}}"[-page.number[1] :] + page.number[0] if page.number else ""
    if page.columns == 1:
        return head + (cells[0] if cells else "")
    if page.separator is not None:
        return head + page.separator.join(cells)
    room = (page.width - len(head.expandtabs()) - (page.columns - 1)) // page.columns
    line, at, pending = head, len(head.expandtabs()), 0
    for column, cell in enumerate(cells):
        start = len(head.expandtabs()) + column * (room + 1)
        pending = start - at
        wanted = cell or page.merge
        line += _blanks(at, at + pending) if wanted else ""
        at += pending if wanted else 0
        line += cell[:room]
        at += len(cell[:room])
    return line


def _blanks(at: int, to: int) -> str:
    """Tabs as far as they go, then blanks."""
    out = ""
    while to - at > 1 and at // 8 * 8 + 8 <= to:
        out += "\t"
        at = at // 8 * 8 + 8
    return out + " " * (to - at)
