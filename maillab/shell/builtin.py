"""Finding builtins: each is a module of `maillab.shell.builtins` with `async def run(sh, args) -> int`.

The module's name is the builtin's (`[`, `.` and `:` live in bracket.py, dot.py and colon.py). A module may say:
`DASH = True` when dash has it too, `SYNOPSIS` (the line of its usage message), `HELP` (what `help` prints after it).
"""

from __future__ import annotations

import pkgutil
from collections.abc import Awaitable, Callable
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

Run = Callable[["Shell", list[str]], Awaitable[int]]

SIGNS = {"[": "bracket", ".": "dot", ":": "colon"}
WITHOUT_HELP = (":", "[", "echo", "false", "test", "true")
SPELLED = {module: sign for sign, module in SIGNS.items()}
SPECIAL = (
    "break", ":", ".", "continue", "eval", "exec", "exit", "export", "readonly", "return", "set", "shift", "source",
    "times", "trap", "unset",
)  # fmt: skip


@lru_cache(maxsize=1)
def modules() -> tuple[str, ...]:
    """The names of the modules in the folder, sorted."""
    from maillab.shell import builtins

    return tuple(sorted(info.name for info in pkgutil.iter_modules(builtins.__path__) if not info.name.startswith("_")))


def module_of(name: str) -> ModuleType | None:
    """The module of a builtin, or None."""
    wanted = SIGNS.get(name, name)
    if name in SPELLED or wanted not in modules():
        return None
    return import_module(f"maillab.shell.builtins.{wanted}")


def find(sh: Shell, name: str) -> Run | None:
    """The builtin of this name in the shell's dialect, unless it was disabled."""
    if name in sh.state.disabled_builtins:
        return None
    module = module_of(name)
    if module is None or (sh.dialect.is_dash and not getattr(module, "DASH", False)):
        return None
    if not sh.dialect.is_dash and getattr(module, "BASH", True) is False:
        return None
    run: Run = module.run
    return run if sh.dialect.is_dash or name in WITHOUT_HELP else with_help(name, run)


def with_help(name: str, run: Run) -> Run:
    """The builtin, answering `--help` as bash does: the text of `help NAME`, status 2."""

    async def helpful(sh: Shell, args: list[str]) -> int:
        if args[:1] != ["--help"]:
            return await run(sh, args)
        from maillab.shell.builtins.help import text_of

        await sh.write(text_of(name, synopsis(name), False, False))
        return 2

    return helpful


def names() -> list[str]:
    """All builtins of bash, in the C locale's order."""
    return sorted(
        SPELLED.get(module, module) for module in modules()
        if getattr(import_module(f"maillab.shell.builtins.{module}"), "BASH", True)
    )  # fmt: skip


def synopsis(name: str) -> str:
    """The usage line."""
    return str(getattr(module_of(name), "SYNOPSIS", name))


async def usage(sh: Shell, name: str) -> int:
    """Print a builtin's usage message; status 2."""
    await sh.complain(f"{name}: usage: {synopsis(name)}\n")
    return 2


async def invalid_option(sh: Shell, name: str, option: str) -> int:
    """An option the builtin does not have."""
    if sh.dialect.is_dash:
        return await dash_error(sh, name, f"Illegal option {option}")
    await sh.report(f"{name}: {option}: invalid option")
    return await usage(sh, name)


async def dash_error(sh: Shell, name: str, text: str) -> int:
    """An error of a builtin of dash: special ones end a script."""
    from maillab.shell.control import ShellExit

    await sh.report(f"{name}: {text}")
    if name in SPECIAL and (not sh.state.interactive or sh.is_subshell):
        raise ShellExit(2)
    return 2


class Options:
    """The options of a builtin, read as bash's internal getopt reads them."""

    def __init__(self, letters: dict[str, str | bool], operands: list[str]) -> None:
        self.letters = letters
        self.operands = operands

    def __contains__(self, letter: str) -> bool:
        return letter in self.letters

    def value(self, letter: str) -> str:
        """The argument of an option."""
        found = self.letters.get(letter, "")
        return found if isinstance(found, str) else ""


class BadOption(Exception):
    """The message was printed; `status` is the builtin's."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


async def options(sh: Shell, name: str, args: list[str], letters: str, *, plus: bool = False) -> Options:
    """Read options. `letters` as in getopt(3): a colon for an argument. Raises BadOption."""
    found: dict[str, str | bool] = {}
    index = 0
    while index < len(args):
        word = args[index]
        if word == "--":
            index += 1
            break
        if not word.startswith("-") or len(word) < 2:
            break
        index += 1
        rest = word[1:]
        while rest:
            letter, rest = rest[0], rest[1:]
            at = letters.find(letter)
            if at < 0 or letter == ":":
                raise BadOption(await invalid_option(sh, name, "-" + letter))
            if letters[at + 1 : at + 2] != ":":
                found[letter] = True
                continue
            if not rest:
                if index >= len(args):
                    raise BadOption(await missing_argument(sh, name, letter))
                rest = args[index]
                index += 1
            found[letter], rest = rest, ""
    return Options(found, args[index:])


async def missing_argument(sh: Shell, name: str, letter: str) -> int:
    if sh.dialect.is_dash:
        return await dash_error(sh, name, f"No arg for -{letter} option")
    await sh.report(f"{name}: -{letter}: option requires an argument")
    return await usage(sh, name)
