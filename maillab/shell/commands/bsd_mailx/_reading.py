"""Commands about messages: showing, marking, saving and piping them."""

from __future__ import annotations

from maillab.shell.commands.bsd_mailx._command_kinds import OnMessages, Run
from maillab.shell.commands.bsd_mailx._messages import (
    DELETED,
    MBOX,
    PRESERVE,
    SAVED,
    TOUCHED,
)
from maillab.shell.commands.bsd_mailx._session import Session
from maillab.sim.host.errno import SysError


async def print_(session: Session, numbers: list[int], everything: bool = False, page: bool = False) -> None:
    out = bytearray()
    lines = 0
    for number in numbers:
        message = session.messages[number - 1]
        message.touch()
        session.dot = number
        lines += message.lines
        if "quiet" not in session.variables:
            out += f"Message {number}:\n".encode()
        out += message.shown(None if everything else session.is_ignored)
    limit = session.variables.get("crt")
    rows = int(limit) if limit and limit.isdigit() else session.size()[0]
    if page or (session.interactive and limit is not None and lines > rows):
        await session.pager(bytes(out))
    else:
        await session.out(bytes(out))


async def print_all(session: Session, numbers: list[int]) -> None:
    await print_(session, numbers, everything=True)


async def more(session: Session, numbers: list[int]) -> None:
    await print_(session, numbers, page=True)


async def more_all(session: Session, numbers: list[int]) -> None:
    await print_(session, numbers, everything=True, page=True)


async def next_(session: Session, rest: str) -> None:
    """The next message, or the first of a list after the current one (around the end)."""
    if rest:
        numbers = await session.selection(rest)
        if numbers is None:
            return
        if numbers:
            after = [number for number in numbers if number > session.dot]
            await print_(session, (after or numbers)[:1])
            return
    if not session.messages:
        await session.say("No applicable messages" if session.started else "At EOF")
        return
    if not session.started:
        if not session.messages[session.dot - 1].flags & DELETED:
            await print_(session, [session.dot])
            return
    for number in range(session.dot + 1, len(session.messages) + 1):
        if not session.messages[number - 1].flags & (DELETED | SAVED):
            await print_(session, [number])
            return
    await session.say("At EOF")


async def top(session: Session, numbers: list[int]) -> None:
    limit = session.variables.get("toplines", "")
    count = int(limit) if limit.isdigit() else 5
    blank = True
    for number in numbers:
        message = session.messages[number - 1]
        message.touch()
        session.dot = number
        await session.out(f"Message {number}:\n" if blank else f"\nMessage {number}:\n")
        lines = message.data.split(b"\n")[:-1][: count + 1]
        await session.out(b"".join(line + b"\n" for line in lines))
        blank = not lines[-1]


async def from_(session: Session, numbers: list[int]) -> None:
    for number in numbers:
        await session.say(session.headline(number))
    session.dot = numbers[-1]


async def headers(session: Session, numbers: list[int]) -> None:
    await session.headers(numbers[0])


async def scroll(session: Session, rest: str) -> None:
    size = session.page()
    screen = (session.dot - 1) // size
    back = rest.startswith("-")
    last = (len(session.messages) - 1) // size if session.messages else 0
    if back and screen == 0:
        await session.say("On first screenful of messages")
    elif not back and screen >= last:
        await session.say("On last screenful of messages")
    else:
        await session.headers(0, screen + (-1 if back else 1))


async def size_(session: Session, numbers: list[int]) -> None:
    for number in numbers:
        message = session.messages[number - 1]
        await session.say(f"{number}: {message.lines}/{len(message.data)}")
    session.dot = numbers[-1] if len(numbers) == 1 else session.dot


async def where(session: Session, rest: str) -> None:
    await session.say(str(session.dot))


async def delete(session: Session, numbers: list[int]) -> None:
    for number in numbers:
        message = session.messages[number - 1]
        message.touch()
        message.flags = (message.flags | DELETED | TOUCHED) & ~(PRESERVE | SAVED | MBOX)
    session.dot = numbers[-1]
    found = session.default_message()
    session.dot = found[0] if found else 1
    if "autoprint" in session.variables and found:
        await print_(session, found)


async def delete_and_print(session: Session, numbers: list[int]) -> None:
    before = session.dot
    await delete(session, numbers)
    found = session.default_message()
    if found and found[0] > before:
        await print_(session, found)
    else:
        await session.say("At EOF" if found else "No more messages")


async def undelete(session: Session, numbers: list[int]) -> None:
    for number in numbers:
        message = session.messages[number - 1]
        message.touch()
        message.flags &= ~DELETED
        session.dot = number


def marking(on: int, off: int) -> OnMessages:
    async def mark(session: Session, numbers: list[int]) -> None:
        for number in numbers:
            message = session.messages[number - 1]
            message.flags = (message.flags | on) & ~off
            session.dot = number

    return mark


def saving(mark: bool, body_only: bool = False) -> Run:
    async def save(session: Session, rest: str) -> None:
        words = rest.split()
        if not words:
            await session.say("No file specified.")
            return
        numbers = await session.selection(" ".join(words[:-1]))
        if numbers is None:
            return
        numbers = numbers or session.default_message()
        if not numbers:
            await session.say("No applicable messages")
            return
        path = await session.expand(words[-1])
        state = "[Appended]" if session.sys.exists(path) else "[New file]"
        ignored = session.is_save_ignored
        data = b""
        for number in numbers:
            session.messages[number - 1].touch()
            data += session.messages[number - 1].shown(ignored, body_only=body_only)
        try:
            session.sys.spew(path, data, "a")
        except SysError as error:
            await session.out(f'"{path}" ')
            await session.warn_text(f"fopen: {error.strerror}")
            return
        session.dot = numbers[-1]
        if mark:
            for number in numbers:
                session.messages[number - 1].flags |= SAVED
        await session.say(f'"{path}" {state}')

    return save


async def pipe(session: Session, rest: str) -> None:
    """Pipe messages into a shell command: the leading words that are message numbers are the list."""
    words = rest.split()
    count = 0
    while count < len(words) and (words[count].isdigit() or words[count] in "*.$^+-" or words[count].startswith(":")):
        count += 1
    numbers = await session.selection(" ".join(words[:count]))
    if numbers is None:
        return
    command = " ".join(words[count:])
    data = b""
    for number in numbers or session.default_message():
        session.messages[number - 1].touch()
        session.dot = number
        data += session.messages[number - 1].shown()
    printed, _ = await session.through(command, data)
    await session.out(printed)
