"""What a command name means: alias, keyword, function, builtin or file (type, command -v, command -V)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.shell import builtin
from maillab.shell.calling import is_program, search_path

if TYPE_CHECKING:
    from maillab.shell.shell import Shell


@dataclass(frozen=True)
class Meaning:
    """`kind` is alias, keyword, function, builtin or file; `text` the alias or path; `hashed` a remembered path."""

    kind: str
    text: str = ""
    hashed: bool = False


def meanings(sh: Shell, name: str, *, everything: bool = False, functions: bool = True, path_only: bool = False) -> list[Meaning]:
    """What a name means, first what would be run; all meanings with `everything`."""
    found: list[Meaning] = []
    if not path_only:
        found += shell_meanings(sh, name, functions)
    if found and not everything:
        return found[:1]
    if "/" in name:
        if is_program(sh, name):
            found.append(Meaning("file", name))
    elif not everything and name in sh.state.hashed:
        found.append(Meaning("file", sh.state.hashed[name].path, hashed=True))
    else:
        paths = search_path(sh, name)
        found += [Meaning("file", path) for path in (paths if everything else paths[:1])]
    return found


def shell_meanings(sh: Shell, name: str, functions: bool) -> list[Meaning]:
    """Meanings inside the shell."""
    found = []
    if name in sh.state.aliases and (sh.state.shopt["expand_aliases"] or sh.dialect.is_dash):
        found.append(Meaning("alias", sh.state.aliases[name]))
    if name in sh.dialect.reserved:
        found.append(Meaning("keyword"))
    if functions and name in sh.state.functions:
        found.append(Meaning("function"))
    if builtin.find(sh, name) is not None:
        found.append(Meaning("builtin"))
    return found


def sentence(sh: Shell, name: str, meaning: Meaning) -> str:
    """`x is ...` as type and command -V say it."""
    if sh.dialect.is_dash:
        special = " special" if name in builtin.SPECIAL else ""
        words = {
            "alias": f"{name} is an alias for {meaning.text}", "keyword": f"{name} is a shell keyword",
            "function": f"{name} is a shell function", "builtin": f"{name} is a{special} shell builtin",
        }  # fmt: skip
        tracked = "a tracked alias for " if meaning.hashed else ""
        return words.get(meaning.kind, f"{name} is {tracked}{meaning.text}")
    words = {
        "alias": f"{name} is aliased to `{meaning.text}'", "keyword": f"{name} is a shell keyword",
        "function": f"{name} is a function", "builtin": f"{name} is a shell builtin",
    }  # fmt: skip
    if meaning.kind == "file":
        return f"{name} is hashed ({meaning.text})" if meaning.hashed else f"{name} is {meaning.text}"
    return words[meaning.kind]
