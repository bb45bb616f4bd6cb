"""Reading words: quotes, $-expansions, backquotes and everything inside them.

`WordReader` is the lowest stage of the parser: a position in a text, and methods that read one construct at that
position and leave the position after it. Source of the rules: POSIX XCU 2.2 and 2.6, bash's manual, observed bash 5.2.
"""

from __future__ import annotations

from maillab.shell.ansi import decode_ansi
from maillab.shell.braced import BracedReader
from maillab.shell.source import META, NAME, PLAIN, PLAIN_QUOTED, SPECIAL, Incomplete, PartList, ShellSyntaxError
from maillab.shell.syntax import (
    ArithSub,
    CommandSub,
    DoubleQuoted,
    Lit,
    Param,
    Part,
    ProcessSub,
    Quoted,
    Sequence,
    Word,
)


class WordReader(BracedReader):
    """Reads one construct at the position and leaves the position after it."""

    def nested_program(self, closing_error_at: int) -> Sequence:
        """The list up to `)`; the parser proper knows how."""
        raise NotImplementedError

    # --- words ------------------------------------------------------------------------------------------------------

    def read_word(self, *, extglob: bool | None = None) -> Word:
        """The word at the position (its first character belongs to it)."""
        start = self.pos
        out = PartList()
        globs = self.options.extglob if extglob is None else extglob
        while self.pos < len(self.text):
            ch = self.text[self.pos]
            plain = PLAIN.match(self.text, self.pos)
            if plain:
                out.lit(plain.group())
                self.pos = plain.end()
            elif globs and ch in "?*+@!" and self.peek(1) == "(":
                self.read_extglob(out)
            elif self.process_sub_here():
                out.parts.append(self.read_process_sub())
            elif ch in META:
                break
            else:
                self.read_piece(out)
        return self.make_word(start, out)

    def make_word(self, start: int, out: PartList) -> Word:
        """The word of these parts, whose source text began at `start`."""
        raw = self.text[start : self.pos].replace("\\\n", "") if "\\\n" in self.text[start : self.pos] else self.text[start : self.pos]
        literal = None
        if len(out.parts) == 1 and isinstance(out.parts[0], Lit) and not any(c in out.parts[0].text for c in "*?[~{("):
            literal = out.parts[0].text
        return Word(raw, out.parts, self.line_at(start), literal)

    def read_piece(self, out: PartList) -> None:
        """One quote, expansion, or ordinary character outside quotes."""
        ch = self.text[self.pos]
        if ch == "\\":
            self.read_backslash(out)
        elif ch == "'":
            out.quoted(self.read_single())
        elif ch == '"':
            out.parts.append(self.read_double())
        elif ch == "$":
            self.read_dollar(out, quoted=False)
        elif ch == "`":
            out.parts.append(self.read_backquote(quoted=False))
        else:
            out.lit(ch)
            self.pos += 1

    def read_backslash(self, out: PartList) -> None:
        following = self.peek(1)
        if following == "":
            if not self.final:
                raise Incomplete
            out.lit("\\")
            self.pos += 1
            return
        self.pos += 2
        if following == "\n":
            if self.pos >= len(self.text) and not self.final:
                raise Incomplete
            return
        out.quoted(following)

    def read_single(self) -> str:
        """'...' at the position; its text."""
        end = self.text.find("'", self.pos + 1)
        if end < 0:
            raise self.unfinished("'", self.pos)
        text = self.text[self.pos + 1 : end]
        self.pos = end + 1
        return text

    def read_extglob(self, out: PartList) -> None:
        """?( *( +( @( !( with everything to its closing parenthesis."""
        opened = self.pos
        out.lit(self.text[self.pos : self.pos + 2])
        self.pos += 2
        depth = 1
        while depth:
            if self.pos >= len(self.text):
                raise self.unfinished(")", opened)
            ch = self.text[self.pos]
            if ch in "'\"\\$`":
                self.read_piece(out)
                continue
            depth += (ch == "(") - (ch == ")")
            out.lit(ch)
            self.pos += 1

    # --- double quotes and their like -------------------------------------------------------------------------------

    def read_double(self) -> DoubleQuoted:
        """"..." at the position."""
        opened = self.pos
        self.pos += 1
        out = PartList()
        while True:
            if self.pos >= len(self.text):
                raise self.unfinished('"', opened)
            if self.text[self.pos] == '"':
                self.pos += 1
                return DoubleQuoted(out.parts)
            self.read_quoted_piece(out, escapes='$`"\\')

    def read_quoted_piece(self, out: PartList, escapes: str) -> None:
        """A run of text, an escape or an expansion where double-quote rules hold."""
        run = PLAIN_QUOTED.match(self.text, self.pos)
        if run and "}" not in escapes:
            out.quoted(run.group())
            self.pos = run.end()
            return
        ch = self.text[self.pos]
        if ch == "\\":
            self.read_quoted_backslash(out, escapes)
        elif ch == "$":
            self.read_dollar(out, quoted=True)
        elif ch == "`":
            out.parts.append(self.read_backquote(quoted=True))
        else:
            out.quoted(ch)
            self.pos += 1

    def read_quoted_backslash(self, out: PartList, escapes: str) -> None:
        following = self.peek(1)
        if following == "\n":
            self.pos += 2
        elif following and following in escapes:
            out.quoted(following)
            self.pos += 2
        else:
            out.quoted("\\")
            self.pos += 1

    def read_document(self) -> Word:
        """The whole text as the body of a here-document (or a prompt): double-quote rules, quotes are text."""
        out = PartList()
        while self.pos < len(self.text):
            if self.text[self.pos] == '"':
                out.quoted('"')
                self.pos += 1
            else:
                self.read_quoted_piece(out, escapes="$`\\")
        return Word(self.text, [DoubleQuoted(out.parts)])

    # --- dollar -----------------------------------------------------------------------------------------------------

    def read_dollar(self, out: PartList, *, quoted: bool) -> None:
        """What begins with `$`, or the dollar itself."""
        following = self.peek(1)
        name = NAME.match(self.text, self.pos + 1)
        if name:
            out.parts.append(Param(name.group(), "$" + name.group()))
            self.pos = name.end()
        elif following == "(":
            out.parts.append(self.read_dollar_paren())
        elif following == "{":
            out.parts.append(self.read_braced(quoted))
        elif following and (following in SPECIAL or following in "0123456789"):
            out.parts.append(Param(following, "$" + following))
            self.pos += 2
        elif following == "[" and not self.dialect.is_dash:
            out.parts.append(self.read_old_arithmetic())
        elif following == "'" and not quoted and self.dialect.ansi_quotes:
            out.quoted(self.read_ansi())
        elif following == '"' and not quoted and self.dialect.ansi_quotes:
            self.pos += 1
            out.parts.append(self.read_double())
        else:
            (out.quoted if quoted else out.lit)("$")
            self.pos += 1

    def read_dollar_paren(self) -> Part:
        start = self.pos
        if self.looking_at("$(("):
            arithmetic = self.try_arithmetic(start)
            if arithmetic is not None:
                return arithmetic
        self.pos = start + 2
        try:
            body = self.nested_program(start)
        except ShellSyntaxError as error:
            if self.text.startswith("$((", start) and "looking for matching" in error.message:
                raise self.unfinished(")", start) from None
            raise
        return CommandSub(self.text[start : self.pos], body)

    def try_arithmetic(self, start: int) -> ArithSub | None:
        """$((...)), unless its parentheses turn out to be a subshell's."""
        end = self.matching_paren(start + 3)
        if end < 0:
            if self.dialect.is_dash and self.final:
                raise ShellSyntaxError("Syntax error: Missing '))'", self.line_at(len(self.text)))
            raise self.unfinished(")", start)
        if self.text[end + 1 : end + 2] != ")":
            return None
        self.pos = end + 2
        return ArithSub(self.text[start : self.pos], self.expression(self.text[start + 3 : end]))

    def matching_paren(self, pos: int) -> int:
        """The position of the `)` that closes what was opened before `pos`, quotes respected; -1 when there is none."""
        depth = 1
        text = self.text
        while pos < len(text):
            ch = text[pos]
            if ch == "\\":
                pos += 1
            elif ch in "'\"`":
                pos = self.closing_quote(pos)
                if pos < 0:
                    return -1
            elif ch == "(":
                depth += 1
            elif ch == ")":
                depth -= 1
                if not depth:
                    return pos
            pos += 1
        return -1

    def closing_quote(self, pos: int) -> int:
        """The position of the quote that closes the one at `pos`, or -1."""
        quote = self.text[pos]
        pos += 1
        while pos < len(self.text) and self.text[pos] != quote:
            pos += 2 if self.text[pos] == "\\" and quote != "'" else 1
        return pos if pos < len(self.text) else -1

    def expression(self, text: str) -> Word:
        """An arithmetic expression as a word: expanded as inside double quotes, quotes fall away."""
        if not any(c in text for c in "$`\\\"'"):
            return Word(text, [Quoted(text)], literal=text)
        reader = self.sub_reader(text)
        out = PartList()
        while reader.pos < len(text):
            if text[reader.pos] == '"':
                reader.pos += 1
            elif reader.looking_at("$'") and self.dialect.ansi_quotes:
                reader.read_dollar(out, quoted=False)
            else:
                reader.read_quoted_piece(out, escapes='$`"\\')
        return Word(text, [DoubleQuoted(out.parts)])

    def sub_reader(self, text: str) -> WordReader:
        """A reader of the same kind for a piece of text that is complete in itself."""
        return type(self)(text, self.options, line=self.line_at(self.pos))

    def read_old_arithmetic(self) -> ArithSub:
        """$[expression]"""
        start = self.pos
        depth, pos = 1, self.pos + 2
        while depth:
            if pos >= len(self.text):
                raise self.unfinished("]", start)
            depth += (self.text[pos] == "[") - (self.text[pos] == "]")
            pos += 1
        self.pos = pos
        return ArithSub(self.text[start:pos], self.expression(self.text[start + 2 : pos - 1]))

    def read_backquote(self, *, quoted: bool) -> CommandSub:
        """`...`, unescaped but not yet parsed: bash parses it when it runs it."""
        start = self.pos
        out: list[str] = []
        pos = self.pos + 1
        while True:
            if pos >= len(self.text):
                raise self.unfinished("`", start, "EOF in backquote substitution")
            ch = self.text[pos]
            if ch == "`":
                break
            if ch == "\\" and self.text[pos + 1 : pos + 2] in ("`", "\\", "$", '"' if quoted else "`"):
                pos += 1
                ch = self.text[pos]
            elif ch == "\\" and self.text[pos + 1 : pos + 2] == "\n":
                pos += 2
                continue
            out.append(ch)
            pos += 1
        self.pos = pos + 1
        return CommandSub(self.text[start : self.pos], backquoted="".join(out))

    def process_sub_here(self) -> bool:
        return self.dialect.process_substitution and self.peek() in ("<", ">") and self.peek(1) == "("

    def read_process_sub(self) -> ProcessSub:
        start = self.pos
        direction = self.text[start]
        self.pos += 2
        body = self.nested_program(start)
        return ProcessSub(self.text[start : self.pos], direction, body)

    # --- $'...' -----------------------------------------------------------------------------------------------------

    def read_ansi(self) -> str:
        """$'...' at the position; the decoded text."""
        opened = self.pos
        pos = self.pos + 2
        while pos < len(self.text) and self.text[pos] != "'":
            pos += 2 if self.text[pos] == "\\" else 1
        if pos >= len(self.text):
            raise self.unfinished("'", opened)
        self.pos = pos + 1
        return decode_ansi(self.text[opened + 2 : pos], utf8=self.options.utf8)
