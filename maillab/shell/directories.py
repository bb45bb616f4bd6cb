"""The current directory as the shell names it (PWD), and the stack of pushd."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

LOST = "error retrieving current directory: getcwd: cannot access parent directories"


def logical(base: str, path: str) -> str:
    """`path` seen from `base`, with . and .. worked out on the text."""
    double = path.startswith("//") and not path.startswith("///")
    parts: list[str] = []
    for part in (path if path.startswith("/") else f"{base}/{path}").split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return ("//" if double else "/") + "/".join(parts)


def current(sh: Shell) -> str:
    """PWD, or what the kernel says when PWD is gone."""
    known = sh.state.variables.get("PWD")
    if known and known.startswith("/"):
        return known
    try:
        return sh.sys.getcwd()
    except SysError:
        return "/"


async def change(sh: Shell, path: str, name: str, *, physical: bool = False, show: bool = False) -> int:
    """cd to a path; sets PWD and OLDPWD. `name` is the builtin that complains."""
    target = path if physical else logical(current(sh), path)
    try:
        try:
            sh.sys.chdir(target)
        except SysError:
            if physical:
                raise
            sh.sys.chdir(path)
            target = await here(sh, name, f"{current(sh)}/{path}")
    except SysError as error:
        if sh.dialect.is_dash:
            await sh.report(f"{name}: can't cd to {path}")
            return 2
        await sh.report(f"{name}: {path}: {error.strerror}")
        return 1
    old = current(sh)
    new = await here(sh, name, target) if physical else target
    variables = sh.state.variables
    variables.set("OLDPWD", old)
    variables.set("PWD", new)
    if not sh.dialect.is_dash:
        variables.export("OLDPWD")
        variables.export("PWD")
    if show:
        await sh.write(new + "\n")
    return 0


async def here(sh: Shell, name: str, otherwise: str) -> str:
    """getcwd(3); in a removed directory a complaint and `otherwise`."""
    try:
        return sh.sys.getcwd()
    except SysError as error:
        if not sh.dialect.is_dash:
            await sh.complain(f"{name}: {LOST}: {error.strerror}\n")
        return otherwise


def with_tilde(sh: Shell, path: str) -> str:
    """A directory of the stack as `dirs` shows it."""
    home = sh.state.variables.text("HOME")
    if home and home != "/" and (path == home or path.startswith(home + "/")):
        return "~" + path[len(home) :]
    return path


def stack(sh: Shell) -> list[str]:
    """The whole stack, the current directory first."""
    return [current(sh), *sh.state.directories]


async def show_stack(sh: Shell) -> None:
    """The line pushd and popd print."""
    await sh.write(" ".join(with_tilde(sh, path) for path in stack(sh)) + "\n")


def position(text: str, size: int) -> int | None:
    """The index +N or -N means in a stack of `size`; None when out of range or not a number."""
    if len(text) < 2 or text[0] not in "+-" or not text[1:].isdigit():
        return None
    index = int(text[1:]) if text[0] == "+" else size - 1 - int(text[1:])
    return index if 0 <= index < size else None
