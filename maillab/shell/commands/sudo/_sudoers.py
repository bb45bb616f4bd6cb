"""/etc/sudoers: users, groups, aliases, NOPASSWD, and which commands as whom (sudoers(5), the common part)."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.sim.host.accounts import User, getgrgid, getgrnam, getgrouplist
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

_ALIAS = re.compile(r"(User|Runas|Host|Cmnd)_Alias\s+(\w+)\s*=\s*(.*)")
_RULE = re.compile(r"(\S+)\s+(\S+)\s*=\s*(?:\(([^)]*)\))?\s*(.*)")
_TAG = re.compile(r"(NOPASSWD|PASSWD|NOEXEC|EXEC|SETENV|NOSETENV|LOG_INPUT|LOG_OUTPUT|MAIL|NOMAIL):\s*")


@dataclass
class Rule:
    """One specification that concerns the user: `runas` users and groups, `commands` with whether they need a password."""

    runas_users: list[str]
    runas_groups: list[str]
    commands: list[tuple[str, bool]]


@dataclass
class Sudoers:
    """What the files say; `error` is (path, line) of the first line that cannot be read."""

    rules: list[tuple[str, str, Rule]] = field(default_factory=list)
    aliases: dict[str, list[str]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    error: tuple[str, int] | None = None
    files: list[str] = field(default_factory=list)
    """What was read, in order."""


def read_sudoers(sys: Process, path: str = "/etc/sudoers") -> Sudoers:
    """Read a sudoers file and what it includes. Raises SysError when the first one cannot be read."""
    found = Sudoers()
    _read(sys, path, found)
    return found


def _read(sys: Process, path: str, found: Sudoers) -> None:
    text = sys.slurp(path).decode("utf-8", "surrogateescape").replace("\\\n", " ")
    found.files.append(path)
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        include = re.match(r"[@#]include(dir)?\s+(\S+)", line)
        if include:
            _include(sys, include[2], bool(include[1]), found)
            continue
        line = re.sub(r"(?<!\\)#(?!\d).*", "", line).strip()
        if not line:
            continue
        alias = _ALIAS.match(line)
        rule = _RULE.match(line)
        if line.startswith("Defaults"):
            for item in (line.split(None, 1)[1:] or [""])[0].split(","):
                name, _, value = item.strip().partition("=")
                found.defaults[name.strip()] = value.strip().strip('"')
        elif alias:
            found.aliases[alias[2]] = [word.strip() for word in alias[3].split(",")]
        elif rule:
            found.rules.append((rule[1], rule[2], _rule(rule[3], rule[4])))
        elif found.error is None:
            found.error = (path, number)


def _include(sys: Process, path: str, directory: bool, found: Sudoers) -> None:
    try:
        names = (
            [f"{path}/{name}" for name in sorted(sys.listdir(path)) if "." not in name and not name.endswith("~")] if directory else [path]
        )
        for name in names:
            _read(sys, name, found)
    except SysError:
        return


def _rule(runas: str | None, text: str) -> Rule:
    users, _, groups = ("root" if runas is None else runas).partition(":")
    commands = []
    password = True
    for item in text.split(","):
        word = item.strip()
        while tag := _TAG.match(word):
            if tag[1] in ("NOPASSWD", "PASSWD"):
                password = tag[1] == "PASSWD"
            word = word[tag.end() :]
        commands.append((word, password))
    return Rule(
        [word.strip() for word in users.split(",") if word.strip()], [word.strip() for word in groups.split(",") if word.strip()], commands
    )


def expand(sudoers: Sudoers, words: list[str]) -> list[str]:
    """Words with aliases replaced."""
    result = []
    for word in words:
        result += expand(sudoers, sudoers.aliases[word]) if word in sudoers.aliases else [word]
    return result


def rules_of(sys: Process, sudoers: Sudoers, user: User) -> list[Rule]:
    """The rules that concern a user on this host, in the file's order."""
    groups = [group.name for gid in getgrouplist(sys, user.name, user.gid) if (group := getgrgid(sys, gid))]
    mine = []
    for who, hosts, rule in sudoers.rules:
        names = expand(sudoers, who.split(","))
        if any(name in ("ALL", user.name, f"#{user.uid}") or (name.startswith("%") and name[1:] in groups) for name in names):
            if any(host in ("ALL", sys.hostname(), sys.hostname().split(".")[0]) for host in expand(sudoers, hosts.split(","))):
                mine.append(rule)
    return mine


def allowed(sys: Process, sudoers: Sudoers, rules: list[Rule], target: str, group: str, command: str, arguments: list[str]) -> bool | None:
    """None when the command is not allowed, else whether a password is needed; the last rule that matches decides."""
    verdict: bool | None = None
    for rule in rules:
        users = expand(sudoers, rule.runas_users)
        if not ("ALL" in users or target in users or (group and ("ALL" in rule.runas_groups or group in rule.runas_groups))):
            continue
        if group and not ("ALL" in rule.runas_groups or group in rule.runas_groups) and getgrnam(sys, group):
            continue
        for text, password in rule.commands:
            for pattern in expand(sudoers, [text.lstrip("!")]):
                if _matches(pattern, command, arguments):
                    verdict = None if text.startswith("!") else password
    return verdict


def _matches(pattern: str, command: str, arguments: list[str]) -> bool:
    if pattern == "ALL":
        return True
    words = pattern.split()
    if not words:
        return False
    path = words[0]
    here = command.startswith(path) and "/" not in command[len(path) :] if path.endswith("/") else fnmatch.fnmatchcase(command, path)
    if not here:
        return False
    if len(words) == 1:
        return True
    if words[1:] == ['""']:
        return not arguments
    return fnmatch.fnmatchcase(" ".join(arguments), " ".join(words[1:]))
