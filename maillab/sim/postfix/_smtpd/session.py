"""What an SMTP server knows of its client and of the transaction under way, and how it logs about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.sim.postfix.lib.resolve_clnt import Resolved
from maillab.sim.postfix.lib.vstream import Stream

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service
    from maillab.sim.postfix.lib.post_mail import Submission

PROTOCOL, RESOURCE, POLICY, SOFTWARE, DELAY, BOUNCE, TWOBOUNCE, DATA = (
    "protocol",
    "resource",
    "policy",
    "software",
    "delay",
    "bounce",
    "2bounce",
    "data",
)


class Reject(Exception):
    """The client gets a no: `reply` is the whole reply line, code first."""

    def __init__(self, reply: str) -> None:
        super().__init__(reply)
        self.reply = reply


class Disconnect(Exception):
    """The session ends; `reason` is logged as `REASON after COMMAND from CLIENT` when it is not empty."""

    def __init__(self, reason: str = "", reply: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.reply = reply


@dataclass
class Client:
    """The peer: `name` is "unknown" unless name and address agree; `reverse` is the unverified name."""

    name: str = "unknown"
    reverse: str = "unknown"
    address: str = "unknown"
    port: str = "unknown"
    name_code: int = 5
    reverse_code: int = 5
    server_address: str = ""
    server_port: str = ""

    @property
    def shown(self) -> str:
        """name[address]."""
        return f"{self.name}[{self.address}]"

    @property
    def rfc_address(self) -> str:
        """The address as in a domain literal."""
        return f"IPv6:{self.address}" if ":" in self.address else self.address


@dataclass
class Transaction:
    """One MAIL and what follows it."""

    sender: str | None = None
    sender_text: str = ""
    recipients: int = 0
    overshoot: int = 0
    recipient: str | None = None
    last_accepted: str = ""
    size: int = 0
    arrival: int = 0
    encoding: str = ""
    smtputf8: bool = False
    dsn_return: int = 0
    envelope_id: str = ""
    verp: str = ""
    submission: Submission | None = None
    queue_id: str = ""
    errors: int = 0
    actual_size: int = 0
    rewrite_context: str = ""
    filter: str = ""
    hold: bool = False
    discard: bool = False
    redirect: str = ""
    bcc: list[str] = field(default_factory=list)
    prepend: list[str] = field(default_factory=list)
    bdat: str = ""
    bdat_left: bytes = b""
    bdat_size: int = 0
    proxy: Stream | None = None
    sasl_sender: str = ""


@dataclass
class Counter:
    """How often a command came and how often it succeeded."""

    total: int = 0
    good: int = 0


@dataclass
class Session:
    """A connection."""

    service: Service
    stream: Stream
    client: Client
    where: str = "CONNECT"
    protocol: str = "SMTP"
    helo: str | None = None
    errors: int = 0
    error_mask: set[str] = field(default_factory=set)
    junk: int = 0
    transaction: Transaction = field(default_factory=Transaction)
    counters: dict[str, Counter] = field(default_factory=dict)
    history: list[str] = field(default_factory=list)
    access_denied: str = ""
    sasl_username: str = ""
    sasl_method: str = ""
    ehlo_discard: frozenset[str] = frozenset()
    instance: str = ""
    expand_access: dict[str, str] = field(default_factory=dict)
    xforward: dict[str, str] = field(default_factory=dict)
    xclient_seen: bool = False
    prepared: dict[str, Resolved] = field(default_factory=dict)
    end_reason: str = ""

    @property
    def queue_id(self) -> str:
        """The name of the queue file, NOQUEUE before there is one."""
        return self.transaction.queue_id or "NOQUEUE"

    def note(self, action: str, text: str) -> None:
        """Log what was decided and about whom."""
        transaction = self.transaction
        parts = [f"{self.queue_id}: {action}: {self.where} from {self.client.shown}: {text};"]
        if transaction.sender is not None:
            parts.append(f" from=<{transaction.sender}>")
        if transaction.recipient is not None:
            parts.append(f" to=<{transaction.recipient}>")
        parts.append(f" proto={self.protocol}")
        if self.helo:
            parts.append(f" helo=<{self.helo}>")
        if self.sasl_username:
            parts.append(f" sasl_username=<{self.sasl_username}>")
        self.service.log.info("".join(parts))
        self.service.sys.observe("smtpd", action=action, text=text, client=self.client.shown, queue_id=self.queue_id)
