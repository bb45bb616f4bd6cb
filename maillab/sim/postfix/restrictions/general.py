"""Restrictions that belong to no stage: permit, reject, defer, sleep, policy services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix.lib.vstream import Closed, Stream, TimedOut
from maillab.sim.postfix.restrictions.access import act

if TYPE_CHECKING:
    from maillab.sim.postfix.restrictions.checks import Checks

OK = "ok"


async def permit(checks: Checks, argument: str) -> str | None:
    """Accept."""
    return OK


async def reject(checks: Checks, argument: str) -> str | None:
    """Refuse."""
    checks.reject(checks.params.integer("reject_code"), "5.7.1", "Access denied")
    return None


async def defer(checks: Checks, argument: str) -> str | None:
    """Refuse for now."""
    checks.reject(checks.params.integer("defer_code"), "4.3.2", "Try again later")
    return None


async def defer_if_permit(checks: Checks, argument: str) -> str | None:
    """Refuse for now what would be accepted."""
    checks.defer_if_permit(450, "4.3.2", f"{checks.reply_name}: {checks.reply_class} rejected: defer_if_permit requested")
    return None


async def defer_if_reject(checks: Checks, argument: str) -> str | None:
    """Refuse only for now what would be refused."""
    checks.remember_defer(450, "4.3.2", f"{checks.reply_name}: {checks.reply_class} rejected: defer_if_reject requested")
    return None


async def sleep(checks: Checks, argument: str) -> str | None:
    """Wait."""
    await checks.sys.sleep(float(argument) if argument.isdigit() else 0)
    return None


async def reject_plaintext_session(checks: Checks, argument: str) -> str | None:
    """Refuse sessions without TLS."""
    code = checks.params.integer("plaintext_reject_code")
    checks.say_no(code, "4.7.1", f"{checks.reply_name}: {checks.reply_class} rejected: Session encryption is required")
    return None


async def permit_sasl_authenticated(checks: Checks, argument: str) -> str | None:
    """Accept users who gave a password."""
    return OK if checks.session.sasl_username else None


async def permit_tls_clientcerts(checks: Checks, argument: str) -> str | None:
    """No certificate is ever verified here."""
    return None


async def permit_tls_all_clientcerts(checks: Checks, argument: str) -> str | None:
    """No certificate is ever verified here."""
    return None


async def check_ccert_access(checks: Checks, argument: str) -> str | None:
    """No certificate is ever verified here."""
    return None


async def check_sasl_access(checks: Checks, argument: str) -> str | None:
    """Look the user's name up."""
    name = checks.session.sasl_username
    if not name:
        return None
    value = await checks.config.lists.table(argument).find(name)
    return None if value is None else await act(checks, argument, value)


async def check_policy_service(checks: Checks, argument: str) -> str | None:
    """Ask a policy server (SMTPD_POLICY_README): attributes, an empty line, `action=...`, an empty line."""
    answer = await _ask(checks, argument)
    if answer is None:
        checks.log.warning(
            f"problem talking to server {argument.partition(':')[2] if argument.startswith('inet:') else argument}: Connection refused"
        )
        action = (
            checks.params["smtpd_policy_service_default_action"]
            if checks.params.version >= (3, 0)
            else "451 4.3.5 Server configuration problem"
        )
    else:
        action = answer
    return await act(checks, argument, action)


def _request(checks: Checks) -> str:
    session, transaction, client = checks.session, checks.session.transaction, checks.session.client
    values = {
        "request": "smtpd_access_policy",
        "protocol_state": session.where,
        "protocol_name": session.protocol,
        "client_address": client.address,
        "client_name": client.name,
        "client_port": client.port,
        "reverse_client_name": client.reverse,
        "server_address": client.server_address,
        "server_port": client.server_port,
        "helo_name": session.helo or "",
        "sender": transaction.sender or "",
        "recipient": transaction.recipient or "",
        "recipient_count": transaction.recipients if session.where in ("DATA", "END-OF-MESSAGE") else 0,
        "queue_id": transaction.queue_id,
        "instance": session.instance,
        "size": transaction.actual_size or transaction.size,
        "etrn_domain": "",
        "stress": checks.params["stress"],
        "sasl_method": session.sasl_method,
        "sasl_username": session.sasl_username,
        "sasl_sender": "",
        "ccert_subject": "",
        "ccert_issuer": "",
        "ccert_fingerprint": "",
        "ccert_pubkey_fingerprint": "",
        "encryption_protocol": "",
        "encryption_cipher": "",
        "encryption_keysize": 0,
        "policy_context": "",
    }
    return "".join(f"{name}={value}\n" for name, value in values.items()) + "\n"


async def _ask(checks: Checks, service: str) -> str | None:
    sys = checks.sys
    kind, _, place = service.partition(":")
    host, _, port = place.rpartition(":")
    fd = sys.socket("inet" if kind == "inet" else "unix")
    try:
        if kind == "inet":
            from maillab.sim.host.resolver import getaddrinfo

            addresses = await getaddrinfo(sys, host.strip("[]") or "127.0.0.1", "inet")
            await sys.connect(fd, (addresses[0], int(port)))
        else:
            await sys.connect(fd, place)
        stream = Stream(sys, fd, checks.params.seconds("smtpd_policy_service_timeout"))
        stream.put(_request(checks).encode("utf-8", "surrogateescape"))
        text = (await stream.take_until(b"\n\n")).decode("utf-8", "surrogateescape")
    except (SysError, Closed, TimedOut, OSError):
        return None
    finally:
        sys.close(fd)
    for line in text.splitlines():
        name, _, value = line.partition("=")
        if name == "action":
            return value.strip()
    return None
