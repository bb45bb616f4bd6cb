"""spawn - Postfix external command spawner

SYNOPSIS
    spawn [generic Postfix daemon options] user=NAME[:GROUP] argv=COMMAND...

DESCRIPTION
    Runs a command for each connection, with the connection as its standard input, output and error: an inetd under master.

CONFIGURATION PARAMETERS
    TRANSPORT_time_limit (command_time_limit), export_environment

BUGS
    None known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host import accounts
from maillab.sim.host.errno import SysError
from maillab.sim.postfix._server import Hooks, Service, single_server
from maillab.sim.postfix.lib.msg import Fatal

if TYPE_CHECKING:
    from maillab.sim.host.accounts import User
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.vstream import Stream

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/spawn"}


class Spawn:
    """One spawn process."""

    user: User
    argv: list[str]

    async def start(self, service: Service) -> None:
        """Read the attributes of master.cf. Raises Fatal."""
        words, name = list(service.operands), ""
        self.argv = []
        while words:
            word = words.pop(0)
            if word.startswith("argv="):
                self.argv = [word[5:], *words]
                break
            if not word.startswith("user="):
                raise Fatal(f"unknown attribute name: {word}")
            name = word[5:].partition(":")[0]
        user = accounts.getpwnam(service.sys, name)
        if not name:
            raise Fatal("missing user= command-line attribute")
        if user is None:
            raise Fatal(f"unknown user name: {name}")
        if user.uid == 0:
            raise Fatal(f"request to deliver as root for user {name}")
        if not self.argv:
            raise Fatal("missing argv= command-line attribute")
        self.user = user

    async def serve(self, service: Service, stream: Stream) -> None:
        """Run the command for one connection."""
        sys, user, argv = service.sys, self.user, self.argv
        fd = stream.fd

        async def child(process: Process) -> int:
            process.redirect({0: fd, 1: fd, 2: fd})
            process.setgroups([user.gid])
            process.setgid(user.gid)
            process.setuid(user.uid)
            try:
                await process.execve(argv[0], argv, {"PATH": "/usr/bin:/bin"})
            except SysError as error:
                process.syslog("mail", "crit", service.log.tag, f"fatal: spawn: execvp {argv[0]}: {error}")
            return 1

        pid = sys.fork(child)
        _, status = await sys.waitpid(pid)
        if status is not None and status.exited and status.code:
            service.log.warning(f"command {argv[0]} exit status {status.code}")
        elif status is not None and not status.exited:
            service.log.warning(f"command {argv[0]} killed by signal {status.signal}")


async def main(sys: Process, argv: list[str]) -> int:
    spawn = Spawn()
    return await single_server(sys, argv, spawn.serve, Hooks(pre_jail=spawn.start, privileged=True))
