"""Options of a command line, read as getopt(3) and getopt_long(3) of glibc read them.

One mechanism for every command of the simulated world. A program states its options once, at module level::

    OPTIONS = gnu("-a,--all  -n,--lines=  --color=?  -I,--ignore=")     # GNU style: long names, operands may come first
    OPTIONS = posix("ab:c")                                             # a getopt(3) string: letters only, options come first

and reads them in `main`::

    given = await OPTIONS.read(sys, argv, help=HELP, version=VERSION, status=2)
    if given.has("all"): ...
    lines = given.last("lines", "10")
    for found in given.found: ...            # in the order typed: found.name, found.value, found.spelled
    given.operands                           # what is not an option

How an option is written in `gnu(...)` (entries separated by blanks, in the order of the real program's table, which
shows in the message about ambiguous abbreviations):

    -a            a letter                      -a,--all         a letter and its long name(s): -a,--all,--everything
    -n=           with an argument              -n,--lines=      both with an argument
    --color=?     with an optional argument (``--color`` or ``--color=x``, for letters ``-c`` or ``-cx``)

The *name* under which an option is found is its first long name without dashes, or the letter when it has none.
`--help` and `--version` are added last to every `gnu(...)` table (`standard=False` leaves them out).

`read` prints what the real program prints and ends the process: the error on stderr followed by `hint` (by default
``Try 'ls --help' for more information.``) with `status`; the help or version text on stdout with status 0. Programs with a usage
text of their own pass it as `hint` (a text, or "" for nothing), programs that react otherwise (log a fatal error, say) call
`parse`, which raises `UsageError` whose text is the sentence after ``PROGRAM: ``.

`choice` matches the argument of an option against a list of words as GNU's argmatch does; `fail` ends a program with a message
in the GNU way.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn, TypeVar

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

T = TypeVar("T")

TRY_HELP = "Try '{prog} --help' for more information.\n"
"""The hint of the GNU programs; `{prog}` stands for argv[0]."""


class UsageError(Exception):
    """A command line that the program does not understand; `str()` is the sentence without the program's name."""


@dataclass(frozen=True)
class Option:
    """One entry of a program's table. `argument`: "" none, "=" required, "?" optional."""

    name: str
    letters: str = ""
    longs: tuple[str, ...] = ()
    argument: str = ""


@dataclass(frozen=True)
class Found:
    """One option as it was typed: `value` is None without argument, `spelled` is how it was written (``-n`` or ``--lines``)."""

    name: str
    value: str | None
    spelled: str


@dataclass
class Given:
    """What a command line said: the options found, in their order, and the operands."""

    found: list[Found] = field(default_factory=list)
    operands: list[str] = field(default_factory=list)

    def has(self, *names: str) -> bool:
        """Was one of these options given?"""
        return any(found.name in names for found in self.found)

    def last(self, name: str, default: str | None = None) -> str | None:
        """The argument of the last such option, `default` when there is none."""
        return next((found.value for found in reversed(self.found) if found.name == name), default)

    def values(self, name: str) -> list[str]:
        """The arguments of all such options, in their order."""
        return [found.value for found in self.found if found.name == name and found.value is not None]

    def count(self, name: str) -> int:
        """How many times the option was given."""
        return sum(found.name == name for found in self.found)

    def latest(self, *names: str) -> str | None:
        """Which of these options came last: the way to read options that override one another."""
        return next((found.name for found in reversed(self.found) if found.name in names), None)


