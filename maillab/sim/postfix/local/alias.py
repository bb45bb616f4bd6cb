"""alias - the tables of alias_maps (aliases(5)), with owner-NAME aliases"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from maillab.sim.host import accounts
from maillab.sim.host.errno import SysError
from maillab.sim.mail import tok822
from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix.lib.deliver_request import USER_PROBE
from maillab.sim.postfix.lib.mailbox_file import Owner
from maillab.sim.postfix.lib.maps import LookupFailure
from maillab.sim.postfix.lib.queue_file import Recipient
from maillab.sim.postfix.local.attributes import ALIAS

if TYPE_CHECKING:
    from maillab.sim.postfix.local.attributes import Attributes
    from maillab.sim.postfix.local.delivery import Delivery

LEVEL_LIMIT = 100


async def deliver(delivery: Delivery, attributes: Attributes, name: str) -> int | None:
    """Deliver to what an alias says; None when there is no alias of this name, or it is what led here."""
    if attributes.expanded_from.lower() == name.lower():
        return None
    maps = delivery.agent.aliases
    try:
        expansion = await maps.find(name)
    except LookupFailure:
        return await _unavailable(delivery, attributes)
    if expansion is None:
        return None
    if delivery.request.flags & USER_PROBE:
        return await delivery.sent(attributes, f"aliased to {expansion}")
    if attributes.level > LEVEL_LIMIT:
        delivery.service.log.warning(f"alias database loop for {name}")
        return await delivery.bounced(attributes, "5.4.6", f"alias database loop for {name}")
    inner = replace(attributes, expanded_by=ALIAS, expanded_from=name, privileges=privileges(delivery))
    if not await _set_owner(delivery, attributes, inner, name):
        return await _unavailable(delivery, attributes)
    status, count = await delivery.tokens(inner, expansion)
    if count < 1:
        delivery.service.log.warning(f"no recipient in alias lookup result for {name}")
        return await _unavailable(delivery, attributes)
    return status


async def _unavailable(delivery: Delivery, attributes: Attributes) -> int:
    dsn = Dsn("4.3.0", "alias database unavailable")
    return await delivery.reporter.deferred(delivery.facts, attributes.recipient, delivery.relay, dsn)


async def _set_owner(delivery: Delivery, attributes: Attributes, inner: Attributes, name: str) -> bool:
    """With an owner-NAME alias, errors go to the owner, who knows nothing of the original recipient; False when that could not be found out."""
    if name.lower().startswith("owner-") or name.lower().endswith("-request"):
        return True
    owner = f"owner-{name}"
    try:
        value = await delivery.agent.aliases.find(owner)
    except LookupFailure:
        return False
    if value is None:
        return True
    listed = tok822.addresses(value)
    params = delivery.service.params
    target = listed[0] if params.boolean("expand_owner_alias") and len(listed) == 1 else owner
    inner.sender = await delivery.agent.rewriter.rewrite_internal("local", target)
    inner.owner = name
    inner.recipient = Recipient(inner.recipient.offset, inner.recipient.address)
    return True


def privileges(delivery: Delivery) -> Owner | None:
    """The owner of the alias files, when it is not root: commands of aliases run with those rights."""
    sys = delivery.service.sys
    for word in delivery.service.params["alias_maps"].replace(",", " ").split():
        path = word.partition(":")[2]
        for candidate in (f"{path}.db", path):
            try:
                uid = sys.stat(candidate).uid
            except SysError:
                continue
            user = accounts.getpwuid(sys, uid) if uid else None
            return None if user is None else Owner(user.uid, user.gid, user.name, user.home, user.shell)
    return None
