"""access(5): the keys under which hosts and addresses are looked up, and the actions that tables and policy servers return."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.sim.mail.address import split_at, strip_extension
from maillab.sim.postfix._smtpd.session import POLICY
from maillab.sim.postfix.lib.maps import LookupFailure, split_maps

if TYPE_CHECKING:
    from maillab.sim.postfix.restrictions.checks import Checks

OK = "ok"
_CODE = re.compile(r"([45]\d\d)(?:\s+([45]\.\d{1,3}\.\d{1,3}))?(?:\s+(.*))?$", re.DOTALL)
_STATUS = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)")


def domain_keys(checks: Checks, domain: str) -> list[str]:
    """A host name and its parents: `a.b.c`, `b.c`, `c` (or with dots in front)."""
    domain = domain.removesuffix(".")
    if domain.startswith("["):
        return [domain]
    subdomains = "smtpd_access_maps" in checks.params.words("parent_domain_matches_subdomains")
    keys, rest = [domain], domain
    while "." in rest:
        rest = rest.partition(".")[2]
        keys.append(rest if subdomains else "." + rest)
    return keys


def address_keys(address: str) -> list[str]:
    """A network address and its networks: `1.2.3.4`, `1.2.3`, `1.2`, `1`."""
    separator = ":" if ":" in address else "."
    keys, rest = [address], address
    while separator in rest:
        rest = rest.rpartition(separator)[0]
        while rest.endswith(":"):
            rest = rest[:-1]
        if rest:
            keys.append(rest)
    return keys


def mail_keys(checks: Checks, address: str) -> list[str]:
    """An address, without extension, its domain and parents, its `user@`."""
    bare, extension = strip_extension(address, checks.params["recipient_delimiter"])
    local, domain = split_at(address)
    keys = [address] if extension is None else [address, bare]
    if domain:
        keys += domain_keys(checks, domain)
    keys.append(local + "@")
    if extension is not None:
        keys.append(split_at(bare)[0] + "@")
    return keys


async def look_up(checks: Checks, table: str, keys: list[str]) -> str | None:
    """Search a table for keys in order and do what it says; a table that fails is a server error."""
    maps = checks.config.lists.table(table)
    for index, key in enumerate(keys):
        try:
            value = await maps.find(key, whole=index == 0)
        except LookupFailure:
            checks.reject(451, "4.3.5", "Server configuration error")
            return None
        if value is not None:
            return await act(checks, table, value)
    return None


async def act(checks: Checks, table: str, value: str) -> str | None:
    """Do what an access table or a policy server says."""
    command, _, text = value.strip().partition(" ")
    text = text.strip()
    action = ACTIONS.get(command.upper())
    if action is not None:
        return action(checks, table, text)
    if _CODE.match(value.strip()):
        _numeric(checks, value.strip())
        return None
    if value.strip().isdigit():
        return OK
    words = split_maps(value)
    return await checks.evaluate(words, depth=1)


def _status(text: str, default: str) -> tuple[str, str]:
    match = _STATUS.match(text)
    return (match[1], text[match.end() :]) if match else (default, text)


def _numeric(checks: Checks, value: str) -> None:
    match = _CODE.match(value)
    assert match is not None
    code = int(match[1])
    checks.session.error_mask.add(POLICY)
    if code == 421:
        checks.say_no(421, match[2] or "4.7.1", match[3] or "Service unavailable")
    checks.reject(code, match[2] or ("4.7.1" if code < 500 else "5.7.1"), match[3] or "Access denied")


def _ok(checks: Checks, table: str, text: str) -> str | None:
    return OK


def _dunno(checks: Checks, table: str, text: str) -> str | None:
    return None


def _reject(checks: Checks, table: str, text: str) -> str | None:
    status, reason = _status(text, "5.7.1")
    checks.reject(checks.params.integer("access_map_reject_code"), status, reason or "Access denied")
    return None


def _defer(checks: Checks, table: str, text: str) -> str | None:
    status, reason = _status(text, "4.7.1")
    checks.reject(
        checks.params.integer("access_map_defer_code") if checks.params.version >= (2, 6) else 450, status, reason or "Access denied"
    )
    return None


def _defer_if_permit(checks: Checks, table: str, text: str) -> str | None:
    status, reason = _status(text, "4.7.1")
    checks.defer_if_permit(450, status, f"{checks.reply_name}: {checks.reply_class} rejected: {reason or 'Service unavailable'}")
    return None


def _defer_if_reject(checks: Checks, table: str, text: str) -> str | None:
    status, reason = _status(text, "4.7.1")
    checks.remember_defer(450, status, f"{checks.reply_name}: {checks.reply_class} rejected: {reason or 'Service unavailable'}")
    return None


def _note(checks: Checks, action: str, text: str, default: str) -> None:
    checks.session.note(action, f"{checks.reply_name}: {checks.reply_class} {text or default}")


def _warn(checks: Checks, table: str, text: str) -> str | None:
    _note(checks, "warn", text, "triggers WARN action")
    return None


def _info(checks: Checks, table: str, text: str) -> str | None:
    _note(checks, "info", text, "triggers INFO action")
    return None


def _hold(checks: Checks, table: str, text: str) -> str | None:
    if not checks.session.transaction.hold:
        _note(checks, "hold", text, "triggers HOLD action")
    checks.session.transaction.hold = True
    return None


def _discard(checks: Checks, table: str, text: str) -> str | None:
    _note(checks, "discard", text, "triggers DISCARD action")
    checks.session.transaction.discard = True
    return OK


def _filter(checks: Checks, table: str, text: str) -> str | None:
    if ":" not in text:
        checks.log.warning(
            f"access table {table} entry has FILTER without value"
            if not text
            else f"access table {table}: bad transport:destination in FILTER action: {text}"
        )
        return None
    _note(checks, "filter", "", f"triggers FILTER {text}")
    checks.session.transaction.filter = text
    return None


def _redirect(checks: Checks, table: str, text: str) -> str | None:
    if "@" not in text:
        checks.log.warning(
            f"access table {table} entry has REDIRECT without user@domain"
            if text
            else f"access table {table} entry has REDIRECT without value"
        )
        return None
    _note(checks, "redirect", "", f"triggers REDIRECT {text}")
    checks.session.transaction.redirect = text
    return None


def _bcc(checks: Checks, table: str, text: str) -> str | None:
    if "@" not in text:
        checks.log.warning(
            f"access table {table} entry has BCC without user@domain" if text else f"access table {table} entry has BCC without value"
        )
        return None
    _note(checks, "bcc", "", f"triggers BCC {text}")
    checks.session.transaction.bcc.append(text)
    return None


def _prepend(checks: Checks, table: str, text: str) -> str | None:
    if checks.session.where in ("END-OF-MESSAGE",):
        checks.log.warning(f"access table {table}: action PREPEND must be used before smtpd_end_of_data_restrictions")
    elif not re.match(r"[!-9;-~]+[ \t]*:", text):
        checks.log.warning(f'access table {table} entry "PREPEND {text}" requires header: text')
    else:
        checks.session.transaction.prepend.append(text)
    return None


ACTIONS = {
    "OK": _ok,
    "RELAY": _ok,
    "DUNNO": _dunno,
    "REJECT": _reject,
    "DEFER": _defer,
    "DEFER_IF_PERMIT": _defer_if_permit,
    "DEFER_IF_REJECT": _defer_if_reject,
    "WARN": _warn,
    "INFO": _info,
    "HOLD": _hold,
    "DISCARD": _discard,
    "FILTER": _filter,
    "REDIRECT": _redirect,
    "BCC": _bcc,
    "PREPEND": _prepend,
}
