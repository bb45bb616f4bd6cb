"""The two kinds of commands: those that take the rest of the line, and those that take a list of messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from maillab.shell.commands.bsd_mailx._session import Session

Run = Callable[[Session, str], Awaitable[None]]
OnMessages = Callable[[Session, list[int]], Awaitable[None]]
