"""sed - stream editor for filtering and transforming text

SYNOPSIS
    sed [OPTION]... {script-only-if-no-other-script} [input-file]...

DESCRIPTION
    GNU sed 4.9, the whole language: all addresses (0,/re/ first~step addr,+N addr,~N and !), the commands
    { } = a b c d D e F g G h H i l n N p P q Q r R s t T v w W x y z : #, the flags g p N i I m M e w of s,
    \\U \\L \\u \\l \\E in its right side, and editing in place.

OPTIONS
    -n, -e script, -f file, -E, -r, -i[SUFFIX], -s, -z, -u, -l N, --posix, --sandbox, --follow-symlinks

BUGS
    --debug is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.sed._execute import Editor, Panic
from maillab.shell.commands.sed._help import HELP, VERSION
from maillab.shell.commands.sed._input import Lines
from maillab.shell.commands.sed._script import Compiler
from maillab.shell.commands.sed._text import ScriptError
from maillab.shell.locale import is_utf8
from maillab.shell.options import fail, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.posix_regex import RegexError

if TYPE_CHECKING:
    from maillab.shell.options import Given
    from maillab.sim.host.process import Process

INSTALLED = {"sed": "/bin/sed"}

OPTIONS = gnu(
    "-b,--binary -E,-r,--regexp-extended -e,--expression= -f,--file= --follow-symlinks -i,--in-place=? -l,--line-length= "
    "-n,--quiet,--silent -z,--null-data,--zero-terminated -s,--separate -u,--unbuffered --posix --debug --sandbox"
)
USAGE = HELP.rpartition("E-mail")[0]
BAD_USAGE, BAD_INPUT, PANIC = 1, 2, 4
DEFAULT_WIDTH = 70


async def main(sys: Process, argv: list[str]) -> int:
    """sed."""
    given = await OPTIONS.read(sys, argv, help=HELP, version=VERSION, status=BAD_USAGE, hint=USAGE)
    if given.has("debug"):
        await fail(sys, argv, "--debug is not simulated", status=BAD_USAGE)
    utf8 = is_utf8(sys.env)
    compiler = Compiler(
        extended=given.has("regexp-extended"), posix=given.has("posix"), sandbox=given.has("sandbox"), unicode=utf8
    )  # fmt: skip
    try:
        if not await compile_script(sys, argv, given, compiler):
            await sys.stderr.write(USAGE.replace("{prog}", argv[0]))
            return BAD_USAGE
        commands = compiler.finish()
    except ScriptError as error:
        await fail(sys, argv, str(error), status=BAD_USAGE)
    suffix = (given.last("in-place") or "") if given.has("in-place") else None
    if suffix is not None and not given.operands:
        await fail(sys, argv, "no input files", status=PANIC)
    lines = Lines(
        sys, argv[0], given.operands or ["-"], separate=given.has("separate"), suffix=suffix,
        end=b"\0" if given.has("null-data") else b"\n",
    )  # fmt: skip
    editor = Editor(
        sys, commands, lines, quiet=given.has("quiet") or compiler.silent, width=line_width(given),
        posix=given.has("posix") or "POSIXLY_CORRECT" in sys.env, unbuffered=given.has("unbuffered"), utf8=utf8,
    )  # fmt: skip
    try:
        editor.open_files()
        status = await editor.run()
    except Panic as error:
        await fail(sys, argv, str(error), status=error.status)
    except RegexError:
        await fail(sys, argv, "regex input buffer length larger than INT_MAX", status=PANIC)
    return status or (lines.status if lines.failed else 0)


def line_width(given: Given) -> int:
    """The width of l; what is no number counts as 0, as atoi has it."""
    text = given.last("line-length", str(DEFAULT_WIDTH)) or ""
    return int(text) if text.isdigit() else 0


async def compile_script(sys: Process, argv: list[str], given: Given, compiler: Compiler) -> bool:
    """Compile the pieces of the script in their order; False when there is none."""
    expressions = 0
    for found in given.found:
        if found.name == "expression":
            expressions += 1
            compiler.add(to_text(found.value or "", compiler.unicode), f"-e expression #{expressions}")
        elif found.name == "file":
            name = found.value or ""
            try:
                data = await sys.stdin.read() if name == "-" else sys.slurp(name)
            except SysError as error:
                await fail(sys, argv, f"couldn't open file {name}: {error.strerror}", status=BAD_USAGE)
            text = data.decode("utf-8", "surrogateescape").removesuffix("\n")
            compiler.add(to_text(text, compiler.unicode), name, line_numbers=True)
    if given.has("expression", "file"):
        return True
    if not given.operands:
        return False
    compiler.add(to_text(given.operands.pop(0), compiler.unicode), "-e expression #1")
    return True


def to_text(word: str, utf8: bool) -> str:
    """A word of the command line as text: a character a byte outside a UTF-8 locale."""
    return word if utf8 else word.encode("utf-8", "surrogateescape").decode("latin-1")
