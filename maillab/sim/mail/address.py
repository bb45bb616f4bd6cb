"""Mail addresses as text: quoting of local parts (RFC 822, RFC 821), splitting, extensions, host names.

The internal form of an address has no quotes (`a b@c`), the external form has (`"a b"@c`). Text is `str`; bytes that are not UTF-8
travel as surrogate escapes.
"""

from __future__ import annotations

import re
from functools import lru_cache

_DOT_STRING = re.compile(r'[^\x00-\x20\x7f()<>@,;:\\".\[\]]+(?:\.[^\x00-\x20\x7f()<>@,;:\\".\[\]]+)*')
_UNQUOTE = re.compile(r'"|\\(.)', re.DOTALL)
_LABEL = re.compile(r"[A-Za-z0-9_\x80-\U0010ffff](?:[A-Za-z0-9_\x80-\U0010ffff-]*[A-Za-z0-9_\x80-\U0010ffff])?")
_NUMERIC = re.compile(r"[0-9.]+")


def split_at(address: str) -> tuple[str, str | None]:
    """Local part and domain (after the last `@`; None without one)."""
    local, at, domain = address.rpartition("@")
    return (local, domain) if at else (address, None)


@lru_cache(maxsize=4096)
def quote_local(address: str) -> str:
    """The external form: the local part in quotes when RFC 822 wants them."""
    local, domain = split_at(address)
    if address == "" or (local and _DOT_STRING.fullmatch(local)):
        return address
    quoted = '"' + local.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\\r") + '"'
    return quoted if domain is None else f"{quoted}@{domain}"


@lru_cache(maxsize=4096)
def unquote_local(address: str) -> str:
    """The internal form: quotes and backslashes of the local part removed."""
    local, domain = split_at(address)
    if '"' not in local and "\\" not in local:
        return address
    local = _UNQUOTE.sub(lambda match: match[1] or "", local)
    return local if domain is None else f"{local}@{domain}"


def split_extension(local: str, delimiters: str) -> tuple[str, str | None]:
    """A local part and its address extension (the first delimiter cuts; owner-x, x-request, MAILER-DAEMON and double-bounce stay whole)."""
    folded = local.lower()
    if not delimiters or folded in ("mailer-daemon", "double-bounce", "postmaster"):
        return local, None
    if "-" in delimiters and (folded.startswith("owner-") or folded.endswith("-request")):
        return local, None
    at = min((found for found in (local.find(char, 1) for char in delimiters) if found > 0), default=-1)
    if at <= 0:
        return local, None
    return local[:at], local[at + 1 :]


def strip_extension(address: str, delimiters: str) -> tuple[str, str | None]:
    """An address without its extension, and the extension with its delimiter (None without one)."""
    local, domain = split_at(address)
    bare, extension = split_extension(local, delimiters)
    if extension is None:
        return address, None
    mark = local[len(bare)]
    return (bare if domain is None else f"{bare}@{domain}"), mark + extension


def valid_hostname(name: str) -> bool:
    """Whether a name can be a host name: labels of letters, digits, - and _, not all numeric, at most 63 and 255 long."""
    if not name or len(name) > 255 or _NUMERIC.fullmatch(name):
        return False
    return all(len(label) <= 63 and _LABEL.fullmatch(label) for label in name.split("."))


def valid_ipv4(text: str) -> bool:
    """Whether a text is four decimal bytes, not 0.x.x.x."""
    parts = text.split(".")
    if len(parts) != 4 or not all(part.isascii() and part.isdigit() and len(part) <= 3 and int(part) <= 255 for part in parts):
        return False
    return int(parts[0]) != 0 or text == "0.0.0.0"


def valid_ipv6(text: str) -> bool:
    """Whether a text is an IPv6 address."""
    from ipaddress import AddressValueError, IPv6Address

    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return "%" not in text


def valid_literal(text: str) -> bool:
    """Whether a text is a domain literal: [1.2.3.4] or [ipv6:::1]."""
    inside = text[1:-1] if text.startswith("[") and text.endswith("]") else ""
    if inside[:5].lower() == "ipv6:":
        return valid_ipv6(inside[5:])
    return valid_ipv4(inside)
