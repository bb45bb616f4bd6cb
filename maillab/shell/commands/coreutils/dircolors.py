"""dircolors - set the colours of ls

SYNOPSIS
    dircolors [-b|-c|-p] [FILE]

DESCRIPTION
    Prints the shell command that sets LS_COLORS, from FILE or from a table of its own; nothing is coloured when TERM and COLORTERM
    fit no pattern of the table. -b writes for sh, -c for csh, -p prints the table.

BUGS
    --print-ls-colors is refused. The table of -p has no comments.
"""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING

from maillab.shell.options import UsageError, gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.shell.options import Given
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/dircolors"}

OPTIONS = gnu("-b,--sh,--bourne-shell -c,--csh,--c-shell -p,--print-database --print-ls-colors")
HELP = """Usage: {prog} [OPTION]... [FILE]
Output commands to set the LS_COLORS environment variable.

Determine format of output:
  -b, --sh, --bourne-shell    output Bourne shell code to set LS_COLORS
  -c, --csh, --c-shell        output C shell code to set LS_COLORS
  -p, --print-database        output defaults
      --print-ls-colors       output fully escaped colors for display
      --help        display this help and exit
      --version     output version information and exit

If FILE is specified, read it to determine which colors to use for which
file types and extensions.  Otherwise, a precompiled database is used.
For details on the format of these files, run 'dircolors --print-database'.

GNU coreutils online help: <https://www.gnu.org/software/coreutils/>
Full documentation <https://www.gnu.org/software/coreutils/dircolors>
or available locally via: info '(coreutils) dircolors invocation'
"""
VERSION = "dircolors (GNU coreutils) 9.1\n"
CODES = {
    "RESET": "rs", "NORMAL": "no", "NORM": "no", "FILE": "fi", "DIR": "di", "LINK": "ln", "LNK": "ln", "SYMLINK": "ln", "ORPHAN": "or",
    "MISSING": "mi", "FIFO": "pi", "PIPE": "pi", "SOCK": "so", "BLK": "bd", "BLOCK": "bd", "CHR": "cd", "CHAR": "cd", "DOOR": "do",
    "EXEC": "ex", "LEFT": "lc", "LEFTCODE": "lc", "RIGHT": "rc", "RIGHTCODE": "rc", "END": "ec", "ENDCODE": "ec", "SUID": "su",
    "SETUID": "su", "SGID": "sg", "SETGID": "sg", "STICKY": "st", "OTHER_WRITABLE": "ow", "OWR": "ow", "STICKY_OTHER_WRITABLE": "tw",
    "OWT": "tw", "CAPABILITY": "ca", "MULTIHARDLINK": "mh", "CLRTOEOL": "cl",
}  # fmt: skip
TERMINALS = """?* Eterm ansi *color* con[0-9]*x[0-9]* cons25 console cygwin *direct* dtterm gnome hurd jfbterm konsole kterm linux
linux-c mlterm putty rxvt* screen* st terminator tmux* vt100 xterm*"""
KINDS = """RESET 0 DIR 01;34 LINK 01;36 MULTIHARDLINK 00 FIFO 40;33 SOCK 01;35 DOOR 01;35 BLK 40;33;01 CHR 40;33;01 ORPHAN 40;31;01
MISSING 00 SETUID 37;41 SETGID 30;43 CAPABILITY 00 STICKY_OTHER_WRITABLE 30;42 OTHER_WRITABLE 34;42 STICKY 37;44 EXEC 01;32"""
SUFFIXES = {
    "01;31": """.tar .tgz .arc .arj .taz .lha .lz4 .lzh .lzma .tlz .txz .tzo .t7z .zip .z .dz .gz .lrz .lz .lzo .xz .zst .tzst .bz2 .bz
.tbz .tbz2 .tz .deb .rpm .jar .war .ear .sar .rar .alz .ace .zoo .cpio .7z .rz .cab .wim .swm .dwm .esd""",
    "01;35": """.avif .jpg .jpeg .mjpg .mjpeg .gif .bmp .pbm .pgm .ppm .tga .xbm .xpm .tif .tiff .png .svg .svgz .mng .pcx .mov .mpg
.mpeg .m2v .mkv .webm .webp .ogm .mp4 .m4v .mp4v .vob .qt .nuv .wmv .asf .rm .rmvb .flc .avi .fli .flv .gl .dl .xcf .xwd .yuv .cgm .emf
.ogv .ogx""",
    "00;36": ".aac .au .flac .m4a .mid .midi .mka .mp3 .mpc .ogg .ra .wav .oga .opus .spx .xspf",
    "00;90": "*~ *# .bak .old .orig .part .rej .swp .tmp .dpkg-dist .dpkg-old .ucf-dist .ucf-new .ucf-old .rpmnew .rpmorig .rpmsave",
}


