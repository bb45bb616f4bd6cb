"""The commands of mail's prompt: their names in the order that decides abbreviations, and what each does."""

from __future__ import annotations

import shlex
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from maillab.shell.commands.bsd_mailx._letter import Letter
from maillab.shell.commands.bsd_mailx._messages import (
    DELETED,
    MBOX,
    NEW,
    PRESERVE,
    READ,
    SAVED,
    STATUS,
    TOUCHED,
    parse,
    skin,
    split_addresses,
)
from maillab.shell.commands.bsd_mailx._session import Leave, Session
from maillab.sim.host.errno import SysError

HELP = "/usr/share/bsd-mailx/mail.help"
VERSION = "Version 8.1.2 01/15/2001"
_WORD_END = " \t0123456789$^.:/-+*'\""

Run = Callable[[Session, str], Awaitable[None]]
OnMessages = Callable[[Session, list[int]], Awaitable[None]]


@dataclass(frozen=True)
class Entry:
    """A command: `messages` takes a list of messages (of state `wanted`), `run` takes the rest of the line as it is."""

    messages: OnMessages | None = None
    run: Run | None = None
    wanted: int = 0
    starts: bool = True
    composing: bool = True


async def execute(session: Session, line: str, composing: bool) -> None:
    """Run one line: an abbreviation of a command and its arguments."""
    line = line.lstrip()
    if line.startswith("!"):
        word, rest = "!", line[1:]
    elif line.startswith("#"):
        return
    else:
        cut = next((i for i, char in enumerate(line) if char in _WORD_END), len(line))
        word, rest = line[:cut], line[cut:].strip()
    if not word and not rest and session.depth:
        return
    if word == "?" or word.startswith("|"):
        word, rest = (word, rest) if word in COMMANDS else (line.split()[0], rest)
    name = next((name for name in COMMANDS if name.startswith(word)), None)
    if session.skip and session.skip[-1] and name not in ("if", "else", "endif"):
        return
    if name is None:
        await session.say(f'Unknown command: "{word}"')
        return
    entry = COMMANDS[name]
    if session.depth and not session.messages and entry.messages:
        await session.say(f'May not execute "{name}" while sourcing')
        return
    if composing and not entry.composing:
        await session.say(f'May not execute "{name}" when sending')
        return
    if entry.run:
        await entry.run(session, rest)
    elif entry.messages:
        await _on_messages(session, entry, rest)
    if not session.depth and entry.starts:
        session.started = True


async def _on_messages(session: Session, entry: Entry, text: str) -> None:
    numbers = await session.selection(text, entry.wanted)
    if numbers is None:
        return
    numbers = numbers or session.default_message(entry.wanted)
    if not numbers:
        await session.say("No applicable messages")
        return
    assert entry.messages
    await entry.messages(session, numbers)


# --- looking ----------------------------------------------------------------------------------------------------------------


async def _print(session: Session, numbers: list[int], everything: bool = False, page: bool = False) -> None:
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


async def _print_all(session: Session, numbers: list[int]) -> None:
    await _print(session, numbers, everything=True)


async def _more(session: Session, numbers: list[int]) -> None:
    await _print(session, numbers, page=True)


async def _more_all(session: Session, numbers: list[int]) -> None:
    await _print(session, numbers, everything=True, page=True)


async def _next(session: Session, rest: str) -> None:
    """The next message, or the first of a list after the current one (around the end)."""
    if rest:
        numbers = await session.selection(rest)
        if numbers is None:
            return
        if numbers:
            after = [number for number in numbers if number > session.dot]
            await _print(session, (after or numbers)[:1])
            return
    if not session.messages:
        await session.say("No applicable messages" if session.started else "At EOF")
        return
    if not session.started:
        if not session.messages[session.dot - 1].flags & DELETED:
            await _print(session, [session.dot])
            return
    for number in range(session.dot + 1, len(session.messages) + 1):
        if not session.messages[number - 1].flags & (DELETED | SAVED):
            await _print(session, [number])
            return
    await session.say("At EOF")


async def _top(session: Session, numbers: list[int]) -> None:
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


