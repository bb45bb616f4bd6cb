"""getopt - parse command options (enhanced)

SYNOPSIS
    getopt optstring parameters
    getopt [-a] [-l longopts] [-n progname] [-q] [-Q] [-s shell] [-u] -o optstring [--] parameters
    getopt -T

DESCRIPTION
    The enhanced getopt of util-linux: the options in order, quoted for the shell, `--`, then the other parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import TRY_HELP, Found, Option, Options, UsageError, fail, gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"util-linux": "/usr/bin/getopt"}

OPTIONS = gnu(
    "-a,--alternative -l,--longoptions= -n,--name= -o,--options= -q,--quiet -Q,--quiet-output -s,--shell= -T,--test -u,--unquoted "
    "-h,--help -V,--version",
    standard=False, permute=False,
)  # fmt: skip
PARSE_ERROR, OWN_ERROR, ENHANCED = 1, 2, 4


def table(short: str, longs: list[str], *, alternative: bool) -> Options:
    """The options of the script that asks."""
    permute = not short.startswith("+")
    found: list[Option] = []
    for letter in short.lstrip("+-"):
        if letter == ":":
            last = found[-1]
            found[-1] = Option(last.name, last.letters, (), "?" if last.argument else "=")
        else:
            found.append(Option(letter, letter))
    for long in longs:
        bare = long.rstrip(":")
        found.append(Option(bare, "", (bare,), {0: "", 1: "="}.get(len(long) - len(bare), "?")))
    return Options(found, permute=permute, long_only=alternative)


def quoted(word: str) -> str:
    """A word between single quotes."""
    return "'" + word.replace("'", "'\\''") + "'"


def shown(found: Found, option: Option, *, plain: bool) -> str:
    """An option in the output."""
    text = f" {found.spelled}"
    if option.argument:
        value = found.value or ""
        text += f" {value if plain else quoted(value)}"
    return text


async def main(sys: Process, argv: list[str]) -> int:
    """getopt."""
    words = argv[1:]
    compatible = "GETOPT_COMPATIBLE" in sys.env or (bool(words) and not words[0].startswith("-"))
    if not words:
        await fail(sys, argv, "missing optstring argument", status=OWN_ERROR, hint=TRY_HELP)
    if compatible:
        short, parameters, longs = words[0], words[1:], []
        name, plain, alternative, quiet, silent = argv[0], True, False, False, False
    else:
        version = "getopt from util-linux 2.38.1\n"
        given = await OPTIONS.read(sys, argv, help=__doc__ + "\n", version=version, status=OWN_ERROR, hint=TRY_HELP)
        if given.has("test"):
            return ENHANCED
        parameters = given.operands
        if not given.has("options") and not parameters:
            await fail(sys, argv, "missing optstring argument", status=OWN_ERROR, hint=TRY_HELP)
        short = (given.last("options") or "") if given.has("options") else parameters.pop(0)
        longs = [long for text in given.values("longoptions") for long in text.replace(" ", ",").split(",") if long]
        name, plain, alternative = given.last("name") or argv[0], given.has("unquoted"), given.has("alternative")
        quiet, silent = given.has("quiet"), given.has("quiet-output")
    parameters = parameters[1:] if compatible and parameters[:1] == ["--"] else parameters
    options = table(short, longs, alternative=alternative)
    operands: list[str] = []
    out, status = "", 0
    try:
        for found in options.scan([name, *parameters], operands, posix="POSIXLY_CORRECT" in sys.env):
            option = next(option for option in options.table if option.name == found.name)
            out += shown(found, option, plain=plain)
    except UsageError as error:
        status = PARSE_ERROR
        if not quiet:
            await sys.stderr.write(f"{name}: {error}\n")
    if not silent:
        rest = "".join(f" {word if plain else quoted(word)}" for word in operands)
        await sys.stdout.write(f"{out} --{rest}\n")
    return status
