"""A run of mail: variables, aliases, the open mailbox, and the loop that reads commands."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from maillab.shell.commands.bsd_mailx._collect import Aborted, Collector
from maillab.shell.commands.bsd_mailx._folder import Folder
from maillab.shell.commands.bsd_mailx._letter import Letter, send
from maillab.shell.commands.bsd_mailx._messages import DELETED, MBOX, NEW, PRESERVE, READ, SAVED, Message
from maillab.shell.commands.bsd_mailx._selection import BadSelection, select
from maillab.sim.host.accounts import getpwuid
from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import SIGINT
from maillab.sim.host.stdio import decode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

SYSTEM_FILE = "/etc/mail.rc"
DEFAULT_ROWS, DEFAULT_COLUMNS = 24, 80
_PREFIX_WIDTH = 53


class Leave(Exception):
    """`quit` (save=True) or `exit`."""

    def __init__(self, save: bool):
        super().__init__()
        self.save = save


class Session:
    """Everything a run of mail remembers."""

    def __init__(self, sys: Process, name: str):
        self.sys = sys
        self.name = name
        account = getpwuid(sys, sys.uid)
        self.user = account.name if account else str(sys.uid)
        self.home = sys.env.get("HOME") or (account.home if account else "/")
        self.interactive = False
        self.variables: dict[str, str] = {"save": ""}
        for variable in ("PAGER", "LISTER", "EDITOR", "VISUAL", "SHELL", "MBOX", "REPLYTO", "DEAD"):
            if sys.env.get(variable):
                self.variables[variable] = sys.env[variable]
        self.aliases: dict[str, list[str]] = {}
        self.alternates: list[str] = []
        self.ignored: list[str] = []
        self.retained: list[str] = []
        self.save_ignored: list[str] = []
        self.save_retained: list[str] = []
        self.folder: Folder | None = None
        self.previous = ""
        self.messages: list[Message] = []
        self.dot = 1
        self.started = False  # a command was given: `next` goes on instead of beginning
        self.status = 0
        self.skip: list[bool] = []  # of if/else in startup files: is this part left out?
        self.sending = False
        self.depth = 0

    # --- saying things ---------------------------------------------------------------------------------------------------

    async def out(self, data: str | bytes) -> None:
        """Print text as it is."""
        await self.sys.stdout.write(data)
        await self.sys.stdout.flush()

    async def say(self, line: str) -> None:
        """Print a line."""
        await self.out(line + "\n")

    async def warn(self, name: str, error: SysError) -> None:
        """`mail: name: No such file or directory` on stderr."""
        await self.warn_text(f"{name}: {error.strerror}")

    async def warn_text(self, text: str) -> None:
        """`mail: text` on stderr."""
        await self.sys.stdout.flush()
        await self.sys.stderr.write(f"{self.name}: {text}\n")
        self.status = 1

    # --- names of files --------------------------------------------------------------------------------------------------

    def mailbox(self, user: str | None = None) -> str:
        """The incoming mail of a user (None: ours, which $MAIL may name)."""
        if user is None and self.sys.env.get("MAIL"):
            return self.sys.env["MAIL"]
        return f"/var/mail/{user or self.user}"

    def dead_letter(self) -> str:
        """Where given up letters go."""
        return self.variables.get("DEAD") or f"{self.home}/dead.letter"

    async def expand(self, name: str) -> str:
        """A file name with `%`, `%user`, `&`, `#`, `+folder`, `~` and what the shell expands."""
        if name == "%":
            return self.mailbox()
        if name.startswith("%"):
            return self.mailbox(name[1:])
        if name == "&":
            return await self.expand(self.variables.get("MBOX") or f"{self.home}/mbox")
        if name == "#":
            return self.previous
        if name.startswith("+"):
            return f"{self._folder_directory()}/{name[1:]}"
        if name == "~" or name.startswith("~/"):
            return self.home + name[1:]
        if any(char in name for char in "~{[*?$`'\"\\"):
            data, _ = await self.through(f"echo {name}", b"")
            return decode(data).strip() or name
        return name

    def _folder_directory(self) -> str:
        folder = self.variables.get("folder", "")
        return folder if folder.startswith("/") else f"{self.home}/{folder}"

    # --- startup files and commands ----------------------------------------------------------------------------------------

    async def load_startup_files(self, system: bool, sending: bool) -> None:
        """/etc/mail.rc, then ~/.mailrc ($MAILRC)."""
        self.sending = sending
        own = self.sys.env.get("MAILRC") or f"{self.home}/.mailrc"
        for path in ([SYSTEM_FILE] if system else []) + [own]:
            try:
                data = self.sys.slurp(path)
            except SysError:
                continue
            await self.source(decode(data))

    async def source(self, text: str) -> None:
        """Run the commands of a file."""
        self.depth += 1
        for line in text.replace("\\\n", " ").split("\n"):
            if line.strip():
                await self.execute(line)
        self.skip.clear()
        self.depth -= 1

    async def execute(self, line: str, composing: bool = False) -> None:
        """Run one command line."""
        from maillab.shell.commands.bsd_mailx._commands import execute

        await execute(self, line, composing)

    # --- the mailbox -----------------------------------------------------------------------------------------------------

    async def open(self, path: str, edit: bool, owner: str) -> bool:
        """Read a mailbox; says why not and returns False."""
        folder = Folder(self, path, edit)
        try:
            messages = folder.load()
        except SysError as error:
            if error.name == "ENOENT" and not edit:
                await self.sys.stdout.flush()
                await self.sys.stderr.write(f"No mail for {owner}\n")
            else:
                await self.warn(path, error)
            return False
        if self.folder is not None:
            await self.folder.close()
            self.previous = self.folder.path
        self.folder, self.messages, self.dot, self.started = folder, messages, 1, False
        return True

    async def announce(self) -> None:
        """The counts and the first page of headers; the first new (else unread) message is the current one."""
        assert self.folder is not None
        await self.say(self.folder.info(self.messages))
        fresh = next((i for i, message in enumerate(self.messages, 1) if message.flags & NEW), None)
        unread = next((i for i, message in enumerate(self.messages, 1) if not message.flags & READ), None)
        self.dot = fresh or unread or 1
        if self.messages and "noheader" not in self.variables:
            await self.headers(self.dot)

    def is_ignored(self, field: str) -> bool:
        """Is a header field left out when a message is printed?"""
        return field not in self.retained if self.retained else field in self.ignored

    def is_save_ignored(self, field: str) -> bool:
        """Is a header field left out when a message is saved?"""
        return field not in self.save_retained if self.save_retained else field in self.save_ignored

    def size(self) -> tuple[int, int]:
        """Rows and columns of the terminal (24 and 80 without one)."""
        if not self.sys.isatty(1):
            return DEFAULT_ROWS, DEFAULT_COLUMNS
        rows, columns = self.sys.winsize(1)
        return rows or DEFAULT_ROWS, columns or DEFAULT_COLUMNS

    def page(self) -> int:
        """How many headers are shown at a time."""
        screen = self.variables.get("screen", "")
        return int(screen) if screen.isdigit() and int(screen) else self.size()[0] - 4

    async def headers(self, number: int, screen: int | None = None) -> bool:
        """The page of headers that holds a message; False when there is none to show."""
        size = self.page()
        first = ((number - 1) // size if screen is None else screen) * size
        first = max(0, min(first, len(self.messages) - 1))
        if self.dot != number:
            self.dot = first + 1
        shown = 0
        for at in range(first, len(self.messages)):
            if self.messages[at].flags & DELETED:
                continue
            if shown >= size:
                break
            shown += 1
            await self.say(self.headline(at + 1))
        if not shown:
            await self.say("No more mail.")
        return shown > 0

    def headline(self, number: int) -> str:
        """The line of one message in a list of headers."""
        message = self.messages[number - 1]
        flags = message.flags
        state = " "
        if flags & SAVED:
            state = "*"
        elif flags & PRESERVE:
            state = "P"
        elif flags & (READ | NEW) == NEW:
            state = "N"
        elif not flags & (READ | NEW):
            state = "U"
        if flags & MBOX:
            state = "M"
        current = ">" if number == self.dot else " "
        who = message.header("to") or "" if "show-rcpt" in self.variables else message.sender()
        count = f"{message.lines:4d}/{len(message.data):<5d}"
        prefix = f"{current}{state}{number:3d} {who:17.17}  {message.envelope()[1]:16.16} {count} "
        subject = message.header("subject") or ""
        return prefix + subject[: max(0, self.size()[1] - max(_PREFIX_WIDTH, len(prefix)))]

    async def selection(self, text: str, wanted: int = 0) -> list[int] | None:
        """The messages a list means; None after saying why it means none."""
        try:
            return select(self, text, wanted)
        except BadSelection as problem:
            await self.say(str(problem))
            return None

    def default_message(self, wanted: int = 0) -> list[int]:
        """The current message, or the next (else the nearest before) one that a command can be about."""
        order = [*range(self.dot, len(self.messages) + 1), *range(self.dot - 1, 0, -1)]
        return next(([number] for number in order if self.messages[number - 1].flags & DELETED == wanted), [])

    # --- letters ---------------------------------------------------------------------------------------------------------

    async def write_letter(self, letter: Letter, show_head: bool) -> bool:
        """Have a letter written and send it; False when it was not sent."""
        if letter.reply_to is None:
            letter.reply_to = self.variables.get("REPLYTO")
        if self.interactive:
            self.sys.signal(SIGINT, lambda number: None, restart=False)
        collector = Collector(self, letter)
        try:
            body = await collector.collect(show_head)
        except Aborted as aborted:
            if aborted.said:
                await self.say(aborted.said)
            if aborted.keep and "nosave" not in self.variables and collector.text:
                await self.bury(bytes(collector.text))
            return True
        if not body:
            if "skipempty" in self.variables:
                return True
            await self.say("Null message body; hope that's ok" if letter.subject else "No message, no subject; hope that's ok")
        return await send(self, letter, body)

    async def bury(self, body: bytes) -> None:
        """Keep the text of an unsent letter in dead.letter."""
        try:
            self.sys.spew(self.dead_letter(), body, mode=0o600)
        except SysError as error:
            await self.warn(self.dead_letter(), error)

    # --- other programs ----------------------------------------------------------------------------------------------------

    async def shell(self, command: str) -> None:
        """Run a shell command on the terminal."""
        await self.sys.stdout.flush()
        path = self.variables.get("SHELL", "/bin/sh")
        argv = [path, "-c", command] if command else [path]
        try:
            pid = self.sys.spawn(path, argv)
        except SysError as error:
            await self.warn(path, error)
            return
        _, status = await self.sys.waitpid(pid)
        if status and status.shell and command:
            await self.say(f"Fatal error, process exited with code {status.shell}.")

    async def through(self, command: str, data: bytes) -> tuple[bytes, int]:
        """(what a shell command prints when it reads `data`, its exit status)."""
        source, sink = f"/tmp/mail.Ri{self.sys.pid}", f"/tmp/mail.Ro{self.sys.pid}"
        self.sys.spew(source, data, mode=0o600)
        self.sys.spew(sink, b"", mode=0o600)
        await self.sys.stdout.flush()
        path = self.variables.get("SHELL", "/bin/sh")
        fd_in, fd_out = self.sys.open(source), self.sys.open(sink, "r+")
        try:
            pid = self.sys.spawn(path, [path, "-c", command], fds={0: fd_in, 1: fd_out, 2: 2})
            _, status = await self.sys.waitpid(pid)
            return self.sys.slurp(sink), status.shell if status else 1
        except SysError as error:
            await self.warn(path, error)
            return b"", 1
        finally:
            for fd in (fd_in, fd_out):
                self.sys.close(fd)
            for name in (source, sink):
                self.sys.unlink(name)

    async def pager(self, data: bytes) -> None:
        """Show bytes through $PAGER."""
        name = f"/tmp/mail.Rp{self.sys.pid}"
        self.sys.spew(name, data, mode=0o600)
        fd = self.sys.open(name)
        self.sys.unlink(name)
        path = self.variables.get("SHELL", "/bin/sh")
        await self.sys.stdout.flush()
        try:
            pid = self.sys.spawn(path, [path, "-c", self.variables.get("PAGER") or "more"], fds={0: fd, 1: 1, 2: 2})
            await self.sys.waitpid(pid)
        except SysError as error:
            await self.warn(path, error)
        self.sys.close(fd)

    async def edit(self, data: bytes, variable: str) -> bytes | None:
        """Have bytes changed in an editor; None when it failed."""
        editor = self.variables.get(variable) or ("/usr/bin/ex" if variable == "EDITOR" else "/usr/bin/vi")
        name = f"/tmp/mail.Re{self.sys.pid}"
        self.sys.spew(name, data, mode=0o600)
        try:
            path = self.variables.get("SHELL", "/bin/sh")
            pid = self.sys.spawn(path, [path, "-c", f"{editor} {shlex.quote(name)}"])
            _, status = await self.sys.waitpid(pid)
            return self.sys.slurp(name) if status and not status.shell else None
        except SysError as error:
            await self.warn(editor, error)
            return None
        finally:
            self.sys.unlink(name)

    # --- the loop ------------------------------------------------------------------------------------------------------------

    async def run(self) -> int:
        """Read commands until quit, exit or the end of the input."""
        if self.interactive:
            self.sys.signal(SIGINT, lambda number: None, restart=False)
        try:
            while True:
                if self.interactive:
                    await self.out("& ")
                try:
                    line = await self.sys.stdin.readline()
                except SysError as error:
                    if error.name != "EINTR":
                        raise
                    await self.say("Interrupt")
                    continue
                if not line:
                    if self.interactive and "ignoreeof" in self.variables:
                        await self.say('Use "quit" to quit.')
                        continue
                    raise Leave(True)
                await self.execute(decode(line.removesuffix(b"\n")))
        except Leave as leave:
            if leave.save and self.folder is not None:
                await self.folder.close()
        return 0
