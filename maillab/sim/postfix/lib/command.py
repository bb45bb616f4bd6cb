"""The frame of a Postfix command: its voice on standard error and in the log, its options, its exit status.

    async def main(sys, argv):
        return await run_command(sys, argv, body)          body(log) -> int; Fatal ends it with status 1

Messages on standard error carry argv[0] as it was typed; those in the log carry `postfix/NAME`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from maillab.sim.postfix.lib.msg import Fatal, Msg

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

Body = Callable[[Msg], Awaitable[int]]


class Usage(Exception):
    """A command line that getopt(3) refuses; its complaint without the program's name."""


def getopt(argv: list[str], letters: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Options and operands; `letters` as for getopt(3), options come first. Raises Usage."""
    found: list[tuple[str, str]] = []
    at = 1
    while at < len(argv):
        word = argv[at]
        if word == "--":
            at += 1
            break
        if not word.startswith("-") or word == "-":
            break
        at += 1
        rest = word[1:]
        while rest:
            letter, rest = rest[0], rest[1:]
            place = letters.find(letter)
            if place < 0 or letter == ":":
                raise Usage(f"invalid option -- '{letter}'")
            if letters[place + 1 : place + 2] != ":":
                found.append((letter, ""))
                continue
            if not rest:
                if at >= len(argv):
                    raise Usage(f"option requires an argument -- '{letter}'")
                rest = argv[at]
                at += 1
            found.append((letter, rest))
            rest = ""
    return found, argv[at:]


async def run_command(
    sys: Process,
    argv: list[str],
    body: Body,
    *,
    logs: bool = True,
    tag: str = "",
    whole_name: bool = False,
    terminal_only: bool = False,
) -> int:
    """Run the body of a command and say its last words.

    `logs`: also to the system log, with `tag` ("postfix/NAME"). `whole_name`: messages begin with argv[0] as typed, otherwise
    with its last part.
    `terminal_only`: nothing is said on a standard error that is no terminal.
    """
    name = argv[0].rpartition("/")[2]
    spoken = argv[0] if whole_name else name
    log = Msg(sys, name, stderr=not terminal_only or sys.isatty(2), spoken=spoken, quiet=not logs)
    log.tag = tag or f"postfix/{name}"
    try:
        status = await body(log)
    except Fatal as failure:
        log.last_words(failure)
        status = failure.status
    await sys.stdout.flush()
    await log.flush()
    return status


def options_or_usage(log: Msg, argv: list[str], letters: str, usage: str) -> tuple[list[tuple[str, str]], list[str]]:
    """As `getopt`; a mistake is said, and ends the program with the usage text. Raises Fatal."""
    try:
        return getopt(argv, letters)
    except Usage as complaint:
        log.pending.append(f"{argv[0]}: {complaint}\n")
        log.fatal(usage)
