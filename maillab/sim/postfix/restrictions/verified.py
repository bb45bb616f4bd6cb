"""Address verification by probes: reject_unverified_sender, reject_unverified_recipient (ADDRESS_VERIFICATION_README)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix.lib.verify_clnt import BOUNCED, OK, UNKNOWN

if TYPE_CHECKING:
    from maillab.sim.postfix.restrictions.checks import Checks


async def verified(checks: Checks, address: str, kind: str, which: str) -> str | None:
    """Refuse an address that its mail server refuses, put off one that is not known yet."""
    if not address:
        return None
    params = checks.params
    status, reason = UNKNOWN, "address verification in progress"
    count = params.integer("address_verify_poll_count") if params["address_verify_poll_count"].isdigit() else 3
    for turn in range(max(count, 1)):
        status, reason = await checks.shared.verifier.query(address)
        if status != UNKNOWN:
            break
        if turn + 1 < count:
            await checks.sys.sleep(params.seconds("address_verify_poll_delay"))
    if status == OK:
        return None
    checks.session.error_mask.add("policy")
    if status == BOUNCED:
        code, dsn = params.integer(f"unverified_{which}_reject_code"), "5.1.1" if which == "recipient" else "5.1.7"
        shown = params[f"unverified_{which}_reject_reason"] or f"undeliverable address: {reason}"
        checks.say_no(code, dsn, f"<{address}>: {kind} rejected: {shown}")
        return None
    code = params.integer(f"unverified_{which}_defer_code")
    text = f"<{address}>: {kind} rejected: unverified address: {params[f'unverified_{which}_reject_reason'] or reason}"
    checks.defer_if_permit(code, "4.1.1" if which == "recipient" else "4.1.7", text)
    return None
