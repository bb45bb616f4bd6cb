"""chown and chgrp: OWNER:GROUP specifications, and changing files and trees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.commands.coreutils._names import join
from maillab.shell.options import Given, gnu
from maillab.sim.host.accounts import getgrgid, getgrnam, getpwnam, group_name, user_name
from maillab.sim.host.errno import SysError
from maillab.sim.host.inode import Stat

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

CHOWN = gnu(
    "-R,--recursive -c,--changes --dereference --from= -h,--no-dereference --no-preserve-root --preserve-root -f,--quiet,--silent "
    "--reference= -v,--verbose -H -L -P"
)
CHGRP = gnu(
    "-R,--recursive -c,--changes --dereference -h,--no-dereference --no-preserve-root --preserve-root -f,--quiet,--silent "
    "--reference= -v,--verbose -H -L -P"
)
KEEP = -1


@dataclass
class Owners:
    """The ids to give (KEEP: leave alone) and how messages name them (None: not given)."""

    uid: int = KEEP
    gid: int = KEEP
    user: str | None = None
    group: str | None = None


class OwnerError(ValueError):
    """A specification that means nobody; the text is the sentence."""


def parse_owners(sys: Process, text: str) -> tuple[Owners, str]:
    """The owners meant by `user`, `user:group`, `user:`, `:group`, `user.group`; with a warning ("" when none). Raises OwnerError."""
    try:
        return _parse(sys, text, ":"), ""
    except OwnerError:
        if ":" not in text and "." in text:
            try:
                return _parse(sys, text, "."), "'.' should be ':'"
            except OwnerError:
                pass
        raise


def _parse(sys: Process, text: str, separator: str) -> Owners:
    user, colon, group = text.partition(separator)
    owners = Owners()
    if user:
        found = None if user.startswith("+") else getpwnam(sys, user)
        number = user.removeprefix("+")
        if found:
            owners.uid, owners.user = found.uid, user
            if colon and not group:
                owners.gid = found.gid
                own_group = getgrgid(sys, found.gid)
                owners.group = own_group.name if own_group else str(found.gid)
        elif number.isdigit() and not (colon and not group):
            owners.uid, owners.user = int(number), user
        else:
            raise OwnerError("invalid spec" if number.isdigit() else "invalid user")
    else:
        owners.user = ""
    if group:
        owners.gid, owners.group = parse_group(sys, group)
    return owners


def parse_group(sys: Process, text: str) -> tuple[int, str]:
    """(gid, name as given) of a group operand. Raises OwnerError."""
    found = None if text.startswith("+") else getgrnam(sys, text)
    if found:
        return found.gid, text
    if text.removeprefix("+").isdigit():
        return int(text.removeprefix("+")), text
    raise OwnerError("invalid group")


async def run(sys: Process, argv: list[str], doc: str | None, authors: str, *, group_only: bool = False) -> int:
    """The whole program; `group_only` is chgrp."""
    command = Command(sys, argv, doc, authors)
    given = await command.read(CHGRP if group_only else CHOWN)
    recursion = given.latest("H", "L", "P") or "P"
    if given.has("recursive") and given.latest("dereference", "no-dereference") == "dereference" and recursion == "P":
        await command.die("-R --dereference requires either -H or -L")
    names = list(given.operands)
    reference = given.last("reference")
    await command.need_operand(names, 1 if reference is not None else 2)
    owners = await _owners(command, names, reference, group_only)
    required = Owners()
    if (text := given.last("from")) is not None:
        try:
            required, warning = parse_owners(sys, text)
        except OwnerError as error:
            await command.die(f"{error}: {command.q(text)}")
        if warning:
            await command.note(f"warning: {warning}: {command.q(text)}")
    changer = Changer(command, given, owners, required, group_only, recursion)
    for name in names:
        await changer.operand(name)
    return command.status


async def _owners(command: Command, names: list[str], reference: str | None, group_only: bool) -> Owners:
    """The owners of the reference file, or those that the first operand says."""
    sys = command.sys
    if reference is not None:
        try:
            stat = sys.stat(reference)
        except SysError as error:
            await command.die(f"failed to get attributes of {command.file(reference)}", error)
        group = group_name(sys, stat.gid)
        return Owners(KEEP if group_only else stat.uid, stat.gid, None if group_only else user_name(sys, stat.uid), group)
    text = names.pop(0)
    try:
        if group_only:
            gid, name = parse_group(sys, text) if text else (KEEP, "")
            return Owners(gid=gid, group=name)
        owners, warning = parse_owners(sys, text)
    except OwnerError as error:
        await command.die(f"{error}: {command.q(text)}")
    if warning:
        await command.note(f"warning: {warning}: {command.q(text)}")
    return owners


class Changer:
    """One run of chown or chgrp."""

    def __init__(self, command: Command, given: Given, owners: Owners, required: Owners, group_only: bool, recursion: str):
        self.command = command
        self.sys = command.sys
        self.owners = owners
        self.required = required
        self.group_only = group_only
        self.recursive = given.has("recursive")
        self.recursion = recursion
        self.follow = given.latest("dereference", "no-dereference") != "no-dereference" and not (self.recursive and recursion == "P")
        self.quiet = given.has("quiet")
        self.verbosity = given.latest("changes", "verbose") or ""
        self.protect_root = given.latest("preserve-root", "no-preserve-root") == "preserve-root"

    async def operand(self, name: str) -> None:
        """Change what the command line names."""
        if self.recursive and self.protect_root and name and not name.strip("/"):
            await self.command.complain(f"it is dangerous to operate recursively on {self.command.file(name)}")
            await self.command.complain("use --no-preserve-root to override this failsafe")
            return
        try:
            stat = self.sys.lstat(name)
        except SysError as error:
            await self._fail(f"cannot access {self.command.file(name)}", error)
            if self.verbosity == "verbose":
                await self._report(name, None, failed=True)
            return
        enters = stat.kind == "d" or (self.recursive and self.recursion in "HL" and self.sys.isdir(name))
        if self.recursive and enters:
            await self._descend(name)
        await self._change(name, stat)

    async def _fail(self, message: str, error: SysError) -> None:
        self.command.status = 1
        if not self.quiet:
            await self.command.complain(message, error)

    async def _descend(self, path: str) -> None:
        try:
            names = self.sys.listdir(path)
        except SysError as error:
            await self._fail(f"cannot read directory {self.command.file(path)}", error)
            return
        for name in names:
            below = join(path, name)
            stat = self.sys.lstat(below)
            if stat.kind == "d" or (self.recursion == "L" and self.sys.isdir(below)):
                await self._descend(below)
            await self._change(below, stat)

    async def _change(self, path: str, stat: Stat) -> None:
        follow = self.follow and stat.kind == "l"
        if follow:
            try:
                stat = self.sys.stat(path)
            except SysError as error:
                await self._fail(f"cannot dereference {self.command.file(path)}", error)
                return
        if self.required.uid not in (KEEP, stat.uid) or self.required.gid not in (KEEP, stat.gid):
            return
        try:
            self.sys.chown(path, self.owners.uid, self.owners.gid, follow=follow or stat.kind != "l")
        except SysError as error:
            what = "group" if self.group_only or not self.owners.user else "ownership"
            await self._fail(f"changing {what} of {self.command.file(path)}", error)
            await self._report(path, stat, failed=True)
            return
        await self._report(path, stat)

    async def _report(self, path: str, stat: Stat | None, failed: bool = False) -> None:
        """The sentence of -v and -c."""
        if not self.verbosity or stat is None:
            return
        owners = self.owners
        changed = owners.uid not in (KEEP, stat.uid) or owners.gid not in (KEEP, stat.gid)
        if self.verbosity == "changes" and (not changed or failed):
            return
        what = "group" if owners.user is None and owners.group is not None else "ownership"
        old = _pair(
            user_name(self.sys, stat.uid) if owners.user is not None else None,
            group_name(self.sys, stat.gid) if owners.group is not None else None,
        )
        new = _pair(owners.user, owners.group)
        shown = self.command.file(path)
        if not old and not new:
            await self.sys.stdout.print(f"ownership of {shown} retained")
        elif failed:
            await self.sys.stdout.print(f"failed to change {what} of {shown} from {old} to {new}")
        elif not changed:
            await self.sys.stdout.print(f"{what} of {shown} retained as {old}")
        else:
            await self.sys.stdout.print(f"changed {what} of {shown} from {old} to {new}")


def _pair(user: str | None, group: str | None) -> str:
    """`user:group`, `user` or `group`, whatever was asked for."""
    if user is not None and group is not None:
        return f"{user}:{group}"
    return user or group or ""
