"""set - Set or unset values of shell options and positional parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import quoting
from maillab.shell.builtin import dash_error, invalid_option
from maillab.shell.declaring import set_listing
from maillab.shell.printer import function_text
from maillab.shell.state import SET_OPTIONS

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]"

LETTERS = {letter: name for name, letter in SET_OPTIONS.items() if letter}
DASH_OPTIONS = {
    "errexit": "e", "noglob": "f", "ignoreeof": "I", "interactive": "i", "monitor": "m", "noexec": "n", "stdin": "s",
    "xtrace": "x", "verbose": "v", "vi": "V", "emacs": "E", "noclobber": "C", "allexport": "a", "notify": "b",
    "nounset": "u", "privileged": "p", "nolog": "", "debug": "",
}  # fmt: skip


async def run(sh: Shell, args: list[str]) -> int:
    """Without arguments the variables are listed."""
    if not args:
        await list_everything(sh)
        return 0
    index = 0
    while index < len(args):
        word = args[index]
        if word == "--":
            sh.state.positional = args[index + 1 :]
            return 0
        if word == "-" and not sh.dialect.is_dash:
            sh.state.options["xtrace"] = sh.state.options["verbose"] = False
            if args[index + 1 :]:
                sh.state.positional = args[index + 1 :]
            return 0
        if len(word) < 2 or word[0] not in "-+":
            break
        index += 1
        status, index = await letters(sh, word, args, index)
        if status:
            return status
    if index < len(args):
        sh.state.positional = args[index:]
    return 0


async def letters(sh: Shell, word: str, args: list[str], index: int) -> tuple[int, int]:
    """The letters of one word; (status, next index)."""
    on = word[0] == "-"
    known = {letter: name for name, letter in DASH_OPTIONS.items() if letter} if sh.dialect.is_dash else LETTERS
    for letter in word[1:]:
        if letter == "o":
            if index >= len(args):
                await list_options(sh, names=on)
                continue
            name = args[index]
            index += 1
            if name not in (DASH_OPTIONS if sh.dialect.is_dash else SET_OPTIONS):
                if sh.dialect.is_dash:
                    return await dash_error(sh, "set", f"Illegal option -o {name}"), index
                await sh.report(f"set: {name}: invalid option name")
                return 2, index
            switch(sh, name, on)
        elif letter in known:
            switch(sh, known[letter], on)
        else:
            return await invalid_option(sh, "set", word[0] + letter), index
    return 0, index


def switch(sh: Shell, name: str, on: bool) -> None:
    """Turn an option on or off with what hangs on it."""
    sh.state.options[name] = on
    if name in ("vi", "emacs") and on:
        sh.state.options["emacs" if name == "vi" else "vi"] = False


async def list_options(sh: Shell, *, names: bool) -> None:
    """set -o and set +o"""
    options = sh.state.options
    order = list(DASH_OPTIONS) if sh.dialect.is_dash else sorted(SET_OPTIONS)
    lines = ["Current option settings"] if sh.dialect.is_dash and names else []
    for name in order:
        on = options.get(name, False)
        if names:
            lines.append(f"{name:<16}{'on' if on else 'off'}" if sh.dialect.is_dash else f"{name:<15}\t{'on' if on else 'off'}")
        else:
            lines.append(f"set {'-' if on else '+'}o {name}")
    await sh.write("".join(line + "\n" for line in lines))


async def list_everything(sh: Shell) -> None:
    """All variables, then (bash) all functions."""
    if sh.dialect.is_dash:
        lines = [
            f"{name}={quoting.dash_single(str(variable.value))}"
            for name, variable in sh.state.variables if variable.value is not None
        ]  # fmt: skip
    else:
        lines = set_listing(sh)
        if not sh.option("posix"):
            lines += [function_text(sh.state.functions[name]) for name in sorted(sh.state.functions)]
    await sh.write("".join(line + "\n" for line in lines))
