"""pipe - Postfix delivery to external command

SYNOPSIS
    pipe [generic Postfix daemon options] command_attributes...

DESCRIPTION
    Runs a command with the message on its standard input, for each request of the queue manager. The command and how to run
    it are in master.cf: `flags=... user=NAME[:GROUP] [size=N] [eol=...] [directory=DIR] [chroot=DIR] [null_sender=TEXT]
    argv=COMMAND...` (argv comes last).

    flags: B (blank line after the message), D (Delivered-To:, and loop detection), F (From_ line), O (X-Original-To:),
    R (Return-Path:), X (final delivery), h (next hop in lower case), q (quote addresses), u (recipient in lower case),
    . (dots doubled), > (quote From_ lines).
    argv words may use ${client_address} ${client_helo} ${client_hostname} ${client_port} ${client_protocol} ${domain}
    ${envid} ${extension} ${mailbox} ${nexthop} ${original_recipient} ${queue_id} ${recipient} ${sasl_method}
    ${sasl_sender} ${sasl_username} ${sender} ${size} ${user}; a word with a macro for recipients is repeated for each.

CONFIGURATION PARAMETERS
    TRANSPORT_time_limit (command_time_limit), export_environment, null_sender, recipient_delimiter

BUGS
    chroot= is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.sim.host import accounts
from maillab.sim.mail.address import quote_local, split_extension
from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix._server import Hooks, Service, single_server
from maillab.sim.postfix.lib import deliver_request, mail_copy, outcome, pipe_command
from maillab.sim.postfix.lib.deliver_request import TRACE_ONLY
from maillab.sim.postfix.lib.mac_expand import Expander, MacroError
from maillab.sim.postfix.lib.msg import Fatal
from maillab.sim.postfix.lib.outcome import Reporter

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.deliver_request import Request
    from maillab.sim.postfix.lib.queue_file import Recipient
    from maillab.sim.postfix.lib.vstream import Stream

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/pipe"}

FLAGS = {"B": mail_copy.BLANK, "D": mail_copy.DELIVERED_TO, "F": mail_copy.FROM_LINE, "O": mail_copy.ORIGINAL_TO,
         "R": mail_copy.RETURN_PATH, ".": mail_copy.DOT, ">": mail_copy.QUOTE}
OTHER_FLAGS = "Xhqu"
PER_RECIPIENT = ("recipient", "user", "extension", "mailbox", "domain", "original_recipient")
ESCAPES = {"\\n": b"\n", "\\r\\n": b"\r\n", "\\r": b"\r"}


@dataclass(slots=True)
class Attributes:
    """What master.cf says of the command."""

    argv: list[str] = field(default_factory=list)
    flags: str = ""
    uid: int = 0
    gid: int = 0
    size: int = 0
    end: bytes = b"\n"
    folder: str = ""
    null_sender: str = "MAILER-DAEMON"


class Pipe:
    """One pipe process."""

    attributes: Attributes
    reporter: Reporter

    async def start(self, service: Service) -> None:
        """Read the command attributes. Raises Fatal."""
        self.attributes = parse(service)
        self.reporter = Reporter.of(service)

    async def serve(self, service: Service, stream: Stream) -> None:
        """Deliver one request."""
        await deliver_request.serve(service, stream, self.deliver)

    async def deliver(self, service: Service, request: Request) -> int:
        """Run the command for all recipients of a request."""
        attributes = self.attributes
        recipients = request.recipients
        if attributes.size and request.size > attributes.size:
            text = f"message size {request.size} exceeds size limit {attributes.size} for transport {service.name}"
            return await self._report(service, request, recipients, Dsn("5.2.3", text))
        if "D" in attributes.flags:
            loops = mail_copy.delivered_to(request)
            looping = [one for one in recipients if one.address.lower() in loops]
            if looping:
                dsn = Dsn("5.4.6", f"mail forwarding loop for {looping[0].address}")
                return await self._report(service, request, recipients, dsn)
        dsn = await self._run(service, request, recipients)
        return await self._report(service, request, recipients, dsn)

    async def _report(self, service: Service, request: Request, recipients: list[Recipient], dsn: Dsn) -> int:
        reports = {"2": self.reporter.sent, "4": self.reporter.deferred, "5": self.reporter.bounced}
        result = 0
        for recipient in recipients:
            one = await reports[dsn.status[0]](outcome.facts(request), recipient, service.name, dsn)
            if one == 0:
                request.completed(service.sys, recipient)
            result |= one
        return result

    async def _run(self, service: Service, request: Request, recipients: list[Recipient]) -> Dsn:
        attributes, params = self.attributes, service.params
        action = "delivered" if "X" in attributes.flags else "relayed"
        if request.flags & TRACE_ONLY:
            return Dsn("2.0.0", f"delivers to command: {attributes.argv[0]}", action)
        try:
            words = expand(service, attributes, request, recipients)
        except MacroError:
            service.log.warning(f"bad command-line attribute in service {service.name}")
            return Dsn("4.3.5", "mail system configuration error")
        flags = 0
        for letter in attributes.flags:
            flags |= FLAGS.get(letter, 0)
        recipient = recipients[0]
        data = mail_copy.message(request, request.sender, recipient.original, recipient.address, flags,
                                 service.sys.clock(), attributes.end)
        command = pipe_command.Command(
            attributes.uid, attributes.gid, _environment(service), data, _time_limit(service), words=words,
            folder=attributes.folder, who="pipe_command: ")
        failure = await pipe_command.run(service, command)
        if failure is not None:
            return failure
        shown = f"delivered via {service.name} service" if params.version >= (2, 3) else "delivered"
        return Dsn("2.0.0", shown, action)


def _time_limit(service: Service) -> float:
    name = f"{service.name}_time_limit"
    return service.params.seconds(name if service.params.raw(name) is not None else "command_time_limit")


def _environment(service: Service) -> dict[str, str]:
    env = {"PATH": "/usr/bin:/bin"}
    for word in service.params["export_environment"].replace(",", " ").split():
        name, equals, value = word.partition("=")
        if equals:
            env[name] = value
        elif name in service.sys.env:
            env[name] = service.sys.env[name]
    return env


def parse(service: Service) -> Attributes:
    """The command attributes of master.cf. Raises Fatal."""
    found = Attributes()
    user = ""
    words = list(service.operands)
    while words:
        word = words.pop(0)
        name, equals, value = word.partition("=")
        if name == "argv" and equals:
            found.argv = ([value] if value else []) + words
            break
        if name == "flags" and equals:
            bad = [letter for letter in value if letter not in FLAGS and letter not in OTHER_FLAGS]
            if bad:
                raise Fatal(f"unknown flag: {bad[0]} in service {service.name}")
            found.flags += value
        elif name == "user" and equals:
            user = value
        elif name == "size" and equals and value.isdigit():
            found.size = int(value)
        elif name == "eol" and equals:
            found.end = ESCAPES.get(value, value.encode())
        elif name == "directory" and equals:
            found.folder = value
        elif name == "null_sender" and equals:
            found.null_sender = value
        elif name == "chroot" and equals:
            service.sys.unsimulated("pipe: chroot=")
            raise Fatal("chroot= is not simulated")
        else:
            raise Fatal(f"unknown attribute name: {word}")
    _check(service, found, user)
    return found


def _check(service: Service, found: Attributes, user: str) -> None:
    """The user and the command must be there. Raises Fatal."""
    if not user:
        raise Fatal("missing user= command-line attribute")
    if not found.argv:
        raise Fatal("missing argv= command-line attribute")
    name, _, group = user.partition(":")
    account = accounts.getpwnam(service.sys, name)
    if account is None:
        raise Fatal(f"get_service_attr: unknown username: {name}")
    found.uid, found.gid = account.uid, account.gid
    if group:
        entry = accounts.getgrnam(service.sys, group)
        if entry is None:
            raise Fatal(f"get_service_attr: unknown group: {group}")
        found.gid = entry.gid
    if found.uid == 0:
        raise Fatal("user= command-line attribute specifies root privileges")
    if found.gid == 0:
        raise Fatal("user= command-line attribute specifies root group")
    owner = accounts.getpwnam(service.sys, service.params["mail_owner"])
    if owner is not None and found.uid == owner.uid:
        raise Fatal(f"user= command-line attribute specifies mail system owner {owner.name}")


def expand(service: Service, attributes: Attributes, request: Request, recipients: list[Recipient]) -> list[str]:
    """The argument vector; words that speak of the recipient come once for each. Raises MacroError."""
    modern = service.params.version >= (3, 0)
    words: list[str] = []
    for word in attributes.argv:
        touched: list[str] = []

        def expanded(recipient: Recipient, word: str = word, touched: list[str] = touched) -> str:
            values = _values(service, attributes, request, recipient)

            def lookup(name: str) -> str | None:
                if name in PER_RECIPIENT:
                    touched.append(name)
                return values.get(name)

            unknown: list[str] = []
            text = Expander(lookup, recurse=False, modern=modern, undefined=unknown.append).expand(word)
            if unknown:
                service.log.warning(f"command expansion failed: unknown macro name: {unknown[0]}")
                raise MacroError(f"unknown macro name: {unknown[0]}")
            return text

        first = expanded(recipients[0])
        words.append(first)
        if touched:
            words += [expanded(other) for other in recipients[1:]]
    return words


def _folded(address: str, flags: str) -> str:
    """An address with its user (flag u) and its domain (flag h) in lower case."""
    local, at, domain = address.rpartition("@")
    if not at:
        local, domain = domain, ""
    return (local.lower() if "u" in flags else local) + at + (domain.lower() if "h" in flags else domain)


def _values(service: Service, attributes: Attributes, request: Request, recipient: Recipient) -> dict[str, str]:
    """The macros of one recipient."""
    address = _folded(recipient.address, attributes.flags)
    local, _, domain = address.rpartition("@")
    local = local or address
    user, extension = split_extension(local, service.params["recipient_delimiter"])
    client = request.client
    quote = quote_local if "q" in attributes.flags else str
    return {
        "recipient": quote(address), "user": user, "extension": extension or "", "mailbox": local, "domain": domain,
        "original_recipient": quote(_folded(recipient.original, attributes.flags)), "sender": quote(request.sender) or attributes.null_sender,
        "nexthop": request.nexthop.lower() if "h" in attributes.flags else request.nexthop, "size": str(request.size),
        "queue_id": request.queue_id, "envid": request.envelope_id, "client_address": client.get("log_client_address", ""),
        "client_helo": client.get("log_helo_name", ""), "client_hostname": client.get("log_client_name", ""),
        "client_port": client.get("log_client_port", ""), "client_protocol": client.get("log_protocol_name", ""),
        "sasl_method": client.get("sasl_method", ""), "sasl_sender": client.get("sasl_sender", ""),
        "sasl_username": client.get("sasl_username", "")}


async def main(sys: Process, argv: list[str]) -> int:
    pipe = Pipe()
    return await single_server(sys, argv, pipe.serve, Hooks(pre_jail=pipe.start, privileged=True))
