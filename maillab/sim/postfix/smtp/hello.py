"""hello - the start of a session: greeting, EHLO (LHLO, HELO), TLS policy, authentication"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix.lib.maps import LookupFailure
from maillab.sim.postfix.smtp.chat import Broken, Reply, Session

if TYPE_CHECKING:
    from maillab.sim.postfix.smtp.client import Client

GREETING = "receiving the initial server greeting"
HANDSHAKE = "performing the {} handshake"
MECHANISMS = ("PLAIN", "LOGIN")


class Refused(Exception):
    """The server cannot be used for mail; `dsn` says why."""

    def __init__(self, dsn: Dsn) -> None:
        super().__init__(dsn.reason)
        self.dsn = dsn


class HandshakeFailed(Refused):
    """The server did not get through the TLS handshake: without TLS it may do better."""


async def begin(client: Client, session: Session, nexthop: str, level: str) -> None:
    """Open a session up to the point where mail can be sent. Raises Refused, Broken."""
    params = client.service.params
    greeting = await session.reply(GREETING, client.seconds("helo_timeout"))
    if not greeting.positive:
        await _refuse(client, session, greeting)
    own = params["myhostname"].lower()
    words = greeting.text.split()
    esmtp = params.boolean("smtp_always_send_ehlo") or "ESMTP" in [word.upper() for word in words]
    if client.lmtp or (esmtp and not params.boolean("smtp_never_send_ehlo")):
        await _extended(client, session, nexthop, own)
    else:
        await _plain(client, session)
    if await _secure(client, session, level):
        try:
            await _extended(client, session, nexthop, own)
        except Broken:
            client.service.log.info(f"SSL_connect error to {session.relay}: lost connection")
            raise HandshakeFailed(Dsn("4.7.5", "Cannot start TLS: handshake failure")) from None
    await _authenticate(client, session, nexthop)


async def _refuse(client: Client, session: Session, reply: Reply) -> None:
    """The greeting was no welcome."""
    params = client.service.params
    dsn = session.refused(reply)
    if reply.code // 100 == 5 and params.boolean(f"{client.prefix}skip_5xx_greeting"):
        dsn = Dsn("4" + dsn.status[1:], dsn.reason, "", dsn.diagnostic_type, dsn.diagnostic_text, "dns", session.host)
    raise Refused(dsn)


def _name(client: Client) -> str:
    return client.service.params[f"{client.prefix}{'lhlo' if client.lmtp else 'helo'}_name"]


async def _extended(client: Client, session: Session, nexthop: str, own: str) -> None:
    """EHLO or LHLO, with HELO as the way out."""
    verb = "LHLO" if client.lmtp else "EHLO"
    timeout = client.seconds("lhlo_timeout" if client.lmtp else "helo_timeout")
    reply = await session.ask(f"{verb} {_name(client)}", HANDSHAKE.format(verb), timeout)
    if not reply.positive:
        if client.lmtp:
            raise Refused(session.refused(reply))
        if reply.code == 421:
            raise Refused(session.refused(reply))
        await _plain(client, session)
        return
    session.extended = True
    session.features.clear()
    lines = reply.text.split("\n")
    ignored = _discarded(client, session)
    for line in lines[1:]:
        words = line[4:].replace("=", " ").split()
        if words and words[0].lower() not in ignored:
            session.features[words[0].upper()] = " ".join(words[1:])
    first = lines[0][4:].split()
    if first and first[0].lower() == own and client.detect_loops:
        client.service.log.warning(f"host {session.relay} replied to HELO/EHLO with my own hostname {own}")
        status = "5.4.6" if session.best else "4.4.6"
        raise Refused(Dsn(status, f"mail for {nexthop} loops back to myself"))


def _discarded(client: Client, session: Session) -> set[str]:
    words = client.service.params[f"{client.prefix}discard_{'lhlo' if client.lmtp else 'ehlo'}_keywords"]
    return set(words.lower().replace(",", " ").split())


async def _plain(client: Client, session: Session) -> None:
    reply = await session.ask(f"HELO {_name(client)}", HANDSHAKE.format("HELO"), client.seconds("helo_timeout"))
    if not reply.positive:
        raise Refused(session.refused(reply))


async def _secure(client: Client, session: Session, level: str) -> bool:
    """STARTTLS as the level asks; whether the session changed. The encryption itself is not simulated."""
    offered = "STARTTLS" in session.features
    if level in ("", "none") or session.secure:
        return False
    if not offered:
        if level == "may":
            return False
        raise Refused(Dsn("4.7.4", f"TLS is required, but was not offered by host {session.shown}"))
    if level not in ("may", "encrypt"):
        raise Refused(Dsn("4.7.5", "Server certificate not verified"))
    reply = await session.ask("STARTTLS", "performing the STARTTLS handshake", client.seconds("starttls_timeout"))
    if not reply.positive:
        if level == "may":
            return False
        raise Refused(Dsn("4.7.4", f"TLS is required, but host {session.shown} refused to start TLS: {reply.shown()}"))
    client.service.sys.unsimulated("smtp: the encryption of STARTTLS (the session goes on in clear text)")
    session.secure = True
    return True


async def _authenticate(client: Client, session: Session, nexthop: str) -> None:
    """AUTH with the password that smtp_sasl_password_maps holds for this server."""
    params = client.service.params
    if not params.boolean(f"{client.prefix}sasl_auth_enable") or "AUTH" not in session.features:
        return
    try:
        secret = await client.passwords.find(nexthop) or await client.passwords.find(session.host)
    except LookupFailure:
        raise Refused(Dsn("4.7.0", "SASL authentication failed; password lookup error")) from None
    if secret is None:
        return
    user, _, password = secret.partition(":")
    options = params[f"{client.prefix}sasl_security_options"].replace(",", " ").split()
    offered = session.features["AUTH"].upper().split()
    usable = [name for name in offered if name in MECHANISMS and "noplaintext" not in options]
    if not usable:
        text = f"SASL authentication failed; cannot authenticate to server {session.shown}: no mechanism available"
        client.service.log.warning("SASL authentication failure: No worthy mechs found")
        raise Refused(Dsn("4.7.0", text))
    reply = await _dialogue(client, session, "PLAIN" if "PLAIN" in usable else usable[0], user, password)
    if not reply.positive:
        text = f"SASL authentication failed; server {session.shown} said: {reply.shown()}"
        raise Refused(Dsn("4.7.8" if reply.status == "5.7.8" else "4.7.0", text))


async def _dialogue(client: Client, session: Session, mechanism: str, user: str, password: str) -> Reply:
    def encoded(text: str) -> str:
        return base64.b64encode(text.encode("utf-8", "surrogateescape")).decode()

    timeout = client.seconds("helo_timeout")
    doing = "performing SASL authentication"
    if mechanism == "PLAIN":
        return await session.ask(f"AUTH PLAIN {encoded(f'{chr(0)}{user}{chr(0)}{password}')}", doing, timeout)
    reply = await session.ask("AUTH LOGIN", doing, timeout)
    for answer in (user, password):
        if reply.code != 334:
            return reply
        reply = await session.ask(encoded(answer), doing, timeout)
    return reply


__all__ = ["Broken", "HandshakeFailed", "Refused", "begin"]