class Options:
    """The table of a program's options and the way its command line is read.

    `permute`: options may follow operands (getopt_long of GNU); otherwise the first operand ends the options (POSIX).
    `long_only`: long options may be written with one dash (getopt_long_only).
    """

    def __init__(self, table: Sequence[Option], *, permute: bool = True, long_only: bool = False) -> None:
        self.table = tuple(table)
        self.permute = permute
        self.long_only = long_only
        self._letters = {letter: option for option in table for letter in option.letters}
        self._longs = [(long, option) for option in table for long in option.longs]

    # -- reading -----------------------------------------------------------------------------------------------------

    def scan(self, argv: Sequence[str], operands: list[str], *, posix: bool = False) -> Iterator[Found]:
        """Yield the options of `argv[1:]` one by one and collect the operands; raises UsageError at the first mistake.

        `posix` is the effect of POSIXLY_CORRECT in the environment: no permutation.
        """
        words = list(argv[1:])
        at = 0
        while at < len(words):
            word = words[at]
            at += 1
            if word == "--":
                break
            if len(word) < 2 or word[0] != "-":
                operands.append(word)
                if posix or not self.permute:
                    break
                continue
            rest = words[at:]
            if self._is_long(word):
                found, taken = self._long(word, rest)
                yield found
            else:
                taken = yield from self._cluster(word, rest)
            at += taken
        operands.extend(words[at:])

    def parse(self, argv: Sequence[str], *, posix: bool = False) -> Given:
        """Read a whole command line; raises UsageError."""
        given = Given()
        given.found.extend(self.scan(argv, given.operands, posix=posix))
        return given

    async def read(
        self, sys: Process, argv: Sequence[str], *, help: str = "", version: str = "", status: int = 1, hint: str = TRY_HELP
    ) -> Given:
        """Read a whole command line; answers ``--help`` and ``--version``, prints errors, and then ends the process.

        `{prog}` in `help` and `hint` is replaced by argv[0]; `status` is the exit status after an error.
        """
        given = Given()
        try:
            for found in self.scan(argv, given.operands, posix="POSIXLY_CORRECT" in sys.env):
                if found.name in ("help", "version") and (text := help if found.name == "help" else version):
                    await sys.stdout.write(text.replace("{prog}", argv[0]))
                    await sys.stdout.flush()
                    sys.exit(0)
                given.found.append(found)
        except UsageError as error:
            await sys.stdout.flush()
            await sys.stderr.write(f"{argv[0]}: {error}\n{hint.replace('{prog}', argv[0])}")
            sys.exit(status)
        return given

    # -- the two spellings -------------------------------------------------------------------------------------------

    def _is_long(self, word: str) -> bool:
        if not self._longs:
            return False
        if word.startswith("--"):
            return True
        return self.long_only and (len(word) > 2 or word[1] not in self._letters)

    def _cluster(self, word: str, rest: Sequence[str]) -> Generator[Found, None, int]:
        """The letters of one word (``-abn5``); returns how many of the following words were taken as arguments."""
        for i, letter in enumerate(word[1:], 1):
            option = self._letters.get(letter)
            if option is None:
                raise UsageError(f"invalid option -- '{letter}'")
            if not option.argument:
                yield Found(option.name, None, f"-{letter}")
                continue
            attached = word[i + 1 :]
            if attached or option.argument == "?":
                yield Found(option.name, attached or None, f"-{letter}")
                return 0
            if not rest:
                raise UsageError(f"option requires an argument -- '{letter}'")
            yield Found(option.name, rest[0], f"-{letter}")
            return 1
        return 0

    def _long(self, word: str, rest: Sequence[str]) -> tuple[Found, int]:
        """One long option, perhaps abbreviated; returns it and how many of the following words were taken."""
        dashes = "--" if word.startswith("--") else "-"
        typed, equals, value = word[len(dashes) :].partition("=")
        long, option = self._match(typed, shown=word)
        spelled = f"{dashes}{long}"
        if equals:
            if not option.argument:
                raise UsageError(f"option '{spelled}' doesn't allow an argument")
            return Found(option.name, value, spelled), 0
        if option.argument != "=":
            return Found(option.name, None, spelled), 0
        if not rest:
            raise UsageError(f"option '{spelled}' requires an argument")
        return Found(option.name, rest[0], spelled), 1

    def _match(self, typed: str, shown: str) -> tuple[str, Option]:
        """The long option of this name or unambiguous abbreviation (two names of one option are not ambiguous)."""
        dashes = "--" if shown.startswith("--") else "-"
        candidates = [(long, option) for long, option in self._longs if long.startswith(typed)]
        for long, option in candidates:
            if long == typed:
                return long, option
        if not candidates:
            raise UsageError(f"unrecognized option '{shown}'")
        first = candidates[0]
        others = [long for long, option in candidates[1:] if option is not first[1]]
        if others:
            possibilities = " ".join(f"'{dashes}{long}'" for long in [first[0], *others])
            raise UsageError(f"option '{shown}' is ambiguous; possibilities: {possibilities}")
        return first


def gnu(spec: str, *, permute: bool = True, standard: bool = True, long_only: bool = False) -> Options:
    """The table of a program that uses getopt_long(3), in the notation of this module's docstring."""
    table = [_entry(text) for text in spec.split()]
    if standard:
        table += [Option("help", longs=("help",)), Option("version", longs=("version",))]
    return Options(table, permute=permute, long_only=long_only)


def posix(letters: str, *, permute: bool = False) -> Options:
    """The table of a program that uses getopt(3): `letters` is its option string (``ab:c``, ``d::`` optional argument).

    The first operand ends the options, as for programs that put `+` before their option string (Postfix) or that are not built
    on glibc; glibc's own getopt() permutes where a program leaves it so: `permute=True` (bsd-mailx, util-linux).
    """
    table: list[Option] = []
    for letter in letters:
        if letter == ":":
            last = table[-1]
            table[-1] = Option(last.name, last.letters, (), "?" if last.argument else "=")
        else:
            table.append(Option(letter, letter))
    return Options(table, permute=permute)


def _entry(text: str) -> Option:
    """One entry of a `gnu` table: ``-n,--lines=``."""
    argument = ""
    for ending, kind in (("=?", "?"), ("=", "=")):
        if text.endswith(ending):
            text, argument = text[: -len(ending)], kind
            break
    names = text.split(",")
    longs = tuple(name[2:] for name in names if name.startswith("--"))
    letters = "".join(name[1] for name in names if not name.startswith("--"))
    return Option(longs[0] if longs else letters[0], letters, longs, argument)


def choice(value: str, option: str, words: Mapping[str, T]) -> T:
    """The meaning of an option's argument given as one of `words` or an unambiguous abbreviation (GNU's argmatch).

    `option` is the name shown in the message (``--color``). Words that mean the same are shown on one line. Raises UsageError.
    """
    if value in words:
        return words[value]
    meanings: list[T] = []
    for word, meaning in words.items():
        if word.startswith(value) and meaning not in meanings:
            meanings.append(meaning)
    if len(meanings) == 1:
        return meanings[0]
    problem = "ambiguous" if meanings else "invalid"
    lines: list[str] = []
    previous: list[T] = []
    for word, meaning in words.items():
        if previous and previous[-1] == meaning:
            lines[-1] += f", '{word}'"
        else:
            lines.append(f"  - '{word}'")
        previous.append(meaning)
    listed = "\n".join(lines)
    raise UsageError(f"{problem} argument '{value}' for '{option}'\nValid arguments are:\n{listed}")


async def fail(sys: Process, argv: Sequence[str], message: str, *, status: int = 1, hint: str = "") -> NoReturn:
    """Flush stdout, print ``PROGRAM: message`` and `hint` (`TRY_HELP`, say) on stderr, and end the process with `status`."""
    await sys.stdout.flush()
    await sys.stderr.write(f"{argv[0]}: {message}\n{hint.replace('{prog}', argv[0])}")
    sys.exit(status)
