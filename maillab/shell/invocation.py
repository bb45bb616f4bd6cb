"""The command line of bash and dash."""

from __future__ import annotations

from dataclasses import dataclass, field

from maillab.shell.state import SET_OPTIONS, SHOPT_DEFAULTS

LETTERS = {letter: name for name, letter in SET_OPTIONS.items() if letter}
LONG_FLAGS = (
    "debug", "debugger", "dump-po-strings", "dump-strings", "help", "login", "noediting", "noprofile", "norc", "posix",
    "pretty-print", "restricted", "verbose", "version",
)  # fmt: skip
LONG_VALUES = ("init-file", "rcfile")


class InvocationError(Exception):
    """A command line the shell refuses: `message` after its name, exit `status`, whether the usage follows."""

    def __init__(self, message: str, *, usage: bool = False, status: int = 2) -> None:
        super().__init__(message)
        self.message = message
        self.usage = usage
        self.status = status


@dataclass
class Invocation:
    """What the shell was asked to be."""

    name: str
    command: str | None = None
    script: str | None = None
    positional: list[str] = field(default_factory=list)
    interactive: bool = False
    login: bool = False
    reads_stdin: bool = False
    no_profile: bool = False
    no_rc: bool = False
    no_editing: bool = False
    rc_file: str = ""
    help: bool = False
    version: bool = False
    options: dict[str, bool] = field(default_factory=dict)
    shopt: dict[str, bool] = field(default_factory=dict)
    list_options: bool = False


def parse(argv: list[str], *, dash: bool, terminal: bool) -> Invocation:
    """Read a command line. `terminal`: standard input and error are terminals. Raises InvocationError."""
    name = argv[0]
    given = Invocation(name, login=name.startswith("-"))
    words = argv[1:]
    index = 0
    string = False
    while index < len(words) and not dash and words[index].startswith("--") and len(words[index]) > 2:
        index = long_option(given, words, index)
    while index < len(words):
        word = words[index]
        if word in ("-", "--"):
            index += 1
            break
        if len(word) < 2 or word[0] not in "-+":
            break
        index += 1
        for letter in word[1:]:
            if letter == "c":
                string = True
            else:
                index = letter_option(given, letter, word[0] == "-", words, index, dash)
    operands(given, words[index:], string, dash)
    if not given.interactive and given.command is None and terminal and (given.script is None or given.reads_stdin):
        given.interactive = True
    given.options.setdefault("posix", False)
    return given


def long_option(given: Invocation, words: list[str], index: int) -> int:
    """--login and its kind; returns the next index."""
    word = words[index][2:]
    if word in LONG_VALUES:
        if index + 1 >= len(words):
            raise InvocationError(f"--{word}: option requires an argument")
        given.rc_file = words[index + 1]
        return index + 2
    if word not in LONG_FLAGS:
        raise InvocationError(f"--{word}: invalid option", usage=True)
    if word in ("help", "version", "login"):
        setattr(given, word, True)
    elif word in ("noprofile", "norc", "noediting"):
        setattr(given, {"noprofile": "no_profile", "norc": "no_rc", "noediting": "no_editing"}[word], True)
    elif word in ("posix", "verbose"):
        given.options[word] = True
    return index + 1


def letter_option(given: Invocation, letter: str, on: bool, words: list[str], index: int, dash: bool) -> int:
    """One letter; returns the next index (an -o takes a word)."""
    if letter == "i":
        given.interactive = on
    elif letter == "l":
        given.login = True
    elif letter == "s":
        given.reads_stdin = True
    elif letter in "oO":
        if index >= len(words):
            given.list_options = True
            return index
        target = given.options if letter == "o" else given.shopt
        known = SET_OPTIONS if letter == "o" else SHOPT_DEFAULTS
        if words[index] not in known:
            if dash:
                raise InvocationError(f"0: Illegal option -o {words[index]}")
            if letter == "o":
                raise InvocationError(f"line 0: {{name}}: {words[index]}: invalid option name")
            raise InvocationError(f"{words[index]}: invalid shell option name")
        target[words[index]] = on
        return index + 1
    elif letter in LETTERS:
        given.options[LETTERS[letter]] = on
    elif letter == "D" or letter == "r":
        pass
    elif dash:
        raise InvocationError(f"0: Illegal option -{letter}")
    else:
        raise InvocationError(f"-{letter}: invalid option", usage=True)
    return index


def operands(given: Invocation, rest: list[str], string: bool, dash: bool) -> None:
    """The command string or script, and the positional parameters."""
    if string:
        if not rest:
            raise InvocationError("0: -c requires an argument" if dash else "-c: option requires an argument")
        given.command, rest = rest[0], rest[1:]
        if rest:
            given.name, rest = rest[0], rest[1:]
        given.positional = rest
    elif rest and not given.reads_stdin:
        given.script = given.name = rest[0]
        given.positional = rest[1:]
    else:
        given.positional = rest
