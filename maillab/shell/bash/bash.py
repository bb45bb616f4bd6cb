"""bash - GNU Bourne-Again SHell

SYNOPSIS
    bash [options] [command_string | file]

DESCRIPTION
    The command language of bash 5.2: quoting, expansions, redirections, functions, arrays, job control, traps, history.
    `bash FILE` runs a script, `bash -c STRING` a string, `bash` alone reads standard input, as a conversation when it is
    a terminal. -l reads the profile files, -i forces a conversation, -s reads standard input, and the options of `set`
    (-e -u -x -v -n ...) and of `shopt` (-O name) may be given.

FILES
    /etc/profile ~/.bash_profile ~/.profile    read by login shells
    /etc/bash.bashrc ~/.bashrc                 read by other interactive shells
    ~/.bash_history                            the commands typed before

BUGS
    Key bindings cannot be changed (`bind`, ~/.inputrc); restricted mode, translations of $"..." and programmable completion are not simulated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.dialect import BASH
from maillab.shell.invocation import Invocation, InvocationError, parse
from maillab.shell.startup import live, make_shell

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"bash": ["/bin/bash"]}

VERSION = """\
GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)
Copyright (C) 2022 Free Software Foundation, Inc.
License GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>

This is free software; you are free to change and redistribute it.
There is NO WARRANTY, to the extent permitted by law.
"""
VERSION_3 = """\
GNU bash, version 3.2.39(1)-release (i486-pc-linux-gnu)
Copyright (C) 2007 Free Software Foundation, Inc.
"""
USAGE = """\
Usage:	{name} [GNU long option] [option] ...
	{name} [GNU long option] [option] script-file ...
GNU long options:
	--debug
	--debugger
	--dump-po-strings
	--dump-strings
	--help
	--init-file
	--login
	--noediting
	--noprofile
	--norc
	--posix
	--pretty-print
	--rcfile
	--restricted
	--verbose
	--version
Shell options:
	-ilrsD or -c command or -O shopt_option		(invocation only)
	-abefhkmnptuvxBCEHPT or -o option
"""
HELP_TAIL = """\
Type `{name} -c "help set"' for more information about shell options.
Type `{name} -c help' for more information about shell builtin commands.
Use the `bashbug' command to report bugs.

bash home page: <http://www.gnu.org/software/bash>
General help using GNU software: <http://www.gnu.org/gethelp/>
"""


async def main(sys: Process, argv: list[str]) -> int:
    """Run bash."""
    name = argv[0]
    try:
        given = parse(argv, dash=False, terminal=sys.isatty(0) and sys.isatty(2))
    except InvocationError as error:
        usage = USAGE.format(name=name) if error.usage else ""
        message = error.message.replace("{name}", name)
        await sys.stderr.write(f"{name}: {message}\n{usage}")
        return error.status
    if given.help:
        first = "GNU bash, version 5.2.15(1)-release-(x86_64-pc-linux-gnu)\n"
        await sys.stdout.write(first + USAGE.format(name=name) + HELP_TAIL.format(name=name))
        return 0
    if given.version:
        await sys.stdout.write(VERSION if sys.program.version >= (4,) else VERSION_3)
        return 0
    refuse_silently(sys, given)
    if name.rsplit("/", 1)[-1].lstrip("-") == "sh":
        given.options["posix"] = True
    sh = make_shell(sys, given, BASH)
    sh.state.shell_name = name
    return await live(sh, given)


def refuse_silently(sys: Process, given: Invocation) -> None:
    """Modes that exist and are not simulated are at least stated."""
    if given.options.get("posix"):
        sys.unsimulated("bash --posix: only the order of startup files and aliases in scripts change")
