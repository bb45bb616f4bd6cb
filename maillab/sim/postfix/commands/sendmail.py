"""sendmail - Postfix to Sendmail compatibility interface

SYNOPSIS
    sendmail [option ...] [recipient ...]
    mailq
    newaliases

DESCRIPTION
    Reads a message from the standard input until end of file or a line with a dot alone, and posts it with postdrop(1). -t takes the
    recipients from the message's headers; -f sets the sender, -F the full name; -i (-oi) does not end at a dot; -bs speaks SMTP on the
    standard input; -bv sends a delivery report instead of a message; -bp (mailq) lists the queue; -bi, -I (newaliases) rebuilds the alias
    database; -q, -qR, -qI flush the queue; -N, -R, -V are the DSN options; -B 7BIT|8BITMIME the body type; -C the configuration;
    -v asks for a delivery report. -A -e -G -h -L -m -n -O -o -p -T -U -c -x are accepted for compatibility. Errors exit with
    status 75.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix._sendmail.options import DAEMON, ENQUEUE_SMTP, FLUSH, MAILQ, NEWALIASES, VERIFY, Options, parse
from maillab.sim.postfix._sendmail.post import EX_TEMPFAIL, Poster
from maillab.sim.postfix.lib.msg import Fatal, Msg
from maillab.sim.postfix.lib.params import Params

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": "/usr/sbin/sendmail"}
ALONE = {
    MAILQ: "display queue mode",
    FLUSH: "flush queue mode",
    NEWALIASES: "alias initialization mode",
    ENQUEUE_SMTP: "stand-alone mode",
    DAEMON: "daemon mode",
}


async def _other(sys: Process, params: Params, options: Options) -> None:
    """Modes that are other programs; execve never returns."""
    commands = params["command_directory"]
    if options.mode == MAILQ:
        await sys.execve(f"{commands}/postqueue", [f"{commands}/postqueue", "-p"], sys.env)
    if options.mode == FLUSH:
        arguments = ["-s", options.site] if options.site else ["-i", options.queue_id] if options.queue_id else ["-f"]
        await sys.execve(f"{commands}/postqueue", [f"{commands}/postqueue", *arguments], sys.env)
    if options.mode == NEWALIASES:
        databases = params.words("alias_database")
        if databases:
            await sys.execve(f"{commands}/postalias", [f"{commands}/postalias", *databases], sys.env)
    if options.mode == ENQUEUE_SMTP:
        await sys.execve(f"{params['daemon_directory']}/smtpd", [f"{params['daemon_directory']}/smtpd", "-S"], sys.env)
    if options.mode == DAEMON:
        await sys.execve(f"{commands}/postfix", [f"{commands}/postfix", "start"], sys.env)


async def _run(sys: Process, log: Msg, argv: list[str]) -> int:
    options = await parse(sys, log, argv)
    await log.flush()
    params = await Params.read(sys, log)
    log.rename(params["syslog_name"])
    if options.mode in ALONE:
        if options.operands:
            log.fatal(f"{ALONE[options.mode]} requires no recipient")
        await _other(sys, params, options)
        return 0
    poster = Poster(sys, log, params, options)
    status = await poster.run()
    if options.mode == VERIFY or options.verbose == 1:
        await sys.stdout.write(f"Mail Delivery Status Report will be mailed to <{poster.sender}>.\n")
    return status


async def main(sys: Process, argv: list[str]) -> int:
    """Post a message, or do what the name or the mode says."""
    log = Msg(sys, "sendmail", stderr=True, spoken=argv[0].rpartition("/")[2])
    try:
        return await _run(sys, log, argv)
    except Fatal as failure:
        log.last_words(failure)
    except SysError as error:
        log.last_words(Fatal(f"{error.path}: {error.strerror}" if getattr(error, "path", "") else error.strerror))
    finally:
        await log.flush()
    await sys.sleep(1)
    return EX_TEMPFAIL
