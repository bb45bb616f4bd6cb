"""logger: its datagrams and its complaints."""

from __future__ import annotations

from maillab.sim.host.process import Process
from tests.shell.commands.conftest import Lab

LOGGER = "maillab.shell.commands.bsdutils.logger"


def listen(lab: Lab) -> list[bytes]:
    """Start something that listens on /dev/log; what it hears."""
    heard: list[bytes] = []

    async def body(sys: Process) -> int:
        fd = sys.socket("unix", "dgram")
        sys.bind(fd, "/dev/log")
        while True:
            data, _ = await sys.recvfrom(fd)
            heard.append(data)

    lab.world.start("julien", body, "listener")
    return heard


def test_messages(lab: Lab) -> None:
    heard = listen(lab)
    lab.run(LOGGER, ["logger", "-p", "mail.info", "deux", "mots"])
    lab.run(LOGGER, ["logger", "-t", "moi", "--id=7"], b"un\ndeux\n")
    assert [line.partition(b"16:")[0] for line in heard] == [b"<22>Nov 22 ", b"<13>Nov 22 ", b"<13>Nov 22 "]
    assert [line[len("<22>Nov 22 16:00:00 ") :] for line in heard] == [b"root: deux mots", b"moi[7]: un", b"moi[7]: deux"]


def test_nobody_listens(lab: Lab) -> None:
    assert lab.run(LOGGER, ["logger", "x"]) == ("", "", 0)
    loud = lab.run(LOGGER, ["logger", "-s", "x"])
    assert " root: x\nlogger: socket /dev/log: " in loud.stderr


def test_unknown_priorities(lab: Lab) -> None:
    assert lab.run(LOGGER, ["logger", "-p", "mail.pasla", "x"]).stderr == "logger: unknown priority name: pasla\n"
    assert lab.run(LOGGER, ["logger", "-p", "pasla.info", "x"]).stderr == "logger: unknown facility name: pasla\n"
