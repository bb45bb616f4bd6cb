"""Redirections: making them, and undoing them for commands the shell runs itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.shell.control import RedirectError
from maillab.shell.expansion import expand_redirect, expand_text
from maillab.shell.syntax import Redirect
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import encode

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

OPEN_FLAGS = {"<": "r", ">": "w", ">|": "w", ">>": "a", "<>": "rw", "&>": "w", "&>>": "a"}
SAVE_FROM = 10
PIPE_ROOM = 65536


@dataclass
class Saved:
    """Descriptors as they were: (descriptor, copy or None when it was closed), in the order of the changes."""

    entries: list[tuple[int, int | None]] = field(default_factory=list)

    def restore(self, sh: Shell) -> None:
        """Undo the redirections, last first."""
        for fd, copy in reversed(self.entries):
            try:
                if copy is None:
                    sh.sys.close(fd)
                else:
                    sh.sys.dup2(copy, fd)
                    sh.sys.close(copy)
            except SysError:
                continue
        self.entries.clear()

    def forget(self, sh: Shell) -> None:
        """Keep the redirections for good (exec)."""
        for _, copy in self.entries:
            if copy is not None:
                sh.sys.close(copy)
        self.entries.clear()


async def redirect_all(sh: Shell, redirects: list[Redirect], *, save: bool) -> Saved:
    """Make redirections in order. Raises RedirectError after undoing what was made."""
    saved = Saved()
    try:
        for redirect in redirects:
            await redirect_one(sh, redirect, saved if save else None)
    except RedirectError:
        saved.restore(sh)
        raise
    return saved


def keep(sh: Shell, fd: int, saved: Saved | None) -> None:
    """Remember a descriptor before it changes."""
    if saved is None:
        return
    copy = None
    if fd in sh.sys.fds:
        copy = sh.sys.dup(fd, SAVE_FROM, cloexec=True)
    saved.entries.append((fd, copy))


async def redirect_one(sh: Shell, redirect: Redirect, saved: Saved | None) -> None:
    """One redirection."""
    op = redirect.op
    if op in ("<<", "<<-", "<<<"):
        text = await here_text(sh, redirect)
        install(sh, redirect, await text_descriptor(sh, text), saved, 0)
        return
    words = await expand_redirect(sh, redirect.target)
    if len(words) != 1:
        raise RedirectError(f"{redirect.target.raw}: ambiguous redirect")
    target = words[0]
    if op in (">&", "<&"):
        if op == ">&" and redirect.fd is None and not is_descriptor(target) and not sh.dialect.is_dash:
            await both(sh, "&>", target, saved)
        else:
            duplicate(sh, redirect, target, saved)
        return
    if op in ("&>", "&>>"):
        await both(sh, op, target, saved)
        return
    fd = await open_target(sh, op, target)
    install(sh, redirect, fd, saved, 0 if op in ("<", "<>") else 1)


def is_descriptor(text: str) -> bool:
    """N, N- or -"""
    return text == "-" or text.removesuffix("-").isdigit()


async def here_text(sh: Shell, redirect: Redirect) -> str:
    """The text of a here-document or here-string."""
    if redirect.op == "<<<":
        return await expand_text(sh, redirect.target) + "\n"
    assert redirect.heredoc is not None and redirect.heredoc.body is not None
    return await expand_text(sh, redirect.heredoc.body)


async def text_descriptor(sh: Shell, text: str) -> int:
    """A descriptor from which a text can be read: a pipe, fed by a child when it is long."""
    data = encode(text)
    reader, writer = sh.sys.pipe()
    if len(data) < PIPE_ROOM:
        await sh.sys.write(writer, data)
    else:

        async def feed(child: Shell) -> int:
            child.sys.close(reader)
            await child.sys.write(writer, data)
            return 0

        sh.jobs.disown(await sh.fork(feed))
    sh.sys.close(writer)
    return reader


def install(sh: Shell, redirect: Redirect, opened: int, saved: Saved | None, standard: int) -> None:
    """Put an open descriptor where the redirection wants it."""
    if redirect.variable:
        high = sh.sys.dup(opened, SAVE_FROM)
        sh.sys.close(opened)
        assign_variable(sh, redirect.variable, high)
        return
    fd = standard if redirect.fd is None else redirect.fd
    if fd == opened:
        if saved is not None:
            saved.entries.append((fd, None))
        return
    keep(sh, fd, saved)
    try:
        sh.sys.dup2(opened, fd)
    except SysError as error:
        raise RedirectError(f"{fd}: {error.strerror}") from None
    finally:
        sh.sys.close(opened)


def assign_variable(sh: Shell, variable: str, fd: int) -> None:
    name, _, subscript = variable.partition("[")
    if subscript:
        sh.state.variables.set_element(name, subscript.removesuffix("]"), str(fd))
    else:
        sh.state.variables.set(name, str(fd))


async def both(sh: Shell, op: str, target: str, saved: Saved | None) -> None:
    """&> and &>>: standard output and error together."""
    fd = await open_target(sh, op, target)
    for standard in (1, 2):
        keep(sh, standard, saved)
        sh.sys.dup2(fd, standard)
    sh.sys.close(fd)


def duplicate(sh: Shell, redirect: Redirect, target: str, saved: Saved | None) -> None:
    """n>&m, n>&m-, n>&-"""
    standard = 0 if redirect.op == "<&" else 1
    if redirect.variable:
        duplicate_variable(sh, redirect, target)
        return
    fd = standard if redirect.fd is None else redirect.fd
    if target == "-":
        keep(sh, fd, saved)
        close_quietly(sh, fd)
        return
    move = target.endswith("-")
    source = target.removesuffix("-")
    if not source.isdigit():
        if sh.dialect.is_dash:
            raise RedirectError("Bad fd number", 2)
        raise RedirectError(f"{redirect.target.raw}: ambiguous redirect")
    number = int(source)
    if number not in sh.sys.fds:
        raise RedirectError(f"{number}: Bad file descriptor")
    if number == fd:
        return
    keep(sh, fd, saved)
    sh.sys.dup2(number, fd)
    if move:
        keep(sh, number, saved)
        close_quietly(sh, number)


def duplicate_variable(sh: Shell, redirect: Redirect, target: str) -> None:
    """{fd}>&n and {fd}>&-"""
    if target == "-":
        value = sh.state.variables.text(redirect.variable)
        close_quietly(sh, int(value) if value.isdigit() else -1)
        return
    if not target.isdigit() or int(target) not in sh.sys.fds:
        raise RedirectError(f"{target}: Bad file descriptor")
    assign_variable(sh, redirect.variable, sh.sys.dup(int(target), SAVE_FROM))


def close_quietly(sh: Shell, fd: int) -> None:
    if fd in sh.sys.fds:
        sh.sys.close(fd)


async def open_target(sh: Shell, op: str, target: str) -> int:
    """Open the file of a redirection. Raises RedirectError as the shell words it."""
    flags = OPEN_FLAGS[op]
    try:
        if op == ">" and sh.option("noclobber") and refuses_overwrite(sh, target):
            if sh.dialect.is_dash:
                raise RedirectError(f"cannot create {target}: File exists", 2)
            raise RedirectError(f"{target}: cannot overwrite existing file")
        return await sh.sys.open_fifo(target, flags)
    except SysError as error:
        if sh.dialect.is_dash:
            raise RedirectError(dash_open_error(op, target, error), 2) from None
        raise RedirectError(f"{target}: {error.strerror}") from None


def refuses_overwrite(sh: Shell, target: str) -> bool:
    return sh.sys.isfile(target)


def dash_open_error(op: str, target: str, error: SysError) -> str:
    if op == "<":
        return f"cannot open {target}: {'No such file' if error.name in ('ENOENT', 'ENOTDIR') else error.strerror}"
    nonexistent = error.name in ("ENOENT", "ENOTDIR")
    return f"cannot create {target}: {'Directory nonexistent' if nonexistent else error.strerror}"
