"""client - the delivery of one request: which servers to try, in what order, and what to say when none takes the message"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from maillab.sim.host import netdb
from maillab.sim.host.errno import SysError
from maillab.sim.host.resolver import ResolverError, getaddrinfo
from maillab.sim.mail.dsn import Dsn
from maillab.sim.postfix.lib import deliver_request, outcome
from maillab.sim.postfix.lib.deliver_request import DEFERRED, TRACE_ONLY, Request
from maillab.sim.postfix.lib.maps import Maps
from maillab.sim.postfix.lib.outcome import Reporter
from maillab.sim.postfix.lib.queue_file import Recipient
from maillab.sim.postfix.lib.vstream import Stream
from maillab.sim.postfix.smtp import generic, hello, tls_policy
from maillab.sim.postfix.smtp.addresses import Address, Finder, LookupFailed
from maillab.sim.postfix.smtp.chat import Broken, Session
from maillab.sim.postfix.smtp.hello import HandshakeFailed, Refused
from maillab.sim.postfix.smtp.transfer import Transfer

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service

SMTP_PORT, LMTP_PORT = 25, 24


class BadDestination(Exception):
    """A next hop that cannot be understood."""


@dataclass(frozen=True, slots=True)
class Site:
    """One destination of the list to try: the next hop, or a fallback relay."""

    name: str
    port: int
    lookup_mx: bool
    fallback: bool = False


class Client:
    """One smtp or lmtp process."""

    finder: Finder
    passwords: Maps
    reporter: Reporter
    detect_loops = False

    def __init__(self, lmtp: bool) -> None:
        self.lmtp = lmtp
        self.prefix = "lmtp_" if lmtp else "smtp_"
        self.line_limit = 998

    async def start(self, service: Service) -> None:
        """Check the parameters, open the tables. Raises Fatal."""
        self.service = service
        params = service.params
        for name in ("connect_timeout", "mail_timeout", "rcpt_timeout", "data_init_timeout", "data_done_timeout", "quit_timeout"):
            self.seconds(name)
        self.line_limit = params.integer(f"{self.prefix}line_length_limit") if not self.lmtp or params.version >= (2, 3) else 990
        tls_policy.check_level(service, self.prefix)
        self.tls = tls_policy.Policy(service, self.prefix)
        self.passwords = Maps(service.sys, service.log, params, f"{self.prefix}sasl_password_maps")
        self.generic = generic.Generic(service, self.prefix)
        self.reporter = Reporter.of(service)

    async def jailed(self, service: Service) -> None:
        """What must see the world as the jailed process does."""
        self.finder = Finder(service, await service.params.own_addresses())

    def seconds(self, name: str) -> float:
        """A time parameter of this protocol."""
        return self.service.params.seconds(self.prefix + name)

    def sites(self, request: Request) -> list[Site]:
        """The destinations to try. Raises BadDestination."""
        default = LMTP_PORT if self.lmtp else SMTP_PORT
        sites = [self.parse(request.nexthop, default)]
        name = f"{self.prefix}fallback_relay"
        if not self.lmtp or self.service.params.version >= (2, 3):
            for word in self.service.params[name].replace(",", " ").split():
                if word != request.nexthop:
                    sites.append(replace(self.parse(word, default), fallback=True))
        return sites

    def parse(self, text: str, default: int) -> Site:
        """`host`, `host:port`, `[host]`, `[host]:port`, `inet:...`. Raises BadDestination."""
        name = text.removeprefix("inet:")
        lookup = not self.lmtp and not name.startswith("[")
        if name.startswith("["):
            inside, closed, rest = name[1:].partition("]")
            if not closed or (rest and not rest.startswith(":")):
                raise BadDestination(text)
            return Site(inside, self._port(rest[1:], default), lookup)
        host, colon, port = name.partition(":")
        return Site(host, self._port(port, default) if colon else default, lookup)

    def _port(self, text: str, default: int) -> int:
        if not text:
            return default
        number = netdb.service_port(self.service.sys, text)
        if number is None:
            self.service.log.fatal(f"unknown service: {text}/tcp")
        return number

    async def serve(self, service: Service, stream: Stream) -> None:
        """Deliver one request."""
        await deliver_request.serve(service, stream, self.deliver)

    async def deliver(self, service: Service, request: Request) -> int:
        """Deliver one request; 0, or -1 when recipients are left."""
        return await Delivery(self, request).run()


class Delivery:
    """The delivery of one request. `left` are the recipients not yet decided."""

    def __init__(self, client: Client, request: Request) -> None:
        self.client = client
        self.service = client.service
        self.request = request
        self.left: list[Recipient] = list(request.recipients)
        self.status = 0
        self.probe = bool(request.flags & TRACE_ONLY)
        self.final = True
        self.reason = Dsn("4.3.0", "server unavailable or unable to receive mail")
        self.loop = False

    async def run(self) -> int:
        """Try the servers until all recipients are decided."""
        last: Site | None = None
        if self.client.lmtp and self.request.nexthop.startswith("unix:"):
            await self._unix(self.request.nexthop[5:])
        else:
            last = await self._sites()
        if self.left:
            if self.reason.status[0] == "5" and last is not None:
                self._configuration_problem(last)
            await self._give_up()
        return self.status

    async def _sites(self) -> Site | None:
        try:
            sites = self.client.sites(self.request)
        except BadDestination as error:
            self.service.log.warning(f"[] in server description: {error}")
            self.reason = Dsn("4.3.5", f"Server configuration error: bad destination {error}")
            return None
        site = sites[0]
        for site in sites:
            await self._site(site, site is sites[-1])
            if not self.left or self.loop:
                break
        return site

    def _configuration_problem(self, site: Site) -> None:
        """What may be our own mistake is not held against the mail."""
        params = self.service.params
        if site.fallback:
            self.service.log.warning(f"{self.client.prefix}fallback_relay configuration problem")
        elif not self.client.lmtp and self.request.nexthop == params["relayhost"] and params["relayhost"]:
            self.service.log.warning("relayhost configuration problem")
        else:
            return
        self.reason = replace(self.reason, status="4.3.5")

    async def _give_up(self) -> None:
        """No server took the message: the last reason goes to all that are left."""
        best_mx = self.service.params["best_mx_transport"]
        if self.loop and best_mx and not self.client.lmtp:
            await self._pass_on(best_mx)
            return
        soft = self.reason.status[0] == "4"
        report = self.client.reporter.deferred if soft else self.client.reporter.bounced
        if soft and self.request.hop is None:
            self.request.hop = self.reason
        self.request.times.setup = self.request.times.setup or self.service.sys.clock()
        for recipient in list(self.left):
            await self._decided(recipient, await report(self._facts(), recipient, "none", self.reason))

    async def _pass_on(self, transport: str) -> None:
        for recipient in list(self.left):
            status = await deliver_request.deliver_pass(self.service, self.request, recipient, transport)
            await self._decided(recipient, DEFERRED if status is None else status)

    def _facts(self) -> outcome.Facts:
        return outcome.facts(self.request)

    async def _decided(self, recipient: Recipient, status: int) -> None:
        self.left = [other for other in self.left if other is not recipient]
        if status == 0:
            self.request.completed(self.service.sys, recipient)
        self.status |= status

    async def _site(self, site: Site, last: bool) -> None:
        """Try the servers of one destination."""
        params = self.service.params
        self.client.detect_loops = not self.client.lmtp and site.port == SMTP_PORT
        try:
            find = self.client.finder.domain if site.lookup_mx else self.client.finder.host
            addresses = await find(site.name, self.client.detect_loops)
        except LookupFailed as error:
            self.reason, self.loop = error.dsn, error.loop
            return
        limit = params.integer(f"{self.client.prefix}mx_address_limit")
        sessions = params.integer(f"{self.client.prefix}mx_session_limit")
        addresses = addresses[:limit] if limit else addresses
        for number, address in enumerate(addresses):
            stream = await self._connect(address, site.port)
            if stream is None:
                continue
            sessions -= 1
            self.final = last and (number == len(addresses) - 1 or sessions == 0)
            await self._session(Session(self.service, stream, address, site.port, address.best), site)
            if not self.left or sessions == 0:
                return

    async def _connect(self, address: Address, port: int) -> Stream | None:
        """A connection to one address; None (and the reason) when there is none."""
        sys, log = self.service.sys, self.service.log
        family = "inet6" if ":" in address.ip else "inet"
        fd = sys.socket(family)
        try:
            await self._bind(fd, family)
            await sys.connect(fd, (address.ip, port), self.client.seconds("connect_timeout") or None)
        except SysError as error:
            sys.close(fd)
            self.reason = Dsn("4.4.1", f"connect to {address.name}[{address.ip}]:{port}: {error}")
            log.info(self.reason.reason)
            return None
        return Stream(sys, fd)

    async def _bind(self, fd: int, family: str) -> None:
        """Use the address that main.cf wants for our end; without one, that of the only interface that we are to use."""
        params, sys = self.service.params, self.service.sys
        name = f"{self.client.prefix}bind_address{'6' if family == 'inet6' else ''}"
        wanted = params[name]
        if not wanted:
            listed = params["inet_interfaces"].replace(",", " ").split()
            wanted = listed[0] if len(listed) == 1 and listed[0][:1].isdigit() and family == "inet" else ""
            if wanted.startswith("127."):
                wanted = ""
        if not wanted:
            return
        if not wanted[:1].isdigit() and ":" not in wanted:
            try:
                await getaddrinfo(sys, wanted, None)
                text = "Name or service not known"
            except ResolverError:
                text = "Name or service not known"
            self.service.log.fatal(f"smtp_connect_addr: bad {name} parameter: {wanted}: {text}")
        try:
            sys.bind(fd, (wanted, 0))
        except SysError as error:
            self.service.log.warning(f"smtp_connect_addr: bind {wanted}: {error}")

    async def _unix(self, path: str) -> None:
        """LMTP over a local socket."""
        sys = self.service.sys
        fd = sys.socket("unix")
        try:
            await sys.connect(fd, path)
        except SysError as error:
            sys.close(fd)
            host = self.service.params["myhostname"]
            self.reason = Dsn("4.4.1", f"connect to {host}[{path}]: {error}")
            self.service.log.info(self.reason.reason)
            return
        address = Address(self.service.params["myhostname"], path)
        await self._session(Session(self.service, Stream(sys, fd), address, 0), Site(path, 0, False))

    async def _session(self, session: Session, site: Site, plain: bool = False) -> None:
        """Use one server: the recipients that it decides on leave `left`. `plain`: without TLS, whatever the policy."""
        try:
            level = await self.client.tls.level(self.request.nexthop, site.name, session.host)
        except tls_policy.BadPolicy:
            session.close()
            self.service.log.warning(f"TLS policy lookup for {site.name}/{session.host}: client TLS configuration problem")
            self.reason = Dsn("4.7.5", "client TLS configuration problem")
            return
        try:
            await hello.begin(self.client, session, self.request.nexthop, "none" if plain else level)
            self.request.times.setup = self.service.sys.clock()
            await self._transfer(session)
        except HandshakeFailed as error:
            session.close()
            stream = await self._connect(Address(session.host, session.ip), site.port) if level == "may" else None
            if stream is not None:
                again = Session(self.service, stream, Address(session.host, session.ip), site.port, session.best)
                await self._session(again, site, plain=True)
            else:
                await self._server_failed(session, error.dsn)
        except Refused as error:
            if not session.stream.closed:
                session.send("QUIT")
                await self._part(session)
            await self._server_failed(session, error.dsn)
        except Broken as error:
            await self._server_failed(session, error.dsn)
        finally:
            session.close()

    async def _transfer(self, session: Session) -> None:
        recipients = list(self.left)
        transfer = Transfer(self, session, recipients)
        await transfer.run()
        if session.stream.closed:
            return
        if len(transfer.accepted) < len(recipients) and not (transfer.accepted and not self.probe):
            await session.ask("RSET", "sending RSET", self.client.seconds("quit_timeout"))
        session.send("QUIT")
        await self._part(session)

    async def _part(self, session: Session) -> None:
        """Say goodbye; nobody waits for the answer unless smtp_skip_quit_response is off."""
        try:
            await session.flush("sending QUIT")
            if not self.service.params.boolean("smtp_skip_quit_response"):
                await session.reply("sending QUIT", self.client.seconds("quit_timeout"))
        except Broken:
            return

    async def _server_failed(self, session: Session, dsn: Dsn) -> None:
        """The server as a whole failed: other servers get a chance, unless it was the last."""
        self.reason = dsn
        soft = dsn.status[0] == "4"
        if soft and not self.final:
            self.service.log.info(f"{self.request.queue_id}: {dsn.reason}")
            return
        if soft and self.request.hop is None:
            self.request.hop = dsn
        report = self.client.reporter.deferred if soft else self.client.reporter.bounced
        for recipient in list(self.left):
            await self._decided(recipient, await report(self._facts(), recipient, session.relay, dsn))

    async def failed(self, recipient: Recipient, session: Session, dsn: Dsn) -> None:
        """The server did not take a recipient."""
        if dsn.status[0] == "4" and not self.final:
            self.service.log.info(f"{self.request.queue_id}: {dsn.reason}")
            self.reason = dsn
            return
        report = self.client.reporter.deferred if dsn.status[0] == "4" else self.client.reporter.bounced
        await self._decided(recipient, await report(self._facts(), recipient, session.relay, dsn))

    async def sent(self, recipient: Recipient, session: Session, dsn: Dsn) -> None:
        """The server took a recipient."""
        await self._decided(recipient, await self.client.reporter.sent(self._facts(), recipient, session.relay, dsn))

    async def mapped(self, address: str) -> str:
        """An envelope address as it leaves."""
        return await self.client.generic.address(address)

    async def filtered(self, content: bytes) -> bytes:
        """The content as it leaves: generic addresses, header checks of the client."""
        return await self.client.generic.content(content)
