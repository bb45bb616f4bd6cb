"""telnet - talk to a service of another host

SYNOPSIS
    telnet [-4] [-6] [-8] [-a] [-c] [-d] [-E] [-K] [-L] [-r] [-b ADDRESS] [-e CHAR] [-l USER] [HOST [PORT]]

DESCRIPTION
    Opens a connection to PORT (a number or a name of /etc/services, 23 by default) of HOST. What is typed is sent line by line, the
    terminal edits and echoes the line; what arrives is shown at once. The escape character (control-]) gives the prompt `telnet> `,
    where `?` lists the commands; an empty line goes back to the connection.
    Behaviour as observed on GNU inetutils 2.4; before version 1 (netkit's telnet) the canonical name of the host is shown.
    Control-C, control-\\ and control-Z are sent as Telnet commands.

EXIT STATUS
    0 after `quit` or `close`, 1 when the connection fails or the other side closes it.

BUGS
    Telnet options are refused except TIMING-MARK, so there is no remote login. No authentication, no encryption, no trace file.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.inetutils_telnet._connection import Connection, Session
from maillab.shell.commands.inetutils_telnet._prompt import Prompt
from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError
from maillab.sim.program import read_image

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"inetutils-telnet": ["/usr/bin/telnet", "/usr/bin/inetutils-telnet"]}

OPTIONS = gnu("-4,--ipv4 -6,--ipv6 -8,--binary -a,--login -b,--bind= -c,--no-rc -d,--debug -e,--escape= -E,--no-escape -K,--no-login "
              "-l,--user= -L,--binary-output -n,--trace= -r,--rlogin -x,--encrypt -k,--realm= -X,--disable-auth= -?,--help --usage "
              "-V,--version", standard=False)
TRY = "Try 'telnet --help' or 'telnet --usage' for more information.\n"
VERSION = """telnet (GNU inetutils) 2.4
Copyright (C) 2022 Free Software Foundation, Inc.
License GPLv3+: GNU GPL version 3 or later <https://gnu.org/licenses/gpl.html>.
This is free software: you are free to change and redistribute it.
There is NO WARRANTY, to the extent permitted by law.

Written by many authors.
"""
USAGE = """Usage: telnet [-468acdEKLrx?V] [-b ADDRESS] [-e CHAR] [-l USER] [-n FILE]
            [-k REALM] [-X ATYPE] [--ipv4] [--ipv6] [--binary] [--login]
            [--bind=ADDRESS] [--no-rc] [--debug] [--escape=CHAR] [--no-escape]
            [--no-login] [--user=USER] [--binary-output] [--trace=FILE]
            [--rlogin] [--encrypt] [--realm=REALM] [--disable-auth=ATYPE]
            [--help] [--usage] [--version] [HOST [PORT]]
"""
HELP = """Usage: telnet [OPTION...] [HOST [PORT]]
Login to remote system HOST (optionally, on service port PORT)

 General options:

  -4, --ipv4                 use only IPv4
  -6, --ipv6                 use only IPv6
  -8, --binary               use an 8-bit data transmission
  -a, --login                attempt automatic login
  -b, --bind=ADDRESS         bind to specific local ADDRESS
  -c, --no-rc                do not read the user's .telnetrc file
  -d, --debug                turn on debugging
  -e, --escape=CHAR          use CHAR as an escape character
  -E, --no-escape            use no escape character
  -K, --no-login             do not automatically login to the remote system
  -l, --user=USER            attempt automatic login as USER
  -L, --binary-output        use an 8-bit data transmission for output only
  -n, --trace=FILE           record trace information into FILE
  -r, --rlogin               use a user-interface similar to rlogin

 Encryption control:

  -x, --encrypt              encrypt the data stream, if possible

 Authentication and Kerberos options:

  -k, --realm=REALM          obtain tickets for the remote host in REALM
                             instead of the remote host's realm
  -X, --disable-auth=ATYPE   disable type ATYPE authentication

  -?, --help                 give this help list
      --usage                give a short usage message
  -V, --version              print program version

Mandatory or optional arguments to long options are also mandatory or optional
for any corresponding short options.

Report bugs to <bug-inetutils@gnu.org>.
"""
NO_EFFECT_HERE = ("binary", "login", "user", "binary-output", "trace", "rlogin", "encrypt", "realm", "disable-auth")


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, hint=TRY)
    for name, text in (("help", HELP), ("usage", USAGE), ("version", VERSION)):
        if given.has(name):
            await sys.stdout.write(text)
            return 0
    if len(given.operands) > 2:
        await sys.stderr.write(f"{argv[0].rpartition('/')[2]}: too many arguments\n")
        return 1
    session = Session(sys, netkit=(program_version(sys) or (2,)) < (1,))
    for found in given.found:
        if found.name == "escape":
            session.escape = parse_escape(found.value or "")
            await sys.stderr.print(f"Telnet escape character is '{session.escape_text()}'.")
        elif found.name == "no-escape":
            session.escape = None
        elif found.name in ("ipv4", "ipv6"):
            session.family = "inet" if found.name == "ipv4" else "inet6"
        elif found.name == "bind":
            session.bind = found.value
        elif found.name in NO_EFFECT_HERE:
            sys.unsimulated(f"telnet --{found.name}")
    prompt = Prompt(session)
    if not given.operands:
        return await prompt.top_level()
    connection = await Connection.open(session, *given.operands)
    if connection is None:
        return 1
    return await prompt.converse(connection)


def program_version(sys: Process) -> tuple[int, ...]:
    """The version of the package this program's file came from, () when the file does not say."""
    try:
        program = read_image(sys.slurp("/proc/self/exe"))
    except SysError:
        return ()
    return program.version if program is not None else ()


def parse_escape(text: str) -> int | None:
    """The escape character of `-e` and `set escape`: a character, `^X`, or `off` / an empty word for none."""
    if text in ("", "off"):
        return None
    if len(text) > 1 and text[0] == "^":
        return 127 if text[1] == "?" else ord(text[1].upper()) & 0x1F
    return ord(text[0]) & 0xFF
