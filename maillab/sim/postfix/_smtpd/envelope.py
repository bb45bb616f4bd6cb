"""MAIL and RCPT: address syntax, ESMTP options, and the opening of the queue file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.sim.mail.address import valid_hostname, valid_literal
from maillab.sim.mail.smtp_grammar import Word, utf8_address_decode, xtext_decode
from maillab.sim.mail.tok822 import ADDRESS, internalize, parse
from maillab.sim.postfix._smtpd.dialogue import Dialogue
from maillab.sim.postfix._smtpd.session import POLICY, PROTOCOL, RESOURCE, Reject
from maillab.sim.postfix.lib import cleanup_user, queue_file, record
from maillab.sim.postfix.lib.post_mail import Submission
from maillab.sim.postfix.lib.resolve_clnt import ERROR
from maillab.sim.postfix.lib.vstream import Closed

if TYPE_CHECKING:
    from maillab.sim.postfix._smtpd.commands import Commands

NOTIFY = {"SUCCESS": 2, "FAILURE": 4, "DELAY": 8, "NEVER": 1}
RETURN = {"FULL": 1, "HDRS": 2}
_PLAIN = re.compile(r"<([A-Za-z0-9._+=/-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)>")
_SOURCE_ROUTE = re.compile(r"@[^:]*:")


def valid_domain(domain: str) -> bool:
    """A host name or a domain literal."""
    return valid_literal(domain) if domain.startswith("[") else valid_hostname(domain)


async def extract(commands: Commands, text: str, allow_empty: bool, utf8: bool) -> str | None:
    """The internal form of the address in a path; None (and a warning) when there is none or its domain is impossible."""
    plain = _PLAIN.fullmatch(text)
    problem = False
    address = ""
    if plain:
        address = plain[1]
    else:
        bracketed = text.startswith("<") and text.endswith(">")
        tokens = parse(_SOURCE_ROUTE.sub("", text[1:-1], count=1) if bracketed and text[1:2] == "@" else text[1:-1] if bracketed else text)
        found = [internalize(token.tokens) for token in tokens if token.kind == ADDRESS]
        other = [token for token in tokens if token.kind not in (ADDRESS, "<", ">")]
        problem = len(found) > 1 or (commands.config.strict_rfc821 and (bool(other) or not bracketed))
        address = found[0] if found else ""
    if not problem:
        problem = (not address and not allow_empty) or (commands.config.strict_rfc821 and address.startswith("@"))
    if not problem and commands.service.under_master:
        problem = not await _plausible(commands, address, utf8)
    if problem:
        session = commands.session
        commands.service.log.warning(f"Illegal address syntax from {session.client.shown} in {session.where} command: {text}")
        return None
    return address


async def _plausible(commands: Commands, address: str, utf8: bool) -> bool:
    if address == "":
        return True
    answer = await commands.checks.resolve(address)
    if answer.flags & ERROR:
        return False
    domain = address.rpartition("@")[2] if "@" in address else ""
    return utf8 or commands.params.version < (3, 0) or domain.startswith("[") or domain.isascii()


# --- MAIL ------------------------------------------------------------------------------------------------------------


async def mail(commands: Commands, dialogue: Dialogue, words: list[Word]) -> bool:
    """MAIL FROM:<address> [options]."""
    session, config = commands.session, commands.config
    if config.helo_required and not session.helo:
        return commands.bad(dialogue, "503 5.5.1 Error: send HELO/EHLO first")
    if session.transaction.bdat:
        return commands.bad(dialogue, "503 5.5.1 Error: MAIL after BDAT")
    if session.transaction.sender is not None:
        return commands.bad(dialogue, "503 5.5.1 Error: nested MAIL command")
    if len(words) < 3 or words[1].lower() != "from:":
        return commands.bad(dialogue, "501 5.5.4 Syntax: MAIL FROM:<address>")
    if words[2].bad:
        return commands.bad(dialogue, "501 5.1.7 Bad sender address syntax")
    transaction = session.transaction
    transaction.arrival = commands.service.sys.clock()
    utf8 = config.utf8 and any(word.upper() == "SMTPUTF8" for word in words[3:])
    address = await extract(commands, words[2], allow_empty=True, utf8=utf8)
    if address is None:
        return commands.bad(dialogue, "501 5.1.7 Bad sender address syntax")
    try:
        _mail_options(commands, words[3:])
        await commands.rates.message(session)
        await commands.checks.size_of(transaction.size)
        await commands.checks.mail(address)
    except Reject:
        _forget(commands, keep_size=True)
        raise
    session.transaction.sender = address
    session.transaction.sender_text = str(words[2])
    session.transaction.smtputf8 = utf8
    session.instance = f"{commands.service.sys.pid:x}.{transaction.arrival // 1_000_000:x}.{transaction.arrival % 1_000_000:x}.0"
    dialogue.reply("250 2.1.0 Ok")
    return True


def _forget(commands: Commands, keep_size: bool) -> None:
    """A refused MAIL leaves nothing behind but the size it announced."""
    size = commands.session.transaction.size if keep_size else 0
    commands.new_transaction()
    commands.session.transaction.size = size


def _mail_options(commands: Commands, words: list[Word]) -> None:
    """ESMTP options of MAIL. Raises Reject."""
    transaction, hidden = commands.session.transaction, commands.session.ehlo_discard
    for word in words:
        name, equals, value = word.partition("=")
        upper = name.upper()
        if upper == "BODY" and value.upper() in ("8BITMIME", "7BIT"):
            transaction.encoding = "8bit" if value.upper() == "8BITMIME" else "7bit"
        elif upper == "SIZE" and equals:
            if not (value.isascii() and value.isdigit()):
                raise _error(commands, "501 5.5.4 Bad message size syntax")
            transaction.size = int(value)
        elif upper == "SMTPUTF8" and not equals and commands.config.utf8:
            transaction.smtputf8 = True
        elif upper == "AUTH" and equals:
            transaction.sasl_sender = value
        elif upper == "RET" and equals:
            _dsn_allowed(commands, hidden)
            if transaction.dsn_return or value.upper() not in RETURN:
                raise _error(commands, "501 5.5.4 Bad RET parameter syntax")
            transaction.dsn_return = RETURN[value.upper()]
        elif upper == "ENVID" and equals:
            _dsn_allowed(commands, hidden)
            if transaction.envelope_id or not value or xtext_decode(value) is None:
                raise _error(commands, "501 5.5.4 Bad ENVID parameter syntax")
            transaction.envelope_id = value
        else:
            raise _error(commands, f"555 5.5.4 Unsupported option: {word}")


def _dsn_allowed(commands: Commands, hidden: frozenset[str]) -> None:
    if "dsn" in hidden:
        raise _error(commands, "501 5.7.1 DSN support is disabled", POLICY)


def _error(commands: Commands, reply: str, kind: str = PROTOCOL) -> Reject:
    commands.session.error_mask.add(kind)
    return Reject(reply)


# --- RCPT ------------------------------------------------------------------------------------------------------------


async def rcpt(commands: Commands, dialogue: Dialogue, words: list[Word]) -> bool:
    """RCPT TO:<address> [options]."""
    session, config = commands.session, commands.config
    transaction = session.transaction
    if transaction.bdat:
        return commands.bad(dialogue, "503 5.5.1 Error: RCPT after BDAT")
    if transaction.sender is None:
        return commands.bad(dialogue, "503 5.5.1 Error: need MAIL command")
    if len(words) < 3 or words[1].lower() != "to:":
        return commands.bad(dialogue, "501 5.5.4 Syntax: RCPT TO:<address>")
    if words[2].bad:
        return commands.bad(dialogue, "501 5.1.3 Bad recipient address syntax")
    address = await extract(commands, words[2], allow_empty=False, utf8=transaction.smtputf8)
    if address is None:
        return commands.bad(dialogue, "501 5.1.3 Bad recipient address syntax")
    notify, original = _rcpt_options(commands, words[3:])
    if config.recipient_limit and transaction.recipients >= config.recipient_limit:
        session.error_mask.add(POLICY)
        dialogue.reply("452 4.5.3 Error: too many recipients")
        transaction.overshoot += 1
        return transaction.overshoot <= config.overshoot_limit
    await commands.rates.recipient(session)
    try:
        if commands.service.under_master:
            await commands.checks.rcpt(address)
    finally:
        transaction.recipient = None
    if transaction.submission is None and transaction.proxy is None and not await open_file(commands, address):
        return commands.bad(dialogue, "451 4.3.0 Error: queue file write error", RESOURCE)
    await _record(commands, address, notify, original or f"rfc822;{words[2].removeprefix('<').removesuffix('>')}")
    dialogue.reply("250 2.1.5 Ok")
    return True


def _rcpt_options(commands: Commands, words: list[Word]) -> tuple[int, str]:
    """NOTIFY and ORCPT. Raises Reject."""
    notify, original = 0, ""
    hidden = commands.session.ehlo_discard
    for word in words:
        name, equals, value = word.partition("=")
        upper = name.upper()
        if upper == "NOTIFY" and equals:
            _dsn_allowed(commands, hidden)
            mask = _notify_mask(commands, value)
            if notify or not mask:
                raise _error(commands, "501 5.5.4 Error: Bad NOTIFY parameter syntax")
            notify = mask
        elif upper == "ORCPT" and equals:
            _dsn_allowed(commands, hidden)
            kind, semicolon, address = value.partition(";")
            decoded = xtext_decode(address) if kind.lower() != "utf-8" else utf8_address_decode(address)
            if original or not semicolon or not kind or not address or decoded is None:
                raise _error(commands, "501 5.5.4 Error: Bad ORCPT parameter syntax")
            original = f"{kind};{decoded}"
        else:
            raise _error(commands, f"555 5.5.4 Unsupported option: {word}")
    return notify, original


def _notify_mask(commands: Commands, text: str) -> int:
    mask = 0
    for word in text.split(",") if text else []:
        if word.upper() not in NOTIFY:
            commands.service.log.warning(f'unknown DSN NOTIFY command value "{word}" in "{text}"')
            return 0
        mask |= NOTIFY[word.upper()]
    return 0 if mask & NOTIFY["NEVER"] and mask != NOTIFY["NEVER"] else mask


async def open_file(commands: Commands, recipient: str) -> bool:
    """Begin the queue file: connect to cleanup and send what is known of the client and the sender."""
    session, params = commands.session, commands.params
    transaction = session.transaction
    flags = cleanup_user.FLAG_EXTERNAL | cleanup_user.FLAG_REPLY
    if transaction.smtputf8:
        flags |= cleanup_user.FLAG_SMTPUTF8
    for option in params.words("receive_override_options"):
        flags &= ~{
            "no_header_body_checks": cleanup_user.FLAG_FILTER,
            "no_address_mappings": cleanup_user.FLAG_MAP | cleanup_user.FLAG_BCC,
            "no_milters": cleanup_user.FLAG_MILTER,
        }.get(option, 0)
    if transaction.hold:
        flags |= cleanup_user.FLAG_HOLD
    if transaction.discard:
        flags |= cleanup_user.FLAG_DISCARD
    submission = await Submission.open(commands.service.sys, commands.service.log, params, flags)
    if submission is None:
        return False
    transaction.submission, transaction.queue_id = submission, submission.queue_id
    try:
        await _envelope_records(commands, submission)
    except Closed:
        return False
    if commands.service.under_master:
        shown = f"{transaction.queue_id}: client={session.client.shown}"
        if session.sasl_username:
            shown += f", sasl_method={session.sasl_method}, sasl_username={session.sasl_username}"
        forwarded = session.xforward
        if forwarded.get("NAME") or forwarded.get("ADDR"):
            shown += f", orig_client={forwarded.get('NAME', 'unknown')}[{forwarded.get('ADDR', 'unknown')}]"
        commands.service.log.info(shown)
    return True


async def _envelope_records(commands: Commands, submission: Submission) -> None:
    session, params = commands.session, commands.params
    transaction, client = session.transaction, session.client
    put = submission.put
    await put(record.TIME, queue_file.time_data(transaction.arrival))
    if params["content_filter"] and commands.service.under_master:
        await put(record.FILTER, params["content_filter"])
    context = await commands.checks.rewrite_context()
    attributes = {
        "log_client_name": client.name,
        "log_client_address": client.address,
        "log_client_port": client.port,
        "log_message_origin": client.shown,
        "log_helo_name": session.helo or "",
        "log_protocol_name": session.protocol,
        "client_name": client.name,
        "reverse_client_name": client.reverse,
        "client_address": client.address,
        "client_port": client.port,
        "helo_name": session.helo or "",
        "protocol_name": session.protocol,
        "encoding": transaction.encoding,
        "sasl_method": session.sasl_method,
        "sasl_username": session.sasl_username,
        "rewrite_context": context,
    }
    attributes |= _forwarded(session.xforward)
    for name, value in attributes.items():
        if value:
            await put(record.ATTRIBUTE, f"{name}={value}")
    await put(record.FROM, transaction.sender or "")
    if transaction.envelope_id:
        await put(record.DSN_ENVELOPE_ID, transaction.envelope_id)
    if transaction.dsn_return:
        await put(record.DSN_RETURN, str(transaction.dsn_return))


def _forwarded(xforward: dict[str, str]) -> dict[str, str]:
    """What a content filter told of the first client replaces what is logged."""
    if not xforward:
        return {}
    name, address = xforward.get("NAME", "unknown"), xforward.get("ADDR", "unknown")
    return {
        "log_client_name": name,
        "log_client_address": address,
        "log_message_origin": f"{name}[{address}]",
        "log_helo_name": xforward.get("HELO", ""),
        "log_protocol_name": xforward.get("PROTO", ""),
    }


async def _record(commands: Commands, address: str, notify: int, original: str) -> None:
    transaction = commands.session.transaction
    transaction.recipients += 1
    transaction.last_accepted = address
    submission = transaction.submission
    if submission is None:
        return
    try:
        await submission.put(record.ATTRIBUTE, f"dsn_orig_rcpt={original}")
        if notify:
            await submission.put(record.DSN_NOTIFY, str(notify))
        await submission.put(record.RECIPIENT, address)
    except Closed:
        transaction.errors |= cleanup_user.WRITE
