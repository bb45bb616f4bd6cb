"""Reading words: quotes, $-expansions, backquotes and everything inside them.

`WordReader` is the lowest stage of the parser: a position in a text, and methods that read one construct at that
position and leave the position after it. Source of the rules: POSIX XCU 2.2 and 2.6, bash's manual, observed bash 5.2.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from maillab.shell.dialect import BASH, Dialect
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

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
DIGITS = re.compile(r"[0-9]+")
PLAIN = re.compile(r"[^\s;&|<>()'\"\\$`?*+@!{}\[\]]+")  # a run of characters that mean nothing in a word
PLAIN_QUOTED = re.compile(r"[^\"\\$`]+")
SPECIAL = "@*#?$!-"
META = " \t\n;&|<>()"


class Incomplete(Exception):
    """The text ends inside a construct and more may come."""


class ShellSyntaxError(Exception):
    """The text is not in the language. `message` is the sentence of bash or dash, `line` its line number; `excerpt`: bash
    shows the source line too; `status`: what bash -c ends with when it is not 2."""

    def __init__(self, message: str, line: int, excerpt: str | None = None, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.line = line
        self.excerpt = excerpt


@dataclass
class ParserOptions:
    """What the shell tells its parser."""

    dialect: Dialect = BASH
    extglob: bool = False
    aliases: dict[str, str] = field(default_factory=dict)
    interactive: bool = False
    utf8: bool = True


class PartList:
    """Parts of a word under construction; neighbouring texts melt."""

    def __init__(self) -> None:
        self.parts: list[Part] = []

    def lit(self, text: str) -> None:
        if self.parts and isinstance(self.parts[-1], Lit):
            self.parts[-1].text += text
        elif text:
            self.parts.append(Lit(text))

    def quoted(self, text: str) -> None:
        if self.parts and isinstance(self.parts[-1], Quoted):
            self.parts[-1].text += text
        else:
            self.parts.append(Quoted(text))


class WordReader:
    """A text and a position in it."""

    def __init__(self, text: str, options: ParserOptions, *, line: int = 1, final: bool = True) -> None:
        self.text = text
        self.pos = 0
        self.options = options
        self.dialect = options.dialect
        self.first_line = line
        self.final = final
        self.newlines: list[int] | None = None

    # --- where we are -----------------------------------------------------------------------------------------------

    def line_at(self, pos: int) -> int:
        """The line number of a position."""
        if self.newlines is None:
            self.newlines = [i for i, ch in enumerate(self.text) if ch == "\n"]
        return self.first_line + bisect_right(self.newlines, pos - 1)

    @property
    def last_line(self) -> int:
        """The line after the text's end, where bash reports a premature end."""
        return self.line_at(len(self.text)) + (0 if self.text.endswith("\n") else 1)

    def peek(self, ahead: int = 0) -> str:
        return self.text[self.pos + ahead : self.pos + ahead + 1]

    def looking_at(self, token: str) -> bool:
        return self.text.startswith(token, self.pos)

    def unfinished(self, closing: str, opened: int, dash: str = "Unterminated quoted string") -> Exception:
        """The end came before `closing`; `opened` is where the construct began."""
        if not self.final:
            return Incomplete()
        if self.dialect.is_dash:
            return ShellSyntaxError(f"Syntax error: {dash}", self.line_at(len(self.text)))
        line = self.last_line if opened < 0 else self.line_at(opened)
        return ShellSyntaxError(f"unexpected EOF while looking for matching `{closing}'", line)

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

    # --- ${...} -----------------------------------------------------------------------------------------------------

    def read_braced(self, quoted: bool) -> Param:
        """${...} at the position."""
        start = self.pos
        self.pos += 2
        if self.looking_at("#") and self.length_form():
            return self.finish_length(start)
        indirect = self.looking_at("!") and self.peek(1) not in ("", "}", ":", "-", "=", "?", "+", "%", "/")
        if indirect and not self.dialect.is_dash:
            self.pos += 1
        name = self.parameter_name()
        if not name:
            return self.bad_substitution(start)
        param = Param(name, "", indirect=indirect)
        if indirect and self.peek() in ("*", "@") and self.peek(1) == "}" and NAME.fullmatch(name):
            param.names = self.peek()
            self.pos += 1
        elif self.peek() == "[" and NAME.fullmatch(name) and self.dialect.arrays:
            param.subscript = self.read_subscript()
        self.read_operator(param, quoted, start)
        if self.pos >= len(self.text):
            raise self.unfinished("}", start, "Missing '}'")
        if self.peek() != "}":
            return self.bad_substitution(start)
        self.pos += 1
        param.raw = self.text[start : self.pos]
        return param

    def length_form(self) -> bool:
        """Whether `#` begins ${#name} rather than being the parameter `#`."""
        following = self.peek(1)
        if following in ("", "}"):
            return False
        return bool(re.compile(r"#(?:[A-Za-z_][A-Za-z0-9_]*(?:\[|\})|[0-9]+\}|[@*#?$!\-]\})").match(self.text, self.pos))

    def finish_length(self, start: int) -> Param:
        self.pos += 1
        param = Param(self.parameter_name(), "", length=True)
        if self.peek() == "[":
            param.subscript = self.read_subscript()
        if self.peek() != "}":
            return self.bad_substitution(start)
        self.pos += 1
        param.raw = self.text[start : self.pos]
        return param

    def parameter_name(self) -> str:
        found = NAME.match(self.text, self.pos) or DIGITS.match(self.text, self.pos)
        if found:
            self.pos = found.end()
            return found.group()
        if self.peek() and self.peek() in SPECIAL:
            self.pos += 1
            return self.text[self.pos - 1]
        return ""

    def bad_substitution(self, start: int) -> Param:
        """Something else in the braces: an error when it is expanded, so only its end is found here."""
        depth = 1
        while depth:
            if self.pos >= len(self.text):
                raise self.unfinished("}", start, "Missing '}'")
            ch = self.text[self.pos]
            depth += (ch == "{") - (ch == "}")
            self.pos += 2 if ch == "\\" else 1
        return Param("", self.text[start : self.pos], bad=True)

    def read_subscript(self) -> Word:
        """[...] at the position: the word between the brackets."""
        opened = self.pos
        self.pos += 1
        start = self.pos
        out = PartList()
        depth = 0
        while True:
            if self.pos >= len(self.text):
                raise self.unfinished("]", opened)
            ch = self.text[self.pos]
            if ch == "]" and not depth:
                break
            depth += (ch == "[") - (ch == "]")
            self.read_piece(out)
        word = Word(self.text[start : self.pos], out.parts, self.line_at(start))
        if len(out.parts) == 1 and isinstance(out.parts[0], Lit):
            word.literal = out.parts[0].text
        self.pos += 1
        return word

    def read_operator(self, param: Param, quoted: bool, start: int) -> None:
        """The operator after the parameter's name, with its words."""
        two, one = self.text[self.pos : self.pos + 2], self.peek()
        if two in (":-", ":=", ":?", ":+") or one in ("-", "=", "?", "+"):
            param.op = two if two[0] == ":" else one
            self.pos += len(param.op)
            param.arg = self.read_argument("}", quoted, start)
        elif one in ("#", "%"):
            param.op = two if two in ("##", "%%") else one
            self.pos += len(param.op)
            param.arg = self.read_argument("}", False, start)
        elif self.dialect.is_dash:
            return
        elif one == "/":
            self.read_replacement(param, two, quoted, start)
        elif one in ("^", ","):
            param.op = two if two in ("^^", ",,") else one
            self.pos += len(param.op)
            param.arg = self.read_argument("}", False, start)
        elif one == "@" and len(two) == 2 and two[1] in "UuLQEPAKak" and self.peek(2) == "}":
            param.op, param.arg = "@", Word(two[1], [Lit(two[1])], literal=two[1])
            self.pos += 2
        elif one == ":":
            self.read_substring(param, start)

    def read_replacement(self, param: Param, two: str, quoted: bool, start: int) -> None:
        param.op = two if two in ("//", "/#", "/%") else "/"
        self.pos += len(param.op)
        param.arg = self.read_argument("/}", False, start)
        if self.peek() == "/":
            self.pos += 1
            param.arg2 = self.read_argument("}", quoted, start, plain=True)

    def read_substring(self, param: Param, start: int) -> None:
        """${x:offset} and ${x:offset:length}"""
        self.pos += 1
        param.op = ":"
        param.arg = self.read_arithmetic_argument(start)
        if self.peek() == ":":
            self.pos += 1
            param.arg2 = self.read_arithmetic_argument(start)

    def read_arithmetic_argument(self, start: int) -> Word:
        """An expression up to `:` (outside ?: and parentheses) or `}`."""
        begin, questions, parens = self.pos, 0, 0
        while True:
            if self.pos >= len(self.text):
                raise self.unfinished("}", start, "Missing '}'")
            ch = self.text[self.pos]
            if ch == "}" or (ch == ":" and not questions and not parens):
                return self.expression(self.text[begin : self.pos])
            if ch in "'\"\\$`":
                self.read_piece(PartList())
                continue
            parens += (ch == "(") - (ch == ")")
            questions += (ch == "?") - (ch == ":")
            self.pos += 1

    def read_argument(self, stops: str, quoted: bool, opened: int, *, plain: bool = False) -> Word:
        """The word of an operator up to one of `stops`; `quoted`: the whole ${...} stands inside double quotes, where
        `plain` characters are still no quoted ones (the & of a replacement)."""
        start = self.pos
        out = PartList()
        while True:
            if self.pos >= len(self.text):
                raise self.unfinished("}", opened, "Missing '}'")
            ch = self.text[self.pos]
            if ch in stops:
                break
            if quoted and ch == '"':
                out.parts.append(self.read_double())
            elif quoted and plain and (ch not in "\\$`" or self.looking_at("\\&")):
                if ch == "\\":
                    self.pos += 1
                    out.quoted("&")
                    self.pos += 1
                    continue
                out.lit(ch)
                self.pos += 1
            elif quoted:
                self.read_quoted_piece(out, escapes='$`"\\}')
            elif self.process_sub_here():
                out.parts.append(self.read_process_sub())
            else:
                self.read_piece(out)
        return Word(self.text[start : self.pos], out.parts)

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


