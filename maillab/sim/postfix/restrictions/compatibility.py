"""What the log says when an old default setting decided, at a low compatibility_level (COMPATIBILITY_README of Postfix 3.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix.lib import resolve_clnt

if TYPE_CHECKING:
    from maillab.sim.postfix.restrictions.checks import Checks

USING = "using backwards-compatible default setting"


def _in_force(checks: Checks, level: tuple[int, int], *names: str) -> bool:
    """Whether the default of before a level holds for parameters that main.cf does not set."""
    params = checks.params
    return params.version >= (3, 0) and params.compat_level < level and not params.settings.keys() & {*names}


async def tell_old_neighbour(checks: Checks) -> None:
    """Say so when only mynetworks_style=subnet trusts the client."""
    client = checks.session.client
    if not _in_force(checks, (2, 0), "mynetworks", "mynetworks_style"):
        return
    if not (await checks.params.own_addresses()).is_own(client.address):
        checks.log.info(f'{USING} mynetworks_style=subnet to permit request from client "{client.shown}"')


async def spare_old_relay(checks: Checks) -> None:
    """Say so when only an empty smtpd_relay_restrictions lets a stranger relay."""
    if not _in_force(checks, (1, 0), "smtpd_relay_restrictions"):
        return
    client = checks.session.client
    if checks.session.sasl_username or await checks.config.mynetworks.match_client(client.name, client.address):
        return
    answer = await checks.resolve(checks.recipient)
    if answer.flags & (resolve_clnt.CLASS_FINAL | resolve_clnt.CLASS_RELAY) and not answer.flags & resolve_clnt.ROUTED:
        return
    checks.log.info(
        f'{USING} "smtpd_relay_restrictions = (empty)" to avoid "Relay access denied" error for recipient "{checks.recipient}" '
        f'from client "{client.shown}"'
    )
