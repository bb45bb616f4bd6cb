"""grep, egrep, fgrep - print lines that match patterns

SYNOPSIS
    grep [OPTION]... PATTERNS [FILE]...
    grep [OPTION]... -e PATTERNS ... [FILE]...
    grep [OPTION]... -f PATTERN_FILE ... [FILE]...

DESCRIPTION
    GNU grep 3.8: basic, extended, fixed and Perl expressions, context, counts, names, colours, recursive search. Lines are read as
    they come; a file with a zero byte (or, in a UTF-8 locale, invalid text) is binary. egrep and fgrep are scripts on Debian:
    egrep is grep -E, fgrep grep -F.

BUGS
    -P is executed by another engine than PCRE: rare Perl constructs differ. -D and -U are accepted, and nothing they are about exists here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.grep._help import HELP, VERSION
from maillab.shell.commands.grep._matcher import Matcher, PatternError
from maillab.shell.commands.grep._search import Search, Settings
from maillab.shell.locale import is_utf8
from maillab.shell.options import UsageError, choice, fail, gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.shell.options import Given
    from maillab.sim.host.process import Process

INSTALLED = {"grep": ["/bin/grep", "/bin/egrep", "/bin/fgrep"]}

OPTIONS = gnu(
    "-E,--extended-regexp -F,--fixed-strings,--fixed-regexp -G,--basic-regexp -P,--perl-regexp -e,--regexp= -f,--file= "
    "-i,-y,--ignore-case --no-ignore-case -w,--word-regexp -x,--line-regexp -z,--null-data -s,--no-messages -v,--invert-match "
    "-m,--max-count= -b,--byte-offset -n,--line-number -u,--unix-byte-offsets --line-buffered -H,--with-filename -h,--no-filename "
    "--label= -o,--only-matching -q,--quiet,--silent --binary-files= -a,--text -I -d,--directories= -D,--devices= -r,--recursive "
    "-R,--dereference-recursive --include= --exclude= --exclude-from= --exclude-dir= -L,--files-without-match "
    "-l,--files-with-matches -c,--count -T,--initial-tab -Z,--null -B,--before-context= -A,--after-context= -C,--context= "
    "--group-separator= --no-group-separator --color,--colour=? -U,--binary -0 -1 -2 -3 -4 -5 -6 -7 -8 -9 -V"
)
USAGE = "Usage: {prog} [OPTION]... PATTERNS [FILE]...\nTry '{prog} --help' for more information.\n"
TROUBLE = 2
WHEN = {"always": "always", "yes": "always", "force": "always", "never": "never", "no": "never", "none": "never",
        "auto": "auto", "tty": "auto", "if-tty": "auto"}  # fmt: skip


async def main(sys: Process, argv: list[str]) -> int:
    """grep."""
    called = argv[0].rpartition("/")[2]
    flavour = {"egrep": "extended", "fgrep": "fixed"}.get(called, "")
    argv = ["grep" if flavour else argv[0], *argv[1:]]
    given = await OPTIONS.read(sys, argv, help=HELP, version=VERSION, status=TROUBLE, hint=USAGE)
    if given.has("V"):
        await sys.stdout.write(VERSION.replace("{prog}", argv[0]))
        return 0
    patterns = await read_patterns(sys, argv, given)
    if patterns is None:
        await sys.stderr.write(USAGE.replace("{prog}", argv[0]))
        return TROUBLE
    settings = await read_settings(sys, argv, given)
    try:
        matcher = Matcher(
            patterns, kind(given, flavour), ignorecase=given.latest("ignore-case", "no-ignore-case") == "ignore-case",
            word=given.has("word-regexp"), line=given.has("line-regexp"), utf8=is_utf8(sys.env),
        )  # fmt: skip
    except PatternError as error:
        await fail(sys, argv, str(error), status=TROUBLE)
    for warning in matcher.warnings:
        await sys.stderr.write(f"{argv[0]}: warning: {warning}\n")
    search = Search(sys, argv[0], matcher, settings)
    names = given.operands or (["."] if settings.recursive else ["-"])
    settings.show_name = show_names(given, settings, names)
    settings.bare_names = settings.recursive and not given.operands
    for name in names:
        await search.operand(name)
        if search.done:
            break
    if search.failed and not (settings.quiet and search.selected):
        return TROUBLE
    return 0 if search.selected else 1


def kind(given: Given, called_as: str) -> str:
    """Which of the four kinds of patterns."""
    last = given.latest("extended-regexp", "fixed-strings", "basic-regexp", "perl-regexp")
    return {"extended-regexp": "extended", "fixed-strings": "fixed", "basic-regexp": "basic", "perl-regexp": "perl"}.get(
        last or "", called_as or "basic"
    )


async def read_patterns(sys: Process, argv: list[str], given: Given) -> list[str] | None:
    """The patterns of -e and -f, or the first operand; None when there is none of them."""
    patterns: list[str] = []
    for found in given.found:
        if found.name == "regexp":
            patterns += (found.value or "").split("\n")
        elif found.name == "file":
            name = found.value or ""
            try:
                data = await sys.stdin.read() if name == "-" else sys.slurp(name)
            except SysError as error:
                await fail(sys, argv, f"{name}: {error.strerror}", status=TROUBLE)
            text = data.decode("utf-8", "surrogateescape")
            patterns += text.removesuffix("\n").split("\n") if text else []
    if given.has("regexp", "file"):
        return patterns
    return given.operands.pop(0).split("\n") if given.operands else None


async def read_settings(sys: Process, argv: list[str], given: Given) -> Settings:
    """All other options; a bad argument ends the program."""
    settings = Settings(
        invert=given.has("invert-match"), count=given.has("count"), quiet=given.has("quiet"), silent=given.has("no-messages"),
        numbers=given.has("line-number"), offsets=given.has("byte-offset"), only=given.has("only-matching"), null=given.has("null"),
        zero=given.has("null-data"), tab=given.has("initial-tab"), line_buffered=given.has("line-buffered"),
        label=given.last("label") or "(standard input)", names=given.latest("files-with-matches", "files-without-match") or "",
        include=given.values("include"), exclude=given.values("exclude"), exclude_dir=given.values("exclude-dir"),
        group_separator=None if given.latest("group-separator", "no-group-separator") == "no-group-separator"
        else given.last("group-separator", "--"),
    )  # fmt: skip
    await read_context(sys, argv, given, settings)
    try:
        settings.colour = use_colour(sys, given)
    except UsageError:
        await sys.stdout.write(HELP.replace("{prog}", argv[0]))
        await sys.stdout.flush()
        sys.exit(0)
    try:
        actions = {"read": "read", "recurse": "recurse", "skip": "skip"}
        for found in given.found:
            if found.name in ("recursive", "dereference-recursive"):
                settings.directories, settings.follow = "recurse", found.name != "recursive"
            elif found.name == "directories":
                settings.directories = choice(found.value or "", "--directories", actions)
    except UsageError as error:
        await fail(sys, argv, str(error), status=TROUBLE, hint=USAGE)
    for found in given.found:
        if found.name in ("text", "I", "binary-files"):
            settings.binary = {"text": "text", "I": "without-match"}.get(found.name, found.value or "")
            if settings.binary not in ("text", "without-match", "binary"):
                await fail(sys, argv, "unknown binary-files type", status=TROUBLE)
    for name in given.values("exclude-from"):
        try:
            settings.exclude += sys.slurp(name).decode("utf-8", "surrogateescape").split("\n")
        except SysError as error:
            await fail(sys, argv, f"{name}: {error.strerror}", status=TROUBLE)
    return settings


async def read_context(sys: Process, argv: list[str], given: Given, settings: Settings) -> None:
    """-A, -B, -C, -NUM and -m."""
    digits = "".join(found.name for found in given.found if found.name.isdigit())
    around = given.last("context", digits or None)
    before, after = given.last("before-context", around), given.last("after-context", around)
    for text in (around, before, after):
        if text is not None and not text.isdigit():
            await fail(sys, argv, f"{text}: invalid context length argument", status=TROUBLE)
    settings.before, settings.after = int(before or 0), int(after or 0)
    settings.grouped = before is not None or after is not None
    most = given.last("max-count")
    if most is not None:
        if not most.lstrip("-").isdigit():
            await fail(sys, argv, "invalid max count", status=TROUBLE)
        settings.most = int(most) if int(most) >= 0 else None


def use_colour(sys: Process, given: Given) -> bool:
    """--color: always, or on a terminal that is not dumb."""
    if not given.has("color"):
        return False
    when = choice(given.last("color") or "auto", "--color", WHEN)
    return when == "always" or (when == "auto" and sys.isatty(1) and sys.env.get("TERM", "dumb") != "dumb")


def show_names(given: Given, settings: Settings, names: list[str]) -> bool:
    """Is the file's name shown before each line?"""
    asked = given.latest("with-filename", "no-filename")
    if asked is not None:
        return asked == "with-filename"
    return len(names) > 1 or settings.recursive
