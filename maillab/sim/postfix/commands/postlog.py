"""postlog - Postfix-compatible logging utility

SYNOPSIS
    postlog [-iv] [-c config_dir] [-p priority] [-t tag] [text...]

DESCRIPTION
    Logs the text (or each line of the standard input) as Postfix programs do, and shows it on the standard error when that is
    a terminal.
    -p PRIORITY  info (default), warn, warning, error, fatal or panic; -t TAG the name in the log; -i also the process id
    (always there).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix.lib.command import options_or_usage, run_command
from maillab.sim.postfix.lib.msg import Msg, Panic
from maillab.sim.postfix.lib.params import CONFIG_ENV, Params

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": "/usr/sbin/postlog"}
USAGE = "usage: {0} [-c config_dir] [-i] [-p priority] [-t tag] [-v] [text]"
PRIORITIES = ("info", "warn", "warning", "error", "fatal", "panic")


async def main(sys: Process, argv: list[str]) -> int:
    async def body(log: Msg) -> int:
        log.spoken = "postfix/postlog"
        options, operands = options_or_usage(log, argv, "c:ip:t:v", USAGE.format(argv[0]))
        given = dict(options)
        if "c" in given:
            sys.env[CONFIG_ENV] = given["c"]
        priority = given.get("p", "info")
        if priority not in PRIORITIES:
            log.fatal(f'bad severity: "{priority}"')
        params = await Params.read(sys, log)
        tag = given.get("t") or sys.env.get("MAIL_LOGTAG") or f"{params['syslog_name']}/postlog"
        voice = Msg(sys, "postlog", stderr=log.stderr, spoken=tag)
        voice.tag = tag
        lines = [" ".join(operands)] if operands else (await sys.stdin.read()).decode("utf-8", "surrogateescape").splitlines()
        for line in lines:
            say(voice, priority, line)
        await voice.flush()
        return 0

    return await run_command(sys, argv, body, terminal_only=True)


def say(voice: Msg, priority: str, text: str) -> None:
    """Log one line."""
    from maillab.sim.postfix.lib.msg import Fatal

    if priority == "info":
        voice.info(text)
    elif priority in ("warn", "warning"):
        voice.warning(text)
    elif priority == "error":
        voice.error(text)
    else:
        voice.last_words(Panic(text) if priority == "panic" else Fatal(text))
