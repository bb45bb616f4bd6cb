"""postkick - kick a Postfix service

SYNOPSIS
    postkick [-c config_dir] [-v] class service request

DESCRIPTION
    Sends a request (letters) to a service: class is `public` or `private`, service the name of its socket or FIFO in the queue
    directory. `postkick public qmgr W` wakes the queue manager. Services that cannot be reached are no error.

BUGS
    None known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix.lib.command import options_or_usage, run_command
from maillab.sim.postfix.lib.mail_trigger import mail_trigger
from maillab.sim.postfix.lib.params import Params

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg

INSTALLED = {"postfix": "/usr/sbin/postkick"}

USAGE = "usage: {0} [-c config_dir] [-v] class service request"


async def main(sys: Process, argv: list[str]) -> int:
    async def body(log: Msg) -> int:
        usage = USAGE.format(argv[0])
        options, operands = options_or_usage(log, argv, "c:v", usage)
        if len(operands) != 3:
            log.fatal(usage)
        folder = dict(options).get("c")
        params = Params.load(sys, log, (), folder) if folder else Params.load(sys, log)
        try:
            sys.chdir(params["queue_directory"])
        except SysError as error:
            log.fatal(f"chdir {params['queue_directory']}: {error}")
        place, service, request = operands
        try:
            await mail_trigger(sys, f"{place}/{service}", request.encode())
        except SysError as error:
            log.warning(f"Cannot contact class {place} service {service} - perhaps the mail system is down: {error}")
            return 1
        return 0

    return await run_command(sys, argv, body)