async def _from(session: Session, numbers: list[int]) -> None:
    for number in numbers:
        await session.say(session.headline(number))
    session.dot = numbers[-1]


async def _headers(session: Session, numbers: list[int]) -> None:
    await session.headers(numbers[0])


async def _scroll(session: Session, rest: str) -> None:
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


async def _size(session: Session, numbers: list[int]) -> None:
    for number in numbers:
        message = session.messages[number - 1]
        await session.say(f"{number}: {message.lines}/{len(message.data)}")
    session.dot = numbers[-1] if len(numbers) == 1 else session.dot


async def _where(session: Session, rest: str) -> None:
    await session.say(str(session.dot))


# --- marking ----------------------------------------------------------------------------------------------------------------


async def _delete(session: Session, numbers: list[int]) -> None:
    for number in numbers:
        message = session.messages[number - 1]
        message.touch()
        message.flags = (message.flags | DELETED | TOUCHED) & ~(PRESERVE | SAVED | MBOX)
    session.dot = numbers[-1]
    found = session.default_message()
    session.dot = found[0] if found else 1
    if "autoprint" in session.variables and found:
        await _print(session, found)


async def _delete_and_print(session: Session, numbers: list[int]) -> None:
    before = session.dot
    await _delete(session, numbers)
    found = session.default_message()
    if found and found[0] > before:
        await _print(session, found)
    else:
        await session.say("At EOF" if found else "No more messages")


async def _undelete(session: Session, numbers: list[int]) -> None:
    for number in numbers:
        message = session.messages[number - 1]
        message.touch()
        message.flags &= ~DELETED
        session.dot = number


def _marking(on: int, off: int) -> OnMessages:
    async def mark(session: Session, numbers: list[int]) -> None:
        for number in numbers:
            message = session.messages[number - 1]
            message.flags = (message.flags | on) & ~off
            session.dot = number

    return mark


# --- saving -----------------------------------------------------------------------------------------------------------------


def _saving(mark: bool, body_only: bool = False) -> Run:
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


async def _pipe(session: Session, rest: str) -> None:
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


# --- writing ----------------------------------------------------------------------------------------------------------------


async def _mail(session: Session, rest: str) -> None:
    from maillab.shell.commands.bsd_mailx._collect import split_names

    await session.write_letter(Letter(to=split_names(rest)), show_head=False)


def _reply(to_all: bool) -> OnMessages:
    async def reply(session: Session, numbers: list[int]) -> None:
        everybody = to_all != ("Replyall" in session.variables)
        message = session.messages[numbers[0] - 1]
        message.touch()
        session.dot = numbers[0]
        author = message.sender(reply=True)
        letter = Letter(to=[author])
        answer_to = message.header("reply-to")
        if answer_to:
            letter.to = split_addresses(skin(answer_to))
        elif everybody:
            others = [name for name in split_addresses(skin(message.header("to") or "")) if not _is_me(session, name)]
            letter.to = _once([author, *others])
            letter.cc = [name for name in split_addresses(skin(message.header("cc") or "")) if not _is_me(session, name)]
        subject = message.header("subject")
        if subject is not None:
            letter.subject = subject if subject[:3].lower() == "re:" else f"Re: {subject}"
        letter.in_reply_to = message.header("message-id")
        await session.write_letter(letter, show_head=True)

    return reply


def _is_me(session: Session, name: str) -> bool:
    return name.lower() in (session.user.lower(), *(other.lower() for other in session.alternates))


def _once(names: list[str]) -> list[str]:
    return list({name.lower(): name for name in reversed(names)}.values())[::-1]


async def _edit(session: Session, numbers: list[int]) -> None:
    for number in numbers:
        message = session.messages[number - 1]
        data = await session.edit(message.data, "EDITOR")
        if data is not None:
            message.data = data


# --- settings ---------------------------------------------------------------------------------------------------------------


async def _set(session: Session, rest: str) -> None:
    if not rest:
        for name in sorted(session.variables):
            await session.say(f"{name}\t{session.variables[name]}")
        return
    for word in _words(rest):
        name, _, value = word.partition("=")
        if not name:
            await session.say("Non-null variable name required")
        elif name.startswith("no") and not value:
            session.variables.pop(name[2:], None)
            session.variables[name] = ""
        else:
            session.variables[name] = value


