"""Completion with Tab: commands, files, variables, users and hosts, and how bash lists and quotes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.shell.builtins.compgen import accounts, candidates
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

BREAKS = " \t\n\"'><=;|&(:"  # between words
COMMAND_BEFORE = ("", ";", "|", "&", "(", "`", "{", "!")
COMMAND_WORDS = ("then", "do", "else", "elif", "if", "while", "until", "time", "exec", "command", "type", "which", "man", "sudo")
ESCAPED = " \t\n\"'\\|&;()<>$`*?[]#~={}!"
DIRECTORY_ONLY = ("cd", "pushd", "rmdir")


@dataclass
class Place:
    """The word that is to be completed: where it starts, its text without quotes, the open quote, whether it is a command."""

    start: int
    text: str
    quote: str
    command: bool
    first: str  # the command word of the line


@dataclass
class Found:
    """The possible completions: what would be inserted, and what lists show."""

    words: list[str]
    files: bool = False

    def common(self) -> str:
        """The longest beginning that all share."""
        low, high = min(self.words), max(self.words)
        size = 0
        while size < min(len(low), len(high)) and low[size] == high[size]:
            size += 1
        return low[:size]


def locate(line: str, point: int) -> Place:
    """Read the line up to the point as the shell would."""
    start, quote, text = 0, "", ""
    quote_at = -1
    words: list[str] = []
    command_next = True
    index = 0
    while index < point:
        ch = line[index]
        if quote:
            if ch == quote:
                quote = ""
            elif ch == "\\" and quote == '"' and index + 1 < point and line[index + 1] in '"\\$`':
                index += 1
                text += line[index]
            else:
                text += ch
        elif ch == "\\" and index + 1 < point:
            index += 1
            text += line[index]
        elif ch in "\"'":
            quote, quote_at = ch, index
        elif ch in BREAKS:
            if text or index > start:
                command_next = command_next and (ch == "=" or text in COMMAND_WORDS)
                if ch != "=":
                    words.append(text)
            if ch in ";|&(":
                command_next, words = True, []
            start, text = index + 1, ""
        else:
            text += ch
        index += 1
    if quote:
        start = max(start, quote_at + 1) if not text or line[start:quote_at] == "" else start
    return Place(start, text, quote, command_next, words[0] if words else "")


def complete(sh: Shell, place: Place) -> Found:
    """All completions of a word, sorted."""
    text = place.text
    if text.startswith("$") and place.quote != "'":
        braced = text.startswith("${")
        names = [name for name in sh.state.variables.names() if name.startswith(text[1 + braced :])]
        return Found([f"${{{name}}}" if braced else f"${name}" for name in sorted(names)])
    if text.startswith("~") and "/" not in text:
        return Found([f"~{name}" for name in sorted(accounts(sh, "/etc/passwd")) if name.startswith(text[1:])], files=True)
    if "@" in text and "/" not in text:
        user, _, prefix = text.rpartition("@")
        hosts = [name for name in host_names(sh) if name.startswith(prefix)]
        if hosts:
            return Found([f"{user}@{name}" for name in hosts])
    if place.command and "/" not in text:
        words = sorted(dict.fromkeys(candidates(sh, "c", text)))
        return Found(words) if words else files(sh, text, only=True)
    return files(sh, text, only=place.first in DIRECTORY_ONLY)


def host_names(sh: Shell) -> list[str]:
    """The names of /etc/hosts."""
    try:
        lines = sh.sys.slurp("/etc/hosts").decode("utf-8", "replace").splitlines()
    except SysError:
        return []
    return sorted({name for line in lines for name in line.partition("#")[0].split()[1:]})


def files(sh: Shell, text: str, *, only: bool = False) -> Found:
    """File names; directories end in a slash. `only`: nothing but directories (and programs, for a command)."""
    directory, slash, prefix = text.rpartition("/")
    place = directory + slash
    if place.startswith("~"):
        user, _, rest = place[1:].partition("/")
        home = sh.tilde(user)
        where = f"{home}/{rest}" if home is not None else place
    else:
        where = place or "."
    try:
        names = sorted(sh.sys.listdir(where))
    except SysError:
        return Found([], files=True)
    out: list[str] = []
    for name in names:
        if not name.startswith(prefix) or (name.startswith(".") and not prefix.startswith(".")):
            continue
        is_directory = sh.sys.isdir(f"{where}/{name}")
        if only and not is_directory:
            continue
        out.append(place + name + ("/" if is_directory else ""))
    return Found(out, files=True)


def quoted(text: str, quote: str, *, files: bool) -> str:
    """A completion as it must stand in the line."""
    if quote == "'":
        return text.replace("'", "'\\''")
    if quote == '"':
        return "".join("\\" + ch if ch in '"\\`' or (ch == "$" and files) else ch for ch in text)
    if not files:
        return text
    head = "~" if text.startswith("~") else ""
    return head + "".join("\\" + ch if ch in ESCAPED else ch for ch in text[len(head) :])


def listing(found: Found, columns: int) -> str:
    """The completions in columns, down first, as readline shows them."""
    names = [name.rstrip("/").rpartition("/")[2] + ("/" if name.endswith("/") else "") if found.files else name for name in found.words]
    widest = max(len(name.rstrip("/") if found.files else name) for name in names) + 2
    across = max(1, columns // widest)
    if across > 1 and across * widest == columns:
        across -= 1
    rows = -(-len(names) // across)
    lines = []
    for row in range(rows):
        cells = names[row::rows]
        lines.append("".join(cell if index == len(cells) - 1 else cell.ljust(widest) for index, cell in enumerate(cells)))
    return "".join(line.rstrip() + "\r\n" for line in lines)
