"""XCLIENT and XFORWARD: a proxy or a filter tells who its client is (XCLIENT_README, XFORWARD_README)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.mail.smtp_grammar import Word, xtext_decode
from maillab.sim.postfix._smtpd.dialogue import Dialogue
from maillab.sim.postfix._smtpd.session import POLICY

if TYPE_CHECKING:
    from maillab.sim.postfix._smtpd.commands import Commands

XCLIENT = ("NAME", "REVERSE_NAME", "ADDR", "PORT", "PROTO", "HELO", "LOGIN", "DESTADDR", "DESTPORT")
XFORWARD = ("NAME", "ADDR", "PROTO", "HELO", "IDENT", "SOURCE", "PORT", "DOMAIN")
UNKNOWN = ("[UNAVAILABLE]", "[TEMPUNAVAIL]")


async def _attributes(
    commands: Commands, dialogue: Dialogue, words: list[Word], command: str, names: tuple[str, ...]
) -> dict[str, str] | None:
    """The decoded attributes; None after a reply that says what is wrong."""
    if len(words) < 2:
        commands.bad(dialogue, f"501 5.5.4 Syntax: {command} attribute=value...")
        return None
    values: dict[str, str] = {}
    for word in words[1:]:
        name, equals, value = word.partition("=")
        decoded = xtext_decode(value)
        if not equals or decoded is None:
            commands.bad(
                dialogue, "501 5.5.4 Error: attribute=value expected" if not equals else f"501 5.5.4 Bad attribute value syntax: {value}"
            )
            return None
        if name.upper() not in names:
            commands.bad(dialogue, f"501 5.5.4 Bad {command} attribute name: {name}")
            return None
        values[name.upper()] = "unknown" if decoded.upper() in UNKNOWN else decoded.removeprefix("IPV6:")
    return values


async def do_xclient(commands: Commands, dialogue: Dialogue, words: list[Word]) -> bool:
    """XCLIENT: the session goes on as if that client had connected."""
    session = commands.session
    if not await commands.config.lists_client(commands.config.xclient_hosts, session):
        return commands.bad(dialogue, "550 5.7.0 Error: insufficient authorization", POLICY)
    if session.transaction.sender is not None:
        return commands.bad(dialogue, "503 5.5.1 Error: MAIL transaction in progress")
    values = await _attributes(commands, dialogue, words, "XCLIENT", XCLIENT)
    if values is None:
        return False
    client = session.client
    if "NAME" in values:
        client.name = client.reverse = values["NAME"]
        client.name_code = 5 if client.name == "unknown" else 2
    client.reverse = values.get("REVERSE_NAME", client.reverse)
    client.address = values.get("ADDR", client.address)
    client.port = values.get("PORT", client.port)
    session.helo = values.get("HELO", session.helo)
    session.protocol = values.get("PROTO", session.protocol)
    session.sasl_username = values.get("LOGIN", session.sasl_username)
    await commands.reset()
    await commands.greet(dialogue)
    return True


async def do_xforward(commands: Commands, dialogue: Dialogue, words: list[Word]) -> bool:
    """XFORWARD: what is logged about the client that a filter served."""
    session = commands.session
    if not await commands.config.lists_client(commands.config.xforward_hosts, session):
        return commands.bad(dialogue, "550 5.7.0 Error: insufficient authorization", POLICY)
    values = await _attributes(commands, dialogue, words, "XFORWARD", XFORWARD)
    if values is None:
        return False
    session.xforward |= values
    dialogue.reply("250 2.0.0 Ok")
    return True