ANSI_SIMPLE = {
    "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip
ANSI_ESCAPE = re.compile(
    r"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|x\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|c(.)|(.))", re.DOTALL
)


def decode_ansi(text: str, *, utf8: bool = True) -> str:
    """The text of $'...': ANSI C escapes; a null character ends it."""

    def one(found: re.Match[str]) -> str:
        octal, hexa, hexb, short, long, control, other = found.groups()
        if octal is not None:
            return byte_char(int(octal, 8) & 0xFF)
        if hexa is not None or hexb is not None:
            return byte_char(int(hexa or hexb, 16) & 0xFF)
        if short is not None or long is not None:
            code = int(short or long, 16)
            return unicode_char(code, utf8)
        if control is not None:
            return chr(ord(control) & 0x1F) if control != "?" else "\x7f"
        return ANSI_SIMPLE.get(other, "\\" + other)

    decoded = ANSI_ESCAPE.sub(one, text).split("\0", 1)[0]
    return rejoin_bytes(decoded)


def unicode_char(code: int, utf8: bool) -> str:
    """The character of a \\u escape; a locale that lacks it shows the escape."""
    if code < 128:
        return chr(code)
    if not utf8:
        return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def byte_char(byte: int) -> str:
    """A byte as text keeps it: ASCII, or surrogateescape."""
    return chr(byte) if byte < 128 else chr(0xDC00 + byte)


def rejoin_bytes(text: str) -> str:
    """Bytes written one by one that together make UTF-8 characters become these characters."""
    if not any("\udc80" <= ch <= "\udcff" for ch in text):
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