async def _unset(session: Session, rest: str) -> None:
    for name in _words(rest):
        if session.variables.pop(name, None) is None and not session.depth:
            await session.say(f'"{name}": undefined variable')


async def _alias(session: Session, rest: str) -> None:
    words = _words(rest)
    if not words:
        for name in sorted(session.aliases):
            await _show_alias(session, name)
    elif len(words) == 1:
        if words[0] in session.aliases:
            await _show_alias(session, words[0])
        else:
            await session.say(f'"{words[0]}": not a group')
    else:
        session.aliases.setdefault(words[0], []).extend(name for word in words[1:] for name in word.split(",") if name)


async def _show_alias(session: Session, name: str) -> None:
    await session.say(f"{name}\t " + " ".join(reversed(session.aliases[name])))


async def _unalias(session: Session, rest: str) -> None:
    for name in _words(rest):
        session.aliases.pop(name, None)


async def _alternates(session: Session, rest: str) -> None:
    if rest:
        session.alternates = _words(rest)
    elif session.alternates:
        await session.say(" ".join(session.alternates))


def _fields(attribute: str, what: str) -> Run:
    async def fields(session: Session, rest: str) -> None:
        names: list[str] = getattr(session, attribute)
        if not rest:
            if not names:
                await session.say(f"No fields currently being {what}.")
            for name in sorted(names):
                await session.say(name)
        names += [name.lower() for name in rest.split() if name.lower() not in names]

    return fields


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


# --- the rest ---------------------------------------------------------------------------------------------------------------


async def _quit(session: Session, rest: str) -> None:
    raise Leave(True)


async def _exit(session: Session, rest: str) -> None:
    raise Leave(False)


async def _help(session: Session, rest: str) -> None:
    try:
        await session.out(session.sys.slurp(HELP))
    except SysError as error:
        await session.warn(HELP, error)


async def _list(session: Session, rest: str) -> None:
    """The names of all commands, filled into lines."""
    await session.say("Commands are:")
    line = ""
    names = list(COMMANDS)
    for number, name in enumerate(names):
        if len(line) + len(name) + 2 > 72:
            await session.say(line)
            line = ""
        line += name + (", " if number < len(names) - 1 else "")
    await session.say(line)


async def _shell_command(session: Session, rest: str) -> None:
    await session.shell(rest.strip())
    await session.say("!")


async def _shell(session: Session, rest: str) -> None:
    await session.shell("")
    await session.say("")


async def _cd(session: Session, rest: str) -> None:
    path = await session.expand(rest) if rest else session.home
    try:
        session.sys.chdir(path)
    except SysError as error:
        await session.warn(path, error)


async def _source(session: Session, rest: str) -> None:
    path = await session.expand(rest)
    try:
        data = session.sys.slurp(path)
    except SysError as error:
        await session.warn(path, error)
        return
    await session.source(data.decode("utf-8", "surrogateescape"))


async def _file(session: Session, rest: str) -> None:
    assert session.folder is not None
    if not rest:
        await session.say(session.folder.info(session.messages))
        return
    path = await session.expand(rest)
    incoming = rest.startswith("%")
    if await session.open(path, not incoming, rest[1:] or session.user):
        await session.announce()


async def _folders(session: Session, rest: str) -> None:
    await session.shell(f"{session.variables.get('LISTER') or 'ls'} {await session.expand('+')}")


async def _incorporate(session: Session, rest: str) -> None:
    """Take in mail that came since the mailbox was read."""
    assert session.folder is not None
    data = session.folder.arrived()
    if not data:
        await session.say("No new mail.")
        return
    first = len(session.messages) + 1
    session.folder.size += len(data)
    session.messages += parse(data)
    count = len(session.messages) - first + 1
    await session.say(f"{count} new message{'' if count == 1 else 's'} loaded.")
    session.dot = first


async def _echo(session: Session, rest: str) -> None:
    await session.say(" ".join(_words(rest)))


