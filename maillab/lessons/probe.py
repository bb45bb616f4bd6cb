"""The probe: what a check may ask of a lab. It works on a replica, so a question may disturb as much as it likes."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from maillab.lessons.check import Fail
from maillab.lessons.command import run_command
from maillab.lessons.lab import STEP_BUDGET, BudgetExceeded, Lab
from maillab.sim.host.errno import SysError
from maillab.sim.host.process import Process
from maillab.sim.world import SECOND

ANSWER_LIMIT = 300.0
OUTPUT_MAX = 4 << 20


@dataclass(frozen=True)
class Result:
    """What a command left: its output, its errors, its exit status."""

    out: str
    err: str
    status: int

    @property
    def lines(self) -> list[str]:
        """The lines of the output."""
        return self.out.splitlines()


class Probe:
    """Questions to a replica. Every method takes `host` (default: the world's first)."""

    def __init__(self, replica: Lab):
        self.lab = replica
        self.world = replica.session.world
        self.default_host = next(iter(replica.spec.with_default_host().hosts))

    # --- looking ----------------------------------------------------------------------------------------------------

    def _sys(self, host: str) -> Process:
        return self.world.hosts[host or self.default_host].kernel_process

    def read(self, path: str, host: str = "") -> str:
        """The text of a file; "" when there is none."""
        try:
            return self._sys(host).slurp(path).decode("utf-8", "replace")
        except SysError:
            return ""

    def exists(self, path: str, host: str = "") -> bool:
        """Whether a file is there."""
        return self._sys(host).exists(path)

    def newer(self, one: str, two: str, host: str = "") -> bool:
        """Whether the first file exists and was changed after (or with) the second."""
        sys = self._sys(host)
        return sys.exists(one) and sys.exists(two) and sys.stat(one).mtime >= sys.stat(two).mtime

    def log(self, pattern: str = "", host: str = "", file: str = "/var/log/mail.log") -> list[str]:
        """The lines of a log that match a regular expression."""
        return [line for line in self.read(file, host).splitlines() if re.search(pattern, line)]

    def running(self, name: str, host: str = "") -> bool:
        """Whether a process of this name lives."""
        return any(p.comm == name and not p.zombie for p in self.world.hosts[host or self.default_host].processes.values())

    def history(self, pattern: str = "") -> list[str]:
        """The lines the trainee typed that match a regular expression."""
        typed: dict[str, str] = {}
        for entry in self.lab.journal.entries:
            if entry.kind == "type":
                typed[entry.terminal] = typed.get(entry.terminal, "") + entry.value
        return [line for text in typed.values() for line in text.replace("\n", "\r").split("\r") if line and re.search(pattern, line)]

    # --- doing ------------------------------------------------------------------------------------------------------

    def run(self, command: str, host: str = "", user: str = "") -> Result:
        """Run a shell command as root (or as another user) and wait for its end."""
        if user:
            command = f"su {shlex.quote(user)} -s /bin/sh -c {shlex.quote(command)}"
        result: list[Result] = []

        async def body(sys: Process) -> int:
            result.append(await _capture(sys, command, self.lab.session.environment))
            return 0

        self.world.start(host or self.default_host, body, "probe")
        self._until(lambda: bool(result), ANSWER_LIMIT)
        return result[0] if result else Result("", "no answer", 124)

    def wait(self, seconds: float) -> None:
        """Let virtual time pass."""
        self._until(lambda: False, seconds)

    def _until(self, stop: object, seconds: float) -> None:
        assert callable(stop)
        end = self.world.now + int(seconds * SECOND)
        self.world.run(seconds, stop, STEP_BUDGET)
        if not stop() and self.world.now < end:
            raise BudgetExceeded(f"{STEP_BUDGET} steps were not enough for {seconds:.0f} s")

    def postconf(self, name: str, host: str = "") -> str:
        """The value of a parameter, expanded as the daemons would, "" when Postfix cannot say."""
        return self.run(f"postconf -h {shlex.quote(name)}", host).out.strip()

    # --- mail -------------------------------------------------------------------------------------------------------

    def dialogue(self, *lines: str, host: str = "", to: str = "127.0.0.1", port: int = 25) -> list[str]:
        """Speak to a server line by line, each after the reply to the one before; all that it answered, [] when nobody does.

        A multi-line reply counts as one; after DATA's 354 lines are sent without waiting until the dot.
        """
        answers: list[str] = []
        done: list[bool] = []

        async def body(sys: Process) -> int:
            try:
                await _converse(sys, to, port, lines, answers)
            except SysError:
                pass
            done.append(True)
            return 0

        self.world.start(host or self.default_host, body, "probe")
        self._until(lambda: bool(done), ANSWER_LIMIT)
        return answers

    def connects(self, port: int, host: str = "", to: str = "127.0.0.1") -> bool:
        """Whether a server greets on a port."""
        return bool(self.dialogue(host=host, to=to, port=port))

    def rcpt(self, recipient: str, sender: str = "test@orange.fr", host: str = "", to: str = "127.0.0.1") -> str:
        """The reply to RCPT TO for one recipient, "" when nobody answers."""
        replies = self.dialogue("EHLO probe.orange.fr", f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>", "QUIT", host=host, to=to)
        return replies[3] if len(replies) > 3 else ""

    def send(
        self, recipient: str, sender: str = "test@orange.fr", subject: str = "probe", body: str = "probe", host: str = "",
        to: str = "127.0.0.1", headers: tuple[str, ...] = (), wait: float = 5.0,
    ) -> str:  # fmt: skip
        """Send a message by SMTP and give the lab `wait` seconds to deliver; the last reply before QUIT."""
        text = [*headers, f"Subject: {subject}", "", *body.splitlines(), "."]
        script = ("EHLO probe.orange.fr", f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>", "DATA", *text, "QUIT")
        replies = self.dialogue(*script, host=host, to=to)
        self.wait(wait)
        return next((line for line in replies[3:] if line[:1] in "45"), replies[-2] if len(replies) > 5 else "")

    def mailbox(self, user: str, host: str = "") -> str:
        """All mail of a user, wherever Postfix puts it: mbox in the spool, Maildir or mbox at home."""
        text = ""
        home = next((line.split(":")[5] for line in self.read("/etc/passwd", host).splitlines() if line.startswith(f"{user}:")), "")
        spool = f"/var/mail/{user}"
        for place in (spool, f"{home}/Mailbox", f"{home}/mbox", f"{home}/Maildir") if home else (spool,):
            text += self._mail_at(place, host)
        return text

    def _mail_at(self, place: str, host: str) -> str:
        sys = self._sys(host)
        if not sys.isdir(place):
            return self.read(place, host)
        text = ""
        for box in ("new", "cur"):
            folder = f"{place}/{box}"
            for name in sorted(sys.listdir(folder)) if sys.isdir(folder) else ():
                text += self.read(f"{folder}/{name}", host)
        return text

    def delivered(self, user: str, recipient: str = "", host: str = "", **how: str) -> str:
        """Send a message to a recipient (default: the user) and return the mail the user got, headers and all; raises
        Fail("not-accepted") or Fail("not-delivered") with the evidence."""
        marker = f"probe-{self.world.now}"
        reply = self.send(recipient or user, subject=marker, host=host, **how)  # type: ignore[arg-type]
        if not reply.startswith("250"):
            raise Fail("not-accepted", reply or "(no answer on port 25)")
        text = self.mailbox(user, host)
        if marker not in text:
            raise Fail("not-delivered", self.log(r"status=|fatal|warning", host)[-4:])
        return text[text.rindex("Return-Path:", 0, text.index(marker)) :] if "Return-Path:" in text else text


async def _capture(sys: Process, command: str, environment: dict[str, str]) -> Result:
    collected = {1: bytearray(), 2: bytearray()}

    def take(stream: int, data: bytes) -> None:
        if len(collected[stream]) < OUTPUT_MAX:
            collected[stream] += data

    status = await run_command(sys, command, environment, take)
    return Result(collected[1].decode("utf-8", "replace"), collected[2].decode("utf-8", "replace"), status)


async def _converse(sys: Process, to: str, port: int, lines: tuple[str, ...], answers: list[str]) -> None:
    fd = sys.socket("inet")
    await sys.connect(fd, (to, port), timeout=60)
    buffer = bytearray()
    await _reply(sys, fd, buffer, answers)
    in_data = False
    for line in lines:
        await sys.write(fd, line.encode("utf-8", "surrogateescape") + b"\r\n")
        if in_data and line != ".":
            continue
        await _reply(sys, fd, buffer, answers)
        in_data = line.upper() == "DATA" and answers[-1].startswith("354")


async def _reply(sys: Process, fd: int, buffer: bytearray, answers: list[str]) -> None:
    """One reply, all its lines joined by newlines. Raises SysError at the end of the stream."""
    whole: list[str] = []
    while True:
        while b"\n" not in buffer:
            if not (await sys.poll([fd], timeout=120))[0]:
                raise SysError("ETIMEDOUT")
            data = await sys.read(fd)
            if not data:
                raise SysError("ECONNRESET")
            buffer += data
        line, _, rest = bytes(buffer).partition(b"\n")
        buffer[:] = rest
        whole.append(line.decode("utf-8", "replace").rstrip("\r"))
        if len(whole[-1]) < 4 or whole[-1][3] != "-":
            answers.append("\n".join(whole))
            return
