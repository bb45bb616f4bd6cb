"""Commands that change how mail works: set, alias, ignore and their opposites."""

from __future__ import annotations

import shlex

from maillab.shell.commands.bsd_mailx._command_kinds import Run
from maillab.shell.commands.bsd_mailx._session import Session


async def set_(session: Session, rest: str) -> None:
    if not rest:
        for name in sorted(session.variables):
            await session.say(f"{name}\t{session.variables[name]}")
        return
    for word in split_words(rest):
        name, _, value = word.partition("=")
        if not name:
            await session.say("Non-null variable name required")
        elif name.startswith("no") and not value:
            session.variables.pop(name[2:], None)
            session.variables[name] = ""
        else:
            session.variables[name] = value


async def unset(session: Session, rest: str) -> None:
    for name in split_words(rest):
        if session.variables.pop(name, None) is None and not session.depth:
            await session.say(f'"{name}": undefined variable')


async def alias(session: Session, rest: str) -> None:
    words = split_words(rest)
    if not words:
        for name in sorted(session.aliases):
            await show_alias(session, name)
    elif len(words) == 1:
        if words[0] in session.aliases:
            await show_alias(session, words[0])
        else:
            await session.say(f'"{words[0]}": not a group')
    else:
        session.aliases.setdefault(words[0], []).extend(name for word in words[1:] for name in word.split(",") if name)


async def show_alias(session: Session, name: str) -> None:
    await session.say(f"{name}\t " + " ".join(reversed(session.aliases[name])))


async def unalias(session: Session, rest: str) -> None:
    for name in split_words(rest):
        session.aliases.pop(name, None)


async def alternates(session: Session, rest: str) -> None:
    if rest:
        session.alternates = split_words(rest)
    elif session.alternates:
        await session.say(" ".join(session.alternates))


def fields(attribute: str, what: str) -> Run:
    async def fields(session: Session, rest: str) -> None:
        names: list[str] = getattr(session, attribute)
        if not rest:
            if not names:
                await session.say(f"No fields currently being {what}.")
            for name in sorted(names):
                await session.say(name)
        names += [name.lower() for name in rest.split() if name.lower() not in names]

    return fields


def split_words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()
