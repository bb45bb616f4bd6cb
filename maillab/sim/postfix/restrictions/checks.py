"""The access decisions of smtpd(8), stage by stage, and the engine that walks through a list of restrictions.

A restriction is an async function of one of the modules client, helo, sender, recipient, data, general, named as in main.cf. It gets the
`Checks` and its argument and returns OK, or None when it has no opinion; it refuses with `checks.reject(...)`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from maillab.sim.postfix._smtpd.session import POLICY, RESOURCE, SOFTWARE, Reject, Session
from maillab.sim.postfix.lib.maps import LookupFailure
from maillab.sim.postfix.lib.resolve_clnt import ResolveClient, Resolved
from maillab.sim.postfix.lib.rewrite_clnt import RewriteClient
from maillab.sim.postfix.lib.verify_clnt import VerifyClient
from maillab.sim.postfix.restrictions.compatibility import spare_old_relay
from maillab.sim.postfix.restrictions.lists import ONE_ARGUMENT, TABLE_OF_STAGE
from maillab.sim.postfix.restrictions.tables import RecipientTables

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service
    from maillab.sim.postfix._smtpd.config import Config

OK = "ok"
Restriction = Callable[["Checks", str], Awaitable[str | None]]
CLASSES = {
    "client": "Client host",
    "helo": "Helo command",
    "sender": "Sender address",
    "recipient": "Recipient address",
    "etrn": "Etrn command",
    "data": "Data command",
    "end_of_data": "End-of-data",
}
ALIASES = {
    "reject_unknown_client": "reject_unknown_client_hostname",
    "reject_invalid_hostname": "reject_invalid_helo_hostname",
    "reject_non_fqdn_hostname": "reject_non_fqdn_helo_hostname",
    "reject_unknown_hostname": "reject_unknown_helo_hostname",
    "reject_unknown_address": "reject_unknown_sender_domain",
    "reject_rbl": "reject_rbl_client",
}
MODULES = ("general", "client", "helo", "sender", "recipient", "data")


def find_restriction(name: str) -> Restriction | None:
    """The function of that name in the families' modules."""
    from importlib import import_module

    name = ALIASES.get(name, name)
    for module in MODULES:
        found: Restriction | None = vars(import_module(f"maillab.sim.postfix.restrictions.{module}")).get(name)
        if found is not None and getattr(found, "__module__", "").endswith("restrictions." + module):
            return found
    return None


class Shared:
    """What all sessions of a process share."""

    def __init__(self, service: Service) -> None:
        sys, params = service.sys, service.params
        self.resolver = ResolveClient(sys, params["rewrite_service_name"])
        self.rewriter = RewriteClient(sys, params["rewrite_service_name"])
        self.verifier = VerifyClient(sys, params)
        self.tables = RecipientTables(service)
        self.found: dict[str, Restriction | None] = {}

    def restriction(self, name: str) -> Restriction | None:
        """A restriction by name, found once."""
        if name not in self.found:
            self.found[name] = find_restriction(name)
        return self.found[name]


