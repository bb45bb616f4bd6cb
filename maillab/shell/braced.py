"""Reading ${...}: the parameter, its subscript, its operator and the operator's words."""

from __future__ import annotations

import re

from maillab.shell.source import DIGITS, NAME, SPECIAL, PartList, TextSource
from maillab.shell.syntax import DoubleQuoted, Lit, Param, ProcessSub, Word

LENGTH = re.compile(r"#(?:[A-Za-z_][A-Za-z0-9_]*(?:\[|\})|[0-9]+\}|[@*#?$!\-]\})")


class BracedReader(TextSource):
    """Parameter expansions in braces; what stands inside their words is read by the class above."""

    def read_piece(self, out: PartList) -> None:
        """One quote, expansion, or ordinary character outside quotes."""
        raise NotImplementedError

    def read_quoted_piece(self, out: PartList, escapes: str) -> None:
        """The same where double-quote rules hold."""
        raise NotImplementedError

    def read_double(self) -> DoubleQuoted:
        """A double-quoted string at the position."""
        raise NotImplementedError

    def expression(self, text: str) -> Word:
        """An arithmetic expression as a word."""
        raise NotImplementedError

    def process_sub_here(self) -> bool:
        """Whether a process substitution begins at the position."""
        raise NotImplementedError

    def read_process_sub(self) -> ProcessSub:
        """The process substitution at the position."""
        raise NotImplementedError

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
        return bool(LENGTH.match(self.text, self.pos))

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
