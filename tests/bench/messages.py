"""Messages a second, from an SMTP client on one simulated host into a mailbox on another; beside it the real Postfix, where there is one.

The two are measured in turn (A B A B), so that a machine that is busy with other things is busy for both.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from maillab.lessons.session import Session
from maillab.lessons.worldfile import HostSpec, WorldSpec
from maillab.sim.host.process import Process
from tests.bench.figures import Figure, Options
from tests.bench.real_postfix import RealPostfix

SESSIONS = 5
BOOT = [
    "cp /usr/share/postfix/main.cf.debian /etc/postfix/main.cf",
    "newaliases",
    "postconf -e 'mydestination=$myhostname,$mydomain,localhost' mydomain=ploplo.fr compatibility_level=3.6",
    "useradd -m toto",
    "/etc/init.d/postfix start",
]
DIALOGUE = [
    b"HELO a.ploplo.fr\r\n",
    b"MAIL FROM:<x@titi.fr>\r\n",
    b"RCPT TO:<toto@ploplo.fr>\r\n",
    b"DATA\r\n",
    b"From: <x@titi.fr>\r\nTo: <toto@ploplo.fr>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-Id: <1@x>\r\n\r\nHello\r\n.\r\n",
    b"QUIT\r\n",
]


class Simulated:
    """Two hosts of image P1: a client, and a Postfix that delivers to the mailbox of toto."""

    def __init__(self) -> None:
        client = HostSpec("a.ploplo.fr", "192.0.2.1", terminals=0)
        server = HostSpec("b.ploplo.fr", "192.0.2.2", terminals=0, boot=BOOT)
        self.session = Session(WorldSpec(image="P1", hosts={"a": client, "b": server}))
        self.world = self.session.world
        self.ended = 0
        self.counted = (0, 0)

    def delivered(self) -> int:
        """The messages in the mailbox, counted again when its size has changed."""
        server = self.world.hosts["b"].kernel_process
        if not server.exists("/var/mail/toto"):
            return 0
        size = server.stat("/var/mail/toto").size
        if size != self.counted[0]:
            self.counted = size, server.slurp("/var/mail/toto").count(b"\nFrom ") + 1
        return self.counted[1]

    async def _deliver(self, sys: Process, count: int) -> int:
        for _ in range(count):
            fd = sys.socket("inet")
            await sys.connect(fd, ("192.0.2.2", 25))
            await sys.read(fd)
            for line in DIALOGUE:
                await sys.write(fd, line)
                reply = await sys.read(fd)
                assert reply[:1] in b"23", reply
            sys.close(fd)
        self.ended += 1
        return 0

    def run(self, count: int) -> float:
        """Send messages over parallel sessions; messages a second until the last is delivered."""
        before, self.ended = self.delivered(), 0
        shares = [count // SESSIONS + (n < count % SESSIONS) for n in range(SESSIONS)]
        for share in shares:
            self.world.start("a", lambda sys, share=share: self._deliver(sys, share), "client")  # type: ignore[misc]
        start = perf_counter()
        self.world.run(3600, lambda: self.ended == SESSIONS and self.delivered() - before >= count)
        took = perf_counter() - start
        for bug in self.world.bugs:
            raise bug.error
        return count / took


def measure(options: Options) -> Iterator[Figure]:
    """The bar: at least as many as the real Postfix of this machine."""
    ours = Figure("messages, simulated Postfix", "a second")
    real = Figure("messages, real Postfix", "a second")
    ratio = Figure("simulated / real", "times", ">= 1", note="(median of pairs)")
    simulated = Simulated()
    simulated.run(max(1, options.messages // 5))
    steps = simulated.world.kernel.steps
    with RealPostfix() as postfix:
        real.note = ratio.note = postfix.problem
        for _ in range(options.runs):
            ours.values.append(simulated.run(options.messages))
            if not postfix.problem:
                real.values.append(postfix.run(options.messages))
                ratio.values.append(ours.values[-1] / real.values[-1])
    ours.note = f"({(simulated.world.kernel.steps - steps) / options.messages / options.runs:.0f} kernel steps each)"
    yield from (ours, real, ratio)