async def _version(session: Session, rest: str) -> None:
    await session.say(VERSION)


async def _if(session: Session, rest: str) -> None:
    session.skip.append({"s": not session.sending, "r": session.sending, "t": not session.interactive}.get(rest[:1], False))


async def _else(session: Session, rest: str) -> None:
    if session.skip:
        session.skip[-1] = not session.skip[-1]
    else:
        await session.say('"Else" without matching "if"')


async def _endif(session: Session, rest: str) -> None:
    if session.skip:
        session.skip.pop()
    else:
        await session.say('"Endif" without matching "if"')


async def _comment(session: Session, rest: str) -> None:
    """Nothing."""


COMMANDS: dict[str, Entry] = {
    "next": Entry(run=_next),
    "alias": Entry(run=_alias),
    "print": Entry(_print),
    "type": Entry(_print),
    "Type": Entry(_print_all),
    "Print": Entry(_print_all),
    "visual": Entry(_edit, composing=False),
    "top": Entry(_top),
    "touch": Entry(_marking(TOUCHED | MBOX, PRESERVE)),
    "preserve": Entry(_marking(PRESERVE, MBOX)),
    "delete": Entry(_delete, composing=False),
    "dp": Entry(_delete_and_print, composing=False),
    "dt": Entry(_delete_and_print, composing=False),
    "undelete": Entry(_undelete, wanted=DELETED),
    "unset": Entry(run=_unset),
    "mail": Entry(run=_mail, composing=False),
    "mbox": Entry(_marking(TOUCHED | MBOX, PRESERVE)),
    "pipe": Entry(run=_pipe),
    "|": Entry(run=_pipe),
    "more": Entry(_more),
    "page": Entry(_more),
    "More": Entry(_more_all),
    "Page": Entry(_more_all),
    "unread": Entry(_marking(STATUS, READ | TOUCHED)),
    "Unread": Entry(_marking(STATUS, READ | TOUCHED)),
    "!": Entry(run=_shell_command),
    "copy": Entry(run=_saving(mark=False)),
    "chdir": Entry(run=_cd),
    "cd": Entry(run=_cd),
    "save": Entry(run=_saving(mark=True)),
    "source": Entry(run=_source),
    "set": Entry(run=_set, starts=False),
    "shell": Entry(run=_shell),
    "version": Entry(run=_version),
    "group": Entry(run=_alias),
    "write": Entry(run=_saving(mark=True, body_only=True)),
    "from": Entry(_from),
    "file": Entry(run=_file, composing=False),
    "folder": Entry(run=_file, composing=False),
    "folders": Entry(run=_folders),
    "?": Entry(run=_help, starts=False),
    "z": Entry(run=_scroll),
    "headers": Entry(_headers),
    "help": Entry(run=_help, starts=False),
    "=": Entry(run=_where),
    "Reply": Entry(_reply(False), composing=False),
    "Respond": Entry(_reply(False), composing=False),
    "reply": Entry(_reply(True), composing=False),
    "respond": Entry(_reply(True), composing=False),
    "edit": Entry(_edit, composing=False),
    "echo": Entry(run=_echo),
    "quit": Entry(run=_quit, composing=False),
    "list": Entry(run=_list),
    "xit": Entry(run=_exit, composing=False),
    "exit": Entry(run=_exit, composing=False),
    "size": Entry(_size),
    "hold": Entry(_marking(PRESERVE, MBOX)),
    "if": Entry(run=_if),
    "else": Entry(run=_else),
    "endif": Entry(run=_endif),
    "alternates": Entry(run=_alternates),
    "ignore": Entry(run=_fields("ignored", "ignored")),
    "discard": Entry(run=_fields("ignored", "ignored")),
    "retain": Entry(run=_fields("retained", "retained")),
    "saveignore": Entry(run=_fields("save_ignored", "ignored")),
    "savediscard": Entry(run=_fields("save_ignored", "ignored")),
    "saveretain": Entry(run=_fields("save_retained", "retained")),
    "#": Entry(run=_comment),
    "inc": Entry(run=_incorporate),
    "new": Entry(_marking(NEW | STATUS, READ | TOUCHED)),
}