class Checks:
    """The decisions about one session."""

    def __init__(self, service: Service, config: Config, session: Session, shared: Shared) -> None:
        self.service = service
        self.sys = service.sys
        self.log = service.log
        self.params = service.params
        self.config = config
        self.session = session
        self.shared = shared
        self.stage = "client"
        self.reply_name = ""
        self.reply_class = ""
        self.warn_only = False
        self.defer_permit: str | None = None
        self.defer_reject: str | None = None
        self.helo_name = ""
        self.sender = ""
        self.recipient = ""

    # --- the stages --------------------------------------------------------------------------------------------------

    async def connect(self) -> None:
        """At the connection. Raises Reject."""
        if self.service.under_master and not self.config.delay_reject:
            await self._client()
            self._finish()

    async def helo(self, name: str) -> None:
        """At HELO. Raises Reject."""
        if self.service.under_master and not self.config.delay_reject:
            saved, self.session.helo = self.session.helo, name
            try:
                await self._helo(name)
                self._finish()
            except Reject:
                self.session.helo = saved
                raise

    async def mail(self, address: str) -> None:
        """At MAIL. Raises Reject."""
        self.sender = address
        self.defer_permit = self.defer_reject = None
        if not self.service.under_master or self.config.delay_reject:
            return
        transaction = self.session.transaction
        transaction.sender = address
        try:
            await self._mail(address)
            self._finish()
        except Reject:
            transaction.sender = None
            raise

    async def rcpt(self, address: str) -> None:
        """At RCPT. Raises Reject."""
        self.defer_permit = self.defer_reject = None
        self.recipient = self.session.transaction.recipient = address
        if address.lower() == "postmaster" or self.session.transaction.discard:
            return
        if self.config.delay_reject:
            await self._client()
            if self.session.helo:
                await self._helo(self.session.helo)
            await self._mail(self.session.transaction.sender or "")
        stages = ("relay", "recipient")
        if self.params.version >= (3, 6) and not self.params.boolean("smtpd_relay_before_recipient_restrictions"):
            stages = ("recipient", "relay")
        for stage in stages:
            await self.walk(stage, f"<{address}>", "recipient")
        self._finish()
        await spare_old_relay(self)
        if self.params.boolean("smtpd_reject_unlisted_recipient") and not self.session.transaction.discard:
            await self.known_recipient(address)

    async def vrfy(self, address: str) -> None:
        """At VRFY. Raises Reject."""
        self.recipient = self.session.transaction.recipient = address
        self.reply_name, self.reply_class = f"<{address}>", CLASSES["recipient"]
        if address.lower() == "postmaster":
            return
        if self.config.delay_reject:
            await self._client()
            if self.session.helo:
                await self._helo(self.session.helo)
            self._finish()
        await self.known_recipient(address)

    async def etrn(self, domain: str) -> None:
        """At ETRN. Raises Reject."""
        if not self.service.under_master:
            return
        if self.config.delay_reject:
            await self._client()
            if self.session.helo:
                await self._helo(self.session.helo)
        await self.walk("etrn", f"<{domain}>", "etrn")
        self._finish()

    async def data(self) -> None:
        """At DATA. Raises Reject."""
        if self.service.under_master:
            await self._data_stage("data", "<DATA>")

    async def end_of_data(self) -> None:
        """After the content. Raises Reject."""
        if self.service.under_master:
            await self._data_stage("end_of_data", "<END-OF-MESSAGE>")

    async def _data_stage(self, stage: str, name: str) -> None:
        if not self.config.lists.stages[stage]:
            return
        transaction = self.session.transaction
        transaction.recipient = transaction.last_accepted if transaction.recipients == 1 else None
        try:
            await self.walk(stage, name, stage)
            self._finish()
        finally:
            transaction.recipient = None

    async def _client(self) -> None:
        await self.walk("client", f"<{self.session.client.shown}>", "client")

    async def _helo(self, name: str) -> None:
        self.helo_name = name
        await self.walk("helo", f"<{name}>", "helo")

    async def _mail(self, address: str) -> None:
        self.sender = address
        await self.walk("sender", f"<{address}>", "sender")
        if self.params.boolean("smtpd_reject_unlisted_sender"):
            await self.known_sender(address)

    async def size_of(self, size: int) -> None:
        """The announced size of a message. Raises Reject."""
        limit = self.config.size_limit
        if limit and size > limit:
            self.reply_name = ""
            self.session.error_mask.add(POLICY)
            self.say_no(552, "5.3.4", "Message size exceeds fixed limit")
        if size and self.service.under_master:
            capacity, used = self.sys.statvfs(".")
            if capacity and capacity - used < max(self.params.integer("queue_minfree"), size + limit * 3 // 2 if limit else 0):
                self.session.error_mask.add(RESOURCE)
                self.say_no(452, "4.3.1", "Insufficient system storage")

    # --- the engine --------------------------------------------------------------------------------------------------

    async def walk(self, stage: str, name: str, kind: str) -> None:
        """Evaluate the list of a stage. Raises Reject."""
        words = self.config.lists.stages[stage]
        self.stage = stage
        self.reply_name, self.reply_class = name, CLASSES[kind]
        if not words:
            return
        await self.evaluate(words)

    async def evaluate(self, words: list[str], depth: int = 0) -> str | None:
        """Walk through restrictions until one decides."""
        index = 0
        while index < len(words):
            word = words[index]
            index += 1
            name = word.lower()
            if name == "warn_if_reject":
                self.warn_only = True
                continue
            argument = ""
            if ":" in word and name not in self.config.lists.classes:
                name, argument = TABLE_OF_STAGE[self.stage], word
            elif ALIASES.get(name, name) in ONE_ARGUMENT:
                if index >= len(words):
                    self.log.warning(f"missing argument for restriction: {word}")
                    self.configuration_error()
                argument = words[index]
                index += 1
            try:
                verdict = await self._one(word, name, argument, depth)
            finally:
                self.warn_only = False
            if verdict == OK:
                return OK
        return None

    async def _one(self, word: str, name: str, argument: str, depth: int) -> str | None:
        restriction = self.shared.restriction(name)
        if restriction is not None:
            try:
                return await restriction(self, argument)
            except LookupFailure:
                self.say_no(451, "4.3.0", f"{self.reply_name}: Temporary lookup failure")
        classes = self.config.lists.classes
        if word in classes and depth < 10:
            return await self.evaluate(classes[word], depth + 1)
        self.log.warning(f'unknown smtpd restriction: "{word}"')
        self.configuration_error()
        return None

    def _finish(self) -> None:
        """What defer_if_permit left for the end. Raises Reject."""
        if self.defer_permit is not None:
            self._no(self.defer_permit)

    # --- verdicts ----------------------------------------------------------------------------------------------------

    def configuration_error(self) -> None:
        """The administrator made a mistake. Raises Reject."""
        self.session.error_mask.add(SOFTWARE)
        self.say_no(451, "4.3.5", "Server configuration error")

    def reject(self, code: int, status: str, reason: str, kind: str = "") -> None:
        """Refuse with `<NAME>: CLASS rejected: REASON`. Raises Reject, unless warn_if_reject is in force."""
        self.session.error_mask.add(POLICY)
        self.say_no(code, status, f"{self.reply_name}: {kind or self.reply_class} rejected: {reason}")

    def say_no(self, code: int, status: str, text: str) -> None:
        """Refuse with a text of one's own. Raises Reject, unless warn_if_reject is in force."""
        if self.params.boolean("soft_bounce") and code >= 500:
            code -= 100
        status = f"{'4' if code < 500 else '5'}{status[1:]}"
        self._no(f"{code} {status} {text}")

    def _no(self, reply: str) -> None:
        if self.warn_only:
            self.session.note("reject_warning", reply)
            return
        if self.defer_reject is not None and reply.startswith("5"):
            reply = self.defer_reject
        self.session.note("reject", reply)
        raise Reject(reply)

    def defer_if_permit(self, code: int, status: str, text: str) -> None:
        """Refuse at the end, if nothing refuses for good before."""
        if self.warn_only:
            self.session.note("reject_warning", f"{code} {status} {text}")
        elif self.defer_permit is None:
            self.defer_permit = f"{code} {status} {text}"

    def remember_defer(self, code: int, status: str, text: str) -> None:
        """Turn a later refusal into a temporary one."""
        if self.defer_reject is None:
            self.defer_reject = f"{code} {status} {text}"

    # --- addresses ---------------------------------------------------------------------------------------------------

    async def resolve(self, address: str) -> Resolved:
        """Where an address goes."""
        return await self.shared.resolver.query(self.sender, await self.shared.rewriter.rewrite_internal("local", address))

    async def known_recipient(self, address: str) -> None:
        """Refuse recipients that no table knows. Raises Reject."""
        await self._known(address, CLASSES["recipient"], "5.1.1")

    async def known_sender(self, address: str) -> None:
        """Refuse senders of ours that no table knows. Raises Reject."""
        if address:
            await self._known(address, CLASSES["sender"], "5.1.0")

    async def _known(self, address: str, kind: str, status: str) -> None:
        answer = await self.resolve(address)
        self.reply_name, self.reply_class = f"<{address}>", kind
        try:
            problem = await self.shared.tables.problem(address, answer, status)
        except LookupFailure:
            problem = (451, "4.3.0", "")
        if problem is None:
            return
        code, status, reason = problem
        if not reason:
            self.say_no(code, status, f"<{address}>: Temporary lookup failure")
        self.session.error_mask.add("bounce")
        self.say_no(code, status, f"<{address}>: {kind} rejected: {reason}")

    async def rewrite_context(self) -> str:
        """How headers of this client's mail are rewritten: local, remote, or not at all (none)."""
        if not self.service.under_master or await self._is_local_client():
            return "local"
        return "remote" if self.params["remote_header_rewrite_domain"] else "none"

    async def _is_local_client(self) -> bool:
        """local_header_rewrite_clients."""
        for word in self.params.words("local_header_rewrite_clients"):
            name, _, argument = word.partition(" ")
            restriction = self.shared.restriction(name)
            if ":" in word:
                value = await self.config.lists.table(word).find(self.session.client.address)
                if value is not None:
                    return True
            elif restriction is not None and await restriction(self, argument) == OK:
                return True
        return False
