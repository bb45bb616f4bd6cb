"""Is a text a host name or an address? With the sentences Postfix logs when it is not (its `valid_hostname` and
`valid_hostaddr`)."""

from __future__ import annotations

from collections.abc import Callable

from maillab.sim.wire.network import parse_ip

HOSTNAME_LIMIT = 255
LABEL_LIMIT = 63

Warn = Callable[[str], None]


def _quiet(_text: str) -> None:
    """Say nothing."""


def valid_hostname(name: str, warn: Warn = _quiet) -> bool:
    """Whether the name has the syntax of a host name; `warn` gets the sentence about the first mistake."""
    mistake = _mistake(name)
    if mistake:
        warn(f"valid_hostname: {mistake}")
    return not mistake


def _mistake(name: str) -> str:
    """What is wrong with a host name, "" when nothing is."""
    if name == "":
        return "empty hostname"
    data = name.encode("utf-8", "surrogateescape")
    label = 0
    numeric = True
    for index, code in enumerate(data):
        char = chr(code)
        following = chr(data[index + 1]) if index + 1 < len(data) else ""
        if code < 128 and (char.isalnum() or char == "_"):
            label += 1
            if label > LABEL_LIMIT:
                return f"hostname label too long: {name[:100]}"
            numeric = numeric and char.isdigit()
        elif char == ".":
            if label == 0 or following == "":
                return f"misplaced delimiter: {name[:100]}"
            label = 0
        elif char == "-":
            numeric = False
            label += 1
            if label == 1 or following in ("", "."):
                return f"misplaced hyphen: {name[:100]}"
        else:
            return f"invalid character {code}(decimal): {name[:100]}"
    if numeric:
        return f"numeric hostname: {name[:100]}"
    if len(data) > HOSTNAME_LIMIT:
        return f"bad length {len(data)} for {name[:100]}..."
    return ""


def valid_hostaddr(text: str) -> bool:
    """Whether the text is an IPv4 or IPv6 address."""
    return parse_ip(text) is not None
