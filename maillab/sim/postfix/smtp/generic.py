"""generic - what changes when mail leaves: smtp_generic_maps in the envelope and the headers, smtp_header_checks and its kin"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.sim.mail import tok822
from maillab.sim.mail.address import quote_local
from maillab.sim.postfix.lib.mail_addr_find import AddressFinder
from maillab.sim.postfix.lib.maps import LookupFailure, Maps
from maillab.sim.postfix.lib.rewrite_clnt import RewriteClient

if TYPE_CHECKING:
    from maillab.sim.mail.tok822 import Token
    from maillab.sim.postfix._server import Service

ADDRESS_HEADERS = frozenset((
    "from", "sender", "reply-to", "errors-to", "return-path", "return-receipt-to", "to", "cc", "bcc", "resent-from",
    "resent-sender", "resent-reply-to", "resent-to", "resent-cc", "resent-bcc", "apparently-to", "disposition-notification-to",
    "mail-followup-to"))
CHECK = re.compile(r"(\S+)(?:[ \t]+(.*))?", re.S)


class Generic:
    """The rewriting of outgoing mail."""

    def __init__(self, service: Service, prefix: str) -> None:
        params = service.params
        self.service = service
        self.maps = Maps(service.sys, service.log, params, f"{prefix}generic_maps")
        self.finder = AddressFinder(service.sys, service.log, params) if self.maps else None
        self.rewriter = RewriteClient(service.sys, params["rewrite_service_name"])
        self.propagate = "generic" in params["propagate_unmatched_extensions"].replace(",", " ").split()
        modern = params.version >= (2, 5)
        self.header_checks = Maps(service.sys, service.log, params, f"{prefix}header_checks") if modern else None
        self.body_checks = Maps(service.sys, service.log, params, f"{prefix}body_checks") if modern else None

    async def address(self, address: str) -> str:
        """An internal address as it leaves."""
        if self.finder is None or not address:
            return address
        try:
            found = await self.finder.map(self.maps, address, self.propagate, self.rewriter.rewrite_internal)
        except LookupFailure:
            return address
        return found[0] if found else address

    async def content(self, content: bytes) -> bytes:
        """The content as it leaves."""
        if self.finder is None and not self.header_checks and not self.body_checks:
            return content
        header, blank, body = content.partition(b"\n\n")
        fields = re.split(rb"\n(?![ \t])", header)
        out: list[bytes] = []
        for field in fields:
            text = field.decode("utf-8", "surrogateescape")
            if self.finder is not None:
                text = await self._addresses(text)
            if self.header_checks:
                checked = await self._check(self.header_checks, text, "header")
                if checked is None:
                    continue
                text = checked
            out.append(text.encode("utf-8", "surrogateescape"))
        if self.body_checks:
            body = await self._body(body)
        return b"\n".join(out) + blank + body

    async def _body(self, body: bytes) -> bytes:
        lines: list[bytes] = []
        assert self.body_checks is not None
        for line in body.split(b"\n"):
            checked = await self._check(self.body_checks, line.decode("utf-8", "surrogateescape"), "body")
            if checked is not None:
                lines.append(checked.encode("utf-8", "surrogateescape"))
        return b"\n".join(lines)

    async def _addresses(self, field: str) -> str:
        """A header with its addresses mapped; unchanged when none is."""
        label, colon, value = field.partition(":")
        if not colon or label.strip().lower() not in ADDRESS_HEADERS:
            return field
        tokens = tok822.parse(value)
        changed = False
        for token in tokens:
            if token.kind == tok822.ADDRESS and token.tokens:
                changed |= await self._token(token)
        return f"{label}: {tok822.externalize(tokens, header=True)}" if changed else field

    async def _token(self, token: Token) -> bool:
        old = tok822.internalize(token.tokens)
        new = await self.address(old)
        if new == old:
            return False
        token.tokens = tok822.scan(quote_local(new))
        return True

    async def _check(self, maps: Maps, text: str, where: str) -> str | None:
        """Apply one table to a line; None drops it."""
        try:
            found = await maps.find(text)
        except LookupFailure:
            return text
        match = CHECK.match(found or "")
        if match is None:
            return text
        action, rest = match[1].upper(), match[2] or ""
        if action == "IGNORE":
            return None
        if action == "REPLACE":
            return rest
        if action == "PREPEND":
            return f"{rest}\n{text}"
        if action in ("WARN", "INFO"):
            self.service.log.info(f"{action.lower() if action == 'INFO' else 'warning'}: {where} {text}: {rest}")
        elif action not in ("DUNNO", "OK", "STRIP"):
            self.service.log.warning(f"unsupported command in {where}_checks map: {match[1]}")
        return text
