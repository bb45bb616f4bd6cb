"""header_checks, mime_header_checks, nested_header_checks and body_checks: what a table says of a line, and what follows from it.

The actions and their log lines: header_checks(5), observed in 3.7.11.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.sim.postfix._cleanup.mime import BODY, NESTED, PART, PRIMARY
from maillab.sim.postfix.lib import cleanup_user
from maillab.sim.postfix.lib.maps import LookupFailure, Maps

if TYPE_CHECKING:
    from maillab.sim.postfix._cleanup.message import Message
    from maillab.sim.postfix._server import Service

_STATUS = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)")
SHOWN = 200


class Checks:
    """The four tables. `apply` answers what is to be written instead of the line."""

    def __init__(self, service: Service) -> None:
        def maps(name: str) -> Maps:
            return Maps(service.sys, service.log, service.params, name)

        self.log = service.log
        self.maps = {
            PRIMARY: maps("header_checks"),
            PART: maps("mime_header_checks"),
            NESTED: maps("nested_header_checks"),
            BODY: maps("body_checks"),
        }
        self.any = any(self.maps.values())
        self.body_limit = service.params.integer("body_checks_size_limit")

    async def apply(self, message: Message, where: str, line: bytes) -> list[bytes]:
        """The lines to write for a header or a body line: usually itself."""
        maps = self.maps[where]
        if not maps or message.passed:
            return [line]
        text = line.decode("utf-8", "surrogateescape")
        try:
            result = await maps.find(text, whole=True)
        except LookupFailure:
            self.log.warning(f"{message.queue_id}: {maps.title} map lookup problem -- message not accepted, try again later")
            message.errors |= cleanup_user.WRITE
            return [line]
        if result is None:
            return [line]
        return self._act(message, maps.title, "body" if where == BODY else "header", text, result)

    def _act(self, message: Message, title: str, kind: str, line: str, result: str) -> list[bytes]:
        command, _, text = result.strip().partition(" ")
        command, text = command.upper(), text.strip()
        kept = [line.encode("utf-8", "surrogateescape")]
        action = getattr(self, "do_" + command.lower(), None)
        if action is None:
            self.log.warning(f"unknown command in {title} map: {result}")
            return kept
        answer: list[bytes] | None = action(message, title, kind, line, text)
        return kept if answer is None else answer

    def note(self, message: Message, action: str, kind: str, line: str, text: str) -> None:
        """Log an action."""
        origin = message.attributes.get("log_message_origin", "unknown")
        parts = [f"{message.queue_id}: {action}: {kind} {line[:SHOWN]} from {origin};"]
        if message.sender is not None:
            parts.append(f" from=<{message.sender}>")
        if message.first_recipient and "log_protocol_name" in message.attributes:
            parts.append(f" to=<{message.first_recipient}>")
        if message.attributes.get("log_protocol_name"):
            parts.append(f" proto={message.attributes['log_protocol_name']}")
        if message.attributes.get("log_helo_name"):
            parts.append(f" helo=<{message.attributes['log_helo_name']}>")
        if text:
            parts.append(f": {text}")
        self.log.info("".join(parts))

    def do_reject(self, message: Message, title: str, kind: str, line: str, text: str) -> None:
        """REJECT [TEXT]: refuse the message."""
        match = _STATUS.match(text)
        status = match[1] if match else "5.7.1"
        reason = (text[match.end() :] if match else text) or cleanup_user.detail(cleanup_user.CONTENT)[2]
        message.reason = message.reason or f"{status} {reason}"
        message.errors |= cleanup_user.CONTENT
        self.note(message, "reject", kind, line, f"{status} {reason}")

    def do_warn(self, message: Message, title: str, kind: str, line: str, text: str) -> None:
        """WARN [TEXT]: log a warning."""
        self.note(message, "warning", kind, line, text)

    def do_info(self, message: Message, title: str, kind: str, line: str, text: str) -> None:
        """INFO [TEXT]: log."""
        self.note(message, "info", kind, line, text)

    def do_dunno(self, message: Message, title: str, kind: str, line: str, text: str) -> None:
        """DUNNO: as if not found."""

    def do_pass(self, message: Message, title: str, kind: str, line: str, text: str) -> None:
        """PASS: no more checks for this message."""
        self.note(message, "pass", kind, line, text)
        message.passed = True

    def do_ignore(self, message: Message, title: str, kind: str, line: str, text: str) -> list[bytes]:
        """IGNORE: drop the line."""
        return []

    def do_strip(self, message: Message, title: str, kind: str, line: str, text: str) -> list[bytes]:
        """STRIP [TEXT]: drop the line and log it."""
        self.note(message, "strip", kind, line, text)
        return []

    def do_discard(self, message: Message, title: str, kind: str, line: str, text: str) -> None:
        """DISCARD [TEXT]: accept the message and throw it away."""
        self.note(message, "discard", kind, line, text)
        message.flags |= cleanup_user.FLAG_DISCARD

    def do_hold(self, message: Message, title: str, kind: str, line: str, text: str) -> None:
        """HOLD [TEXT]: put the message into the hold queue."""
        if not message.flags & cleanup_user.FLAG_HOLD:
            self.note(message, "hold", kind, line, text)
        message.flags |= cleanup_user.FLAG_HOLD

    def do_filter(self, message: Message, title: str, kind: str, line: str, text: str) -> None:
        """FILTER TRANSPORT:DESTINATION."""
        if not text:
            self.log.warning(f"missing FILTER command argument in {title} map")
        elif ":" not in text:
            self.log.warning(f"bad FILTER command argument in {title} map: {text}")
        else:
            message.filter = text
            self.note(message, "filter", kind, line, text)

    def do_redirect(self, message: Message, title: str, kind: str, line: str, text: str) -> None:
        """REDIRECT USER@DOMAIN: deliver to this address only."""
        if "@" not in text:
            self.log.warning(f'bad REDIRECT target "{text}" in {title} map -- need user@domain')
            return
        message.redirect = text
        self.note(message, "redirect", kind, line, text)

    def do_bcc(self, message: Message, title: str, kind: str, line: str, text: str) -> None:
        """BCC USER@DOMAIN: one recipient more."""
        if "@" not in text:
            self.log.warning(f'bad BCC address "{text}" in {title} map -- need user@domain')
            return
        message.bcc.append(text)
        self.note(message, "bcc", kind, line, text)

    def do_prepend(self, message: Message, title: str, kind: str, line: str, text: str) -> list[bytes] | None:
        """PREPEND TEXT: a line before this one."""
        if not text:
            self.log.warning(f"PREPEND action without text in {title} map")
            return None
        self.note(message, "prepend", kind, line, text)
        return [text.encode("utf-8", "surrogateescape"), line.encode("utf-8", "surrogateescape")]

    def do_replace(self, message: Message, title: str, kind: str, line: str, text: str) -> list[bytes] | None:
        """REPLACE TEXT: this line instead."""
        if not text:
            self.log.warning(f"REPLACE action without text in {title} map")
            return None
        self.note(message, "replace", kind, line, text)
        return [text.encode("utf-8", "surrogateescape")]
