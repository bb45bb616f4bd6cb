"""less - display the contents of a file in a terminal, a screen at a time

SYNOPSIS
    less [-FINRSXein] [+command] [file...]

COMMANDS
    SPACE f ^F  forward a screen    b ^B  back a screen        j RETURN e ^N  down a line    k y ^P  up a line
    d ^D u ^U   half a screen       g <   to the first line    G >  to the last line         N g, N G, N p  to line N, to N percent
    /re ?re     search              n N   again                &re  only matching lines      F  follow the end of the file
    :n :p :q    other files         = ^G  where                -N -S -R -I  options          r ^L  draw again      q Q ZZ  quit

DESCRIPTION
    less 590. When standard output is not a terminal, the files are copied. On a dumb terminal it warns and scrolls.

BUGS
    Marks, tags, shell and editor commands, the help screen, horizontal scrolling and LESSOPEN are missing: they beep.
    Other options are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.less._pager import Pager, Settings
from maillab.shell.commands.less._screen import Screen
from maillab.shell.commands.less._text import Text
from maillab.shell.locale import is_utf8
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"less": "/usr/bin/less"}

FLAGS = "FXRSNiIeEnrMmsgGqQwWKdcaL"
VERSION = "less 590 (GNU regular expressions)\nCopyright (C) 1984-2021  Mark Nudelman\n"
LONG = {"quit-if-one-screen": "F", "no-init": "X", "RAW-CONTROL-CHARS": "R", "chop-long-lines": "S", "LINE-NUMBERS": "N",
        "ignore-case": "i", "IGNORE-CASE": "I"}  # fmt: skip
MOVES = {"\33[A": "k", "\33[B": "j", "\33OA": "k", "\33OB": "j", "\33[5~": "b", "\33[6~": " ", "\33[H": "g", "\33[F": "G", "\33OH": "g",
         "\33OF": "G"}  # fmt: skip


class Command:
    """The command line: flags, what follows +, and file names; `refused` is an option nobody knows."""

    def __init__(self, words: list[str]) -> None:
        self.flags = ""
        self.first: list[str] = []
        self.names: list[str] = []
        self.version = False
        self.refused = ""
        at = 0
        while at < len(words):
            word = words[at]
            at += 1
            if word == "--":
                self.names += words[at:]
                break
            if word.startswith("--"):
                self.long(word[2:])
            elif word.startswith("-") and len(word) > 1:
                self.letters(word[1:], words[at : at + 1])
                at += word == "-p"
            elif word.startswith("+") and len(word) > 1:
                self.first.append(word.lstrip("+"))
            else:
                self.names.append(word)

    def long(self, name: str) -> None:
        """A long option."""
        if name in ("version", "help"):
            self.version = True
        elif name in LONG:
            self.flags += LONG[name]
        else:
            self.refused = self.refused or name

    def letters(self, letters: str, following: list[str]) -> None:
        """A cluster of letters."""
        for index, letter in enumerate(letters):
            if letter == "p":
                self.first.append("/" + (letters[index + 1 :] or (following[0] if following else "")))
                return
            if letter == "V":
                self.version = True
            elif letter in FLAGS:
                self.flags += letter
            elif not letter.isdigit() and letter != "~":
                self.refused = self.refused or letter


class Less:
    """One run over several files."""

    def __init__(self, sys: Process, command: Command) -> None:
        self.sys = sys
        self.command = command
        flags = command.flags
        self.settings = Settings(
            numbers="N" in flags, chop="S" in flags, raw="R" in flags or "r" in flags, ignorecase="i" in flags or "I" in flags,
            utf8=is_utf8(sys.env),
        )  # fmt: skip
        self.texts: list[Text] = []
        self.current = 0
        self.count = ""
        self.leaving = False

    async def open_all(self) -> int:
        """Open the files; what cannot be shown is said. How many can."""
        names = self.command.names
        if not names:
            self.texts.append(Text(self.sys, 0, ""))
        for name in names:
            try:
                if name != "-" and self.sys.isdir(name):
                    await self.sys.stderr.write(f"{name} is a directory\n")
                    continue
                fd = 0 if name == "-" else self.sys.open(name, "r")
                self.texts.append(Text(self.sys, fd, "" if name == "-" else name))
            except SysError as error:
                await self.sys.stderr.write(f"{name}: {error.strerror}\n")
        return len(self.texts)

    async def copy(self) -> None:
        """Output that is no terminal: like cat."""
        for text in self.texts:
            while data := await self.sys.read(text.fd):
                await self.sys.stdout.write(data)

    async def page(self, keys: int) -> None:
        """The screen."""
        self.screen = Screen(self.sys, keys, alternate="X" not in self.command.flags)
        if "F" in self.command.flags and len(self.texts) == 1 and await self.fits():
            await self.screen.write("".join(row + "\n" for row in self.all_rows()))
            return
        await self.screen.start()
        try:
            if not self.screen.smart:
                await self.screen.write("Press RETURN to continue ")
                await self.screen.key()
                await self.screen.write("\n\r")
            await self.show(0)
            while not self.leaving:
                key = await self.screen.key()
                await self.press(MOVES.get(key, key))
        finally:
            await self.screen.stop()

    async def fits(self) -> bool:
        """-F: is it all on one screen?"""
        text = self.texts[0]
        await text.have(self.screen.height + 1)
        self.pager = Pager(self.screen, text, self.settings, "")
        return text.ended and len(self.all_rows()) <= self.screen.height

    def all_rows(self) -> list[str]:
        """Every row of the text."""
        return [row for line in range(len(self.pager.text.lines)) for row in self.pager.rows_of(line)]

    async def show(self, number: int) -> None:
        """Turn to a file."""
        self.current = number
        text = self.texts[number]
        count = len(self.texts)
        heading = text.name + (f" (file {number + 1} of {count})" if count > 1 else "")
        self.pager = Pager(self.screen, text, self.settings, heading)
        self.pager.ending = f" - Next: {self.texts[number + 1].name}" if number + 1 < count else ""
        for command in self.command.first if number == 0 else []:
            await self.initial(command)
        if self.pager.fresh:
            await self.pager.draw()

    async def initial(self, command: str) -> None:
        """What follows + on the command line."""
        if command.startswith("/"):
            self.pager.top = (-1, 0)
            await self.pager.search(command[1:], backward=False)
        elif command.isdigit():
            await self.pager.go(int(command) - 1)
        else:
            for key in command:
                await self.press(key)

    async def press(self, key: str) -> None:
        """One key."""
        if key.isdigit() and key.isascii():
            self.count += key
            await self.screen.write(self.screen.erase() + ":" + self.count)
            return
        count, self.count = int(self.count or 0), ""
        pager, height = self.pager, self.screen.height
        if (key in ("", "q", "Q", "\3") and key != "\3") or key == "Z":
            self.leaving = True
        elif key in (" ", "f", "\6", "\x16", "z"):
            await pager.forward(count or height)
        elif key in ("b", "\2", "w"):
            await pager.backwards(count or height)
        elif key in ("j", "\r", "\n", "e", "\x0e", "\5"):
            await pager.forward(count or 1)
        elif key in ("k", "y", "\x10", "\x0b", "\x19"):
            await pager.backwards(count or 1)
        elif key in ("d", "\4"):
            await pager.forward(count or (height + 1) // 2)
        elif key in ("u", "\x15"):
            await pager.backwards(count or (height + 1) // 2)
        else:
            await self.press_rare(key, count)

    async def press_rare(self, key: str, count: int) -> None:
        """Keys that jump, search and set."""
        pager = self.pager
        if key in ("g", "<"):
            await pager.go(max(0, count - 1))
        elif key in ("G", ">"):
            await (pager.go(count - 1) if count else pager.end())
        elif key in ("p", "%"):
            await pager.text.rest()
            await pager.go(len(pager.text.lines) * count // 100)
        elif key in ("/", "?", "&"):
            typed = await self.screen.line(key if key != "&" else "&/")
            await self.typed(key, typed)
        elif key in ("n", "N"):
            await pager.again(backward=pager.backward != (key == "N"))
        elif key in ("=", "\7"):
            await pager.message(pager.status())
        elif key in ("r", "R", "\x0c"):
            self.screen.measure()
            await pager.draw()
        elif key == "F":
            await pager.follow()
        elif key == ":":
            await self.colon(await self.ask(" :"))
        elif key == "-":
            await self.toggle(await self.ask("-"))
        else:
            await pager.bell()

    async def ask(self, prompt: str) -> str:
        """The key after : or -."""
        await self.screen.write(self.screen.erase() + prompt)
        key = await self.screen.key()
        await self.screen.write(key if key >= " " else "")
        return key

    async def typed(self, key: str, text: str | None) -> None:
        """A line after / ? or &."""
        await self.screen.write(self.screen.erase())
        if text is None:
            await self.pager.prompt()
        elif key == "&":
            await self.pager.limit(text)
        else:
            await self.pager.search(text, backward=key == "?")

    async def colon(self, key: str) -> None:
        """:n :p :q :x :f."""
        targets = {"n": self.current + 1, "p": self.current - 1, "x": 0}
        if key in ("q", "Q"):
            self.leaving = True
        elif key == "f":
            await self.pager.message(self.pager.status())
        elif key in targets and 0 <= targets[key] < len(self.texts):
            await self.show(targets[key])
        else:
            await self.pager.message({"n": "No next file", "p": "No previous file"}.get(key, "No such command"))

    async def toggle(self, key: str) -> None:
        """-N -S -R -I: options turned over."""
        names = {"N": "numbers", "S": "chop", "R": "raw", "I": "ignorecase", "i": "ignorecase"}
        if key not in names:
            await self.pager.message("There is no such option")
            return
        setattr(self.settings, names[key], not getattr(self.settings, names[key]))
        await self.pager.draw()


async def main(sys: Process, argv: list[str]) -> int:
    """less."""
    command = Command([*sys.env.get("LESS", "").split(), *argv[1:]])
    if command.version:
        await sys.stdout.write(VERSION)
        return 0
    if command.refused:
        await sys.stderr.write(f'There is no {command.refused} option ("less --help" for help)\n')
        return 1
    if not command.names and sys.isatty(0):
        await sys.stderr.write('Missing filename ("less --help" for help)\n')
        return 1
    less = Less(sys, command)
    terminal = sys.isatty(1)
    if terminal and sys.env.get("TERM", "") in ("", "dumb", "unknown", "network"):
        await sys.stdout.write("WARNING: terminal is not fully functional\n")
        await sys.stdout.flush()
    if not await less.open_all():
        return 1
    if not terminal:
        await less.copy()
        return 0
    try:
        keys = sys.open("/dev/tty", "r+")
    except SysError:
        keys = 2
    await less.page(keys)
    return 0
