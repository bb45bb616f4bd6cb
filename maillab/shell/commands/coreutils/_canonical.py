"""Canonical names: readlink -f, -e, -m and realpath."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

LINKS_MAX = 40


def canonical(sys: Process, path: str, missing: str = "last", follow: bool = True, logical: bool = False) -> str:
    """An absolute name without links, dots and double slashes. Raises SysError.

    `missing`: which components may not exist: "none", "last" or "all". Without `follow` links stay; `logical` resolves `..` before links.
    """
    if not path:
        raise SysError("ENOENT", path)
    done: list[str] = [] if path.startswith("/") else [part for part in sys.getcwd().split("/") if part]
    todo = [part for part in path.split("/") if part and part != "."][::-1]
    slash = path.endswith("/") and bool(todo)
    if logical:
        done, todo = _logical(done, todo)
    links = 0
    while todo:
        part = todo.pop()
        if part == "..":
            del done[-1:]
            continue
        here = "/" + "/".join([*done, part])
        try:
            kind = sys.lstat(here).kind
        except SysError as error:
            if missing == "all" or (missing == "last" and not todo and error.name == "ENOENT"):
                done.append(part)
                continue
            raise
        if kind == "l" and follow:
            links += 1
            if links > LINKS_MAX:
                if missing == "all":
                    done.append(part)
                    continue
                raise SysError("ELOOP", path)
            target = sys.readlink(here)
            if target.startswith("/"):
                done = []
            todo += [piece for piece in target.split("/") if piece and piece != "."][::-1]
            continue
        if kind not in "dl" and (todo or slash) and missing != "all":
            raise SysError("ENOTDIR", path)
        done.append(part)
    return "/" + "/".join(done)


def _logical(done: list[str], todo: list[str]) -> tuple[list[str], list[str]]:
    """`..` taken away by name alone."""
    parts = list(done)
    for part in reversed(todo):
        if part == "..":
            del parts[-1:]
        else:
            parts.append(part)
    return [], parts[::-1]
