"""Command substitution $(...) and process substitution <(...)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.nesting import check_size
from maillab.shell.reading import parse_all, run_child
from maillab.shell.source import ShellSyntaxError
from maillab.shell.syntax import CommandSub, ProcessSub, Sequence, Simple
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import decode

if TYPE_CHECKING:
    from maillab.shell.shell import Shell


async def capture(sh: Shell, part: CommandSub) -> str:
    """The output of the commands, without its trailing newlines; their status stays in substitution_status."""
    if part.body is not None and (name := file_only(part.body)) is not None:
        return await file_contents(sh, name)
    reader, writer = sh.sys.pipe()
    body, text = part.body, part.backquoted

    async def run(child: Shell) -> int:
        child.in_substitution = True
        child.state.trace_level += 1
        if not (child.state.shopt["inherit_errexit"] or sh.dialect.is_dash):
            child.state.options["errexit"] = False
        child.sys.close(reader)
        if writer != 1:
            child.sys.dup2(writer, 1)
            child.sys.close(writer)
        if text is not None:
            return await run_child(child, await backquoted(child, text), substitution=True)
        return await run_child(child, [body] if body is not None else [], substitution=True)

    pid = await sh.fork(run)
    sh.sys.close(writer)
    data = bytearray()
    while chunk := await sh.sys.read(reader):
        data += chunk
        check_size(len(data))
    sh.sys.close(reader)
    status = await sh.jobs.wait_pid(sh, pid)
    sh.substitution_status = sh.state.status = status
    return await cleaned(sh, bytes(data))


async def cleaned(sh: Shell, data: bytes) -> str:
    """Trailing newlines go; null bytes go with a warning."""
    if b"\0" in data:
        data = data.replace(b"\0", b"")
        if not sh.dialect.is_dash:
            await sh.report("warning: command substitution: ignored null byte in input")
    return decode(data.rstrip(b"\n"))


async def backquoted(sh: Shell, text: str) -> list[Sequence]:
    """Parse the text of `...`; errors name the substitution."""
    try:
        return parse_all(sh, text)
    except ShellSyntaxError as error:
        if sh.dialect.is_dash:
            await sh.complain(f"{sh.state.name}: {error.line}: {error.message}\n")
            sh.sys.exit(2)
        await sh.complain(f"{sh.state.name}: command substitution: line {error.line}: {error.message}\n")
        if error.excerpt is not None:
            await sh.complain(f"{sh.state.name}: command substitution: line {error.line}: `{error.excerpt}'\n")
        sh.sys.exit(1)


def file_only(body: Sequence) -> Simple | None:
    """$(< file): the command that is nothing but one input redirection."""
    if len(body.items) != 1 or body.items[0].background or len(body.items[0].command.parts) != 1:
        return None
    pipeline = body.items[0].command.parts[0]
    if len(pipeline.commands) != 1 or pipeline.negated or pipeline.timed:
        return None
    command = pipeline.commands[0]
    if not isinstance(command, Simple) or command.words or command.assignments or len(command.redirects) != 1:
        return None
    redirect = command.redirects[0]
    return command if redirect.op == "<" and redirect.fd in (None, 0) else None


async def file_contents(sh: Shell, command: Simple) -> str:
    """What $(< file) reads; bash does it in a child, so a missing file is an error with status 1."""
    from maillab.shell.expansion import expand_redirect

    names = await expand_redirect(sh, command.redirects[0].target)
    name = names[0] if names else ""
    try:
        fd = sh.sys.open(name, "r")
    except SysError as error:
        await sh.report(f"{name}: {error.strerror}")
        sh.substitution_status = sh.state.status = 1
        return ""
    data = bytearray()
    while chunk := await sh.sys.read(fd):
        data += chunk
        check_size(len(data))
    sh.sys.close(fd)
    sh.substitution_status = sh.state.status = 0
    return await cleaned(sh, bytes(data))


async def process_substitution(sh: Shell, part: ProcessSub) -> str:
    """Start the commands with a pipe and name the shell's end of it."""
    reader, writer = sh.sys.pipe()
    ours, theirs, standard = (reader, writer, 1) if part.direction == "<" else (writer, reader, 0)

    async def run(child: Shell) -> int:
        child.sys.close(ours)
        child.sys.dup2(theirs, standard)
        child.sys.close(theirs)
        return await run_child(child, [part.body], substitution=True)

    sh.state.background_pid = await sh.fork(run)
    sh.jobs.disown(sh.state.background_pid)
    sh.sys.close(theirs)
    high = 63
    while high in sh.sys.fds:
        high -= 1
    sh.sys.dup2(ours, high)
    sh.sys.close(ours)
    sh.substitution_fds.append(high)
    return f"/dev/fd/{high}"
