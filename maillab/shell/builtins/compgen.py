"""compgen - Display possible completions depending on the options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import builtin
from maillab.shell.builtin import Options, options
from maillab.shell.globbing import GlobOptions, glob
from maillab.shell.pattern import quote

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = (
    "compgen [-abcdefgjksuv] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] "
    "[-X filterpat] [-P prefix] [-S suffix] [word]"
)
ACTIONS = {
    "alias": "a", "builtin": "b", "command": "c", "directory": "d", "export": "e", "file": "f", "group": "g", "job": "j",
    "keyword": "k", "service": "s", "user": "u", "variable": "v", "function": "F",
}  # fmt: skip


async def run(sh: Shell, args: list[str]) -> int:
    """1 when there is none."""
    given = await options(sh, "compgen", args, "abcdefgjksuvo:A:G:W:F:C:X:P:S:")
    prefix = given.operands[0] if given.operands else ""
    found: list[str] = []
    letters = [letter for letter in given.letters if letter in "abcdefgjkuv"]
    if "A" in given:
        if given.value("A") not in ACTIONS:
            await sh.report(f"compgen: {given.value('A')}: invalid action name")
            return 2
        letters.append(ACTIONS[given.value("A")])
    for letter in letters:
        found += candidates(sh, letter, prefix)
    if "W" in given:
        found += [word for word in given.value("W").split() if word.startswith(prefix)]
    if "G" in given:
        found += glob(sh.sys, given.value("G"), GlobOptions())
    await sh.write("".join(decorated(word, given) + "\n" for word in found))
    return int(not found)


def decorated(word: str, given: Options) -> str:
    return given.value("P") + word + given.value("S")


def candidates(sh: Shell, letter: str, prefix: str) -> list[str]:
    """The words of one kind."""
    state = sh.state
    if letter in "df":
        names = glob(sh.sys, quote(prefix) + "*", GlobOptions())
        return [name for name in names if letter == "f" or sh.sys.isdir(name)]
    kinds: dict[str, list[str]] = {
        "a": sorted(state.aliases), "b": builtin.names(), "k": list(sh.dialect.reserved), "F": sorted(state.functions),
        "v": state.variables.names(), "e": sorted(state.variables.environment()),
        "j": [job.text.split()[0] for job in sh.jobs.jobs.values()], "u": accounts(sh, "/etc/passwd"), "g": accounts(sh, "/etc/group"),
    }  # fmt: skip
    if letter == "c":
        words = kinds["a"] + kinds["k"] + kinds["F"] + kinds["b"] + programs(sh)
    else:
        words = kinds.get(letter, [])
    return [word for word in words if word.startswith(prefix)]


def accounts(sh: Shell, name: str) -> list[str]:
    return [line.split(":")[0] for line in sh.sys.slurp(name).decode("utf-8", "replace").splitlines() if ":" in line]


def programs(sh: Shell) -> list[str]:
    """All programs in PATH."""
    found: dict[str, None] = {}
    for directory in sh.state.variables.text("PATH").split(":"):
        if sh.sys.isdir(directory):
            for name in sorted(sh.sys.listdir(directory)):
                if sh.sys.access(f"{directory}/{name}", "x"):
                    found[name] = None
    return list(found)
