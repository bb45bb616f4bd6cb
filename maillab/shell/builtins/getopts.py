"""getopts - Parse option arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import dash_error, options, usage
from maillab.shell.source import NAME

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DASH = True
SYNOPSIS = "getopts optstring name [arg ...]"


async def run(sh: Shell, args: list[str]) -> int:
    """One option a call; 1 at the end of the options."""
    words = args if sh.dialect.is_dash else (await options(sh, "getopts", args, "")).operands
    if len(words) < 2:
        if sh.dialect.is_dash:
            return await dash_error(sh, "getopts", "Usage: getopts optstring var [arg...]")
        return await usage(sh, "getopts")
    return await Getopts(sh, words[0], words[1], words[2:] or sh.state.positional).run()


class Getopts:
    """One call: OPTIND says which word, the state's getopts_place which letter of it."""

    def __init__(self, sh: Shell, letters: str, name: str, words: list[str]) -> None:
        self.sh = sh
        self.silent = letters.startswith(":")
        self.letters = letters.removeprefix(":")
        self.name = name
        self.words = words
        text = sh.state.variables.text("OPTIND", "1")
        self.index = int(text) if text.isdigit() and int(text) else 1

    async def run(self) -> int:
        place = self.sh.state.getopts_place or 1
        word = self.words[self.index - 1] if self.index <= len(self.words) else ""
        if place == 1 and (len(word) < 2 or word[0] != "-" or word == "--"):
            return self.finish(self.index + 1 if word == "--" else self.index)
        if place >= len(word):
            return self.finish(self.index)
        letter = word[place]
        self.sh.state.variables.unset("OPTARG") if self.sh.state.variables.lookup("OPTARG") else None
        return await self.option(letter, word, place + 1)

    def finish(self, index: int) -> int:
        self.store(index, 0)
        self.assign("?")
        return 1

    def store(self, index: int, place: int) -> None:
        self.sh.state.variables.set("OPTIND", str(index))
        self.sh.state.getopts_place = place

    def assign(self, value: str) -> None:
        self.sh.state.variables.set(self.name, value)

    async def option(self, letter: str, word: str, place: int) -> int:
        """One letter."""
        at = self.letters.find(letter) if letter != ":" else -1
        more = place < len(word)
        if at < 0:
            self.store(self.index if more else self.index + 1, place if more else 0)
            await self.complain("illegal option", letter, f"Illegal option -{letter}")
            self.result("?", letter if self.silent else None)
            return await self.named()
        if self.letters[at + 1 : at + 2] != ":":
            self.store(self.index if more else self.index + 1, place if more else 0)
            self.result(letter, None)
            return await self.named()
        if more:
            self.store(self.index + 1, 0)
            self.result(letter, word[place:])
        elif self.index < len(self.words):
            self.store(self.index + 2, 0)
            self.result(letter, self.words[self.index])
        else:
            self.store(self.index + 1, 0)
            await self.complain("option requires an argument", letter, f"No arg for -{letter} option")
            self.result(":" if self.silent else "?", letter if self.silent else None)
        return await self.named()

    async def complain(self, text: str, letter: str, dash: str) -> None:
        if self.silent or self.sh.state.variables.text("OPTERR", "1") == "0":
            return
        if self.sh.dialect.is_dash:
            await self.sh.complain(dash + "\n")
        else:
            await self.sh.complain(f"{self.sh.state.name}: {text} -- {letter}\n")

    def result(self, value: str, argument: str | None) -> None:
        if argument is not None:
            self.sh.state.variables.set("OPTARG", argument)
        self.value = value

    async def named(self) -> int:
        """Assign the letter to the variable."""
        if not NAME.fullmatch(self.name):
            if self.sh.dialect.is_dash:
                return await dash_error(self.sh, "getopts", f"{self.name}: bad variable name")
            await self.sh.report(f"getopts: `{self.name}': not a valid identifier")
            return 1
        self.assign(self.value)
        return 0
