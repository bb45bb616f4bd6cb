"""expand - the $names that parameters of local may use: $user, $home, $shell, $extension, $recipient..."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.postfix.lib.mac_expand import Expander

if TYPE_CHECKING:
    from maillab.sim.postfix.lib.mailbox_file import Owner
    from maillab.sim.postfix.local.attributes import Attributes
    from maillab.sim.postfix.local.delivery import Delivery


@dataclass(slots=True)
class Expanded:
    """A result; `undefined` when a name had no value."""

    text: str
    undefined: bool = False
    extension_used: bool = False


def words(text: str) -> list[str]:
    """The members of a list parameter."""
    return text.replace(",", " ").split()


def expand(delivery: Delivery, attributes: Attributes, text: str, owner: Owner | None = None, safe: str = "") -> Expanded:
    """Replace the names; characters that are not in the `safe` parameter become underscores."""
    result = Expanded("")
    values = {
        "user": attributes.user, "home": owner.home if owner else None, "shell": owner.shell if owner else None,
        "domain": attributes.domain or None, "local": attributes.local,
        "mailbox": attributes.local, "recipient": attributes.recipient.address, "extension": attributes.extension,
        "recipient_delimiter": delivery.service.params["recipient_delimiter"][:1] or None,
        "client_hostname": delivery.request.client.get("log_client_name") or None,
        "client_address": delivery.request.client.get("log_client_address") or None,
        "client_helo": delivery.request.client.get("log_helo_name") or None,
        "client_protocol": delivery.request.client.get("log_protocol_name") or None,
    }

    def lookup(name: str) -> str | None:
        if name == "extension":
            result.extension_used = True
        return values.get(name)

    def undefined(_: str) -> None:
        result.undefined = True

    allowed = delivery.service.params[safe] if safe else None
    modern = delivery.service.params.version >= (3, 0)
    result.text = Expander(lookup, recurse=False, modern=modern, allowed=allowed, undefined=undefined).expand(text)
    return result