def database() -> str:
    """The table of the program itself, in the form of its files."""
    first, *terminals = TERMINALS.split()
    words = KINDS.split()
    lines = [f"COLORTERM {first}", *(f"TERM {name}" for name in terminals)]
    lines += [f"{kind} {code}" for kind, code in zip(words[::2], words[1::2], strict=True)]
    lines += [f"{name} {code}" for code, names in SUFFIXES.items() for name in names.split()]
    return "\n".join(lines) + "\n"


class NoShell(Exception):
    """Neither an option nor SHELL says for which shell to write."""


class BadLine(Exception):
    """A line that cannot be understood: the sentence about it."""


def ls_colors(text: str, env: dict[str, str]) -> str:
    """The value of LS_COLORS for a table. Raises BadLine."""
    found: list[str] = []
    fits: bool | None = None
    for number, raw in enumerate(text.split("\n"), 1):
        words = raw.split(None, 1)
        if not words or words[0].startswith("#"):
            continue
        keyword = words[0]
        value = words[1].split(" #")[0].strip() if len(words) > 1 else ""
        if not value:
            raise BadLine(f"{number}: invalid line;  missing second token")
        if keyword.upper() in ("TERM", "COLORTERM"):
            name = env.get(keyword.upper(), "" if keyword.upper() == "COLORTERM" else "none")
            fits = bool(fits) or fnmatch.fnmatchcase(name, value)
        elif keyword.startswith((".", "*")):
            found.append(f"{'*' if keyword.startswith('.') else ''}{keyword}={value}:")
        elif keyword.upper() in CODES:
            found.append(f"{CODES[keyword.upper()]}={value}:")
        elif keyword.upper() not in ("OPTIONS", "COLOR", "EIGHTBIT"):
            raise BadLine(f"{number}: unrecognized keyword {keyword}")
    return "" if fits is False else "".join(found)


async def main(sys: Process, argv: list[str]) -> int:
    """dircolors."""
    given = await OPTIONS.read(sys, argv, help=HELP, version=VERSION)
    try:
        csh = _csh(sys, given)
        if given.has("print-database"):
            await sys.stdout.write(database())
            return 0
        text = database()
        if given.operands:
            name = given.operands[0]
            text = (await sys.stdin.read() if name == "-" else sys.slurp(name)).decode("utf-8", "surrogateescape")
        value = ls_colors(text, sys.env)
    except UsageError as error:
        await sys.stderr.write(f"{argv[0]}: {error}\nTry '{argv[0]} --help' for more information.\n")
        return 1
    except SysError as error:
        await sys.stderr.print(f"{argv[0]}: {given.operands[0]}: {error}")
        return 1
    except NoShell:
        await sys.stderr.print(f"{argv[0]}: no SHELL environment variable, and no shell type option given")
        return 1
    except BadLine as error:
        await sys.stderr.print(f"{argv[0]}: {given.operands[0]}:{error}")
        return 1
    await sys.stdout.write(f"setenv LS_COLORS '{value}'\n" if csh else f"LS_COLORS='{value}';\nexport LS_COLORS\n")
    return 0


def _csh(sys: Process, given: Given) -> bool:
    """Whether to write for csh. Raises UsageError, NoShell."""
    if given.has("print-ls-colors"):
        raise UsageError("--print-ls-colors is not simulated")
    if given.has("print-database") and given.has("sh", "csh"):
        raise UsageError("the options to output non shell syntax,\nand to select a shell syntax are mutually exclusive")
    if len(given.operands) > (0 if given.has("print-database") else 1):
        raise UsageError(f"extra operand '{given.operands[0 if given.has('print-database') else 1]}'")
    chosen = given.latest("sh", "csh")
    if chosen or given.has("print-database"):
        return chosen == "csh"
    shell = sys.env.get("SHELL")
    if not shell:
        raise NoShell
    return shell.rpartition("/")[2] in ("csh", "tcsh")
