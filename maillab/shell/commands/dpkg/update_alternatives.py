"""update-alternatives - maintain symbolic links determining default commands

SYNOPSIS
    update-alternatives --install LINK NAME PATH PRIORITY [--slave LINK NAME PATH]...
    update-alternatives --remove NAME PATH
    update-alternatives --set NAME PATH | --auto NAME
    update-alternatives --display|--query|--list|--config NAME
    update-alternatives --get-selections

DESCRIPTION
    Keeps the links LINK -> /etc/alternatives/NAME -> PATH. In auto mode the choice of the highest priority is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from maillab.shell.conversation import ask
from maillab.sim.host.errno import SysError
from maillab.sim.releases.alternatives import ADMIN

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"dpkg": "/usr/bin/update-alternatives"}
ETC = "/etc/alternatives"
ACTIONS = ("--install", "--remove", "--remove-all", "--set", "--auto", "--display", "--query", "--list", "--config", "--get-selections")


@dataclass
class Group:
    """One record: mode, link, slaves (name -> link), choices (path -> priority and slave paths)."""

    name: str
    mode: str = "auto"
    link: str = ""
    slaves: dict[str, str] = field(default_factory=dict)
    choices: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)

    @property
    def best(self) -> str:
        """The path of the highest priority."""
        return max(self.choices, key=lambda path: self.choices[path][0])


async def main(sys: Process, argv: list[str]) -> int:
    words = [word for word in argv[1:] if word not in ("--quiet", "--verbose", "--force", "--skip-auto")]
    if not words or words[0] not in ACTIONS:
        problem = f"unknown argument '{words[0]}'" if words else (
            "need --display, --query, --list, --get-selections, --config, --set, --set-selections, --install, --remove, "
            "--all, --remove-all or --auto"
        )  # fmt: skip
        await _die(sys, f"{problem}\n\nUse 'update-alternatives --help' for program usage information.")
    action, rest = words[0], words[1:]
    if action == "--get-selections":
        for name in sorted(sys.listdir(ADMIN)) if sys.isdir(ADMIN) else []:
            group = _read(sys, name)
            await sys.stdout.write(f"{name:<30} {group.mode:<8} {_current(sys, name)}\n")
        return 0
    if action == "--install":
        return await _install(sys, rest)
    if not rest:
        await _die(sys, f"{action} needs <name>")
    name = rest[0]
    if not sys.exists(f"{ADMIN}/{name}"):
        if action in ("--remove", "--remove-all"):
            return 0
        await _die(sys, f"no alternatives for {name}")
    return await _on_group(sys, action, _read(sys, name), rest[1:])


async def _die(sys: Process, text: str) -> NoReturn:
    await sys.stderr.write(f"update-alternatives: error: {text}\n")
    sys.exit(2)


async def _on_group(sys: Process, action: str, group: Group, rest: list[str]) -> int:
    if action == "--list":
        await sys.stdout.write("".join(f"{path}\n" for path in sorted(group.choices)))
    elif action == "--display":
        await sys.stdout.write(_display(sys, group))
    elif action == "--query":
        await sys.stdout.write(_query(sys, group))
    elif action == "--auto":
        group.mode = "auto"
        await _point(sys, group, group.best)
    elif action == "--set":
        if not rest or rest[0] not in group.choices:
            await _die(sys, f"alternative {rest[0] if rest else ''} for {group.name} not registered; not setting")
        group.mode = "manual"
        await _point(sys, group, rest[0])
    elif action == "--config":
        await _config(sys, group)
    else:
        await _remove(sys, group, rest[0] if rest and action == "--remove" else None)
    return 0


def _read(sys: Process, name: str) -> Group:
    lines = sys.slurp(f"{ADMIN}/{name}").decode().split("\n")
    group = Group(name, lines[0], lines[1])
    place = 2
    while lines[place]:
        group.slaves[lines[place]] = lines[place + 1]
        place += 2
    place += 1
    while place < len(lines) and lines[place]:
        path, priority = lines[place], int(lines[place + 1])
        paths = lines[place + 2 : place + 2 + len(group.slaves)]
        group.choices[path] = (priority, {slave: found for slave, found in zip(group.slaves, paths, strict=False) if found})
        place += 2 + len(group.slaves)
    return group


def _write(sys: Process, group: Group) -> None:
    slaves = sorted(group.slaves)
    lines = [group.mode, group.link]
    for slave in slaves:
        lines += [slave, group.slaves[slave]]
    lines.append("")
    for path in sorted(group.choices):
        priority, paths = group.choices[path]
        lines += [path, str(priority), *(paths.get(slave, "") for slave in slaves)]
    sys.spew(f"{ADMIN}/{group.name}", ("\n".join([*lines, "", ""])).encode(), mode=0o644)


def _current(sys: Process, name: str) -> str:
    try:
        return sys.readlink(f"{ETC}/{name}")
    except SysError:
        return ""


def _relink(sys: Process, link: str, target: str) -> None:
    try:
        if sys.lstat(link).kind != "l":
            return
        sys.unlink(link)
    except SysError as error:
        if error.name != "ENOENT":
            raise
    sys.symlink(target, link)


async def _point(sys: Process, group: Group, path: str, quiet: bool = False) -> None:
    """Make the links of a choice."""
    if _current(sys, group.name) != path and not quiet:
        await sys.stdout.write(f"update-alternatives: using {path} to provide {group.link} ({group.name}) in {group.mode} mode\n")
    _relink(sys, f"{ETC}/{group.name}", path)
    _relink(sys, group.link, f"{ETC}/{group.name}")
    for slave, link in group.slaves.items():
        target = group.choices[path][1].get(slave)
        if target and sys.exists(target):
            _relink(sys, f"{ETC}/{slave}", target)
            _relink(sys, link, f"{ETC}/{slave}")
    _write(sys, group)


async def _install(sys: Process, rest: list[str]) -> int:
    if len(rest) < 4:
        await _die(sys, "--install needs <link> <name> <path> <priority>")
    link, name, path, priority = rest[:4]
    if not sys.exists(path):
        await _die(sys, f"alternative path {path} doesn't exist")
    group = _read(sys, name) if sys.exists(f"{ADMIN}/{name}") else Group(name, "auto", link)
    paths = {}
    words = iter(rest[4:])
    for word in words:
        if word == "--slave":
            slave_link, slave, slave_path = next(words), next(words), next(words)
            group.slaves[slave] = slave_link
            paths[slave] = slave_path
    group.choices[path] = (int(priority), paths)
    if group.mode == "auto" or not _current(sys, name):
        await _point(sys, group, group.best)
    _write(sys, group)
    return 0


async def _remove(sys: Process, group: Group, path: str | None) -> None:
    if path is None:
        group.choices.clear()
    else:
        group.choices.pop(path, None)
    if group.choices:
        if _current(sys, group.name) == path or group.mode == "auto":
            group.mode = "auto"
            await _point(sys, group, group.best)
        return _write(sys, group)
    for link in [f"{ETC}/{group.name}", group.link, *(f"{ETC}/{slave}" for slave in group.slaves), *group.slaves.values()]:
        try:
            if sys.lstat(link).kind == "l":
                sys.unlink(link)
        except SysError:
            continue
    return sys.unlink(f"{ADMIN}/{group.name}")


def _display(sys: Process, group: Group) -> str:
    lines = [
        f"{group.name} - {group.mode} mode",
        f"  link best version is {group.best}",
        f"  link currently points to {_current(sys, group.name)}",
    ]
    lines.append(f"  link {group.name} is {group.link}")
    lines += [f"  slave {slave} is {link}" for slave, link in sorted(group.slaves.items())]
    for path, (priority, paths) in sorted(group.choices.items()):
        lines.append(f"{path} - priority {priority}")
        lines += [f"  slave {slave}: {target}" for slave, target in sorted(paths.items())]
    return "\n".join(lines) + "\n"


def _query(sys: Process, group: Group) -> str:
    lines = [f"Name: {group.name}", f"Link: {group.link}"]
    if group.slaves:
        lines.append("Slaves:")
        lines += [f" {slave} {link}" for slave, link in sorted(group.slaves.items())]
    lines += [f"Status: {group.mode}", f"Best: {group.best}", f"Value: {_current(sys, group.name)}"]
    for path, (priority, paths) in sorted(group.choices.items()):
        lines += ["", f"Alternative: {path}", f"Priority: {priority}"]
        if paths:
            lines.append("Slaves:")
            lines += [f" {slave} {target}" for slave, target in sorted(paths.items())]
    return "\n".join(lines) + "\n"


async def _config(sys: Process, group: Group) -> None:
    paths = sorted(group.choices)
    if len(paths) == 1:
        await sys.stdout.write(
            f"There is only one alternative in link group {group.name} (providing {group.link}): {paths[0]}\nNothing to configure.\n"
        )
        return
    rows = [("0", group.best, "auto mode"), *((str(place), path, "manual mode") for place, path in enumerate(paths, 1))]
    current = _current(sys, group.name)
    width = max(len(path) for path in paths)
    text = f"There are {len(paths)} choices for the alternative {group.name} (providing {group.link}).\n\n"
    text += f"  Selection    {'Path':<{width}}  Priority   Status\n" + "-" * 60 + "\n"
    for number, path, mode in rows:
        star = "*" if path == current and (mode == "auto mode") == (group.mode == "auto") else " "
        text += f"{star} {number:<12} {path:<{width}}  {group.choices[path][0]:<10} {mode}\n"
    await sys.stdout.write(text)
    answer = await ask(sys, "\nPress <enter> to keep the current choice[*], or type selection number: ")
    if answer and answer.isdigit() and int(answer) <= len(paths):
        group.mode = "auto" if answer == "0" else "manual"
        await _point(sys, group, group.best if answer == "0" else paths[int(answer) - 1])
