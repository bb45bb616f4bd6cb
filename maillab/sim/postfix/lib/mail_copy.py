"""mail_copy - a message with the lines that delivery puts before and after it: From_, Return-Path:, Delivered-To:"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.mail.address import quote_local
from maillab.sim.mail.rfc822_date import asctime
from maillab.sim.postfix.lib import queue_file

if TYPE_CHECKING:
    from maillab.sim.postfix.lib.deliver_request import Request

FROM_LINE, QUOTE, BLANK, RETURN_PATH, DELIVERED_TO, ORIGINAL_TO, DOT = (1 << bit for bit in range(7))
MBOX = FROM_LINE | QUOTE | BLANK | RETURN_PATH | DELIVERED_TO | ORIGINAL_TO
MAILDIR = RETURN_PATH | DELIVERED_TO | ORIGINAL_TO


def message(request: Request, sender: str, original: str, delivered: str, flags: int, now: int,
            end: bytes = b"\n") -> bytes:
    """The octets of one copy of a message; `end` ends lines."""
    head: list[str] = []
    if flags & FROM_LINE:
        head.append(f"From {quote_local(sender) if sender else 'MAILER-DAEMON'}  {asctime(now)}")
    if flags & RETURN_PATH:
        head.append(f"Return-Path: <{quote_local(sender)}>")
    if flags & ORIGINAL_TO and original:
        head.append(f"X-Original-To: {original}")
    if flags & DELIVERED_TO:
        head.append(f"Delivered-To: {delivered_form(request, delivered)}")
    body = request.content()
    if flags & QUOTE:
        body = body.replace(b"\nFrom ", b"\n>From ")
        if body.startswith(b"From "):
            body = b">" + body
    if flags & DOT:
        body = body.replace(b"\n.", b"\n..")
        if body.startswith(b"."):
            body = b"." + body
    text = "".join(line + "\n" for line in head).encode("utf-8", "surrogateescape") + body
    if flags & BLANK:
        text += b"\n"
    return text if end == b"\n" else text.replace(b"\n", end)


def delivered_form(request: Request, address: str) -> str:
    """An address as Delivered-To: shows it: in lower case before Postfix 3.0."""
    quoted = quote_local(address)
    return quoted.lower() if request.folds_delivered else quoted


def header_lines(request: Request) -> list[str]:
    """The lines of the message's header."""
    header = queue_file.content(request.data, request.offset).partition(b"\n\n")[0]
    return header.decode("utf-8", "surrogateescape").split("\n")


def delivered_to(request: Request) -> set[str]:
    """The addresses of the Delivered-To: headers, in lower case: where the message has been."""
    found = set()
    for line in header_lines(request):
        if line[:13].lower() == "delivered-to:":
            found.add(line[13:].strip().lower())
    return found
