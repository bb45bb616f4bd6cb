"""The network side of the DNS servers: questions on UDP and TCP port 53, replies of a given function, and made-up trouble.

Trouble is read from /etc/dns-faults of the server's host, one line a domain (which covers the names below it):

    DOMAIN servfail|refused|notimp|drop|truncate|delay SECONDS

"""
from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.wire import dns_message
from maillab.sim.wire.dns_message import Message, MessageError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

Answerer = Callable[[Message], Message]
FAULTS_FILE = "/etc/dns-faults"
RCODE_FAULTS = {"servfail": 2, "notimp": 4, "refused": 5}
PLAIN_SIZE = 512
IDLE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong below a domain: `kind` is a word of the file, `seconds` the delay."""

    domain: str
    kind: str
    seconds: float = 0.0


def parse_faults(data: bytes) -> list[Fault]:
    """The lines of the faults file; words that are not known are skipped."""
    out = []
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        words = line.split("#")[0].split()
        if len(words) < 2:
            continue
        if words[1] == "delay" and len(words) > 2:
            out.append(Fault(words[0].lower(), "delay", float(words[2])))
        elif words[1] in (*RCODE_FAULTS, "drop", "truncate"):
            out.append(Fault(words[0].lower(), words[1]))
    return out


class DnsServer:
    """A server on port 53 of every address of its host."""

    def __init__(self, sys: Process, answer: Answerer, *, compress_data: bool = True) -> None:
        self.sys = sys
        self.answer = answer
        self.compress_data = compress_data
        self.datagrams: list[int] = []
        self.listeners: list[int] = []

    def bind(self) -> None:
        """Open the sockets. SysError when port 53 is taken."""
        for family, wildcard in (("inet", "0.0.0.0"), ("inet6", "::")):
            udp = self.sys.socket(family, "dgram")
            self.sys.bind(udp, (wildcard, 53))
            self.datagrams.append(udp)
            tcp = self.sys.socket(family, "stream")
            self.sys.bind(tcp, (wildcard, 53))
            self.sys.listen(tcp, 32)
            self.listeners.append(tcp)

    async def run(self) -> None:
        """Serve for ever."""
        while True:
            readable, _ = await self.sys.poll(read=[*self.datagrams, *self.listeners])
            for fd in readable:
                if fd in self.datagrams:
                    await self._datagram(fd)
                else:
                    await self._accept(fd)

    def _faults(self, name: str) -> list[Fault]:
        try:
            faults = parse_faults(self.sys.slurp(FAULTS_FILE))
        except SysError:
            return []
        return [f for f in faults if f.domain == "." or name == f.domain or name.endswith("." + f.domain)]

    def reply(self, wire: bytes, *, datagram: bool) -> tuple[bytes | None, float]:
        """The reply to a question and the seconds it is late; None: no reply at all."""
        try:
            query = dns_message.decode(wire)
        except MessageError:
            return None, 0.0
        if query.response:
            return None, 0.0
        faults = self._faults(query.qname.lower())
        kinds = [fault.kind for fault in faults]
        late = sum(fault.seconds for fault in faults)
        if "drop" in kinds:
            return None, late
        rcode = next((RCODE_FAULTS[kind] for kind in kinds if kind in RCODE_FAULTS), None)
        reply = self.answer(query) if rcode is None else _refusal(query, rcode)
        encoded = dns_message.encode(reply, compress_data=self.compress_data)
        if datagram and ("truncate" in kinds or len(encoded) > max(query.edns, PLAIN_SIZE)):
            reply.tc = True
            reply.answer, reply.authority, reply.additional = [], [], []
            encoded = dns_message.encode(reply)
        return encoded, late

    async def _datagram(self, fd: int) -> None:
        data, peer = await self.sys.recvfrom(fd, 65536)
        reply, late = self.reply(data, datagram=True)
        if reply is None:
            return
        if late:
            async def send_later(child: Process, reply: bytes = reply, late: float = late) -> int:
                await child.sleep(late)
                await child.sendto(fd, reply, peer)
                return 0
            self.sys.fork(send_later)
            await self.sys.waitpid(-1, nohang=True)
            return
        await self.sys.sendto(fd, reply, peer)

    async def _accept(self, listener: int) -> None:
        fd, _ = await self.sys.accept(listener)

        async def serve(child: Process) -> int:
            return await self._conversation(child, fd)

        self.sys.fork(serve)
        self.sys.close(fd)
        await self.sys.waitpid(-1, nohang=True)

    async def _conversation(self, child: Process, fd: int) -> int:
        """Questions over one TCP connection, each after its length in two bytes."""
        data = b""
        while True:
            while len(data) < 2 or len(data) < 2 + struct.unpack_from("!H", data)[0]:
                readable, _ = await child.poll(read=[fd], timeout=IDLE_SECONDS)
                chunk = await child.read(fd, 65536) if readable else b""
                if not chunk:
                    return 0
                data += chunk
            size = struct.unpack_from("!H", data)[0]
            reply, late = self.reply(data[2:2 + size], datagram=False)
            data = data[2 + size:]
            if late:
                await child.sleep(late)
            if reply is not None:
                await child.write(fd, struct.pack("!H", len(reply)) + reply)


def _refusal(query: Message, rcode: int) -> Message:
    return blank_reply(query, ra=True, rcode=rcode)


def blank_reply(query: Message, *, ra: bool, rcode: int = 0) -> Message:
    """A reply to a question, without records."""
    return Message(ident=query.ident, response=True, opcode=query.opcode, rd=query.rd, ra=ra, rcode=rcode, qname=query.qname,
                   qtype=query.qtype, qclass=query.qclass, edns=1232 if query.edns else 0)
