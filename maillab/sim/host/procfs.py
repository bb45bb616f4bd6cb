"""/proc: processes, sockets and the machine as files made when they are read (proc(5))."""

from __future__ import annotations

import stat
from collections.abc import Callable
from typing import TYPE_CHECKING

from maillab.sim.host.inode import Inode
from maillab.sim.wire.network import parse_ip

if TYPE_CHECKING:
    from maillab.sim.host.host import Host
    from maillab.sim.host.process import Process
    from maillab.sim.host.sockets import Socket

ROOT = 1
_TICK = 10_000  # microseconds: USER_HZ is 100
_PER_PROCESS = ("cmdline", "comm", "environ", "stat", "status", "cwd", "exe", "root", "fd", "limits", "mounts")
_NET = ("tcp", "tcp6", "udp", "udp6", "unix", "dev", "route", "arp")


class ProcFs:
    """The tree of /proc of one host. A node is a path text, numbered when first seen."""

    dev = 20

    def __init__(self, host: Host):
        self.host = host
        self._numbers: dict[str, int] = {"": ROOT}
        self._paths: dict[int, str] = {ROOT: ""}
        self._top: dict[str, Callable[[], str]] = {
            "uptime": self._uptime, "loadavg": lambda: "0.00 0.00 0.00 1/60 2\n", "meminfo": _meminfo, "version": self._version,
            "mounts": self._mounts, "stat": self._stat, "filesystems": lambda: "nodev\tproc\n\text4\n", "cpuinfo": _cpuinfo,
        }  # fmt: skip

    def _number(self, path: str) -> int:
        number = self._numbers.get(path)
        if number is None:
            number = self._numbers[path] = len(self._numbers) + ROOT
            self._paths[number] = path
        return number

    def lookup(self, directory: int, name: str) -> int | None:
        """The node of a name under a node."""
        if name not in self.names(directory) and not (directory == ROOT and name in ("self", "net")):
            return None
        path = self._paths[directory]
        return self._number(f"{path}/{name}" if path else name)

    def names(self, directory: int) -> list[str]:
        """The names under a node."""
        parts = self._paths[directory].split("/")
        if parts == [""]:
            return [str(pid) for pid in sorted(self.host.processes)] + sorted([*self._top, "net", "self", "sys"])
        if parts == ["net"]:
            return list(_NET)
        if parts[0] == "sys":
            return {1: ["kernel"], 2: ["hostname", "osrelease", "ostype", "pid_max", "threads-max"]}.get(len(parts), [])
        process = self._process(parts[0])
        if process is None:
            return []
        if len(parts) == 1:
            return list(_PER_PROCESS)
        return [str(fd) for fd in sorted(process.fds)] if parts[1:] == ["fd"] else []

    def _process(self, text: str) -> Process | None:
        return self.host.processes.get(int(text)) if text.isdigit() else None

    def get(self, ino: int) -> Inode:
        """The inode of a node, made on the spot."""
        path = self._paths[ino]
        parts = path.split("/")
        process = self._process(parts[0])
        if process is not None:
            return self._process_inode(ino, process, parts[1:])
        inode = Inode(ino, stat.S_IFREG | 0o444, when=self.host.clock())
        if path == "self":
            inode.mode = stat.S_IFLNK | 0o777
            current = self.host.current()
            inode.target = str(current.pid if current else 1)
        elif path in ("", "net", "sys", "sys/kernel"):
            inode.mode = stat.S_IFDIR | 0o555
            inode.entries = {}
        elif path.isdigit():
            raise KeyError(ino)
        else:
            inode.data = self._text(parts).encode()
        return inode

    def _process_inode(self, ino: int, process: Process, rest: list[str]) -> Inode:
        uid, gid = process.euid, process.egid
        inode = Inode(ino, stat.S_IFREG | 0o444, uid, gid, self.host.clock())
        if not rest or rest == ["fd"]:
            inode.mode = stat.S_IFDIR | (0o500 if rest else 0o555)
            inode.entries = {}
        elif rest[0] in ("cwd", "exe", "root") or len(rest) == 2:
            inode.mode = stat.S_IFLNK | 0o777
            inode.target = self._link(process, rest)
        else:
            if rest[0] == "environ":
                inode.mode = stat.S_IFREG | 0o400
            inode.data = self._process_text(process, rest[0])
        return inode

    def _link(self, process: Process, rest: list[str]) -> str:
        if rest[0] == "cwd":
            return process.getcwd()
        if rest[0] == "exe":
            return process.exe or "/"
        if rest[0] == "root":
            return "/" + "/".join(step.name for step in process.root[1:])
        description = process.fds.get(int(rest[1]))
        return (description.link_text() if description else "") or "/dev/null"

    def _process_text(self, process: Process, name: str) -> bytes:
        if name == "cmdline":
            return (
                b"".join(word.encode("utf-8", "surrogateescape") + b"\0" for word in process.argv)
                if not process.zombie
                else b""
            )
        if name == "comm":
            return process.comm.encode() + b"\n"
        if name == "environ":
            return b"".join(f"{k}={v}".encode("utf-8", "surrogateescape") + b"\0" for k, v in process.env.items())
        if name == "stat":
            return self._stat_line(process).encode()
        if name == "status":
            return self._status(process).encode()
        if name == "mounts":
            return self._mounts().encode()
        return b""

    def _stat_line(self, p: Process) -> str:
        tty = p.tty.device_number() if p.tty else 0
        foreground = p.tty.foreground if p.tty else -1
        start = p.started // _TICK
        cpu = p.cpu // _TICK
        words = [p.pid, f"({p.comm})", p.state_letter(), p.ppid, p.pgid, p.sid, tty, foreground, 4194304, 0, 0, 0, 0, cpu, 0, 0, 0]
        words += [20, p.nice_value, 1, 0, start, p.vsize_kib() * 1024, p.rss_kib() // 4, 2**64 - 1, *[0] * 12, 17, *[0] * 6]
        return " ".join(map(str, words)) + "\n"

    def _status(self, p: Process) -> str:
        word = {"R": "R (running)", "S": "S (sleeping)", "T": "T (stopped)", "Z": "Z (zombie)"}[p.state_letter()]
        groups = " ".join(map(str, p.groups))
        return (
            f"Name:\t{p.comm}\nUmask:\t{p.umask_:04o}\nState:\t{word}\nTgid:\t{p.pid}\nPid:\t{p.pid}\nPPid:\t{p.ppid}\n"
            f"Uid:\t{p.uid}\t{p.euid}\t{p.suid}\t{p.euid}\nGid:\t{p.gid}\t{p.egid}\t{p.sgid}\t{p.egid}\nGroups:\t{groups} \n"
            f"VmSize:\t{p.vsize_kib():8d} kB\nVmRSS:\t{p.rss_kib():8d} kB\nThreads:\t1\n"
        )

    def _text(self, parts: list[str]) -> str:
        if parts[0] == "net":
            return self._net(parts[1])
        if parts[:2] == ["sys", "kernel"]:
            return self._sysctl(parts[2]) + "\n"
        return self._top[parts[0]]()

    def _sysctl(self, name: str) -> str:
        release = self.host.kernel_name.release
        old = release.startswith("2.")
        pid_max = "32768" if old else "4194304"
        known = {"hostname": self.host.hostname, "osrelease": release, "ostype": "Linux", "pid_max": pid_max, "threads-max": "7000"}
        return known[name]

    def _uptime(self) -> str:
        seconds = self.host.uptime() / 1e6
        return f"{seconds:.2f} {seconds * 1.9:.2f}\n"

    def _version(self) -> str:
        kernel = self.host.kernel_name
        return f"Linux version {kernel.release} ({kernel.builder}) {kernel.version}\n"

    def _mounts(self) -> str:
        return "/dev/vda1 / ext4 rw,relatime 0 0\nproc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\n"

    def _stat(self) -> str:
        boot = (self.host.clock() - self.host.uptime()) // 1_000_000
        return f"cpu  0 0 0 0 0 0 0 0 0 0\nbtime {boot}\nprocesses {self.host.last_pid}\nprocs_running 1\nprocs_blocked 0\n"

    # --- /proc/net --------------------------------------------------------------------------------------------------

    def _net(self, name: str) -> str:
        if name in ("tcp", "tcp6", "udp", "udp6"):
            return self._inet_table(name[:3], "inet6" if name.endswith("6") else "inet")
        if name == "unix":
            return self._unix_table()
        if name == "dev":
            return self._dev_table()
        if name == "route":
            return self._route_table()
        return "IP address       HW type     Flags       HW address            Mask     Device\n"

    def _inet_table(self, protocol: str, family: str) -> str:
        head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        kind = "stream" if protocol == "tcp" else "dgram"
        zero = ("0.0.0.0" if family == "inet" else "::", 0)
        rows = []
        for socket in self.host.net.sockets:
            if socket.family != family or socket.type != kind or socket.state in ("new", "closed"):
                continue
            if kind == "stream" and socket.state == "bound":
                continue
            state = self._state(socket, kind)
            queued = len(socket.backlog) if socket.state == "listening" else socket.buffered
            rows.append((socket.local, socket.remote or zero, state, socket.creds[1], socket.ino, queued))
        if kind == "stream":
            for until, fam, local, remote in self.host.net.lingering:
                if until > self.host.kernel.now and fam == family:
                    rows.append((local, remote, "06", 0, 0, 0))
        lines = [
            f"{n:4d}: {_hex(local)} {_hex(remote)} {state} 00000000:{queued:08X} 00:00000000 00000000 {uid:5d}        0 {ino} 1\n"
            for n, (local, remote, state, uid, ino, queued) in enumerate(rows)
        ]
        return head + "".join(lines)

    @staticmethod
    def _state(socket: Socket, kind: str) -> str:
        if kind == "dgram":
            return "01" if socket.state == "connected" else "07"
        if socket.state == "listening":
            return "0A"
        if socket.eof_at is not None:
            return "08"
        return "04" if socket.write_shut else "01"

    def _unix_table(self) -> str:
        lines = ["Num       RefCount Protocol Flags    Type St Inode Path\n"]
        for socket in self.host.unix_sockets():
            flags = "00010000" if socket.state == "listening" else "00000000"
            type_ = "0001" if socket.type == "stream" else "0002"
            state = "03" if socket.state == "connected" else "01"
            path = f" {socket.local}" if socket.local else ""
            lines.append(f"0000000000000000: 00000002 00000000 {flags} {type_} {state} {socket.ino}{path}\n")
        return "".join(lines)

    def _dev_table(self) -> str:
        head = (
            "Inter-|   Receive                                                |  Transmit\n"
            " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n"
        )
        rows = [
            f"{card.name:>6}: {card.rx:7d} 0 0 0 0 0 0 0 {card.tx:8d} 0 0 0 0 0 0 0\n"
            for card in self.host.node.interfaces
        ]
        return head + "".join(rows)

    def _route_table(self) -> str:
        head = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
        rows = []
        for route in self.host.node.table():
            network = route.network()
            if network.version == 4:
                flags = 1 | (2 if route.gateway else 0)
                gate = _hex4(route.gateway or "0.0.0.0")
                where, mask = _hex4(str(network.network_address)), _hex4(str(network.netmask))
                rows.append(f"{route.interface}\t{where}\t{gate}\t{flags:04X}\t0\t0\t0\t{mask}\t0\t0\t0\n")
        return head + "".join(rows)


def _hex4(ip: str) -> str:
    address = parse_ip(ip)
    assert address is not None
    return address.packed[::-1].hex().upper()


def _hex(endpoint: tuple[str, int] | str) -> str:
    """An endpoint as /proc/net/tcp writes it: little-endian words and a port."""
    assert not isinstance(endpoint, str)
    address = parse_ip(endpoint[0])
    assert address is not None
    packed = address.packed
    words = b"".join(packed[i : i + 4][::-1] for i in range(0, len(packed), 4))
    return f"{words.hex().upper()}:{endpoint[1]:04X}"


def _meminfo() -> str:
    rows = (("MemTotal", 2014972), ("MemFree", 1215400), ("MemAvailable", 1650220), ("Buffers", 35440), ("Cached", 512004),
            ("SwapTotal", 998396), ("SwapFree", 998396), ("Shmem", 1024))  # fmt: skip
    return "".join(f"{name + ':':15s} {kib:8d} kB\n" for name, kib in rows)


def _cpuinfo() -> str:
    return "processor\t: 0\nvendor_id\t: maillab\nmodel name\t: maillab virtual processor\ncpu MHz\t\t: 2000.000\n\n"
