"""files - delivery to a file or maildir that an expansion names: `/file/name`, `/directory/`"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix.lib import mail_copy, mailbox_file
from maillab.sim.postfix.lib.deliver_request import TRACE_ONLY
from maillab.sim.postfix.lib.mailbox_file import Owner, as_user

if TYPE_CHECKING:
    from maillab.sim.postfix.local.attributes import Attributes
    from maillab.sim.postfix.local.delivery import Delivery


def copy_of(delivery: Delivery, attributes: Attributes, flags: int) -> bytes:
    """The message as it is written for this recipient."""
    prepend = delivery.service.params["prepend_delivered_header"].replace(",", " ").split()
    if "file" not in prepend:
        flags &= ~mail_copy.DELIVERED_TO
    return mail_copy.message(delivery.request, attributes.sender, attributes.recipient.original, attributes.delivered,
                             flags, delivery.service.sys.clock())


async def deliver(delivery: Delivery, attributes: Attributes, path: str) -> int:
    """Append to a file, or add to a maildir, with the rights of the expansion's owner."""
    service = delivery.service
    if not delivery.first_time("file", 0, f"{attributes.user} {path}"):
        return 0
    if delivery.request.flags & TRACE_ONLY:
        return await delivery.sent(attributes, f"delivers to file: {path}")
    owner = attributes.privileges or delivery.agent.default_owner
    if path.endswith("/"):
        return await maildir(delivery, attributes, path, owner)
    limit = service.params.integer("mailbox_size_limit")
    data = copy_of(delivery, attributes, mail_copy.MBOX)
    with as_user(service.sys, owner.uid, owner.gid):
        trouble = _executable(delivery, path)
        if trouble is None:
            trouble = await mailbox_file.append_mbox(service.sys, service.log, service.params, path, data, owner, limit=limit)
    if trouble is None:
        return await delivery.sent(attributes, f"delivered to file: {path}")
    return await delivery.failed(attributes, replace(trouble, reason=f"cannot append message to file {path}: {trouble.reason}"))


def _executable(delivery: Delivery, path: str) -> Dsn | None:
    try:
        status = delivery.service.sys.stat(path)
    except SysError:
        return None
    if status.mode & 0o170000 == 0o100000 and status.mode & 0o111:
        return Dsn("5.7.1", "executable destination file")
    return None


async def maildir(delivery: Delivery, attributes: Attributes, folder: str, owner: Owner) -> int:
    """Add to a maildir with the rights of its owner."""
    service = delivery.service
    if delivery.request.flags & TRACE_ONLY:
        return await delivery.sent(attributes, "delivers to maildir")
    data = copy_of(delivery, attributes, mail_copy.MAILDIR)
    with as_user(service.sys, owner.uid, owner.gid):
        trouble = mailbox_file.add_maildir(service.sys, folder, data, service.params.integer("mailbox_size_limit"))
    if trouble is None:
        return await delivery.sent(attributes, "delivered to maildir")
    if trouble.reason.endswith("Permission denied"):
        service.log.warning(f"maildir access problem for UID/GID={owner.uid}/{owner.gid}: {trouble.reason}")
        service.log.warning("perhaps you need to create the maildirs in advance")
    return await delivery.failed(attributes, replace(trouble, reason=f"maildir delivery failed: {trouble.reason}"))
