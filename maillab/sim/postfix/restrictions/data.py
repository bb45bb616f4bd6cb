"""Restrictions at DATA: manners."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.sim.postfix.restrictions.checks import Checks


async def reject_unauth_pipelining(checks: Checks, argument: str) -> str | None:
    """Refuse clients that talk before it is their turn."""
    session = checks.session
    if session.stream.pending() and (session.where != "MAIL" or session.protocol != "ESMTP"):
        checks.reject(503, "5.5.0", "Improper use of SMTP command pipelining")
    return None


async def reject_multi_recipient_bounce(checks: Checks, argument: str) -> str | None:
    """Refuse bounces for several recipients."""
    transaction = checks.session.transaction
    if transaction.sender == "" and transaction.recipients > 1:
        code = checks.params.integer("multi_recipient_bounce_reject_code")
        checks.reject(code, "5.5.3", "Multi-recipient bounce")
    return None
