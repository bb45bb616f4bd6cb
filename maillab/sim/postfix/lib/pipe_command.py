"""pipe_command - run a command with a message on its standard input and judge how it went (sysexits.h)"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.mail import dsn as codes
from maillab.sim.mail.dsn import Dsn

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix._server import Service

EX_TEMPFAIL = 75
UNIX = "x-unix"
OUTPUT_LIMIT = 4096
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!@%-_=+:,./ \t\r\n")
SHELL_WORDS = frozenset(("exit", "exec", "eval", ".", ":", "cd", "set", "trap", "ulimit", "umask", "wait", "test", "if", "case",
                         "for", "while", "until"))

SYSEXITS = {
    64: ("5.3.0", "command line usage error"), 65: ("5.6.0", "data format error"), 66: ("5.3.0", "cannot open input"),
    67: ("5.1.1", "user unknown"), 68: ("5.1.2", "host name unknown"), 69: ("5.3.0", "service unavailable"),
    70: ("5.3.0", "internal software error"), 71: ("4.3.0", "system resource problem"),
    72: ("5.3.0", "critical OS file missing"), 73: ("5.2.0", "can't create user output file"),
    74: ("5.3.0", "input/output error"), 75: ("4.3.0", "temporary failure"), 76: ("5.5.0", "remote error in protocol"),
    77: ("5.7.0", "permission denied"), 78: ("5.3.5", "local configuration error"),
}


@dataclass(slots=True)
class Command:
    """What to run, as whom, with what. `words` is an argument vector; without one `text` goes to the shell when it needs one."""

    uid: int
    gid: int
    env: dict[str, str]
    data: bytes
    time_limit: float
    text: str = ""
    words: list[str] = field(default_factory=list)
    folder: str = ""
    who: str = ""                    # who complains when the command cannot be run: `pipe_command: ` for pipe(8)

    def argv(self) -> list[str]:
        """The argument vector to execute."""
        if self.words:
            return self.words
        if all(char in PLAIN for char in self.text) and self.text.split()[:1] and self.text.split()[0] not in SHELL_WORDS:
            return self.text.split()
        return ["sh", "-c", self.text]


async def run(service: Service, command: Command) -> Dsn | None:
    """Run it; None when it ended well, else why the delivery failed."""
    sys = service.sys
    in_read, in_write = sys.pipe()
    out_read, out_write = sys.pipe()

    async def child(process: Process) -> int:
        process.redirect({0: in_read, 1: out_write, 2: out_write})
        return await _become(process, service, command)

    pid = sys.fork(child)
    sys.close(in_read)
    sys.close(out_write)
    output, finished = await _converse(sys, in_write, out_read, command)
    if not finished:
        sys.kill(pid, 9)
    _, status = await sys.waitpid(pid)
    text = output[:OUTPUT_LIMIT].decode("utf-8", "surrogateescape")
    if not finished:
        return Dsn("5.3.0", f"Command time limit exceeded: \"{_shown(command)}\"{_output(text)}")
    if status is None or not status.exited:
        number = status.signal if status is not None else 9
        return Dsn("4.3.0", f"Command died with signal {number}: \"{_shown(command)}\"{_output(text)}")
    return None if status.code == 0 else _judge(status.code or 0, text, command)


async def _become(process: Process, service: Service, command: Command) -> int:
    """In the child: drop rights, change directory, execute."""
    process.seteuid(0)
    process.setgroups([command.gid])
    process.setgid(command.gid)
    process.setuid(command.uid)
    argv = command.argv()
    program = service.log.program
    try:
        if command.folder:
            process.chdir(command.folder)
    except SysError as error:
        return await _complain(process, program, f"cannot change directory to \"{command.folder}\" for uid={command.uid} "
                               f"gid={command.gid}: {error}")
    try:
        await process.execve("/bin/sh" if argv[:2] == ["sh", "-c"] else _found(process, argv[0], command.env), argv, command.env)
    except SysError as error:
        if error.name == "ENOEXEC":
            try:
                await process.execve("/bin/sh", ["sh", _found(process, argv[0], command.env), *argv[1:]], command.env)
            except SysError:
                pass
        return await _complain(process, program, f"{command.who}execvp {argv[0]}: {error}")


async def _complain(process: Process, program: str, text: str) -> int:
    process.syslog("mail", "crit", program, f"fatal: {text}")
    await process.write(2, f"{program}: fatal: {text}\n".encode("utf-8", "surrogateescape"))
    return EX_TEMPFAIL


def _found(process: Process, name: str, env: dict[str, str]) -> str:
    if "/" in name:
        return name
    for folder in env.get("PATH", "/usr/bin:/bin").split(":"):
        if process.exists(f"{folder}/{name}"):
            return f"{folder}/{name}"
    return name


async def _converse(sys: Process, in_write: int, out_read: int, command: Command) -> tuple[bytes, bool]:
    """Feed the message and gather the output; False when the time limit passed first."""
    output = bytearray()
    data, sent = command.data, 0
    deadline = sys.monotonic() + int(command.time_limit * 1_000_000)
    sys.signal(13, "ignore")
    writing = True
    while True:
        left = (deadline - sys.monotonic()) / 1_000_000
        readable, writable = await sys.poll(read=[out_read], write=[in_write] if writing else [], timeout=max(left, 0))
        if not readable and not writable:
            break
        if writable:
            try:
                if sent < len(data):
                    piece = data[sent:sent + 4096]
                    await sys.write(in_write, piece)
                    sent += len(piece)
            except SysError:
                sent = len(data)
            if sent >= len(data):
                sys.close(in_write)
                writing = False
        if readable:
            piece = await sys.read(out_read)
            if not piece:
                break
            output += piece
    finished = bool(readable or writable)
    if writing:
        sys.close(in_write)
    sys.close(out_read)
    return bytes(output), finished


def _shown(command: Command) -> str:
    return command.text or command.words[0]


def _output(text: str) -> str:
    return f". Command output: {text.replace(chr(10), ' ')}" if text else ""


def _judge(code: int, text: str, command: Command) -> Dsn:
    """The meaning of an exit status that is not 0."""
    shown = text.replace("\n", " ")
    status, rest = codes.split(text, "")
    if status and status[0] in "45":
        return Dsn(status, rest.replace("\n", " "))
    if code in SYSEXITS:
        status, meaning = SYSEXITS[code]
        return Dsn(status, meaning + _output(text), "", UNIX, shown or meaning)
    reason = f"Command died with status {code}: \"{_shown(command)}\"{_output(text)}"
    return Dsn("5.3.0", reason, "", UNIX if shown else "", shown)
