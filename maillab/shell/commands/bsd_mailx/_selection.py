"""Lists of messages as they are typed: numbers, ranges, `*`, `$`, `^`, `.`, `+`, `-`, `:n`, `/text`, names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell.commands.bsd_mailx._messages import DELETED, NEW, READ

if TYPE_CHECKING:
    from maillab.shell.commands.bsd_mailx._session import Session

_COLONS = {"n": (NEW, NEW), "o": (NEW, 0), "u": (READ, 0), "d": (DELETED, DELETED), "r": (READ, READ)}
_RANGE = re.compile(r"(\d+|[.^$])-(\d+|[.^$])")


class BadSelection(Exception):
    """A list that means nothing; the text is what mail prints."""


def select(session: Session, text: str, wanted: int = 0) -> list[int]:
    """The numbers of the messages meant; [] when `text` says nothing. `wanted` is DELETED for undelete. Raises BadSelection."""
    marked: list[int] = []
    names: list[str] = []
    colons: list[str] = []
    star = False
    for word in text.replace(",", " ").split():
        if word.startswith(":"):
            if word[1:2] not in _COLONS:
                raise BadSelection(f'Unknown colon modifier "{word}"')
            colons.append(word[1])
        elif word == "*":
            star = True
        elif found := _RANGE.fullmatch(word):
            low, high = _number(session, found[1], wanted), _number(session, found[2], wanted, check=False)
            if found[2].isdigit():
                _check(session, high, wanted)
            marked += [number for number in range(low, high + 1) if _applies(session, number, wanted)]
        elif word in ("+", "-") or re.fullmatch(r"\d+|[.^$]", word):
            marked.append(_number(session, word, wanted))
        else:
            names.append(word)
    if star:
        marked = [number for number in range(1, len(session.messages) + 1) if _applies(session, number, wanted)]
        if not marked:
            raise BadSelection("No applicable messages.")
    every = range(1, len(session.messages) + 1)
    if names:
        chosen = [number for number in (marked or every) if _applies(session, number, wanted) and _is_from(session, number, names)]
        if not chosen:
            raise BadSelection(f"No applicable messages from {{{', '.join(names)}}}")
        marked = chosen
    if colons:
        marked = _by_state(session, marked or list(every), colons)
    return sorted(dict.fromkeys(marked))


def _by_state(session: Session, numbers: list[int], colons: list[str]) -> list[int]:
    chosen = []
    for number in numbers:
        flags = session.messages[number - 1].flags
        if any(flags & _COLONS[letter][0] == _COLONS[letter][1] for letter in colons) and ("d" in colons or not flags & DELETED):
            chosen.append(number)
    if not chosen:
        raise BadSelection(f"No messages satisfy :{''.join(colons)}")
    return chosen


def _applies(session: Session, number: int, wanted: int) -> bool:
    return session.messages[number - 1].flags & DELETED == wanted


def _check(session: Session, number: int, wanted: int) -> None:
    if not 1 <= number <= len(session.messages):
        raise BadSelection(f"{number}: Invalid message number")
    if not _applies(session, number, wanted):
        raise BadSelection(f"{number}: Inappropriate message")


def _number(session: Session, word: str, wanted: int, check: bool = True) -> int:
    """The message that one word means."""
    count = len(session.messages)
    if word.isdigit():
        if check:
            _check(session, int(word), wanted)
        return int(word)
    if word == ".":
        _check(session, session.dot, wanted)
        return session.dot
    if word in ("^", "$"):
        order = range(1, count + 1) if word == "^" else range(count, 0, -1)
        for number in order:
            if _applies(session, number, wanted):
                return number
        raise BadSelection("No applicable messages")
    step = 1 if word == "+" else -1
    number = session.dot + step
    while 1 <= number <= count:
        if _applies(session, number, wanted):
            return number
        number += step
    raise BadSelection("Referencing beyond EOF" if step > 0 else "Referencing before 1")


def _is_from(session: Session, number: int, names: list[str]) -> bool:
    """Is the message from one of these users, or does its subject hold the text after a slash?"""
    message = session.messages[number - 1]
    for name in names:
        if name.startswith("/"):
            field, colon, text = name[1:].rpartition(":")
            value = message.header(field.lower() if colon and "searchheaders" in session.variables else "subject") or ""
            if (text if colon else name[1:]).lower() in value.lower():
                return True
        elif message.sender().partition("@")[0].lower() == name.lower() or message.sender().lower() == name.lower():
            return True
    return False
