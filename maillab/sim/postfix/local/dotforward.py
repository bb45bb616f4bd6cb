"""dotforward - the .forward files of users (forward_path)"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from maillab.sim.host import accounts
from maillab.sim.host.errno import SysError
from maillab.sim.postfix.lib.deliver_request import USER_PROBE
from maillab.sim.postfix.lib.mailbox_file import Owner, as_user
from maillab.sim.postfix.local import expand
from maillab.sim.postfix.local.attributes import FORWARD

if TYPE_CHECKING:
    from maillab.sim.host.inode import Stat
    from maillab.sim.postfix.local.attributes import Attributes
    from maillab.sim.postfix.local.delivery import Delivery


async def deliver(delivery: Delivery, attributes: Attributes) -> int | None:
    """Deliver to what the user's .forward file says; None when there is none that counts."""
    params, sys = delivery.service.params, delivery.service.sys
    paths = params.raw("forward_path")
    if not paths:
        return None
    if attributes.owner and attributes.owner.lower() == attributes.user.lower():
        return None
    user = accounts.getpwnam(sys, attributes.user)
    if user is None:
        return None
    owner = Owner(user.uid, user.gid, user.name, user.home, user.shell)
    for pattern in expand.words(paths):
        expanded = expand.expand(delivery, attributes, pattern, owner)
        if expanded.undefined:
            continue
        with as_user(sys, owner.uid, owner.gid):
            try:
                status = sys.lstat(expanded.text)
            except SysError:
                continue
        if not delivery.first_time("forward", 0, expanded.text):
            return None
        text = _read(delivery, expanded.text, status, owner)
        if text is not None and delivery.request.flags & USER_PROBE:
            return await delivery.sent(attributes, f"forwarded via file: {expanded.text}")
        return None if text is None else await _expand(delivery, attributes, owner, expanded, text)
    return None


def _read(delivery: Delivery, path: str, status: Stat, owner: Owner) -> str | None:
    """The text of a file that can be trusted, else None and a warning."""
    log, sys = delivery.service.log, delivery.service.sys
    if status.mode & 0o170000 != 0o100000:
        log.warning(f"file {path} is not a regular file")
    elif status.uid not in (0, owner.uid):
        log.warning(f"file {path} has bad owner uid {status.uid}")
    elif status.mode & 0o002:
        log.warning(f"file {path} is world writable")
    else:
        with as_user(sys, owner.uid, owner.gid):
            try:
                return sys.slurp(path).decode("utf-8", "surrogateescape")
            except SysError as error:
                log.warning(f"cannot open file {path}: {error}")
    return None


async def _expand(delivery: Delivery, attributes: Attributes, owner: Owner, expanded: expand.Expanded, text: str) -> int | None:
    """Deliver to the destinations of the text; None when it has none."""
    unmatched = attributes.extension if delivery.propagates("forward") else None
    if expanded.extension_used:
        unmatched = None
    inner = replace(attributes, unmatched=unmatched, owner=attributes.user, expanded_by=FORWARD,
                    expanded_from=attributes.local, privileges=owner)
    status, count = await delivery.tokens(inner, text)
    return status if count else None
