"""The commands of mail's prompt: their names in the order that decides abbreviations, and what each does."""

from __future__ import annotations

from dataclasses import dataclass

from maillab.shell.commands.bsd_mailx._answering import edit, mail, reply
from maillab.shell.commands.bsd_mailx._command_kinds import OnMessages, Run
from maillab.shell.commands.bsd_mailx._messages import (
    DELETED,
    MBOX,
    NEW,
    PRESERVE,
    READ,
    STATUS,
    TOUCHED,
    parse,
)
from maillab.shell.commands.bsd_mailx._reading import (
    delete,
    delete_and_print,
    from_,
    headers,
    marking,
    more,
    more_all,
    next_,
    pipe,
    print_,
    print_all,
    saving,
    scroll,
    size_,
    top,
    undelete,
    where,
)
from maillab.shell.commands.bsd_mailx._session import Leave, Session
from maillab.shell.commands.bsd_mailx._settings import alias, alternates, fields, set_, split_words, unset
from maillab.sim.host.errno import SysError

HELP = "/usr/share/bsd-mailx/mail.help"
VERSION = "Version 8.1.2 01/15/2001"
_WORD_END = " \t0123456789$^.:/-+*'\""


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
    await session.say(" ".join(split_words(rest)))


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
    "next": Entry(run=next_),
    "alias": Entry(run=alias),
    "print": Entry(print_),
    "type": Entry(print_),
    "Type": Entry(print_all),
    "Print": Entry(print_all),
    "visual": Entry(edit, composing=False),
    "top": Entry(top),
    "touch": Entry(marking(TOUCHED | MBOX, PRESERVE)),
    "preserve": Entry(marking(PRESERVE, MBOX)),
    "delete": Entry(delete, composing=False),
    "dp": Entry(delete_and_print, composing=False),
    "dt": Entry(delete_and_print, composing=False),
    "undelete": Entry(undelete, wanted=DELETED),
    "unset": Entry(run=unset),
    "mail": Entry(run=mail, composing=False),
    "mbox": Entry(marking(TOUCHED | MBOX, PRESERVE)),
    "pipe": Entry(run=pipe),
    "|": Entry(run=pipe),
    "more": Entry(more),
    "page": Entry(more),
    "More": Entry(more_all),
    "Page": Entry(more_all),
    "unread": Entry(marking(STATUS, READ | TOUCHED)),
    "Unread": Entry(marking(STATUS, READ | TOUCHED)),
    "!": Entry(run=_shell_command),
    "copy": Entry(run=saving(mark=False)),
    "chdir": Entry(run=_cd),
    "cd": Entry(run=_cd),
    "save": Entry(run=saving(mark=True)),
    "source": Entry(run=_source),
    "set": Entry(run=set_, starts=False),
    "shell": Entry(run=_shell),
    "version": Entry(run=_version),
    "group": Entry(run=alias),
    "write": Entry(run=saving(mark=True, body_only=True)),
    "from": Entry(from_),
    "file": Entry(run=_file, composing=False),
    "folder": Entry(run=_file, composing=False),
    "folders": Entry(run=_folders),
    "?": Entry(run=_help, starts=False),
    "z": Entry(run=scroll),
    "headers": Entry(headers),
    "help": Entry(run=_help, starts=False),
    "=": Entry(run=where),
    "Reply": Entry(reply(False), composing=False),
    "Respond": Entry(reply(False), composing=False),
    "reply": Entry(reply(True), composing=False),
    "respond": Entry(reply(True), composing=False),
    "edit": Entry(edit, composing=False),
    "echo": Entry(run=_echo),
    "quit": Entry(run=_quit, composing=False),
    "list": Entry(run=_list),
    "xit": Entry(run=_exit, composing=False),
    "exit": Entry(run=_exit, composing=False),
    "size": Entry(size_),
    "hold": Entry(marking(PRESERVE, MBOX)),
    "if": Entry(run=_if),
    "else": Entry(run=_else),
    "endif": Entry(run=_endif),
    "alternates": Entry(run=alternates),
    "ignore": Entry(run=fields("ignored", "ignored")),
    "discard": Entry(run=fields("ignored", "ignored")),
    "retain": Entry(run=fields("retained", "retained")),
    "saveignore": Entry(run=fields("save_ignored", "ignored")),
    "savediscard": Entry(run=fields("save_ignored", "ignored")),
    "saveretain": Entry(run=fields("save_retained", "retained")),
    "#": Entry(run=_comment),
    "inc": Entry(run=_incorporate),
    "new": Entry(marking(NEW | STATUS, READ | TOUCHED)),
}
