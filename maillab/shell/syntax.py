"""The syntax tree of the shell: what the parser makes and the runner walks.

Words are lists of parts (quoted and unquoted text, expansions); commands are dataclasses named after bash's grammar.
`raw` is always the source text, which error messages, `set -x` and `type` show.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# --- words ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Lit:
    """Unquoted text: subject to globs, tildes and braces."""

    text: str


@dataclass(slots=True)
class Quoted:
    """Text quoted by a backslash, '...' or $'...'."""

    text: str


@dataclass(slots=True)
class DoubleQuoted:
    """"..." with the parts inside."""

    parts: list[Part]


@dataclass(slots=True)
class Param:
    """$x, ${x...}: a parameter with an optional operator.

    `op` is "" or one of :- := :? :+ - = ? + # ## % %% / // /# /% ^ ^^ , ,, : @ (with `arg` and `arg2` its operands);
    `indirect` is ${!x}, `length` ${#x}, `names` "*" or "@" for ${!prefix*}, `bad` a text bash calls a bad substitution.
    """

    name: str
    raw: str
    subscript: Word | None = None
    op: str = ""
    arg: Word | None = None
    arg2: Word | None = None
    indirect: bool = False
    length: bool = False
    names: str = ""
    bad: bool = False


@dataclass(slots=True)
class CommandSub:
    """$(...) with its program, or `...` with its text, parsed when it is run."""

    raw: str
    body: Sequence | None = None
    backquoted: str | None = None


@dataclass(slots=True)
class ArithSub:
    """$((...)) or $[...]: an expression that is expanded, then computed."""

    raw: str
    expression: Word


@dataclass(slots=True)
class ProcessSub:
    """<(...) or >(...)."""

    raw: str
    direction: str
    body: Sequence


Part = Lit | Quoted | DoubleQuoted | Param | CommandSub | ArithSub | ProcessSub


@dataclass(slots=True)
class Word:
    """A word as written. `literal` is its text when it is plain (nothing to expand), else None."""

    raw: str
    parts: list[Part]
    line: int = 1
    literal: str | None = None
    braces: list[Word] | None = None  # what brace expansion makes of it, computed once

    @property
    def quoted(self) -> bool:
        """Whether any part of it is quoted (a here-document's delimiter)."""
        return any(isinstance(part, Quoted | DoubleQuoted) for part in self.parts)


@dataclass(slots=True)
class ArrayElement:
    """One element of name=( ... ), with its optional [subscript]."""

    subscript: Word | None
    append: bool
    value: Word


@dataclass(slots=True)
class Assignment:
    """name=value, name[subscript]+=value, name=(elements)."""

    name: str
    subscript: Word | None
    append: bool
    value: Word | list[ArrayElement]
    raw: str
    line: int = 1


@dataclass(slots=True)
class HereDoc:
    """The body of a here-document, filled in when its lines were read."""

    delimiter: str
    quoted: bool
    strip_tabs: bool
    body: Word | None = None
    raw: str = ""


@dataclass(slots=True)
class Redirect:
    """[fd]op target; `variable` for {name}op."""

    op: str
    fd: int | None
    target: Word
    variable: str = ""
    heredoc: HereDoc | None = None


# --- commands -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Command:
    """What every command has."""

    line: int = 1
    redirects: list[Redirect] = field(default_factory=list)


@dataclass(slots=True)
class Simple(Command):
    """Assignments and words. `words` may hold Assignments after a declaration builtin."""

    assignments: list[Assignment] = field(default_factory=list)
    words: list[Word | Assignment] = field(default_factory=list)


@dataclass(slots=True)
class Pipeline(Command):
    """a | b; `joined[i]` tells whether the i-th command is followed by |&."""

    commands: list[Command] = field(default_factory=list)
    joined: list[bool] = field(default_factory=list)
    negated: bool = False
    timed: bool = False
    time_posix: bool = False


@dataclass(slots=True)
class AndOr(Command):
    """Pipelines with && and || between them: `operators[i]` stands before `parts[i + 1]`."""

    parts: list[Pipeline] = field(default_factory=list)
    operators: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Item:
    """One member of a list, run in the background or not."""

    command: AndOr
    background: bool = False


@dataclass(slots=True)
class Sequence(Command):
    """a; b & c"""

    items: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class Subshell(Command):
    """( list )"""

    body: Sequence = field(default_factory=Sequence)


@dataclass(slots=True)
class Group(Command):
    """{ list; }"""

    body: Sequence = field(default_factory=Sequence)


@dataclass(slots=True)
class For(Command):
    """for name in words; do ...; `words` None: the positional parameters. `select` for the menu."""

    name: str = ""
    words: list[Word] | None = None
    body: Sequence = field(default_factory=Sequence)
    select: bool = False


@dataclass(slots=True)
class ArithFor(Command):
    """for ((init; test; step)); do ..."""

    init: Word = field(default_factory=lambda: Word("", []))
    test: Word = field(default_factory=lambda: Word("", []))
    step: Word = field(default_factory=lambda: Word("", []))
    body: Sequence = field(default_factory=Sequence)


@dataclass(slots=True)
class If(Command):
    """if ...; then ...; elif ...; else ...; fi"""

    clauses: list[tuple[Sequence, Sequence]] = field(default_factory=list)
    otherwise: Sequence | None = None


@dataclass(slots=True)
class While(Command):
    """while or until"""

    test: Sequence = field(default_factory=Sequence)
    body: Sequence = field(default_factory=Sequence)
    until: bool = False


@dataclass(slots=True)
class CaseItem:
    """patterns) body and ;; ;& or ;;&"""

    patterns: list[Word]
    body: Sequence
    end: str


@dataclass(slots=True)
class Case(Command):
    """case word in ... esac"""

    word: Word = field(default_factory=lambda: Word("", []))
    items: list[CaseItem] = field(default_factory=list)


@dataclass(slots=True)
class Arith(Command):
    """(( expression ))"""

    expression: Word = field(default_factory=lambda: Word("", []))


@dataclass(slots=True)
class CondUnary:
    """-f word"""

    op: str
    operand: Word


@dataclass(slots=True)
class CondBinary:
    """left op right"""

    op: str
    left: Word
    right: Word


@dataclass(slots=True)
class CondNot:
    """! expression"""

    operand: CondExpr


@dataclass(slots=True)
class CondLogical:
    """left && right, left || right"""

    op: str
    left: CondExpr
    right: CondExpr


@dataclass(slots=True)
class CondGroup:
    """( expression )"""

    inner: CondExpr


CondExpr = CondUnary | CondBinary | CondNot | CondLogical | CondGroup


@dataclass(slots=True)
class Cond(Command):
    """[[ expression ]]"""

    expression: CondExpr | None = None


@dataclass(slots=True)
class Function(Command):
    """name() body"""

    name: str = ""
    body: Command = field(default_factory=Command)
    source: str = ""
    keyword: bool = False


@dataclass(slots=True)
class Coproc(Command):
    """coproc [NAME] command"""

    name: str = "COPROC"
    body: Command = field(default_factory=Command)
