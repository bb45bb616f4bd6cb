"""dash - command interpreter (shell)

SYNOPSIS
    dash [-aCefnuvxIimqVEb] [+aCefnuvxIimqVEb] [-o option_name] [-c command_string] [file [argument ...]]

DESCRIPTION
    The Debian Almquist shell, /bin/sh of Debian and Ubuntu: the POSIX command language without arrays, [[, process
    substitution and brace expansion; its echo interprets backslashes, and its error messages begin with `sh: N:`.

FILES
    /etc/profile ~/.profile    read by login shells
    $ENV                       read by interactive shells

BUGS
    The vi and emacs editing modes are not simulated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.dialect import DASH
from maillab.shell.invocation import InvocationError, parse
from maillab.shell.startup import live, make_shell

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"dash": ["/bin/dash", "/bin/sh"]}


async def main(sys: Process, argv: list[str]) -> int:
    """Run dash."""
    try:
        given = parse(argv, dash=True, terminal=sys.isatty(0) and sys.isatty(2))
    except InvocationError as error:
        await sys.stderr.write(f"{argv[0]}: {error.message}\n")
        return error.status
    sh = make_shell(sys, given, DASH)
    sh.state.shell_name = argv[0]
    return await live(sh, given)
