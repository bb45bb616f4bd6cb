"""The tests and actions of find: each takes its arguments from the command line and is a condition on an entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from maillab.shell import modes
from maillab.shell import pattern as patterns
from maillab.shell.commands.findutils._show import Names, formatted, long_line
from maillab.shell.commands.findutils._tree import Condition, Entry, Walk, plain
from maillab.shell.locale import is_utf8
from maillab.shell.quotearg import quote
from maillab.sim.host import posix_regex
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.inode import Stat

DAY = 86400 * 1_000_000
MINUTE = 60 * 1_000_000
UNITS = {"b": 512, "c": 1, "w": 2, "k": 1024, "M": 1 << 20, "G": 1 << 30}
MOST_ARGUMENTS = 100_000
REGEX_TYPES = {
    "findutils-default": "grep", "ed": "bre", "emacs": "grep", "gnu-awk": "ere", "grep": "grep", "posix-awk": "ere",
    "awk": "ere", "posix-basic": "bre", "posix-egrep": "ere", "egrep": "ere", "posix-extended": "ere",
    "posix-minimal-basic": "bre", "sed": "bre",
}  # fmt: skip


class BadExpression(Exception):
    """What is wrong with the command line."""


class Predicates:
    """Makes conditions; `take` gives the next word of the command line or complains that it is missing."""

    def __init__(self, walk: Walk, take: Callable[[str], str]) -> None:
        self.walk = walk
        self.take = take
        self.names = Names(walk)
        self.regex_type = "findutils-default"
        self.now = walk.sys.clock()
        self.action = False

    def quoted(self, text: str) -> str:
        """A word as messages show it."""
        return quote(text, "locale", utf8=is_utf8(self.walk.sys.env))

    def make(self, name: str) -> Condition | None:
        """The condition of a predicate by its name without the dash; None when there is no such predicate."""
        maker = getattr(self, "p_" + name.replace("-", "_"), None) if name and name[0] != "_" else None
        if maker is not None:
            condition: Condition = maker(name)
            return condition
        if name in ("a" + letter for letter in ("min", "time", "newer")) or name in ("cmin", "ctime", "cnewer", "mmin", "mtime"):
            return self._time(name)
        if name == "newer" or (name.startswith("newer") and len(name) == 7):
            return self._newer(name)
        return None

    def number(self, name: str, text: str, *, what: str = "argument") -> Callable[[int], bool]:
        """N, +N or -N; raises BadExpression."""
        sign, digits = (text[0], text[1:]) if text[:1] in ("+", "-") else ("", text)
        if not digits.isdigit():
            raise BadExpression(f"invalid argument `{text}' to `-{name}'")
        wanted = int(digits)
        return {"+": lambda value: value > wanted, "-": lambda value: value < wanted, "": lambda value: value == wanted}[sign]

    # --- names

    def _glob(self, text: str, ignorecase: bool) -> Callable[[str], bool]:
        return patterns.compile(text, ignorecase=ignorecase).matches

    def p_name(self, name: str) -> Condition:
        """-name."""
        matches = self._glob(self.take(name), name[0] == "i")
        return plain(lambda entry: matches(entry.base))

    p_iname = p_name

    def p_path(self, name: str) -> Condition:
        """-path, -wholename."""
        matches = self._glob(self.take(name), name[0] == "i")
        return plain(lambda entry: matches(entry.path))

    p_ipath = p_wholename = p_iwholename = p_path

    def p_lname(self, name: str) -> Condition:
        """-lname."""
        matches = self._glob(self.take(name), name[0] == "i")
        return plain(lambda entry: entry.status.kind == "l" and matches(self.walk.sys.readlink(entry.path)))

    p_ilname = p_lname

    def p_regextype(self, name: str) -> Condition:
        """-regextype."""
        kind = self.take(name)
        if kind not in REGEX_TYPES:
            known = ", ".join(self.quoted(known) for known in REGEX_TYPES)
            raise BadExpression(f"Unknown regular expression type {self.quoted(kind)}; valid types are {known}.")
        self.regex_type = kind
        return plain(lambda entry: True)

    def p_regex(self, name: str) -> Condition:
        """-regex: the whole path."""
        text = self.take(name)
        try:
            program = posix_regex.compile(text, REGEX_TYPES[self.regex_type], name[0] == "i")
        except posix_regex.RegexError as error:
            raise BadExpression(f"failed to compile regular expression {self.quoted(text)}: {error}") from None
        return plain(lambda entry: program.fullmatch(entry.path) is not None)

    p_iregex = p_regex

    # --- what the status says

    def p_type(self, name: str) -> Condition:
        """-type, -xtype."""
        letters = self.take(name).split(",")
        for letter in letters:
            if len(letter) > 1:
                raise BadExpression(f"Must separate multiple arguments to -{name} using: ','")
            if letter not in tuple("bcdpfls"):
                raise BadExpression(f"Unknown argument to -{name}: {letter}")
        if name == "type":
            return plain(lambda entry: entry.kind in letters)
        return plain(lambda entry: self._pointed(entry) in letters)

    p_xtype = p_type

    def _pointed(self, entry: Entry) -> str:
        kind = self.walk.look(entry.path, follow=True).kind
        return "f" if kind == "-" else kind

    def p_size(self, name: str) -> Condition:
        """-size: in units of 512 bytes, or as the letter says, rounded up."""
        text = self.take(name)
        unit = UNITS.get(text[-1:], 0)
        digits = text[:-1] if unit else text
        if not digits.lstrip("+-").isdigit():
            bad_unit = text[-1:].isalpha() and not unit
            raise BadExpression(f"invalid -size type `{text[-1:]}'" if bad_unit else f"Invalid argument `{text}' to -size")
        unit = unit or 512
        fits = self.number(name, digits)
        return plain(lambda entry: fits(-(-entry.status.size // unit)))

    def p_empty(self, name: str) -> Condition:
        """-empty: a file without bytes, a directory without names."""

        def empty(entry: Entry) -> bool:
            if entry.kind == "d":
                try:
                    return not self.walk.sys.listdir(entry.path)
                except SysError:
                    return False
            return entry.kind == "f" and entry.status.size == 0

        return plain(empty)

    def _count(self, name: str, value: Callable[[Stat], int]) -> Condition:
        fits = self.number(name, self.take(name))
        return plain(lambda entry: fits(value(entry.status)))

    def p_links(self, name: str) -> Condition:
        """-links."""
        return self._count(name, lambda status: status.nlink)

    def p_inum(self, name: str) -> Condition:
        """-inum."""
        return self._count(name, lambda status: status.ino)

    def p_uid(self, name: str) -> Condition:
        """-uid."""
        return self._count(name, lambda status: status.uid)

    def p_gid(self, name: str) -> Condition:
        """-gid."""
        return self._count(name, lambda status: status.gid)

    def _owner(self, name: str, database: str, value: Callable[[Stat], int]) -> Condition:
        text = self.take(name)
        number = self.names.number(database, text)
        if number is None:
            if not text.isdigit():
                kind = "user" if database == "passwd" else "group"
                known = f"is not the name of {'a known' if kind == 'user' else 'an existing'} {kind}"
                raise BadExpression(f"{self.quoted(text)} {known}")
            number = int(text)
        return plain(lambda entry: value(entry.status) == number)

    def p_user(self, name: str) -> Condition:
        """-user."""
        return self._owner(name, "passwd", lambda status: status.uid)

    def p_group(self, name: str) -> Condition:
        """-group."""
        return self._owner(name, "group", lambda status: status.gid)

    def p_nouser(self, name: str) -> Condition:
        """-nouser."""
        return plain(lambda entry: self.names.name("passwd", entry.status.uid) == str(entry.status.uid))

    def p_nogroup(self, name: str) -> Condition:
        """-nogroup."""
        return plain(lambda entry: self.names.name("group", entry.status.gid) == str(entry.status.gid))

    def p_perm(self, name: str) -> Condition:
        """-perm MODE, -MODE (all of these bits) or /MODE (any of them)."""
        text = self.take(name)
        how, spelled = (text[0], text[1:]) if text[:1] in ("-", "/") else ("", text)
        change = modes.parse_mode(spelled) if spelled else None
        if change is None:
            raise BadExpression(f"invalid mode {self.quoted(text)}")
        wanted = change(0, False, 0)
        if how == "-":
            return plain(lambda entry: entry.status.mode & wanted == wanted)
        if how == "/":
            return plain(lambda entry: not wanted or entry.status.mode & wanted != 0)
        return plain(lambda entry: entry.status.mode & 0o7777 == wanted)

    def _access(self, letter: str) -> Condition:
        return plain(lambda entry: self.walk.sys.access(entry.path, letter))

    def p_readable(self, name: str) -> Condition:
        """-readable."""
        return self._access("r")

    def p_writable(self, name: str) -> Condition:
        """-writable."""
        return self._access("w")

    def p_executable(self, name: str) -> Condition:
        """-executable."""
        return self._access("x")

    def _time(self, name: str) -> Condition:
        """-amin -atime -anewer and the same for c and m."""
        attribute = {"a": "atime", "c": "ctime", "m": "mtime"}[name[0]]
        if name.endswith("newer"):
            return self._younger(attribute, self._reference(self.take(name), "mtime"))
        fits = self.number(name, self.take(name))
        unit = DAY if name.endswith("time") else MINUTE
        if unit == DAY:
            return plain(lambda entry: fits((self.now - getattr(entry.status, attribute)) // DAY))
        return plain(lambda entry: fits(-(-(self.now - getattr(entry.status, attribute)) // MINUTE)))

    def _reference(self, path: str, attribute: str) -> int:
        try:
            value: int = getattr(self.walk.look(path, follow=True), attribute)
        except SysError as error:
            raise BadExpression(f"{self.quoted(path)}: {error.strerror}") from None
        return value

    def _younger(self, attribute: str, reference: int) -> Condition:
        return plain(lambda entry: getattr(entry.status, attribute) > reference)

    def _newer(self, name: str) -> Condition:
        """-newer FILE, -newerXY FILE (Y=t, a date, is not simulated)."""
        letters = {"a": "atime", "c": "ctime", "m": "mtime"}
        x, y = (name[5], name[6]) if len(name) == 7 else ("m", "m")
        if x not in letters or y not in letters:
            raise BadExpression(f"-{name} is not simulated")
        return self._younger(letters[x], self._reference(self.take(name), letters[y]))

    def p_samefile(self, name: str) -> Condition:
        """-samefile."""
        wanted = self._reference(self.take(name), "ino")
        return plain(lambda entry: entry.status.ino == wanted)

    def p_true(self, name: str) -> Condition:
        """-true."""
        return plain(lambda entry: True)

    def p_false(self, name: str) -> Condition:
        """-false."""
        return plain(lambda entry: False)

    # --- actions

    def p_print(self, name: str) -> Condition:
        """-print and -print0."""
        self.action = True
        end = "\0" if name == "print0" else "\n"

        async def act(entry: Entry) -> bool:
            await self.walk.sys.stdout.write(entry.path + end)
            return True

        return act

    p_print0 = p_print

    def p_printf(self, name: str) -> Condition:
        """-printf."""
        self.action = True
        form = self.take(name)

        async def act(entry: Entry) -> bool:
            await self.walk.sys.stdout.write(formatted(self.walk, self.names, form, entry))
            return True

        return act

    def p_ls(self, name: str) -> Condition:
        """-ls."""
        self.action = True

        async def act(entry: Entry) -> bool:
            await self.walk.sys.stdout.write(long_line(self.walk, self.names, entry))
            return True

        return act

    def p_prune(self, name: str) -> Condition:
        """-prune."""

        def act(entry: Entry) -> bool:
            self.walk.pruned = True
            return True

        return plain(act)

    def p_quit(self, name: str) -> Condition:
        """-quit."""
        self.action = True

        def act(entry: Entry) -> bool:
            self.walk.quitting = True
            return True

        return plain(act)

    def p_delete(self, name: str) -> Condition:
        """-delete: children first."""
        self.action = True
        self.walk.depth_first = True

        async def act(entry: Entry) -> bool:
            if entry.path == ".":
                return True
            try:
                if entry.kind == "d":
                    self.walk.sys.rmdir(entry.path)
                else:
                    self.walk.sys.unlink(entry.path)
            except SysError as error:
                await self.walk.complain(f"cannot delete {self.quoted(entry.path)}: {error.strerror}")
                return False
            return True

        return act
