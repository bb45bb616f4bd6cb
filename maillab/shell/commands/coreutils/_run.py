"""Running another program in place of this one: PATH lookup and the exit statuses of env, nice, nohup, chroot, stdbuf (POSIX)."""

from __future__ import annotations

from typing import NoReturn

from maillab.shell.commands.coreutils._command import Command
from maillab.sim.host.errno import SysError

DEFAULT_PATH = "/bin:/usr/bin"
CANNOT_RUN, NOT_FOUND = 126, 127


def find(command: Command, name: str, env: dict[str, str]) -> str:
    """The file that execvp(3) would run. Raises SysError (ENOENT, EACCES)."""
    sys = command.sys
    if "/" in name:
        return name
    denied = False
    for folder in env.get("PATH", DEFAULT_PATH).split(":"):
        path = f"{folder or '.'}/{name}"
        if sys.isfile(path):
            if sys.access(path, "x"):
                return path
            denied = True
    raise SysError("EACCES" if denied else "ENOENT", name)


async def become(command: Command, argv: list[str], env: dict[str, str] | None = None, sentence: str = "") -> NoReturn:
    """Become another program; when that fails, complain and end with 126 or 127."""
    sys = command.sys
    await sys.stdout.flush()
    environment = dict(sys.env) if env is None else env
    try:
        path = find(command, argv[0], environment)
        try:
            await sys.execve(path, argv, environment)
        except SysError as error:
            if error.name != "ENOEXEC":
                raise
            await sys.execve("/bin/sh", ["/bin/sh", path, *argv[1:]], environment)
    except SysError as error:
        await command.note(sentence or command.file(argv[0]), error)
        sys.exit(NOT_FOUND if error.name == "ENOENT" else CANNOT_RUN)
