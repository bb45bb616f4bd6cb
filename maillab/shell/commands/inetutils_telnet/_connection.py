"""The network side of telnet: opening a connection and carrying bytes between it and the terminal."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.host.netdb import getservbyname
from maillab.sim.host.resolver import Family, ResolverError, lookup_host

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.host.tty import Termios

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
IP, ABORT_BREAK, SUSP = 244, 243, 237
TIMING_MARK = 6
SIGNALS = {2: IP, 3: ABORT_BREAK, 20: SUSP}
DEFAULT_ESCAPE = 0x1D
TOGGLES = {"autoflush": True, "autosynch": False, "autologin": False, "authdebug": False, "autoencrypt": False, "autodecrypt": False,
           "verbose_encrypt": False, "encdebug": False, "skiprc": False, "binary": False, "inbinary": False, "outbinary": False,
           "crlf": False, "crmod": False, "localchars": True, "debug": False, "netdata": False, "prettydump": False, "options": False,
           "termdata": False}


def control_text(char: int | None) -> str:
    """A character as telnet shows it: `^]`, `x`, `off`."""
    if char is None:
        return "off"
    if char == 127:
        return "^?"
    return f"^{chr(char + 64)}" if char < 32 else chr(char) if char < 127 else f"\\{char:03o}"


@dataclass
class Session:
    """What telnet remembers from one connection to the next."""

    sys: Process
    escape: int | None = DEFAULT_ESCAPE
    family: Family = None
    bind: str | None = None
    echo: int | None = 5
    toggles: dict[str, bool] = field(default_factory=lambda: dict(TOGGLES))
    characters: dict[str, int | None] = field(default_factory=dict)
    read_ahead: bytes = b""
    netkit: bool = False

    def escape_text(self) -> str:
        return control_text(self.escape)


class Connection:
    """An open connection. `mode` is "obsolete" (line by line, nothing negotiated), "character" or "line"."""

    def __init__(self, session: Session, host: str, fd: int) -> None:
        self.session = session
        self.sys = session.sys
        self.host = host
        self.fd = fd
        self.mode = "obsolete"
        self.command_line: bytes | None = None
        self._out = bytearray()
        self._received = bytearray()
        self._after_cr = False
        self._discarding = False

    # --- opening

    @staticmethod
    async def open(session: Session, host: str, service: str = "telnet") -> Connection | None:
        """Look up and connect, with telnet's messages; None when it failed."""
        sys = session.sys
        port = await _port(session, host, service.lstrip("-"))
        if port is None:
            return None
        try:
            entry = await lookup_host(sys, host, session.family)
        except ResolverError as error:
            await _complain(sys, _lookup_failure(session, host, service, error.text))
            return None
        addresses, shown = entry.addresses, entry.name if session.netkit else host
        for i, address in enumerate(addresses):
            await sys.stdout.print(f"Trying {address}...")
            await sys.stdout.flush()
            fd = sys.socket("inet6" if ":" in address else "inet", "stream")
            step = "connect"
            try:
                if session.bind is not None:
                    step = "bind"
                    sys.bind(fd, (session.bind, 0))
                    step = "connect"
                await sys.connect(fd, (address, port))
            except SysError as error:
                sys.close(fd)
                if step == "bind":
                    await _complain(sys, f"telnet: bind: {error}")
                    return None
                last = i == len(addresses) - 1
                text = f"telnet: Unable to connect to remote host: {error}"
                await _complain(sys, text if last else _next_address(session, address, str(error)))
                continue
            await sys.stdout.print(f"Connected to {shown}.")
            await sys.stdout.print(f"Escape character is '{session.escape_text()}'.")
            await sys.stdout.flush()
            return Connection(session, shown, fd)
        return None

    def close(self) -> None:
        self.sys.close(self.fd)

    # --- carrying bytes

    async def carry(self) -> str:
        """Move bytes both ways until the user types the escape character ("escape") or the connection ends ("closed").

        In "escape", `command_line` holds what followed the escape character in the same block of input, if anything did.
        """
        before = self._enter_terminal_mode()
        for number in SIGNALS:
            self.sys.signal(number, self._signalled)
        try:
            while True:
                end = await self._step()
                if end is not None:
                    return end
        finally:
            for number in SIGNALS:
                self.sys.signal(number, "default")
            if before is not None:
                self.sys.tcsetattr(0, before)

    def _enter_terminal_mode(self) -> Termios | None:
        """Set the terminal for the connection; returns its former settings, None without a terminal."""
        sys = self.sys
        if not sys.isatty(0):
            return None
        before = sys.tcgetattr(0)
        now = before.copy()
        now.icanon = now.echo = self.mode != "character"
        now.cc["eol"] = self.session.escape or 0
        sys.tcsetattr(0, now)
        return before

    async def _step(self) -> str | None:
        """One round: receive, read the keyboard, then send; in this order, so that what was read just before the end of
        the input is lost, as with the real one."""
        sys = self.sys
        try:
            readable, writable = await sys.poll(read=[self.fd, 0], write=[self.fd] if self._out else [])
        except SysError as error:
            if error.name == "EINTR":
                return None
            raise
        if self.fd in readable and not await self._receive():
            return "closed"
        if 0 in readable:
            try:
                data = await sys.read(0, 8192)
            except SysError:
                return "closed"
            if not data and not sys.isatty(0):
                return "closed"
            if self._typed(data or b"\x04"):
                await self._flush()
                return "escape"
        if self.fd in writable:
            await self._flush()
        return None

    async def _flush(self) -> None:
        data, self._out = bytes(self._out), bytearray()
        if data:
            try:
                await self.sys.write(self.fd, data)
            except SysError:
                pass

    def _typed(self, data: bytes) -> bool:
        """Queue what was typed for the network; True when the escape character ended it."""
        escape = self.session.escape
        at = data.find(bytes([escape])) if escape is not None else -1
        text = data if at < 0 else data[:at]
        for byte in text:
            if byte == 10 and self.mode != "character":
                self._out += b"\r\n"
            elif byte in (10, 13) and self.mode == "character":
                self._out += b"\r\n" if self.session.toggles["crlf"] else b"\r\0"
            elif byte == IAC:
                self._out += bytes([IAC, IAC])
            else:
                self._out.append(byte)
        if at >= 0:
            self.command_line = data[at + 1:] or None
        return at >= 0

    def _signalled(self, number: int) -> None:
        if self.session.toggles["localchars"]:
            self.send(bytes([IAC, SIGNALS[number]]))
            if self.session.toggles["autoflush"]:
                self._discarding = True
                self.send(bytes([IAC, DO, TIMING_MARK]))

    def send(self, data: bytes) -> None:
        """Queue raw bytes for the network."""
        self._out += data

    async def _receive(self) -> bool:
        """Show what arrived; False at the end of the connection."""
        try:
            data = await self.sys.read(self.fd, 8192)
        except SysError:
            return False
        if data:
            self._received += data
            text = self._decode()
            if text and not self._discarding:
                await self.sys.stdout.write(text)
                await self.sys.stdout.flush()
        return bool(data)

    def _decode(self) -> bytes:
        """Take the Telnet commands out of what was received; CR LF becomes LF and CR NUL becomes CR."""
        out = bytearray()
        data, at = self._received, 0
        while at < len(data):
            byte = data[at]
            if byte == IAC:
                used = self._telnet_command(bytes(data[at:at + 512]), out)
                if not used:
                    break
                at += used
                continue
            if self._after_cr and byte == 0:
                self._after_cr = False
                at += 1
                continue
            if self._after_cr and byte == 10 and self.mode == "obsolete" and out[-1:] == b"\r":
                out.pop()
            self._after_cr = byte == 13
            out.append(byte)
            at += 1
        del data[:at]
        return bytes(out)

    def _telnet_command(self, data: bytes, out: bytearray) -> int:
        """Answer one Telnet command; how many bytes it had, 0 when it is not complete yet."""
        if len(data) < 2:
            return 0
        verb = data[1]
        if verb == IAC:
            out.append(IAC)
            return 2
        if verb == SB:
            end = data.find(bytes([IAC, SE]))
            return end + 2 if end >= 0 else 0
        if verb not in (DO, DONT, WILL, WONT):
            return 2
        if len(data) < 3:
            return 0
        option = data[2]
        if option == TIMING_MARK:
            if verb == DO:
                self.send(bytes([IAC, WILL, TIMING_MARK]))
            else:
                self._discarding = False
        elif verb in (DO, WILL):
            self.send(bytes([IAC, WONT if verb == DO else DONT, option]))
        return 3


def _lookup_failure(session: Session, host: str, service: str, text: str) -> str:
    if session.netkit:
        return f"telnet: could not resolve {host}/{service}: {text}"
    return f"Server lookup failure:  {host}:{service}, {text}"


def _next_address(session: Session, address: str, text: str) -> str:
    return f"telnet: connect to address {address}: {text}" if session.netkit else f"Connection failed: {text}"


async def _port(session: Session, host: str, service: str) -> int | None:
    sys = session.sys
    if service[:1].isdigit():
        if not service.isdigit():
            await _complain(sys, f"Invalid port name '{service}'.")
            return None
        if not 0 < int(service) < 65536:
            await _complain(sys, f"Port number {service} is out of range.")
            return None
        return int(service)
    found = getservbyname(sys, service)
    if found is None:
        await _complain(sys, _lookup_failure(session, host, service, "Servname not supported for ai_socktype"))
        return None
    return found.port


async def _complain(sys: Process, text: str) -> None:
    await sys.stdout.flush()
    await sys.stderr.print(text)
