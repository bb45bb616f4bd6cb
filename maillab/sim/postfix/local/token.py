"""token - one destination of an alias or a .forward file: address, |command, /file/name, ~/file, :include:/file/name"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.mail import tok822
from maillab.sim.postfix.lib.mailbox_file import as_user
from maillab.sim.postfix.local import command, files
from maillab.sim.postfix.local.attributes import FORWARD, INCLUDE

if TYPE_CHECKING:
    from maillab.sim.postfix.local.attributes import Attributes
    from maillab.sim.postfix.local.delivery import Delivery

INCLUDE_PREFIX = ":include:"
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"?|\((?:[^()\\]|\\.)*\)|<[^>]*>?|[^,\n"(<]+|.', re.S)


def split(text: str) -> Iterator[str]:
    """The destinations of a text: separated by commas and line ends, `#` lines are comments, quotes go."""
    logical = "\n".join(line for line in text.split("\n") if not line.startswith("#"))
    logical = re.sub(r"\n[ \t]+", " ", logical)
    item: list[str] = []
    for piece in [*(match[0] for match in _PIECE.finditer(logical)), ","]:
        if piece not in (",", "\n"):
            item.append(piece)
            continue
        word = "".join(item).strip()
        item = []
        if word:
            yield from _destinations(word)


def _destinations(word: str) -> Iterator[str]:
    if word.startswith('"') and word.endswith('"') and len(word) > 1:
        inside = re.sub(r"\\(.)", r"\1", word[1:-1])
        if inside.startswith(("|", "/", "~", ":")):
            yield inside
            return
    if word.startswith(("|", "/", "~/", INCLUDE_PREFIX)):
        yield word
        return
    if word.startswith("\\"):
        yield word
        return
    yield from tok822.addresses(word)


async def deliver(delivery: Delivery, attributes: Attributes, item: str) -> int:
    """Deliver to one destination."""
    if item.startswith("/"):
        if not _allowed(delivery, attributes, "allow_mail_to_files"):
            return await delivery.bounced(attributes, "5.7.1", "mail to file is restricted")
        return await files.deliver(delivery, attributes, item)
    if item.startswith("|"):
        if not _allowed(delivery, attributes, "allow_mail_to_commands"):
            return await delivery.bounced(attributes, "5.7.1", "mail to command is restricted")
        return await command.deliver(delivery, attributes, item[1:].strip())
    if item.startswith("~"):
        return await _home(delivery, attributes, item)
    if item.startswith(INCLUDE_PREFIX):
        return await _include(delivery, attributes, item[len(INCLUDE_PREFIX):])
    return await delivery.address(attributes, item)


def _allowed(delivery: Delivery, attributes: Attributes, parameter: str) -> bool:
    return attributes.expanded_by in delivery.service.params[parameter].replace(",", " ").split()


async def _home(delivery: Delivery, attributes: Attributes, item: str) -> int:
    """`~/file` of a .forward file."""
    if not item.startswith("~/"):
        return await delivery.bounced(attributes, "5.1.3", f"bad home directory syntax for: {item}")
    owner = attributes.privileges
    if attributes.expanded_by != FORWARD or owner is None:
        return await delivery.bounced(attributes, "5.3.5", f"unable to lookup home directory of {attributes.user}")
    return await deliver(delivery, attributes, owner.home.rstrip("/") + item[1:])


async def _include(delivery: Delivery, attributes: Attributes, path: str) -> int:
    """`:include:/file/name`: the destinations that a file lists."""
    service = delivery.service
    if not path.startswith("/"):
        return await delivery.bounced(attributes, "5.3.5", f":include:{path} uses a relative path")
    if not delivery.first_time("include", attributes.level, path):
        return 0
    owner = attributes.privileges or delivery.agent.default_owner
    try:
        with as_user(service.sys, owner.uid, owner.gid):
            status = service.sys.stat(path)
            if status.mode & 0o170000 != 0o100000:
                return await delivery.bounced(attributes, "5.2.0", f"file {path} is not a regular file")
            text = service.sys.slurp(path).decode("utf-8", "surrogateescape")
    except SysError as error:
        return await delivery.bounced(attributes, "5.2.0", f"cannot open file {path}: {error}")
    if status.mode & 0o002:
        return await delivery.bounced(attributes, "5.2.0", f"file {path} is world writable")
    unmatched = attributes.unmatched if delivery.propagates("include") else None
    inner = replace(attributes, unmatched=unmatched, expanded_by=INCLUDE, expanded_from=path)
    result, _ = await delivery.tokens(inner, text)
    return result
