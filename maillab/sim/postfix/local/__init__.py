"""local - Postfix local mail delivery

SYNOPSIS
    local [generic Postfix daemon options]

DESCRIPTION
    Delivers mail for the users of the machine, as the queue manager asks: through aliases(5), the users' .forward files, mailbox
    commands, mailbox files and maildirs. Names without alias and without account go to fallback_transport or luser_relay, or
    back to the sender. It runs as root and acts with the rights of the recipient.

    A message that already carries the recipient in a Delivered-To: header is in a loop, and goes back to the sender.

CONFIGURATION PARAMETERS
    alias_maps, allow_mail_to_commands, allow_mail_to_files, biff, command_execution_directory, command_expansion_filter,
    command_time_limit, default_privs, deliver_lock_attempts, deliver_lock_delay, expand_owner_alias, export_environment,
    fallback_transport, fallback_transport_maps, forward_path, home_mailbox, local_command_shell, luser_relay,
    mail_spool_directory, mailbox_command, mailbox_command_maps, mailbox_delivery_lock, mailbox_size_limit, mailbox_transport,
    mailbox_transport_maps, prepend_delivered_header, propagate_unmatched_extensions, recipient_delimiter, stale_lock_time,
    strict_mailbox_ownership

BUGS
    Files that commands and :include: name are opened with the rights of the expansion, but a stale NFS lock is not told from
    a fresh one; reset_owner_alias is not simulated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host import accounts
from maillab.sim.postfix._server import Hooks, Service, single_server
from maillab.sim.postfix.lib import deliver_request, flush_clnt
from maillab.sim.postfix.lib.mailbox_file import Owner, check_limit
from maillab.sim.postfix.lib.maps import Maps
from maillab.sim.postfix.lib.outcome import Reporter
from maillab.sim.postfix.lib.resolve_clnt import ResolveClient
from maillab.sim.postfix.lib.rewrite_clnt import RewriteClient
from maillab.sim.postfix.local.delivery import Delivery

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.deliver_request import Request
    from maillab.sim.postfix.lib.vstream import Stream

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/local"}

BOOLEANS = ("biff", "expand_owner_alias")
TIMES = ("command_time_limit", "deliver_lock_delay", "stale_lock_time")
NUMBERS = ("mailbox_size_limit", "deliver_lock_attempts", "message_size_limit")


class Local:
    """One local process: its tables and its clients."""

    aliases: Maps
    mailbox_transports: Maps
    mailbox_commands: Maps
    fallback_transports: Maps
    reporter: Reporter
    rewriter: RewriteClient
    resolver: ResolveClient
    default_owner: Owner

    async def start(self, service: Service) -> None:
        """Check the parameters, open the tables. Raises Fatal."""
        sys, log, params = service.sys, service.log, service.params
        for name in TIMES:
            params.seconds(name)
        for name in NUMBERS:
            params.integer(name)
        for name in BOOLEANS:
            params.boolean(name)
        check_limit(log, params, "mailbox_size_limit")
        user = accounts.getpwnam(sys, params["default_privs"])
        if user is None:
            log.fatal(f"file {params['config_directory']}/main.cf: parameter default_privs: unknown user name value: "
                      f"{params['default_privs']}")
        self.default_owner = Owner(user.uid, user.gid, user.name, user.home, user.shell)
        await flush_clnt.open_domains(service)
        self.aliases = Maps(sys, log, params, "alias_maps")
        self.mailbox_transports = Maps(sys, log, params, "mailbox_transport_maps")
        self.mailbox_commands = Maps(sys, log, params, "mailbox_command_maps")
        self.fallback_transports = Maps(sys, log, params, "fallback_transport_maps")
        self.reporter = Reporter.of(service)
        rewrite = params["rewrite_service_name"]
        self.rewriter = RewriteClient(sys, rewrite)
        self.resolver = ResolveClient(sys, rewrite)

    async def serve(self, service: Service, stream: Stream) -> None:
        """Deliver one request."""
        await deliver_request.serve(service, stream, self.deliver)

    async def deliver(self, service: Service, request: Request) -> int:
        """Deliver to the recipients of a request."""
        return await Delivery(self, service, request).deliver()


async def main(sys: Process, argv: list[str]) -> int:
    local = Local()
    return await single_server(sys, argv, local.serve, Hooks(pre_jail=local.start, privileged=True))
