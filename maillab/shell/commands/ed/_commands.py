"""The commands of ed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.ed._buffer import Addresses, Line, Refused, delimited

if TYPE_CHECKING:
    from re import Match

    from maillab.shell.commands.ed._session import Session

LONG = 72


class Quit(Exception):
    """ed ends."""


async def obey(session: Session, line: str) -> None:
    """One command line. Raises Refused, Quit."""
    buffer = session.buffer
    at = Addresses(buffer, line)
    command, argument = at.rest[:1], at.rest[1:]
    warned, session.warned = session.warned, False
    here = (buffer.current, buffer.current)
    if not command:
        first, last = at.bounds((buffer.current + 1, buffer.current + 1))
        await show(session, last, last, "p")
    elif command in "aic":
        await take_text(session, command, at)
    elif command in "pnl":
        await show(session, *at.bounds(here), command + argument)
    elif command in "qQ":
        if command == "q" and buffer.modified and not warned:
            session.warned = True
            raise Refused("Warning: buffer modified")
        raise Quit
    elif command in "eErfwW":
        await with_file(session, command, argument, at, warned)
    elif command in "dmtjk":
        await on_lines(session, command, argument, at)
    elif command == "s":
        await substitute(session, argument, at)
    elif command in "gv":
        await every(session, argument, at, matching=command == "g")
    elif command == "=":
        await session.print(str(at.bounds((0, len(buffer.lines)), zero=True)[1]))
    elif command == "u":
        buffer.undo()
    elif command == "z":
        first = at.bounds((buffer.current + 1, buffer.current + 1))[1]
        size = int(argument) if argument.strip().isdigit() else 22
        await show(session, first, min(len(buffer.lines), first + size - 1), "p")
    elif command in "hHP":
        await answers(session, command)
    elif command != "#":
        raise Refused("Unknown command")


async def answers(session: Session, command: str) -> None:
    """h, H and P."""
    if command == "P":
        session.prompt = "" if session.prompt else session.last_prompt
        return
    if command == "H":
        session.explain = not session.explain
    if session.error and (command == "h" or session.explain):
        await session.print(session.error)


async def show(session: Session, first: int, last: int, how: str) -> None:
    """p, n and l, alone or after another command."""
    if how.strip("pnl"):
        raise Refused("Invalid command suffix")
    for number in range(first, last + 1):
        text = session.buffer.lines[number - 1]
        shown = escaped(text) if "l" in how else text
        await session.print(f"{number}\t{shown}" if "n" in how else shown)
    session.buffer.current = last


def escaped(text: str) -> str:
    """l: unprintable characters as escapes, long lines folded, `$` at the end."""
    names = {"\t": "\\t", "\b": "\\b", "\f": "\\f", "\r": "\\r", "\v": "\\v", "\a": "\\a", "\\": "\\\\", "$": "\\$"}
    out, line = "", ""
    for ch in text:
        piece = names.get(ch) or (ch if " " <= ch < "\x7f" else "".join(f"\\{byte:03o}" for byte in ch.encode("utf-8", "surrogateescape")))
        if len(line) + len(piece) >= LONG:
            out, line = out + line + "\\\n", ""
        line += piece
    return out + line + "$"


async def suffix(session: Session, letters: str) -> None:
    """What may follow a command: p, n, l show the current line."""
    if letters.strip():
        await show(session, session.buffer.current, session.buffer.current, letters.strip())


async def take_text(session: Session, command: str, at: Addresses) -> None:
    """a, i, c"""
    buffer = session.buffer
    first, last = at.bounds((buffer.current, buffer.current), zero=True)
    lines = await session.text_lines()
    buffer.remember()
    if command == "c":
        place = max(0, first - 1)
        del buffer.lines[place:last]
    else:
        place = last if command == "a" else max(0, last - 1)
    buffer.lines[place:place] = lines
    buffer.current = place + len(lines) if lines or command == "a" else min(place + 1, len(buffer.lines))


async def with_file(session: Session, command: str, argument: str, at: Addresses, warned: bool) -> None:
    """e, E, f, r, w, W"""
    buffer = session.buffer
    leave = command in "wW" and argument[:1] in ("q", "Q")
    argument = argument[1:] if leave else argument
    if argument and not argument[0].isspace():
        raise Refused("Unexpected command suffix")
    name = argument.strip()
    if command == "f":
        session.name = name or session.name
        if not session.name:
            raise Refused("No current filename")
        await session.print(session.name)
    elif command in "eE":
        if command == "e" and buffer.modified and not warned:
            session.warned = True
            raise Refused("Warning: buffer modified")
        await session.load(name or session.name)
    elif command == "r":
        last = at.bounds((0, len(buffer.lines)), zero=True)[1]
        lines = await session.read(name or session.name)
        buffer.remember()
        buffer.lines[last:last] = lines
        buffer.current = last + len(lines)
        session.name = session.name or name
    else:
        first, last = at.bounds((min(1, len(buffer.lines)), len(buffer.lines)), zero=True)
        await session.save(name, buffer.lines[max(0, first - 1) : last], append=command == "W")
        if leave:
            raise Quit


async def on_lines(session: Session, command: str, argument: str, at: Addresses) -> None:
    """d, m, t, j, k"""
    buffer = session.buffer
    here = (buffer.current, buffer.current + (command == "j"))
    first, last = at.bounds(here)
    if command == "k":
        if len(argument) != 1 or not argument.islower():
            raise Refused("Invalid mark character" if len(argument) == 1 else "Invalid command suffix")
        buffer.lines[last - 1] = buffer.marks[argument] = Line(buffer.lines[last - 1])
        return
    lines = buffer.lines[first - 1 : last]
    if command in "mt":
        there = Addresses(buffer, argument)
        target = there.bounds((buffer.current, buffer.current), zero=True)[1]
        if command == "m" and first <= target < last:
            raise Refused("Invalid destination")
        buffer.remember()
        if command == "m":
            del buffer.lines[first - 1 : last]
            target -= len(lines) if target >= last else 0
        buffer.lines[target:target] = lines
        buffer.current = target + len(lines)
        await suffix(session, there.rest)
        return
    buffer.remember()
    buffer.lines[first - 1 : last] = [] if command == "d" else ["".join(lines)]
    buffer.current = min(first, len(buffer.lines))
    await suffix(session, argument)


async def substitute(session: Session, argument: str, at: Addresses) -> None:
    """s/re/new/flags; s alone does the last one again."""
    buffer = session.buffer
    first, last = at.bounds((buffer.current, buffer.current))
    if argument and argument[0] not in "gprnl \n" and not argument[0].isdigit():
        pattern, rest = delimited(argument)
        new, flags = delimited(argument[0] + rest)
        if not rest.endswith(argument[0]) and not flags and argument[0] not in rest:
            flags = "p"
        session.substitution = (pattern or buffer.pattern, new, flags)
    pattern, new, flags = session.substitution
    program = buffer.compiled(pattern)
    nth = int("".join(ch for ch in flags if ch.isdigit()) or 1)
    shown = "".join(ch for ch in flags if ch in "pnl")
    lines, changed = buffer.lines[:], 0
    for number in range(first, last + 1):
        text, at_end = "", 0
        found_any = False
        for index, found in enumerate(program.finditer(lines[number - 1]), 1):
            if index < nth or (index > nth and "g" not in flags):
                continue
            text += lines[number - 1][at_end : found.start()] + filled(new, found)
            at_end, found_any = found.end(), True
        if found_any:
            lines[number - 1] = text + lines[number - 1][at_end:]
            changed = number
    if not changed:
        raise Refused("No match")
    buffer.remember()
    buffer.lines, buffer.current = lines, changed
    if shown:
        await show(session, changed, changed, shown)


def filled(template: str, found: Match[str]) -> str:
    """The new text: & and \\1 to \\9."""
    out, index = "", 0
    while index < len(template):
        ch = template[index]
        if ch == "\\" and index + 1 < len(template):
            index += 1
            ch = template[index]
            out += (found.group(int(ch)) or "") if ch.isdigit() else ch
        else:
            out += found.group() if ch == "&" else ch
        index += 1
    return out


async def every(session: Session, argument: str, at: Addresses, *, matching: bool) -> None:
    """g/re/command and v"""
    buffer = session.buffer
    first, last = at.bounds((1, len(buffer.lines)))
    if not argument.strip():
        raise Refused("Missing pattern delimiter")
    pattern, command = delimited(argument)
    program = buffer.compiled(pattern)
    before = (buffer.lines[:], buffer.current)
    buffer.lines = [line if isinstance(line, Line) else Line(line) for line in buffer.lines]
    chosen = [line for line in buffer.lines[first - 1 : last] if bool(program.search(line)) == matching]
    for line in chosen:
        number = next((n for n, text in enumerate(buffer.lines, 1) if text is line), 0)
        if number:
            buffer.current = number
            await obey(session, command or "p")
    if buffer.lines != before[0]:
        buffer.kept = before
