"""Pathname expansion: the file names that match a pattern."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.shell import pattern as patterns
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process


@dataclass(frozen=True)
class GlobOptions:
    """The shopt settings that matter."""

    extglob: bool = False
    dotglob: bool = False
    nocase: bool = False
    globstar: bool = False
    skipdots: bool = True


def split_path(pattern: str) -> list[str]:
    """The components of a pattern, with empty ones for repeated slashes; a slash inside [...] also splits."""
    return pattern.split("/")


def glob(sys: Process, pattern: str, options: GlobOptions) -> list[str]:
    """The matching names in the order of the C locale; [] when nothing matches."""
    components = split_path(pattern)
    bases = [""]
    for index, component in enumerate(components):
        last = index == len(components) - 1
        separator = "" if last else "/"
        if options.globstar and component == "**":
            bases = [found for base in bases for found in tree(sys, base, last)]
        elif not patterns.has_magic(component, options.extglob):
            bases = literal_component(sys, bases, component, separator, last)
        else:
            bases = [name + separator for base in bases for name in matching(sys, base, component, options, directory=not last)]
        if not bases:
            return []
    return sorted(bases, key=lambda name: name.encode("utf-8", "surrogateescape"))


def literal_component(sys: Process, bases: list[str], component: str, separator: str, last: bool) -> list[str]:
    """A component without magic: it has only to exist, at the end."""
    name = patterns.unquote(component)
    extended = [base + name + separator for base in bases]
    return [path for path in extended if exists(sys, path)] if last else extended


def exists(sys: Process, path: str) -> bool:
    try:
        sys.lstat(path or ".")
    except SysError:
        return False
    return True


def names_in(sys: Process, base: str) -> list[str]:
    try:
        return sys.listdir(base or ".")
    except SysError:
        return []


def matching(sys: Process, base: str, component: str, options: GlobOptions, *, directory: bool) -> list[str]:
    """The entries of directory `base` that match one component."""
    compiled = patterns.compile(component, extglob=options.extglob, ignorecase=options.nocase)
    names = names_in(sys, base)
    explicit_dot = component.startswith((".", "\\."))
    if explicit_dot and not options.skipdots:
        names = [".", "..", *names]
    found = []
    for name in names:
        if name.startswith(".") and not explicit_dot and not options.dotglob:
            continue
        if compiled.matches(name) and (not directory or sys.isdir(base + name)):
            found.append(base + name)
    return found


def tree(sys: Process, base: str, last: bool) -> list[str]:
    """What `**` stands for under `base`: the directory itself and everything below it, hidden names left out."""
    found = [base] if base or not last else []
    for name in sorted(names_in(sys, base)):
        path = base + name
        if name.startswith("."):
            continue
        is_directory = sys.isdir(path) and not is_link(sys, path)
        if last:
            found.append(path)
        if is_directory:
            below = tree(sys, path + "/", last)
            found.extend(item for item in below if item != path + "/" or not last)
    return found


def is_link(sys: Process, path: str) -> bool:
    try:
        return sys.lstat(path).kind == "l"
    except SysError:
        return False
