"""Processes: fork, wait, signals, pipes, locks, sockets, poll."""

from __future__ import annotations

from maillab.sim.host.errno import SysError
from maillab.sim.host.process import Process
from maillab.sim.host.signals import SIGCONT, SIGKILL, SIGPIPE, SIGSTOP, SIGTERM
from tests.sim.conftest import Small


async def forever(sys: Process) -> int:
    while True:
        await sys.sleep(1000)


def test_exit_statuses_reach_the_parent(small: Small) -> None:
    async def seven(sys: Process) -> int:
        return 7

    async def leave(sys: Process) -> int:
        sys.exit(300)

    async def body(sys: Process) -> list[object]:
        out: list[object] = []
        for child in (seven, leave):
            pid = sys.fork(child)
            _, status = await sys.waitpid(pid)
            out.append(status.code if status else None)
        pid = sys.fork(forever)
        sys.kill(pid, SIGTERM)
        _, status = await sys.waitpid(pid)
        out.append(status.signal if status else None)
        try:
            await sys.waitpid()
        except SysError as error:
            out.append(error.name)
        return out

    assert small.run(body) == [7, 44, SIGTERM, "ECHILD"]


def test_handlers_run_and_interrupt(small: Small) -> None:
    async def body(sys: Process) -> list[object]:
        heard: list[object] = []
        sys.signal(SIGTERM, heard.append, restart=False)

        async def sender(child: Process) -> int:
            await child.sleep(1)
            child.kill(child.ppid, SIGTERM)
            return 0

        sys.fork(sender)
        try:
            await sys.sleep(100)
        except SysError as error:
            heard.append(error.name)
        return [*heard, sys.monotonic() // 1_000_000]

    assert small.run(body) == [SIGTERM, "EINTR", 1]


def test_stopped_processes_hold_still(small: Small) -> None:
    async def body(sys: Process) -> list[object]:
        ticks: list[int] = []

        async def ticker(child: Process) -> int:
            while True:
                await child.sleep(1)
                ticks.append(1)

        pid = sys.fork(ticker)
        await sys.sleep(3.5)
        sys.kill(pid, SIGSTOP)
        _, status = await sys.waitpid(pid, untraced=True)
        before = len(ticks)
        await sys.sleep(10)
        held = len(ticks) - before
        sys.kill(pid, SIGCONT)
        await sys.sleep(2)
        after = len(ticks) - before
        sys.kill(pid, SIGKILL)
        return [status.stopped if status else None, before, held, after > 0]

    assert small.run(body) == [SIGSTOP, 3, 0, True]


def test_a_pipe_is_bounded_and_breaks(small: Small) -> None:
    async def body(sys: Process) -> list[object]:
        read_end, write_end = sys.pipe()

        async def writer(child: Process) -> int:
            child.close(read_end)
            while True:
                await child.write(write_end, b"y" * 10_000)

        pid = sys.fork(writer)
        sys.close(write_end)
        await sys.sleep(5)
        waiting = len(await sys.read(read_end, 1 << 20))
        sys.close(read_end)
        _, status = await sys.waitpid(pid)
        return [waiting, status.signal if status else None]

    assert small.run(body) == [65536, SIGPIPE]


def test_locks_are_exclusive_and_die_with_their_holder(small: Small) -> None:
    async def body(sys: Process) -> list[object]:
        sys.spew("/tmp/lock", b"")

        async def holder(child: Process) -> int:
            fd = child.open("/tmp/lock")
            await child.flock(fd, "ex")
            await child.sleep(5)
            return 0

        sys.fork(holder)
        await sys.sleep(1)
        fd = sys.open("/tmp/lock")
        free = await sys.flock(fd, "sh", block=False)
        await sys.flock(fd, "ex")
        return [free, sys.monotonic() // 1_000_000]

    assert small.run(body) == [False, 5]


def test_tcp_between_hosts(small: Small) -> None:
    async def server(sys: Process) -> object:
        fd = sys.socket("inet")
        sys.bind(fd, ("0.0.0.0", 25))
        sys.listen(fd)
        client, peer = await sys.accept(fd)
        data = await sys.read(client)
        await sys.write(client, data.upper())
        sys.close(client)
        return peer[0]

    async def client(sys: Process) -> list[object]:
        await sys.sleep(0.1)
        fd = sys.socket("inet")
        await sys.connect(fd, ("192.0.2.2", 25))
        await sys.write(fd, b"hello")
        return [await sys.read(fd), await sys.read(fd)]

    peers = small.start(server, "b")
    assert small.run(client, "a") == [b"HELLO", b""]
    assert peers == ["192.0.2.1"]


def test_connections_that_fail(small: Small) -> None:
    async def body(sys: Process) -> list[object]:
        out: list[object] = []
        for address in ("127.0.0.1", "192.0.2.2", "192.0.2.99", "198.51.100.1"):
            fd = sys.socket("inet")
            started = sys.monotonic()
            try:
                await sys.connect(fd, (address, 25))
            except SysError as error:
                out.append((error.name, (sys.monotonic() - started) // 1_000_000))
        return out

    assert small.run(body) == [("ECONNREFUSED", 0), ("ECONNREFUSED", 0), ("EHOSTUNREACH", 3), ("ENETUNREACH", 0)]


def test_cut_wires_and_firewalls(small: Small) -> None:
    from maillab.sim.wire.network import Rule

    async def body(sys: Process) -> str:
        fd = sys.socket("inet")
        try:
            await sys.connect(fd, ("192.0.2.2", 25), timeout=30)
        except SysError as error:
            return error.name
        return "connected"

    rules = small.world.hosts["b"].node.rules
    rules.append(Rule("drop", protocol="tcp", port=25))
    assert small.run(body) == "ETIMEDOUT"
    rules[:] = [Rule("reject", protocol="tcp")]
    assert small.run(body) == "ECONNREFUSED"
    rules.clear()
    small.world.network.segments["lan"].cut = True
    assert small.run(body) == "EHOSTUNREACH"


def test_unix_sockets_obey_file_permissions(small: Small) -> None:
    async def server(sys: Process) -> bytes:
        fd = sys.socket("unix")
        sys.bind(fd, "/tmp/sock")
        sys.chmod("/tmp/sock", 0o600)
        sys.listen(fd)
        client, _ = await sys.accept(fd)
        return await sys.read(client)

    async def client(sys: Process) -> str:
        fd = sys.socket("unix")
        try:
            await sys.connect(fd, "/tmp/sock")
            await sys.write(fd, b"hi")
        except SysError as error:
            return error.name
        return "sent"

    got = small.start(server)
    assert small.run(client, uid=1000) == "EACCES"
    assert small.run(client) == "sent"
    small.world.run(1)
    assert got == [b"hi"]
    assert small.run(client) == "ECONNREFUSED"


def test_poll_waits_for_the_first(small: Small) -> None:
    async def body(sys: Process) -> list[object]:
        r1, _ = sys.pipe()
        r2, w2 = sys.pipe()

        async def writer(child: Process) -> int:
            await child.sleep(2)
            await child.write(w2, b"x")
            return 0

        sys.fork(writer)
        first = await sys.poll([r1, r2], timeout=1)
        second = await sys.poll([r1, r2], timeout=10)
        return [first, second == ([r2], [])]

    assert small.run(body) == [([], []), True]


def test_a_full_process_table_refuses(small: Small) -> None:
    async def body(sys: Process) -> str:
        try:
            while True:
                sys.fork(forever)
        except SysError as error:
            return error.strerror

    assert small.run(body) == "Resource temporarily unavailable"
