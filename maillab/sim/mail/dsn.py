"""dsn - delivery status notifications: enhanced status codes (RFC 3463), NOTIFY and RET (RFC 3461), what happened to a recipient."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

NEVER, SUCCESS, FAILURE, DELAY = 1, 2, 4, 8
NOTIFY_NAMES = ("NEVER", "SUCCESS", "FAILURE", "DELAY")
RETURN_FULL, RETURN_HEADERS = 1, 2

CODE = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?=[ \t]|$)")


@dataclass(slots=True, frozen=True)
class Dsn:
    """What happened to a recipient, as a delivery status notification tells it (RFC 3464)."""

    status: str
    reason: str
    action: str = ""
    diagnostic_type: str = ""
    diagnostic_text: str = ""
    mta_type: str = ""
    mta_name: str = ""

    def acted(self, action: str) -> Dsn:
        """The same with another action."""
        return replace(self, action=action)

    def soft(self) -> Dsn:
        """The same as a temporary failure: 5.x.y becomes 4.x.y, and so does an SMTP reply code 5xx."""
        text = self.diagnostic_text
        if self.diagnostic_type == "smtp" and text[:1] == "5":
            text = re.sub(r"^5(\d\d[ -])5\.", r"4\g<1>4.", text) if text[4:6] == "5." else "4" + text[1:]
        return replace(self, status="4" + self.status[1:], diagnostic_text=text)


def split(text: str, default: str) -> tuple[str, str]:
    """An enhanced status code and the text after it; `default` when the text does not begin with a code."""
    stripped = text.lstrip()
    found = CODE.match(stripped)
    if found is None:
        return default, stripped
    return found[0], stripped[found.end():].lstrip()


def valid(code: str) -> bool:
    """Whether this is an enhanced status code and nothing more."""
    found = CODE.match(code)
    return found is not None and found.end() == len(code)


def notify_mask(text: str) -> int:
    """The flags of a NOTIFY value (`SUCCESS,DELAY`, in any case), 0 when it is wrong (NEVER goes alone, nothing twice)."""
    mask = 0
    for word in text.upper().split(","):
        if word.strip() not in NOTIFY_NAMES:
            return 0
        flag = 1 << NOTIFY_NAMES.index(word.strip())
        if mask & (flag | NEVER) or (flag == NEVER and mask):
            return 0
        mask |= flag
    return mask


def notify_text(mask: int) -> str:
    """The NOTIFY value of these flags."""
    return ",".join(name for bit, name in enumerate(NOTIFY_NAMES) if mask & 1 << bit)


def return_mask(text: str) -> int:
    """The flag of a RET value, 0 when it is wrong."""
    return {"FULL": RETURN_FULL, "HDRS": RETURN_HEADERS}.get(text.upper(), 0)
