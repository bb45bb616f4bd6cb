"""The prompt `telnet> ` and its commands.

A command answers True to go back to the connection, False to stay at the prompt.
"""
from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from maillab.shell.commands.inetutils_telnet import _texts as texts
from maillab.shell.commands.inetutils_telnet._connection import Connection, Session, control_text

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

NEEDS_CONNECTION = ("close", "logout", "send", "mode")
SIGTSTP = 20


class Ended(Exception):
    """telnet ends with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def abbreviated(word: str, names: Iterable[str]) -> str | None:
    """The name of which `word` is an unambiguous beginning, in any case; "" when there are several, None for none."""
    low = word.lower()
    found = [name for name in names if name.startswith(low)]
    if low in found:
        return low
    return found[0] if len(found) == 1 else "" if found else None


class Prompt:
    """Command mode, over all the connections of one telnet."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.sys: Process = session.sys
        self.connection: Connection | None = None
        self.characters = dict(texts.CHARACTER_DEFAULTS)

    async def top_level(self) -> int:
        """telnet without a host: prompt until `quit`, or until an opened connection ends."""
        try:
            while True:
                if await self._line(await self._ask("telnet> ")) and self.connection is not None:
                    return await self.converse(self.connection)
        except Ended as end:
            return end.status

    async def converse(self, connection: Connection) -> int:
        """Carry bytes; command mode at each escape. Returns the exit status."""
        self.connection = connection
        try:
            while await connection.carry() == "escape":
                await self._interlude()
        except Ended as end:
            return end.status
        await self.sys.stdout.flush()
        await self.sys.stderr.print("Connection closed by foreign host.")
        connection.close()
        return 1

    async def _interlude(self) -> None:
        """Commands between two moments of a connection."""
        await self.sys.stdout.write("\n")
        assert self.connection is not None
        typed, self.connection.command_line = self.connection.command_line, None
        line: str | None = None
        if typed:
            line = typed.split(b"\n")[0].decode("utf-8", "surrogateescape")
        while True:
            text = line if line is not None else await self._ask("telnet> ")
            line = None
            if not text.strip() or await self._line(text):
                return

    async def _ask(self, prompt: str) -> str:
        """One line of the keyboard; the end of the input quits."""
        await self.sys.stdout.write(prompt)
        await self.sys.stdout.flush()
        session = self.session
        while b"\n" not in session.read_ahead:
            data = await self.sys.read(0, 4096)
            if not data:
                if self.sys.isatty(0):
                    await self.sys.stdout.write("\n")
                await self._quit()
            session.read_ahead += data
        line, _, session.read_ahead = session.read_ahead.partition(b"\n")
        return line.decode("utf-8", "surrogateescape")

    async def _say(self, text: str) -> None:
        await self.sys.stdout.print(text)

    async def _line(self, line: str) -> bool:
        """Run one command line."""
        words = line.split()
        if line.lstrip().startswith("!"):
            words = ["!", line.lstrip()[1:].strip()]
        if not words:
            return False
        name = abbreviated(words[0], [*texts.COMMANDS, "help"])
        if not name:
            await self._say("?Ambiguous command" if name == "" else "?Invalid command")
            return False
        if name in NEEDS_CONNECTION and self.connection is None and words[1:] != ["?"] and not (name != "close" and len(words) < 2
                                                                                               and name != "logout"):
            await self._say("?Need to be connected first." + {"send": "\n'send ?' for help", "mode": "\n'mode ?' for help."}.get(name, ""))
            return False
        handler = getattr(self, "_do_" + {"?": "help", "!": "shell"}.get(name, name))
        return bool(await handler(words))

    # --- commands

    async def _quit(self) -> None:
        if self.connection is not None:
            await self._say("Connection closed.")
            self.connection.close()
        await self.sys.stdout.flush()
        raise Ended(0)

    async def _do_quit(self, words: list[str]) -> bool:
        await self._quit()
        return True

    async def _do_close(self, words: list[str]) -> bool:
        await self._quit()
        return True

    async def _do_logout(self, words: list[str]) -> bool:
        assert self.connection is not None
        self.connection.send(b"\xff\xfd\x12")
        return True

    async def _do_help(self, words: list[str]) -> bool:
        if len(words) == 1:
            await self._say("Commands may be abbreviated.  Commands are:\n")
            for name, text in texts.COMMANDS.items():
                await self._say(f"{name:<8}\t{text}")
            return False
        for word in words[1:]:
            found = abbreviated(word, [*texts.COMMANDS, "help"])
            if found:
                await self._say(texts.COMMANDS.get(found) or texts.HIDDEN[found])
            else:
                await self._say(f"?{'Ambiguous' if found == '' else 'Invalid'} help command {word}")
        return False

    async def _do_open(self, words: list[str]) -> bool:
        if self.connection is not None:
            await self._say(f"?Already connected to {self.connection.host}")
            return False
        arguments = words[1:]
        if not arguments:
            arguments = (await self._ask("(to) ")).split()
        while arguments and arguments[0] in ("-4", "-6", "-a"):
            option = arguments.pop(0)
            self.session.family = {"-4": "inet", "-6": "inet6"}.get(option, self.session.family)  # type: ignore[assignment]
        if not arguments or len(arguments) > 2 or arguments[0].startswith("-"):
            await self._say(texts.OPEN_USAGE.format(word=words[0]))
            return False
        self.connection = await Connection.open(self.session, *arguments)
        return self.connection is not None

    async def _do_status(self, words: list[str]) -> bool:
        if self.connection is None:
            await self._say("No connection.")
        else:
            await self._say(f"Connected to {self.connection.host}.")
            for line in texts.MODE_STATUS[self.connection.mode]:
                await self._say(line)
        await self._say(f"Escape character is '{self.session.escape_text()}'.")
        await self.sys.stdout.flush()
        return True

    async def _do_z(self, words: list[str]) -> bool:
        await self.sys.stdout.flush()
        self.sys.kill(0, SIGTSTP)
        await self.sys.sleep(0)
        return True

    async def _do_shell(self, words: list[str]) -> bool:
        await self.sys.stdout.flush()
        shell = self.sys.env.get("SHELL", "/bin/sh")
        command = words[1] if len(words) > 1 else ""
        name = shell.rpartition("/")[2]
        pid = self.sys.spawn(shell, [name, "-c", command] if command else [name])
        await self.sys.waitpid(pid)
        return True

    async def _do_send(self, words: list[str]) -> bool:
        if len(words) < 2:
            await self._say("need at least one argument for 'send' command\n'send ?' for help")
            return False
        if words[1] in ("?", "help"):
            for label, (text, _) in texts.SEND.items():
                await self._say(f"{label:<15} {text}")
            return False
        assert self.connection is not None
        for word in words[1:]:
            name = abbreviated(word, texts.SEND)
            if not name:
                await self._say(f"{'Ambiguous' if name == '' else 'Unknown'} send argument '{word}'\n'send ?' for help.")
                return False
            if name == "getstatus":
                await self._say("Remote side does not support STATUS option")
                return False
            code = bytes([self.session.escape or 0]) if name == "escape" else texts.SEND[name][1]
            self.connection.send(code)
        return True

    async def _do_mode(self, words: list[str]) -> bool:
        if len(words) != 2:
            await self._say("'mode' command requires an argument\n'mode ?' for help.")
            return False
        if words[1] in ("?", "help"):
            await self.sys.stdout.write(texts.MODE_HELP)
            return False
        name = abbreviated(words[1], texts.MODES)
        if not name:
            await self._say(f"{'Ambiguous' if name == '' else 'Unknown'} mode '{words[1]}' ('mode ?' for help).")
            return False
        assert self.connection is not None
        if name == "character":
            self.connection.send(b"\xff\xfd\x03\xff\xfd\x01")
            self.connection.mode = "character"
        elif name == "line":
            self.connection.send(b"\xff\xfe\x03\xff\xfb\x22\xff\xfe\x01")
            self.connection.mode = "line"
        else:
            await self._say("?Need to have LINEMODE option enabled first.\n'mode ?' for help.")
            return False
        return True

    # --- settings

    async def _do_display(self, words: list[str]) -> bool:
        if len(words) == 1:
            for toggle, text in texts.TOGGLE_STATES.items():
                await self._say(f"{'will' if self.session.toggles[toggle] else self._negative()} {text}.")
            await self._say("")
            for label in texts.CHARACTERS:
                await self._show_character(label)
            return True
        for word in words[1:]:
            name = abbreviated(word, [*texts.TOGGLE_HELP, *texts.CHARACTERS])
            if not name:
                await self._say(f"?{'Ambiguous' if name == '' else 'Unknown'} argument '{word}'.")
                return False
            if name in texts.CHARACTERS:
                await self._show_character(name)
            elif name in texts.TOGGLE_STATES:
                await self._say(f"{'will' if self.session.toggles[name] else self._negative()} {texts.TOGGLE_STATES[name]}.")
        return True

    @staticmethod
    def _negative() -> str:
        return "won't"

    def _character(self, name: str) -> int | None:
        if name == "escape":
            return self.session.escape
        return self.session.echo if name == "echo" else self.characters.get(name)

    async def _show_character(self, name: str) -> None:
        value = '"(standard output)"' if name == "tracefile" else f"[{control_text(self._character(name))}]"
        await self._say(f"{name:<15} {value}")

    def _set_character(self, name: str, value: int | None) -> None:
        if name == "escape":
            self.session.escape = value
        elif name == "echo":
            self.session.echo = value
        else:
            self.characters[name] = value

    async def _set_help(self, verb: str) -> None:
        for name, text in texts.CHARACTERS.items():
            if name in ("flushoutput", "erase"):
                for line in texts.NEEDS_LOCALCHARS if name == "flushoutput" else texts.NEEDS_LINEMODE:
                    await self._say(" " * 16 + line)
            await self._say(f"{name:<15} {text}")
        await self._say("")
        await self._toggle_help("enable" if verb == "set" else "disable")

    async def _toggle_help(self, verb: str) -> None:
        for name, text in texts.TOGGLE_HELP.items():
            await self._say(f"{name:<15} {verb} {text}" if name else "")
        if verb == "toggle":
            await self._say("")
        await self._say(f"{'?':<15} display help information")

    async def _do_set(self, words: list[str]) -> bool:
        from maillab.shell.commands.inetutils_telnet.telnet import parse_escape

        if len(words) == 2 and words[1] in ("?", "help"):
            await self._set_help("set")
            return False
        if len(words) not in (2, 3):
            await self._say("Format is 'set Name Value'\n'set ?' for help.")
            return False
        name = abbreviated(words[1], [*texts.CHARACTERS, *filter(None, texts.TOGGLE_HELP)])
        if not name:
            await self._say(await self._unknown(name, words[1], "set"))
            return False
        if name in texts.TOGGLE_HELP:
            if len(words) == 3 and words[2] not in ("on", "off"):
                await self._say("Format is 'set togglename [on|off]'\n'set ?' for help.")
                return False
            await self._switch(name, len(words) == 2 or words[2] == "on")
        elif len(words) != 3:
            await self._say("Format is 'set Name Value'\n'set ?' for help.")
            return False
        elif name != "tracefile":
            self._set_character(name, parse_escape(words[2]))
            await self._say(f"{name} character is '{control_text(self._character(name))}'.")
        return True

    async def _do_unset(self, words: list[str]) -> bool:
        if len(words) < 2:
            await self._say("Need an argument to 'unset' command.  'unset ?' for help.")
            return False
        if words[1] in ("?", "help"):
            await self._set_help("unset")
            return False
        for word in words[1:]:
            name = abbreviated(word, [*texts.CHARACTERS, *filter(None, texts.TOGGLE_HELP)])
            if not name:
                await self._say(await self._unknown(name, word, "unset"))
                return False
            if name in texts.TOGGLE_HELP:
                await self._switch(name, False)
            elif name != "tracefile":
                self._set_character(name, None)
                await self._say(f"{name} character is 'off'.")
        return True

    async def _do_toggle(self, words: list[str]) -> bool:
        if len(words) < 2:
            await self._say("Need an argument to 'toggle' command.  'toggle ?' for help.")
            return False
        if words[1] in ("?", "help"):
            await self._toggle_help("toggle")
            return False
        for word in words[1:]:
            name = abbreviated(word, filter(None, texts.TOGGLE_HELP))
            if not name:
                await self._say(await self._unknown(name, word, "toggle"))
                return False
            await self._switch(name, not self.session.toggles[name])
        return True

    async def _unknown(self, name: str | None, word: str, command: str) -> str:
        return f"'{word}': {'ambiguous' if name == '' else 'unknown'} argument ('{command} ?' for help)."

    async def _switch(self, name: str, on: bool) -> None:
        toggles = self.session.toggles
        toggles[name] = on
        if name == "binary":
            toggles["inbinary"] = toggles["outbinary"] = on
        if name in texts.TOGGLE_SAYS:
            await self._say(texts.TOGGLE_SAYS[name][not on])
        else:
            await self._say(f"{'Will' if on else self._negative().capitalize()} {texts.TOGGLE_STATES[name]}.")

    # --- commands with subcommands

    async def _subcommand(self, words: list[str]) -> str | None:
        """The subcommand meant, None after a message or the help."""
        command = abbreviated(words[0], texts.COMMANDS) or words[0]
        if len(words) < 2:
            await self._say(f"Need an argument to '{command}' command.  '{command} ?' for help.")
            return None
        table = texts.SUBCOMMANDS[command]
        if words[1] in ("?", "help"):
            for name, text in {**table, "?": "Print help information"}.items():
                await self._say(f"{name:<15} {text}")
            if command == "slc":
                await self._say("Special characters are local values")
            return None
        name_or_none = abbreviated(words[1], table)
        if not name_or_none:
            await self._say(await self._unknown(name_or_none, words[1], command))
            return None
        return name_or_none

    async def _do_slc(self, words: list[str]) -> bool:
        if await self._subcommand(words) is None:
            return False
        await self._say("Special characters are local values")
        return True

    async def _do_auth(self, words: list[str]) -> bool:
        if await self._subcommand(words) == "status":
            await self._say("Authentication enabled\nKERBEROS_V5: enabled")
            return True
        return False

    async def _do_encrypt(self, words: list[str]) -> bool:
        return await self._subcommand(words) is not None

    async def _do_environ(self, words: list[str]) -> bool:
        name = await self._subcommand(words)
        if name is None:
            return False
        needed = {"list": 0, "define": 2}.get(name, 1)
        if len(words) - 2 != needed:
            more = "Need" if len(words) - 2 < needed else "Need only"
            await self._say(f"{more} {needed} argument{'' if needed == 1 else 's'} to 'environ {name}' command.  'environ ?' for help.")
            return False
        env = self.sys.env
        if name == "define":
            env[words[2]] = words[3]
        elif name == "undefine":
            env.pop(words[2], None)
        elif name == "list":
            for key, value in reversed(list(env.items())):
                await self._say(f"  {key:<20} {value}")
        return True
