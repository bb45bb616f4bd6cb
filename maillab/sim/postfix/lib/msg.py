"""What a Postfix program says to the log: info, warning, error, fatal and panic.

The tag of a line is `SYSLOG_NAME/PROGRAM` (`postfix/smtpd`); severities other than info are repeated in the text ("warning: ...").
Control characters become `?`; so do bytes that are not UTF-8 when `smtputf8_enable` is off (observed in 2.5.1 and 3.7.11).
A command line program also says it on its standard error, without the `postfix/` part.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

ERROR_LIMIT = 13
CONTROL = re.compile("[\x00-\x1f\x7f\udc80-\udcff]")
NOT_ASCII = re.compile("[^\x20-\x7e]")


class Fatal(Exception):
    """The program gives up: the text is logged as `fatal: TEXT` and the program ends with `status`."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.text = text
        self.status = status


class Panic(Fatal):
    """The program found itself inconsistent: logged as `panic: TEXT`."""


def printable(text: str, utf8: bool = True) -> str:
    """The text with each unprintable character replaced by a question mark (each byte of it, when UTF-8 is off)."""
    if utf8:
        return CONTROL.sub("?", text)
    return NOT_ASCII.sub(lambda match: "?" * len(match[0].encode("utf-8", "surrogateescape")), text)


class Msg:
    """The voice of one process. `stderr` is for commands: lines wait in `pending` until `await flush()` writes them.

    `spoken` is how they are called there (argv[0]); a `quiet` program says nothing to the log.
    """

    def __init__(
        self, sys: Process, program: str, syslog_name: str = "postfix", stderr: bool = False, spoken: str = "", quiet: bool = False
    ) -> None:
        self.sys = sys
        self.program = program
        self.tag = f"{syslog_name}/{program}"
        self.utf8 = True
        self.errors = 0
        self.stderr = stderr
        self.spoken = spoken or program
        self.quiet = quiet
        self.pending: list[str] = []
        if not quiet:
            sys.openlog()  # as LOG_NDELAY does: a daemon that goes into a chroot keeps its way out to the log

    def rename(self, syslog_name: str, utf8: bool = True) -> None:
        """Use what main.cf says from now on."""
        self.tag = f"{syslog_name}/{self.program}"
        self.utf8 = utf8

    def info(self, text: str) -> None:
        """Log a line of priority info."""
        self._say("info", "", text)

    def warning(self, text: str) -> None:
        """Log a line of priority warning."""
        self._say("warning", "warning: ", text)

    def error(self, text: str) -> None:
        """Log a line of priority error; the thirteenth ends the program."""
        self._say("err", "error: ", text)
        self.errors += 1
        if self.errors >= ERROR_LIMIT:
            self.fatal("too many errors - program terminated")

    def fatal(self, text: str) -> NoReturn:
        """End the program with status 1 after logging why (the skeleton logs it when it catches the exception)."""
        raise Fatal(text)

    def panic(self, text: str) -> NoReturn:
        """End the program: it contradicted itself."""
        raise Panic(text)

    def last_words(self, failure: Fatal) -> None:
        """Log why the program ends."""
        self._say("crit", "panic: " if isinstance(failure, Panic) else "fatal: ", failure.text)

    def _say(self, priority: str, prefix: str, text: str) -> None:
        line = prefix + printable(text, self.utf8)
        if not self.quiet:
            self.sys.syslog("mail", priority, self.tag, line)
        if self.stderr:
            self.pending.append(f"{self.spoken}: {line}\n")

    async def flush(self) -> None:
        """Write what waits for the standard error."""
        if self.pending:
            text = "".join(self.pending)
            self.pending.clear()
            await self.sys.stderr.write(text)
