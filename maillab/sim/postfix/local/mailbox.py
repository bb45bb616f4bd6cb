"""mailbox - delivery to a user of the machine: mailbox_transport, mailbox_command, home_mailbox, mail_spool_directory"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from maillab.sim.host import accounts
from maillab.sim.host.errno import SysError
from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix.lib import mail_copy, mailbox_file
from maillab.sim.postfix.lib.deliver_request import TRACE_ONLY, deliver_pass
from maillab.sim.postfix.lib.mailbox_file import Owner, as_user
from maillab.sim.postfix.lib.maps import LookupFailure, Maps
from maillab.sim.postfix.local import biff, command, files

if TYPE_CHECKING:
    from maillab.sim.postfix.local.attributes import Attributes
    from maillab.sim.postfix.local.delivery import Delivery


async def deliver(delivery: Delivery, attributes: Attributes) -> int | None:
    """Deliver to the user; None when there is no such user."""
    params, sys = delivery.service.params, delivery.service.sys
    if not delivery.first_time("mailbox", 0, attributes.local):
        return 0
    status = await through(delivery, attributes, delivery.agent.mailbox_transports, "mailbox_transport")
    if status is not None:
        return status
    user = accounts.getpwnam(sys, attributes.user)
    if user is None:
        return None
    owner = Owner(user.uid, user.gid, user.name, user.home, user.shell)
    text = await _command(delivery, attributes)
    if text is None:
        return await _unavailable(delivery, attributes)
    if text:
        return await command.deliver(delivery, attributes, text, owner)
    home = params["home_mailbox"]
    if home.endswith("/"):
        return await files.maildir(delivery, attributes, f"{owner.home}/{home}", owner)
    spool = params["mail_spool_directory"]
    if not home and spool.endswith("/"):
        return await files.maildir(delivery, attributes, f"{spool}{attributes.user}/", owner)
    return await _file(delivery, attributes, owner)


async def _unavailable(delivery: Delivery, attributes: Attributes) -> int:
    dsn = Dsn("4.3.5", "mail system configuration error")
    return await delivery.reporter.deferred(delivery.facts, attributes.recipient, delivery.relay, dsn)


async def through(delivery: Delivery, attributes: Attributes, maps: Maps, parameter: str) -> int | None:
    """Hand the recipient to the transport that a table, or else a parameter, names; None when there is none."""
    try:
        transport = await maps.find(attributes.user) if maps else None
    except LookupFailure:
        return await _unavailable(delivery, attributes)
    transport = transport or delivery.service.params[parameter]
    if not transport:
        return None
    status = await deliver_pass(delivery.service, delivery.request, attributes.recipient, transport)
    if status is not None:
        return status
    dsn = Dsn("4.3.0", "mail transport unavailable")
    return await delivery.reporter.deferred(delivery.facts, attributes.recipient, delivery.relay, dsn)


async def _command(delivery: Delivery, attributes: Attributes) -> str | None:
    """The user's mailbox command, "" without one, None when the table could not be read."""
    maps = delivery.agent.mailbox_commands
    try:
        found = await maps.find(attributes.user) if maps else None
    except LookupFailure:
        return None
    return found or delivery.service.params.raw("mailbox_command") or ""


async def _file(delivery: Delivery, attributes: Attributes, owner: Owner) -> int:
    """Append to the mailbox file. In the user's home, or where everybody may write, as the user; where the spool's group may
    write, as the user with that group; else as root, who gives new files to the user."""
    service = delivery.service
    params, sys = service.params, service.sys
    if delivery.request.flags & TRACE_ONLY:
        return await delivery.sent(attributes, "delivers to mailbox")
    if params["home_mailbox"]:
        path, uid, gid = f"{owner.home}/{params['home_mailbox']}", owner.uid, owner.gid
    else:
        path = f"{params['mail_spool_directory']}/{attributes.user}"
        uid, gid = _spool_rights(delivery, params["mail_spool_directory"], owner)
    data = files.copy_of(delivery, attributes, mail_copy.MBOX)
    with as_user(sys, uid, gid):
        trouble = await mailbox_file.append_mbox(sys, service.log, params, path, data, owner, uid != owner.uid,
                                                 params.integer("mailbox_size_limit"))
    if trouble is not None:
        text = f"cannot update mailbox {path} for user {attributes.user}. {trouble.reason}"
        return await delivery.failed(attributes, replace(trouble, reason=text))
    status = await delivery.sent(attributes, "delivered to mailbox")
    if params.boolean("biff"):
        await biff.notify(sys, attributes.user, sys.stat(path).size - len(data))
    return status


def _spool_rights(delivery: Delivery, spool: str, owner: Owner) -> tuple[int, int]:
    try:
        status = delivery.service.sys.stat(spool)
    except SysError:
        return owner.uid, owner.gid
    if status.mode & 0o002:
        return owner.uid, owner.gid
    if status.mode & 0o020:
        return owner.uid, status.gid
    return 0, 0
