"""find - search for files in a directory hierarchy

SYNOPSIS
    find [-H] [-L] [-P] [starting-point...] [expression]

DESCRIPTION
    GNU find 4.9: -name -iname -path -ipath -lname -regex -type -xtype -size -empty -links -inum -uid -gid -user -group -nouser -nogroup
    -perm -readable -writable -executable -[acm]min -[acm]time -newer -anewer -cnewer -newerXY -samefile -true -false; the actions -print
    -print0 -printf -ls -prune -quit -delete -exec -execdir (as -exec) -ok; -maxdepth -mindepth -depth -xdev -follow;
    ( ) ! -not -a -o and the comma. Names come in the order of the directory.

BUGS
    -newerXt (a date), -fprint and its kin, -context and -fstype are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.findutils._exec import Execute
from maillab.shell.commands.findutils._find_help import HELP, VERSION
from maillab.shell.commands.findutils._predicates import BadExpression, Predicates
from maillab.shell.commands.findutils._tree import Condition, Entry, Walk, both, comma, either, negated, plain
from maillab.shell.options import fail
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"findutils": "/usr/bin/find"}

OPERATORS = {"-a", "-and", "-o", "-or", ",", ")"}
GLOBAL_OPTIONS = {"-maxdepth", "-mindepth", "-depth", "-d", "-xdev", "-mount", "-follow", "-noleaf", "-ignore_readdir_race",
                  "-noignore_readdir_race", "-warn", "-nowarn", "-daystart"}  # fmt: skip


class Parser:
    """The expression of the command line."""

    def __init__(self, walk: Walk, words: list[str]) -> None:
        self.walk = walk
        self.words = words
        self.at = 0
        self.current = ""
        self.predicates = Predicates(walk, self.argument)
        self.tested = ""
        self.warnings: list[str] = []

    def argument(self, name: str) -> str:
        """The argument of the predicate at hand."""
        if self.at >= len(self.words):
            raise BadExpression(f"missing argument to `-{name}'")
        self.at += 1
        return self.words[self.at - 1]

    def peek(self) -> str:
        """The next word, "" at the end."""
        return self.words[self.at] if self.at < len(self.words) else ""

    def whole(self) -> Condition:
        """The whole expression; without an action, -print is added."""
        if not self.words:
            return self.predicates.p_print("print")
        if self.peek() in ("-o", "-or", "-a", "-and", ","):
            raise BadExpression(f"invalid expression; you have used a binary operator '{self.peek()}' with nothing before it.")
        condition = self.listed()
        if self.at < len(self.words):
            if self.peek() == ")":
                raise BadExpression("you have too many ')'")
            raise BadExpression(f"paths must precede expression: `{self.peek()}'")
        return condition if self.predicates.action else both(condition, self.predicates.p_print("print"))

    def listed(self) -> Condition:
        """expression , expression."""
        left = self.alternative()
        while self.peek() == ",":
            self.at += 1
            left = comma(left, self.alternative())
        return left

    def alternative(self) -> Condition:
        """expression -o expression."""
        left = self.sequence()
        while self.peek() in ("-o", "-or"):
            left = either(left, self._after_operator(self.sequence))
        return left

    def sequence(self) -> Condition:
        """expression -a expression, the -a mostly left out."""
        left = self.single()
        while self.at < len(self.words):
            if self.peek() in ("-a", "-and"):
                left = both(left, self._after_operator(self.single))
            elif self.peek() in OPERATORS:
                break
            else:
                left = both(left, self.single())
        return left

    def _after_operator(self, rest: object) -> Condition:
        operator = self.peek()
        self.at += 1
        if self.at >= len(self.words) or self.peek() in OPERATORS:
            raise BadExpression(f"expected an expression after '{operator}'")
        condition: Condition = rest()  # type: ignore[operator]
        return condition

    def single(self) -> Condition:
        """A predicate, a negation or a parenthesis."""
        word = self.peek()
        self.at += 1
        if word in ("!", "-not"):
            if self.at >= len(self.words):
                raise BadExpression(f"expected an expression after '{word}'")
            return negated(self.single())
        if word == "(":
            if self.peek() == ")":
                raise BadExpression("invalid expression; empty parentheses are not allowed.")
            if self.at >= len(self.words):
                raise BadExpression(
                    "invalid expression; expected to find a ')' but didn't see one. Perhaps you need an extra predicate after '('"
                )
            inner = self.listed()
            if self.peek() != ")":
                raise BadExpression("invalid expression; I was expecting to find a ')' somewhere but did not see one.")
            self.at += 1
            return inner
        if word in GLOBAL_OPTIONS:
            self.option(word)
            return plain(lambda entry: True)
        if not word.startswith("-") or word == "-":
            raise BadExpression(f"paths must precede expression: `{word}'")
        self.tested = self.tested or word
        if word[1:] in ("exec", "execdir", "ok", "okdir"):
            return self.execute(word)
        condition = self.predicates.make(word[1:])
        if condition is None:
            raise BadExpression(f"unknown predicate `{word}'")
        return condition

    def option(self, word: str) -> None:
        """An option that is about the whole run."""
        walk = self.walk
        if word in ("-maxdepth", "-mindepth"):
            text = self.argument(word[1:])
            if not text.isdigit():
                shown = self.predicates.quoted(text)
                raise BadExpression(f"Expected a positive decimal integer argument to {word}, but got {shown}")
            if word == "-maxdepth":
                walk.most = int(text)
            else:
                walk.least = int(text)
            if self.tested:
                self.warnings.append(
                    f"warning: you have specified the global option {word} after the argument {self.tested}, but global options are "
                    f"not positional, i.e., {word} affects tests specified before it as well as those specified after it.  "
                    "Please specify global options before other arguments."
                )
        elif word in ("-depth", "-d"):
            walk.depth_first = True
        elif word in ("-xdev", "-mount"):
            walk.one_filesystem = True
        elif word == "-follow":
            walk.follow = "always"

    def execute(self, word: str) -> Condition:
        """-exec and its kin: words up to `;`, or up to `{} +`."""
        words: list[str] = []
        while True:
            if self.at >= len(self.words):
                raise BadExpression(f"missing argument to `{word}'")
            following = self.argument(word)
            if following == ";" or (following == "+" and words[-1:] == ["{}"]):
                break
            words.append(following)
        gathering = following == "+"
        if not words or (gathering and words == ["{}"]):
            raise BadExpression(f"invalid argument `{following}' to `{word}'")
        self.predicates.action = True
        execute = Execute(
            self.walk, words[:-1] if gathering else words, gathering=gathering, asking=word.startswith("-ok"), quoted=self.predicates.quoted
        )  # fmt: skip
        return execute.condition()


async def visit(walk: Walk, condition: Condition, path: str, start: str, depth: int, device: int | None) -> None:
    """A file and, when it is a directory, what it holds."""
    follow = walk.follow == "always" or (walk.follow == "start" and depth == 0)
    try:
        entry = Entry(path, start, depth, walk.look(path, follow=follow))
    except SysError as error:
        await walk.complain(f"{walk_quote(walk, path)}: {error.strerror}")
        return
    descend = entry.kind == "d" and (walk.most is None or depth < walk.most)
    if walk.one_filesystem and device is not None and entry.status.dev != device:
        descend = False
    walk.pruned = False
    if not walk.depth_first and depth >= walk.least:
        await condition(entry)
        if walk.quitting:
            return
    if descend and not (walk.pruned and not walk.depth_first):
        await children(walk, condition, entry, entry.status.dev if device is None else device)
    if walk.depth_first and depth >= walk.least and not walk.quitting:
        await condition(entry)


async def children(walk: Walk, condition: Condition, entry: Entry, device: int) -> None:
    """What a directory holds."""
    try:
        names = walk.sys.listdir(entry.path)
    except SysError as error:
        await walk.complain(f"{walk_quote(walk, entry.path)}: {error.strerror}")
        return
    joiner = entry.path if entry.path.endswith("/") else entry.path + "/"
    for name in names:
        await visit(walk, condition, joiner + name, entry.start, entry.depth + 1, device)
        if walk.quitting:
            return


def walk_quote(walk: Walk, path: str) -> str:
    """A path as messages show it."""
    from maillab.shell.locale import is_utf8
    from maillab.shell.quotearg import quote

    return quote(path, "locale", utf8=is_utf8(walk.sys.env))


async def main(sys: Process, argv: list[str]) -> int:
    """find."""
    walk = Walk(sys, argv[0])
    words = argv[1:]
    while words and words[0] in ("-H", "-L", "-P"):
        walk.follow = {"-H": "start", "-L": "always", "-P": "never"}[words.pop(0)]
    if words[:1] in (["--help"], ["-help"], ["--version"], ["-version"]):
        await sys.stdout.write((HELP if "help" in words[0] else VERSION).replace("{prog}", argv[0]))
        return 0
    starts: list[str] = []
    while words and not (words[0].startswith("-") and len(words[0]) > 1) and words[0] not in ("(", "!", ")", ","):
        starts.append(words.pop(0))
    parser = Parser(walk, words)
    try:
        condition = parser.whole()
    except BadExpression as error:
        await fail(sys, argv, str(error))
    for warning in parser.warnings if sys.isatty(0) else []:
        await sys.stderr.write(f"{argv[0]}: {warning}\n")
    for start in starts or ["."]:
        await visit(walk, condition, start, start, 0, None)
        if walk.quitting:
            break
    for action in walk.at_end:
        await action()
    return walk.status
