"""The tree of an awk program: what the parser builds and the translator reads."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Number:
    """A numeric constant."""

    value: float


@dataclass(slots=True)
class String:
    """A string constant."""

    value: str


@dataclass(slots=True)
class Regex:
    """/re/: a pattern where one is expected, else a test of $0."""

    source: str
    line: int


@dataclass(slots=True)
class Name:
    """A variable, a parameter or an array."""

    name: str
    line: int = 0


@dataclass(slots=True)
class Field:
    """$expression."""

    index: Expression


@dataclass(slots=True)
class Element:
    """array[subscripts]."""

    array: Name
    subscripts: list[Expression]


@dataclass(slots=True)
class Grouping:
    """( expression ): kept because `print (a) > "f"` and `(i, j) in x` look at it."""

    inner: Expression


@dataclass(slots=True)
class Unary:
    """! + - before an operand."""

    operator: str
    operand: Expression


@dataclass(slots=True)
class Binary:
    """Arithmetic, comparison, concatenation (operator ""), && and ||."""

    operator: str
    left: Expression
    right: Expression


@dataclass(slots=True)
class Matches:
    """text ~ pattern, or !~ when negated."""

    text: Expression
    pattern: Expression
    negated: bool


@dataclass(slots=True)
class Member:
    """(subscripts) in array."""

    subscripts: list[Expression]
    array: Name


@dataclass(slots=True)
class Conditional:
    """test ? yes : no."""

    test: Expression
    yes: Expression
    no: Expression


@dataclass(slots=True)
class Assign:
    """target operator= value; the operator is "" for a plain assignment."""

    target: LeftValue
    operator: str
    value: Expression


@dataclass(slots=True)
class Increment:
    """++ and --, before or after."""

    target: LeftValue
    step: int
    prefix: bool


@dataclass(slots=True)
class Call:
    """A call of a function of the program."""

    name: str
    arguments: list[Expression]
    line: int


@dataclass(slots=True)
class Builtin:
    """A call of a function of the language; `arguments` is None when no parentheses followed (`length`)."""

    name: str
    arguments: list[Expression] | None
    line: int


@dataclass(slots=True)
class Getline:
    """getline in its four forms: `source` is None (main input), ("<", file) or ("|", command)."""

    target: LeftValue | None
    source: tuple[str, Expression] | None


Expression = (
    Number | String | Regex | Name | Field | Element | Grouping | Unary | Binary | Matches | Member | Conditional
    | Assign | Increment | Call | Builtin | Getline
)  # fmt: skip
LeftValue = Name | Field | Element


@dataclass(slots=True)
class Evaluate:
    """An expression for its effects."""

    expression: Expression


@dataclass(slots=True)
class Print:
    """print or printf, with its redirection: (">", ">>" or "|", where)."""

    formatted: bool
    arguments: list[Expression]
    redirection: tuple[str, Expression] | None


@dataclass(slots=True)
class If:
    """if (test) yes else no."""

    test: Expression
    yes: list[Statement]
    no: list[Statement]


@dataclass(slots=True)
class Loop:
    """for, while (`first` false) and do ... while (`after` true: the test comes after the body)."""

    start: list[Statement]
    test: Expression | None
    step: list[Statement]
    body: list[Statement]
    after: bool = False


@dataclass(slots=True)
class ForIn:
    """for (variable in array)."""

    variable: Name
    array: Name
    body: list[Statement]


@dataclass(slots=True)
class Jump:
    """break, continue, next, nextfile."""

    kind: str


@dataclass(slots=True)
class Leave:
    """exit or return, with a value or not."""

    kind: str
    value: Expression | None


@dataclass(slots=True)
class Delete:
    """delete array[subscripts]; the whole array when there are none."""

    array: Name
    subscripts: list[Expression]


Statement = Evaluate | Print | If | Loop | ForIn | Jump | Leave | Delete


@dataclass(slots=True)
class Rule:
    """pattern { body }; without a pattern it always applies; `last` closes a range; no body means print."""

    pattern: Expression | None
    last: Expression | None
    body: list[Statement] | None


@dataclass(slots=True)
class Function:
    """A function of the program."""

    name: str
    parameters: list[str]
    body: list[Statement]


@dataclass(slots=True)
class Program:
    """The whole program."""

    begin: list[list[Statement]] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    end: list[list[Statement]] = field(default_factory=list)
    functions: dict[str, Function] = field(default_factory=dict)
