"""sed scripts: from text to commands, with the messages of GNU sed 4.9."""

from __future__ import annotations

from maillab.shell.commands.sed._commands import Address, Command, Replacement
from maillab.shell.commands.sed._text import ESCAPES, ScriptError, Source, pieces_of, plain, produced
from maillab.sim.host import posix_regex
from maillab.sim.host.posix_regex import Regex, RegexError

COMMANDS = set("{}=abcdDegGhHiIlnNpPqQrRstTvwWxyzF:#")
SANDBOXED = "e/r/w commands disabled in sandbox mode"
NO_ADDRESS = {":", "}", "#"}


class Compiler:
    """Collects the commands of all pieces of a script; `extended`, `posix`, `null_data` and `unicode` are options of sed."""

    def __init__(self, *, extended: bool, posix: bool, sandbox: bool, unicode: bool) -> None:
        self.extended = extended
        self.posix = posix
        self.sandbox = sandbox
        self.unicode = unicode
        self.commands: list[Command] = []
        self.blocks: list[int] = []
        self.pending: Command | None = None
        self.silent = False

    def add(self, text: str, place: str, *, line_numbers: bool = False) -> None:
        """Compile one piece of the script."""
        source = Source(text, place, line_numbers)
        if not self.commands and not self.blocks and text[:2] == "#n" and text[2:3] in ("", "\n"):
            self.silent = True
        if self.pending is not None:
            self.pending.text = self._text_lines(source)
            self.pending = None
        while True:
            source.spaces()
            if not source.peek():
                return
            self._command(source)

    def finish(self) -> list[Command]:
        """Check what only the end can tell, and join jumps to their labels."""
        if self.pending is not None:
            self.pending.text = ""
        if self.blocks:
            raise ScriptError("-e expression #1, char 0: unmatched `{'")
        labels = {command.label: index for index, command in enumerate(self.commands) if command.letter == ":"}
        for command in self.commands:
            if command.letter in "btT":
                if command.label and command.label not in labels:
                    raise ScriptError(f"can't find label for jump to `{command.label}'")
                command.target = labels.get(command.label, len(self.commands))
        return self.commands

    # --- addresses

    def _address(self, source: Source) -> Address | None:
        char = source.peek()
        if char.isdigit():
            number = source.digits()
            source.blanks()
            if source.peek() == "~" and not self.posix:
                source.take()
                source.blanks()
                step = source.digits() if source.peek().isdigit() else 0
                return Address("step", number, step) if step else Address("line", number)
            return Address("line", number)
        if char == "$":
            source.take()
            return Address("last")
        if char and char in "/\\":
            source.take()
            delimiter = source.take() if char == "\\" else "/"
            pattern = self._delimited(source, delimiter, regex=True)
            if pattern is None:
                raise source.fail("unterminated address regex")
            ignorecase = newline = False
            while source.peek() in ("I", "M"):
                flag = source.take()
                ignorecase, newline = ignorecase or flag == "I", newline or flag == "M"
            return Address("regex", regex=self._regex(source, pattern, ignorecase, newline))
        return None

    def _second_address(self, source: Source) -> Address:
        if source.peek() and source.peek() in "+~" and not self.posix:
            kind = "plus" if source.take() == "+" else "multiple"
            return Address(kind, source.digits() if source.peek().isdigit() else 0)
        found = self._address(source)
        if found is None:
            source.take()
            raise source.fail("unexpected `,'")
        return found

    def _addresses(self, source: Source, command: Command) -> None:
        if source.peek() and source.peek() in "+~":
            source.at += 2
            raise source.fail("invalid usage of +N or ~N as first address")
        command.first = self._address(source)
        source.blanks()
        if command.first is not None and source.peek() == ",":
            source.take()
            source.blanks()
            command.last = self._second_address(source)
        first, last = command.first, command.last
        if first is not None and first.kind in ("line", "step") and first.number == 0 and first.step == 0:
            if last is None or last.kind != "regex" or self.posix:
                source.at += 1
                raise source.fail("invalid usage of line address 0")
            first.kind = "zero"
        source.blanks()
        if source.peek() == "!":
            source.take()
            command.negated = True
            source.blanks()
            if source.peek() == "!":
                source.take()
                raise source.fail("multiple `!'s")

    # --- commands

    def _command(self, source: Source) -> None:
        command = Command("")
        self._addresses(source, command)
        letter = source.take()
        if not letter or letter in "\n;":
            if not letter and command.first is None:
                return
            raise source.fail("missing command")
        command.letter = letter
        if letter not in COMMANDS:
            raise source.fail("unexpected `,'" if letter == "," else f"unknown command: `{letter}'")
        if letter in "qQ" and command.last is not None:
            raise source.fail("command only uses one address")
        if self.sandbox and letter in "erwW":
            raise source.fail(SANDBOXED)
        if command.first is not None and letter in NO_ADDRESS:
            refusals = {":": ": doesn't want any addresses", "#": "comments don't accept any addresses"}
            raise source.fail(refusals.get(letter, "unexpected `}'"))
        self._arguments(source, command)

    def _arguments(self, source: Source, command: Command) -> None:
        letter = command.letter
        if letter == "#":
            while source.peek() and source.take() != "\n":
                pass
            return
        if letter == "{":
            self.blocks.append(len(self.commands))
            self.commands.append(command)
            return
        if letter == "}":
            if not self.blocks:
                raise source.fail("unexpected `}'")
            self._end(source)
            self.commands[self.blocks.pop()].target = len(self.commands)
            return
        if letter in "eFvz=dDgGhHnNpPx":
            self._simple(source, command)
        elif letter in "aic":
            self._insertion(source, command)
        elif letter in ":btT":
            self._label(source, command)
        elif letter in "rRwW":
            command.file = self._rest(source)
            if not command.file:
                raise source.fail("missing filename in r/R/w/W commands")
        elif letter in "qQlL":
            source.blanks()
            command.number = source.digits() if source.peek().isdigit() else (-1 if letter == "l" else 0)
            self._end(source)
        elif letter == "s":
            self._substitute(source, command)
        elif letter == "y":
            self._transliterate(source, command)
        if self.sandbox and (command.evaluate or (letter == "s" and command.file)):
            raise source.fail(SANDBOXED)
        self.commands.append(command)

    def _simple(self, source: Source, command: Command) -> None:
        if command.letter in "ev":
            command.text = self._rest(source)
        else:
            self._end(source)

    def _end(self, source: Source) -> None:
        """Nothing but ; newline } or a comment may follow."""
        source.blanks()
        char = source.peek()
        if char and char in "};#":
            if char == ";":
                source.take()
            return
        if char and char not in "\n\r":
            source.take()
            raise source.fail("extra characters after command")

    def _rest(self, source: Source) -> str:
        source.blanks()
        stop = source.text.find("\n", source.at)
        stop = len(source.text) if stop < 0 else stop
        rest = source.text[source.at : stop]
        source.at = stop
        return rest

    def _label(self, source: Source, command: Command) -> None:
        source.blanks()
        start = source.at
        ends = "\n;}" if command.letter != ":" else "\n" if self.posix else "\n;"
        while source.peek() and source.peek() not in ends:
            source.at += 1
        command.label = source.text[start : source.at].rstrip(" \t")
        if command.letter == ":":
            if not command.label:
                raise source.fail('":" lacks a label')
        else:
            self._end(source)

    def _insertion(self, source: Source, command: Command) -> None:
        """a, i and c: one line after the letter, or the lines after a backslash and a newline."""
        source.blanks()
        if not source.peek():
            raise source.fail("expected \\ after `a', `c' or `i'")
        if source.peek() == "\\":
            source.take()
            mark = source.at
            source.blanks()
            if source.peek() == "\n":
                source.take()
            elif not source.peek():
                self.pending = command
                return
            else:
                source.at = mark
        command.text = self._text_lines(source)

    def _text_lines(self, source: Source) -> str:
        """Text up to a newline without backslash; backslashes before other characters go away."""
        out: list[str] = []
        while source.peek():
            char = source.take()
            if char == "\\":
                following = source.take()
                out.append(ESCAPES.get(following, following))
                continue
            if char == "\n":
                break
            out.append(char)
        return "".join(out) + "\n"

    # --- regular expressions, s and y

    def _delimited(self, source: Source, delimiter: str, *, regex: bool) -> str | None:
        """The text up to the delimiter; `\\` before the delimiter makes it plain; None when there is no end."""
        out: list[str] = []
        while source.peek():
            char = source.take()
            if char == delimiter:
                return "".join(out)
            if char == "[" and regex:
                source.at -= 1
                out.append(self._bracket(source))
                continue
            if char == "\\":
                following = source.take()
                if not following:
                    return None
                if following == delimiter:
                    out.append(following)
                elif following == "n" and regex:
                    out.append("\n")
                elif following == "\n" and not regex:
                    out.append("\\\n")
                else:
                    out.append(char + following)
                continue
            out.append(char)
        return None

    def _bracket(self, source: Source) -> str:
        """A bracket expression, in which the delimiter is a plain character; as far as it goes when it has no end."""
        start = source.at
        source.at += 2 if source.text[start + 1 : start + 2] == "^" else 1
        source.at += 1 if source.peek() == "]" else 0
        while source.peek() and source.peek() != "]":
            opening = source.text[source.at : source.at + 2]
            close = source.text.find(opening[1:] + "]", source.at + 2) if opening in ("[:", "[.", "[=") else -1
            source.at = close + 2 if close >= 0 else source.at + 1
        source.take()
        return source.text[start : source.at]

    def _regex(self, source: Source, pattern: str, ignorecase: bool, newline: bool) -> Regex | None:
        """The compiled expression; None for the empty one, which means the last one used."""
        if not pattern:
            if ignorecase or newline:
                raise source.fail("no previous regular expression")
            return None
        flavour = "sed-ere" if self.extended else "sed"
        try:
            return posix_regex.compile(produced(pattern), flavour, ignorecase, newline=newline, unicode=self.unicode)
        except RegexError as error:
            raise source.fail(str(error)) from None

    def _substitute(self, source: Source, command: Command) -> None:
        delimiter = source.take()
        pattern = self._delimited(source, delimiter, regex=True) if delimiter else None
        right = self._delimited(source, delimiter, regex=False) if pattern is not None else None
        if pattern is None or right is None:
            raise source.fail("unterminated `s' command")
        ignorecase, newline = self._flags(source, command)
        command.regex = self._regex(source, pattern, ignorecase, newline)
        command.replacement = Replacement(pieces_of(right))
        most = max((piece for piece in command.replacement.pieces if isinstance(piece, int)), default=0)
        if command.regex is not None and most > command.regex.groups:
            raise source.fail(f"invalid reference \\{most} on `s' command's RHS")

    def _flags(self, source: Source, command: Command) -> tuple[bool, bool]:
        ignorecase = newline = False
        while True:
            source.blanks()
            char = source.peek()
            if char and char in "iI":
                ignorecase = True
            elif char and char in "mM":
                newline = True
            elif char == "e":
                command.evaluate = True
            elif char == "p":
                if command.printing:
                    source.take()
                    raise source.fail("multiple `p' options to `s' command")
                command.printing = 1
            elif char == "g":
                if command.everywhere:
                    source.take()
                    raise source.fail("multiple `g' options to `s' command")
                command.everywhere = True
            elif char == "w":
                source.take()
                command.file = self._rest(source)
                if not command.file:
                    raise source.fail("missing filename in r/R/w/W commands")
                return ignorecase, newline
            elif char.isdigit():
                self._occurrence(source, command)
                continue
            else:
                self._after_flags(source)
                return ignorecase, newline
            source.take()

    def _occurrence(self, source: Source, command: Command) -> None:
        if command.number:
            source.take()
            raise source.fail("multiple number options to `s' command")
        command.number = source.digits()
        if command.number == 0:
            raise source.fail("number option to `s' command may not be zero")

    def _after_flags(self, source: Source) -> None:
        char = source.peek()
        if char and char not in "};#\n\r":
            source.take()
            raise source.fail("unknown option to `s'")
        if char == ";":
            source.take()

    def _transliterate(self, source: Source, command: Command) -> None:
        delimiter = source.take()
        left = self._delimited(source, delimiter, regex=False) if delimiter else None
        right = self._delimited(source, delimiter, regex=False) if left is not None else None
        if left is None or right is None:
            raise source.fail("unterminated `y' command")
        one, other = plain(left), plain(right)
        if len(one) != len(other):
            raise source.fail("strings for `y' command are different lengths")
        command.table = {ord(a): ord(b) for a, b in reversed(list(zip(one, other, strict=True)))}
        self._end(source)
