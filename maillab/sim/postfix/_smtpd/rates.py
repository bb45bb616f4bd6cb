"""Limits per client, counted by anvil(8): simultaneous connections, connections, messages, recipients per time unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix._smtpd.session import POLICY, Disconnect, Reject, Session

if TYPE_CHECKING:
    from maillab.sim.postfix._smtpd.config import Config


class Rates:
    """The limits of one session."""

    def __init__(self, config: Config) -> None:
        params = config.params
        self.config = config
        self.service = config.service
        self.anvil = config.anvil
        self.counts = params.integer("smtpd_client_connection_count_limit")
        self.connections = params.integer("smtpd_client_connection_rate_limit")
        self.messages = params.integer("smtpd_client_message_rate_limit")
        self.recipients = params.integer("smtpd_client_recipient_rate_limit")
        self.limited = bool(self.counts or self.connections or self.messages or self.recipients)
        self.active = False

    async def _exempt(self, session: Session) -> bool:
        return not self.service.under_master or await self.config.lists_client(self.config.limit_exceptions, session)

    async def connect(self, session: Session) -> None:
        """Count a connection. Raises Disconnect when there are too many."""
        if not self.limited or await self._exempt(session):
            return
        self.active = True
        answer = await self.anvil.connect(self.service.name, session.client.address)
        if answer is None:
            return
        host = self.config.params["myhostname"]
        for limit, value, text in ((self.counts, answer[0], "Connection concurrency"), (self.connections, answer[1], "Connection rate")):
            if 0 < limit < value:
                session.error_mask.add(POLICY)
                self._warn(session, text, value)
                raise Disconnect("", f"421 4.7.0 {host} Error: too many connections from {session.client.address}")

    def _warn(self, session: Session, text: str, value: int) -> None:
        self.service.log.warning(f"{text} limit exceeded: {value} from {session.client.shown} for service {self.service.name}")

    async def message(self, session: Session) -> None:
        """Count a message. Raises Reject."""
        if not self.active or not self.messages:
            return
        rate = await self.anvil.count("message", self.service.name, session.client.address)
        if rate is not None and rate > self.messages:
            session.error_mask.add(POLICY)
            self._warn(session, "Message delivery request rate", rate)
            raise Reject(f"450 4.7.1 Error: too much mail from {session.client.address}")

    async def recipient(self, session: Session) -> None:
        """Count a recipient. Raises Reject."""
        if not self.active or not self.recipients:
            return
        rate = await self.anvil.count("recipient", self.service.name, session.client.address)
        if rate is not None and rate > self.recipients:
            session.error_mask.add(POLICY)
            self._warn(session, "Recipient address rate", rate)
            raise Reject(f"450 4.7.1 Error: too many recipients from {session.client.address}")

    async def disconnect(self, session: Session) -> None:
        """The client leaves."""
        if self.limited and not await self._exempt(session) and self.active:
            await self.anvil.disconnect(self.service.name, session.client.address)
