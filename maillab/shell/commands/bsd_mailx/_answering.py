"""Commands that write: mail, reply, edit."""

from __future__ import annotations

from maillab.shell.commands.bsd_mailx._command_kinds import OnMessages
from maillab.shell.commands.bsd_mailx._letter import Letter
from maillab.shell.commands.bsd_mailx._messages import (
    skin,
    split_addresses,
)
from maillab.shell.commands.bsd_mailx._session import Session


async def mail(session: Session, rest: str) -> None:
    from maillab.shell.commands.bsd_mailx._collect import split_names

    await session.write_letter(Letter(to=split_names(rest)), show_head=False)


def reply(to_all: bool) -> OnMessages:
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
            others = [name for name in split_addresses(skin(message.header("to") or "")) if not is_me(session, name)]
            letter.to = once([author, *others])
            letter.cc = [name for name in split_addresses(skin(message.header("cc") or "")) if not is_me(session, name)]
        subject = message.header("subject")
        if subject is not None:
            letter.subject = subject if subject[:3].lower() == "re:" else f"Re: {subject}"
        letter.in_reply_to = message.header("message-id")
        await session.write_letter(letter, show_head=True)

    return reply


def is_me(session: Session, name: str) -> bool:
    return name.lower() in (session.user.lower(), *(other.lower() for other in session.alternates))


def once(names: list[str]) -> list[str]:
    return list({name.lower(): name for name in reversed(names)}.values())[::-1]


async def edit(session: Session, numbers: list[int]) -> None:
    for number in numbers:
        message = session.messages[number - 1]
        data = await session.edit(message.data, "EDITOR")
        if data is not None:
            message.data = data
