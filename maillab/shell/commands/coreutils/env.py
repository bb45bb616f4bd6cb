"""env - run a program in a modified environment

Usage: env [OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]
Set each NAME to VALUE in the environment and run COMMAND.

Mandatory arguments to long options are mandatory for short options too.
  -i, --ignore-environment  start with an empty environment
  -0, --null           end each output line with NUL, not newline
  -u, --unset=NAME     remove variable from the environment
  -C, --chdir=DIR      change working directory to DIR
  -S, --split-string=S  process and split S into separate arguments;
                        used to pass multiple arguments on shebang lines
      --block-signal[=SIG]    block delivery of SIG signal(s) to COMMAND
      --default-signal[=SIG]  reset handling of SIG signal(s) to the default
      --ignore-signal[=SIG]   set handling of SIG signal(s) to do nothing
      --list-signal-handling  list non default signal handling to stderr
  -v, --debug          print verbose information for each processing step
      --help        display this help and exit
      --version     output version information and exit

A mere - implies -i.  If no COMMAND, print the resulting environment.

SIG may be a signal name like 'PIPE', or a signal number like '13'.
Without SIG, all known signals are included.  Multiple signals can be
comma-separated.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._run import become
from maillab.shell.options import Given, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import NAMES, NUMBERS

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/env"}
AUTHORS = "Richard Mlynarik, David MacKenzie, and Assaf Gordon"
OPTIONS = gnu(
    "-i,--ignore-environment -0,--null -u,--unset= -C,--chdir= --default-signal=? --ignore-signal=? --block-signal=? "
    "--list-signal-handling -v,--debug -S,--split-string=",
    permute=False,
)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, _split(argv), __doc__, AUTHORS, trouble=125)
    given = await command.read(OPTIONS)
    words = list(given.operands)
    env: dict[str, str] = {} if given.has("ignore-environment") or words[:1] == ["-"] else dict(sys.env)
    if words[:1] == ["-"]:
        words.pop(0)
    for name in given.values("unset"):
        if not name or "=" in name:
            await command.die(f"cannot unset {command.q(name)}", SysError("EINVAL"))
        env.pop(name, None)
    while words and "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        env[name] = value
    if words and given.has("null"):
        await command.usage("cannot specify --null (-0) with command")
    if given.has("chdir") and not words:
        await command.usage("must specify command with --chdir (-C)")
    if not words:
        for name, value in env.items():
            await sys.stdout.write(f"{name}={value}" + ("\0" if given.has("null") else "\n"))
        return 0
    await _signals(command, given)
    if (directory := given.last("chdir")) is not None:
        try:
            sys.chdir(directory)
        except SysError as error:
            await command.die(f"cannot change directory to {command.file(directory)}", error)
    if given.has("debug"):
        await sys.stderr.write(f"executing: {words[0]}\n" + "".join(f"   arg[{i}]= {command.q(w)}\n" for i, w in enumerate(words)))
    spaces = " " in words[0] and not given.has("split-string")
    try:
        await become(command, words, env)
    finally:
        if spaces and not sys.exists(words[0]):
            await command.note("use -[v]S to pass options in shebang lines")


def _split(argv: list[str]) -> list[str]:
    """The words of -S in the place of the option."""
    out = [argv[0]]
    rest = argv[1:]
    while rest:
        word = rest.pop(0)
        for option in ("-vS", "-S", "--split-string="):
            if word.startswith(option):
                text = word[len(option) :] or (rest.pop(0) if rest and option != "--split-string=" else "")
                return [*out, *(["-v"] if option == "-vS" else []), *shlex.split(text), *rest]
        out.append(word)
        if not word.startswith("-"):
            break
    return out + rest


async def _signals(command: Command, given: Given) -> None:
    for kind, action in (("default-signal", "default"), ("ignore-signal", "ignore")):
        for found in given.found:
            if found.name != kind:
                continue
            for word in (found.value or ",".join(NUMBERS)).split(","):
                number = int(word) if word.isdigit() else NUMBERS.get(word.upper().removeprefix("SIG"), 0)
                if number not in NAMES:
                    await command.usage(f"{command.q(word)}: invalid signal")
                command.sys.signal(number, action)
    if given.has("block-signal"):
        command.sys.unsimulated("env --block-signal")
