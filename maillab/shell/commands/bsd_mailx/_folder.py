"""Opening a mailbox and writing it back: the counts at the start, mbox, held mail, new mail that came meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.bsd_mailx._messages import (
    DELETED,
    MBOX,
    MODIFIED,
    NEW,
    PRESERVE,
    READ,
    SAVED,
    STATUS,
    TOUCHED,
    Message,
    parse,
)
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.shell.commands.bsd_mailx._session import Session

LOCK_TRIES = 15


class Folder:
    """The mailbox being read. `edit`: a file given with -f, rewritten in place, and not a user's incoming mail."""

    def __init__(self, session: Session, path: str, edit: bool):
        self.session = session
        self.sys = session.sys
        self.path = path
        self.edit = edit
        self.size = 0
        self.readonly = False

    def load(self) -> list[Message]:
        """Its messages. Raises SysError; ENOENT also for an empty mailbox of incoming mail."""
        if self.sys.stat(self.path).kind == "d":
            raise SysError("EISDIR", self.path)
        data = self.sys.slurp(self.path)
        if not data and not self.edit:
            raise SysError("ENOENT", self.path)
        self.size = len(data)
        self.readonly = not self.sys.access(self.path, "w")
        return parse(data)

    def arrived(self) -> bytes:
        """Mail delivered since it was read."""
        try:
            return self.sys.slurp(self.path)[self.size :]
        except SysError:
            return b""

    def info(self, messages: list[Message]) -> str:
        """`"/var/mail/root": 3 messages 1 new 2 unread`."""
        new = sum(bool(message.flags & NEW) for message in messages)
        unread = sum(not message.flags & READ for message in messages)
        deleted = sum(message.flags & (DELETED | SAVED) == DELETED for message in messages)
        saved = sum(message.flags & (DELETED | SAVED) == SAVED for message in messages)
        text = f'"{self.path}": {len(messages)} message{"" if len(messages) == 1 else "s"}'
        text += f" {new} new" if new else ""
        text += f" {unread} unread" if unread > new else ""
        text += f" {deleted} deleted" if deleted else ""
        text += f" {saved} saved" if saved else ""
        return text + (" [Read only]" if self.readonly else "")

    # --- leaving -------------------------------------------------------------------------------------------------------

    async def close(self) -> None:
        """What `quit` does: save what was read, keep the rest."""
        if self.readonly:
            return
        if self.edit:
            await self._rewrite()
            return
        lock = await self._lock()
        try:
            await self._sort_out()
        finally:
            if lock:
                self._unlock(lock)

    async def _lock(self) -> str:
        """A dot lock beside the mailbox; "" when the directory does not allow one."""
        name = f"{self.path}.lock"
        for _ in range(LOCK_TRIES):
            try:
                self.sys.spew(name, f"{self.sys.pid}\n".encode(), "x", 0o600)
                return name
            except SysError as error:
                if error.name != "EEXIST":
                    return ""
            await self.sys.sleep(1)
        return ""

    def _unlock(self, name: str) -> None:
        try:
            self.sys.unlink(name)
        except SysError:
            pass

    def _settle(self, messages: list[Message]) -> bool:
        """Decide the fate of each message; True when the mailbox must be rewritten."""
        variables = self.session.variables
        held = PRESERVE if "hold" in variables else MBOX
        decided = MBOX | DELETED | PRESERVE | (0 if "keepsave" in variables else SAVED)
        changed = False
        for message in messages:
            if message.flags & NEW:
                message.flags = (message.flags & ~NEW) | STATUS
            changed = changed or bool(message.flags & (STATUS | MODIFIED))
            if not message.flags & TOUCHED:
                message.flags |= PRESERVE
            if not message.flags & decided:
                message.flags |= held
        return changed

    async def _sort_out(self) -> None:
        messages, session = self.session.messages, self.session
        fresh = self.arrived()
        if fresh:
            await session.say("New mail has arrived.")
        changed = self._settle(messages)
        kept = [message for message in messages if message.flags & PRESERVE]
        moved = [message for message in messages if message.flags & MBOX]
        if len(kept) == len(messages) and not changed:
            await session.say(f"Held {_count(len(kept))} in {self.path}")
            return
        if moved and not await self._to_mbox(moved):
            return
        data = b"".join(message.shown() for message in kept)
        try:
            self.sys.spew(self.path, data + fresh)
        except SysError as error:
            await session.warn(self.path, error)
            return
        if kept:
            await session.say(f"Held {_count(len(kept))} in {self.path}")

    async def _to_mbox(self, messages: list[Message]) -> bool:
        """Put messages into the user's mbox, after (`append`) or before what is there."""
        session = self.session
        path = await session.expand("&")
        data = b"".join(message.shown(session.is_save_ignored) for message in messages)
        try:
            old = self.sys.slurp(path) if self.sys.exists(path) else b""
            self.sys.spew(path, old + data if "append" in session.variables else data + old, mode=0o600)
        except SysError as error:
            await session.warn(path, error)
            return False
        await session.say(f"Saved {_count(len(messages))} in {path}")
        return True

    async def _rewrite(self) -> None:
        """Write an edited file back without its deleted messages; an empty one is removed."""
        messages, session = self.session.messages, self.session
        for message in messages:
            if message.flags & NEW:
                message.flags = (message.flags & ~NEW) | STATUS
        if not any(message.flags & (MODIFIED | DELETED | STATUS) for message in messages):
            return
        fresh = self.arrived()
        data = b"".join(message.shown() for message in messages if not message.flags & DELETED) + fresh
        try:
            if data or "emptybox" in session.variables:
                self.sys.spew(self.path, data)
            else:
                self.sys.unlink(self.path)
        except SysError as error:
            await session.warn(self.path, error)
            return
        await session.say(f'"{self.path}" {"complete" if data else "removed"}')


def _count(number: int) -> str:
    return f"{number} message{'' if number == 1 else 's'}"
