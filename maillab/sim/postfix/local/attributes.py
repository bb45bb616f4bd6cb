"""attributes - what local knows of the delivery of one recipient, at one level of expansion"""

from __future__ import annotations

from dataclasses import dataclass

from maillab.sim.postfix.lib.mailbox_file import Owner
from maillab.sim.postfix.lib.queue_file import Recipient

ALIAS, FORWARD, INCLUDE = "alias", "forward", "include"


@dataclass(slots=True)
class Attributes:
    """The recipient, its parts, and how it came here. `owner` is who must not be expanded again."""

    recipient: Recipient
    sender: str
    delivered: str = ""
    local: str = ""
    user: str = ""
    domain: str = ""
    extension: str | None = None
    unmatched: str | None = None
    expanded_by: str = ""
    expanded_from: str = ""
    owner: str = ""
    level: int = 0
    privileges: Owner | None = None
    """Whose rights commands and files of an expansion get; None: those of default_privs."""
