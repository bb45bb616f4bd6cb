"""vim.tiny - Vi IMproved, a programmer's text editor (the small build that Debian calls vi)

SYNOPSIS
    vi [-R] [-c COMMAND] [+[LINE]] [+/PATTERN] [FILE]...
    view FILE
    ex [-s] [FILE]

DESCRIPTION
    A full screen editor with modes. In normal mode: h j k l w b e W B E 0 ^ $ f t F T ; , G gg H M L % { } / ? n N * # ' ` move;
    i a I A o O R insert until Escape; x X D C s S Y r J ~ p P . change; d c y < > take a motion or a text object; v V select; u and ^R undo
    and redo; m marks; "x names a register; ^F ^B ^D ^U ^E ^Y scroll; ZZ writes and quits. `:` starts a command: w q wq x e r s g v d y pu
    co m j set undo redo file next normal, with ranges. :set knows number, ignorecase, hlsearch, list, readonly, autoindent and wrapscan.

BUGS
    Swap files, windows, macros (q and @), folding, highlighting of matches and writing to a command are not simulated.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell.commands.vim_tiny._editor import Quit, Refused, Vi
from maillab.sim.host.stdio import decode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"vim-tiny": "/usr/bin/vim.tiny"}
VERSION = "VIM - Vi IMproved 9.0 (2022 Jun 28, compiled Feb 16 2025 05:23:41)"


async def main(sys: Process, argv: list[str]) -> int:
    """Edit."""
    called = argv[0].rsplit("/", 1)[-1]
    readonly, silent, ex = called in ("view", "rview"), False, called == "ex"
    commands: list[str] = []
    files: list[str] = []
    words = iter(argv[1:])
    for word in words:
        if word == "--version":
            await sys.stdout.write(f"{VERSION}\nIncluded patches: 1-1378, 1499, 1532, 1848, 1858, 1873, 1969, 2142\n")
            return 0
        if word == "--":
            files += words
        elif word in ("-R", "-M"):
            readonly = True
        elif word in ("-c", "--cmd"):
            commands.append(next(words, ""))
        elif word in ("-e", "-es"):
            ex, silent = True, word == "-es"
        elif word == "-s":
            silent = True
        elif word.startswith("+"):
            commands.append(word[1:] or "$")
        elif word in ("-n", "-N", "-v", "-y", "-i", "-u"):
            if word in ("-i", "-u"):
                next(words, "")
        elif word.startswith("-") and len(word) > 1:
            await sys.stderr.write(f'{VERSION}\nUnknown option argument: "{word}"\nMore info with: "vim -h"\n')
            return 1
        else:
            files.append(word)
    vi = Vi(sys, files, readonly=readonly)
    if ex:
        return await line_mode(vi, commands, silent=silent)
    for fd, what in ((1, "Output is not to"), (0, "Input is not from")):
        if not sys.isatty(fd):
            await sys.stderr.write(f"Vim: Warning: {what} a terminal\n")
    return await vi.run(commands)


async def line_mode(vi: Vi, commands: list[str], *, silent: bool) -> int:
    """ex: commands from standard input, one a line; `visual` starts the screen."""
    from maillab.shell.commands.vim_tiny._ex import execute

    sys = vi.sys
    message = vi.open(vi.files[0])
    vi.text.row = len(vi.text.lines) - 1
    if not silent:
        await sys.stdout.write(f'{message}\nEntering Ex mode.  Type "visual" to go to Normal mode.\n')
    try:
        for command in commands:
            await execute(vi, command)
        while True:
            if not silent:
                await sys.stdout.write(":")
                await sys.stdout.flush()
            data = await sys.stdin.readline()
            if not data:
                return 1
            await ex_line(vi, decode(data).rstrip("\n"), silent=silent)
    except Quit as leaving:
        return leaving.status


async def ex_line(vi: Vi, line: str, *, silent: bool) -> None:
    """One line of ex; a, i and c take text up to a dot."""
    from maillab.shell.commands.vim_tiny._ex import Range, execute

    if line.strip() in ("visual", "vi"):
        raise Quit(await vi.run([]))
    bounds = Range(vi, line).read()
    vi.message = ""
    try:
        if re.fullmatch(r"(a|append|i|insert|c|change)", bounds.rest):
            await take_text(vi, bounds.rest[0], bounds.first, bounds.last)
        else:
            await execute(vi, line or "+1")
    except Refused as error:
        vi.message = str(error)
    if vi.message and (not silent or bounds.rest.startswith(("p", "nu"))):
        await vi.sys.stdout.write(vi.message + "\n")


async def take_text(vi: Vi, how: str, first: int, last: int) -> None:
    """The lines up to a single dot."""
    lines: list[str] = []
    while (data := await vi.sys.stdin.readline()) and data != b".\n":
        lines.append(decode(data).rstrip("\n"))
    text = vi.text
    was_empty = text.empty
    text.remember()
    if how == "c":
        text.lines[first : last + 1] = lines
        text.row = first + len(lines) - 1
    else:
        at = max(0, last + (how == "a"))
        text.lines[at:at] = lines
        text.row = at + len(lines) - 1
        if was_empty:
            text.lines.remove("")
    text.clamp()
