"""Tokens: operators, words, assignments, redirection numbers, newlines with the here-documents that follow them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from maillab.shell.source import META, NAME, Incomplete, ParserOptions, ShellSyntaxError
from maillab.shell.syntax import ArrayElement, Assignment, HereDoc, Quoted, Word
from maillab.shell.words import WordReader

OPERATORS_BASH = (
    "&>>", "<<-", "<<<", ";;&", "&&", "||", ";;", ";&", "|&", "<<", ">>", "<&", ">&", "<>", ">|", "&>",
    "&", "|", ";", "(", ")", "<", ">",
)  # fmt: skip
OPERATORS_DASH = ("<<-", "&&", "||", ";;", "<<", ">>", "<&", ">&", "<>", ">|", "&", "|", ";", "(", ")", "<", ">")
REDIRECTIONS = ("<<-", "<<<", "<<", ">>", "<&", ">&", "<>", ">|", "<", ">", "&>", "&>>")
NUMBER_BEFORE = re.compile(r"[0-9]+(?=[<>])")
VARIABLE_BEFORE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*(?:\[[^]\s]*\])?)\}(?=[<>])")
PLAIN_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\+?)=")
BLANKS = re.compile(r"(?:[ \t]|\\\n)+")


@dataclass(slots=True)
class Token:
    """kind: "word", "assign", "op", "newline", "eof", "fd" (a number or {variable} before a redirection)."""

    kind: str
    text: str
    pos: int
    word: Word | None = None
    assignment: Assignment | None = None


class Lexer(WordReader):
    """A stream of tokens; the parser says whether assignments and aliases may stand at the position."""

    def __init__(self, text: str, options: ParserOptions, *, line: int = 1, final: bool = True) -> None:
        super().__init__(text, options, line=line, final=final)
        self.token: Token | None = None
        self.pending: list[HereDoc] = []
        self.alias_ends: list[tuple[str, int]] = []
        self.warnings: list[tuple[str, int]] = []
        self.operators = OPERATORS_DASH if self.dialect.is_dash else OPERATORS_BASH

    def skip_blanks(self) -> None:
        """Blanks, continued lines and comments."""
        while True:
            blanks = BLANKS.match(self.text, self.pos)
            if blanks:
                self.pos = blanks.end()
                if self.pos >= len(self.text) and not self.final and self.text.endswith("\\\n"):
                    raise Incomplete
            if self.peek() != "#":
                return
            end = self.text.find("\n", self.pos)
            self.pos = len(self.text) if end < 0 else end

    def scan(self, assignments: bool = False) -> Token:
        """Read the next token."""
        self.skip_blanks()
        start = self.pos
        if start >= len(self.text):
            return self.end_token(start)
        if self.text[start] == "\n":
            self.pos += 1
            self.read_here_documents()
            return Token("newline", "newline", start)
        fd = NUMBER_BEFORE.match(self.text, start)
        if not fd and self.dialect.extended_redirections:
            fd = VARIABLE_BEFORE.match(self.text, start)
        if fd and not (self.text.startswith(("<(", ">("), fd.end()) and self.dialect.process_substitution):
            self.pos = fd.end()
            return Token("fd", fd.group(), start)
        if not self.process_sub_here():
            for operator in self.operators:
                if self.text.startswith(operator, start):
                    self.pos += len(operator)
                    return Token("op", operator, start)
        if assignments:
            assignment = self.try_assignment()
            if assignment is not None:
                return Token("assign", assignment.raw, start, assignment=assignment)
        word = self.read_word()
        return Token("word", word.raw, start, word=word)

    def end_token(self, start: int) -> Token:
        """The end of the text: pending here-documents end with it."""
        if self.pending:
            self.read_here_documents()
        return Token("eof", "", start)

    # --- assignments ------------------------------------------------------------------------------------------------

    def try_assignment(self) -> Assignment | None:
        """name=..., name[...]=..., name=(...) at the position, or nothing consumed."""
        start = self.pos
        name = NAME.match(self.text, start)
        if not name:
            return None
        self.pos = name.end()
        subscript = None
        if self.peek() == "[" and self.dialect.arrays:
            if self.peek(1) == "]":
                self.pos = start
                return None
            subscript = self.read_subscript()
        append = self.looking_at("+=") and not self.dialect.is_dash
        if not append and self.peek() != "=":
            self.pos = start
            return None
        self.pos += 2 if append else 1
        value: Word | list[ArrayElement]
        if self.peek() == "(" and self.dialect.arrays:
            value = self.read_array()
        else:
            value = self.read_word()
            if value.raw[:1] == "~" or ":~" in value.raw:
                value.literal = None
        return Assignment(name.group(), subscript, append, value, self.text[start : self.pos], self.line_at(start))

    def read_array(self) -> list[ArrayElement]:
        """( element ... ) at the position."""
        opened = self.pos
        self.pos += 1
        elements: list[ArrayElement] = []
        while True:
            self.skip_array_blanks()
            if self.pos >= len(self.text):
                raise self.array_error(self.unfinished(")", opened))
            ch = self.text[self.pos]
            if ch == ")":
                self.pos += 1
                return elements
            if ch in META and not self.process_sub_here():
                raise self.array_error(self.unexpected(self.scan()))
            elements.append(self.read_element())

    def array_error(self, error: Exception) -> Exception:
        """An array that is not closed or holds operators: bash -c ends with 1."""
        if isinstance(error, ShellSyntaxError):
            error.status = 1
        return error

    def skip_array_blanks(self) -> None:
        self.skip_blanks()
        while self.peek() == "\n":
            self.pos += 1
            self.skip_blanks()

    def read_element(self) -> ArrayElement:
        """value or [subscript]=value"""
        start = self.pos
        if self.peek() == "[":
            subscript = self.read_subscript()
            append = self.looking_at("+=")
            if append or self.peek() == "=":
                self.pos += 2 if append else 1
                return ArrayElement(subscript, append, self.read_word())
            self.pos = start
        return ArrayElement(None, False, self.read_word())

    # --- here-documents ---------------------------------------------------------------------------------------------

    def read_here_documents(self) -> None:
        """The bodies that begin on this line, in the order of their operators."""
        pending, self.pending = self.pending, []
        for document in pending:
            self.read_here_document(document)

    def read_here_document(self, document: HereDoc) -> None:
        start = self.pos
        lines: list[str] = []
        while True:
            if self.pos >= len(self.text):
                self.here_document_cut(document, start)
                break
            end = self.text.find("\n", self.pos)
            line = self.text[self.pos :] if end < 0 else self.text[self.pos : end]
            closed = end >= 0
            self.pos = len(self.text) if end < 0 else end + 1
            if document.strip_tabs:
                line = line.lstrip("\t")
            if line == document.delimiter:
                break
            lines.append(line + ("\n" if closed or not self.dialect.is_dash else ""))
            while not document.quoted and line.endswith("\\") and not line.endswith("\\\\") and self.pos < len(self.text):
                line = self.continued_line(lines)
        document.raw = "".join(lines)
        if document.quoted:
            document.body = Word(document.raw, [Quoted(document.raw)])
        else:
            document.body = type(self)(document.raw, self.options, line=self.line_at(start)).read_document()

    def continued_line(self, lines: list[str]) -> str:
        """A line that continues the last one: it cannot be the delimiter."""
        end = self.text.find("\n", self.pos)
        line = self.text[self.pos :] if end < 0 else self.text[self.pos : end]
        self.pos = len(self.text) if end < 0 else end + 1
        lines.append(line + "\n")
        return line

    def here_document_cut(self, document: HereDoc, start: int) -> None:
        """The text ends before the delimiter: bash warns and takes what there is."""
        if not self.final:
            raise Incomplete
        begun = self.line_at(max(start - 1, 0))
        text = f"here-document at line {begun} delimited by end-of-file (wanted `{document.delimiter}')"
        self.warnings.append((text, self.line_at(len(self.text)) - (1 if self.text.endswith("\n") else 0)))

    # --- errors -----------------------------------------------------------------------------------------------------

    def unexpected(self, token: Token, expecting: str = "") -> Exception:
        """A token that cannot stand where it stands."""
        if token.kind == "eof" and not self.final:
            return Incomplete()
        if self.dialect.is_dash:
            return self.unexpected_dash(token, expecting)
        if token.kind == "eof":
            return ShellSyntaxError("syntax error: unexpected end of file", self.last_line)
        line = self.line_at(token.pos)
        shown = "newline" if token.kind == "newline" else token.text
        return ShellSyntaxError(f"syntax error near unexpected token `{shown}'", line, self.source_line(token.pos))

    def unexpected_dash(self, token: Token, expecting: str) -> ShellSyntaxError:
        if token.kind == "eof":
            what = "end of file"
        elif token.kind == "newline":
            what = "newline"
        elif (token.kind == "op" and token.text in REDIRECTIONS) or token.kind == "fd":
            what = "redirection"
        elif token.kind == "op" or token.text in self.dialect.reserved:
            what = f'"{token.text}"'
        else:
            what = "word"
        suffix = f' (expecting "{expecting}")' if expecting else ""
        return ShellSyntaxError(f"Syntax error: {what} unexpected{suffix}", self.dash_line(token))

    def dash_line(self, token: Token) -> int:
        """dash has already counted a newline that it complains about."""
        return self.line_at(token.pos) + (token.kind == "newline")

    def source_line(self, pos: int) -> str:
        """The line of the text around a position, which bash shows under its message."""
        start = self.text.rfind("\n", 0, pos) + 1
        end = self.text.find("\n", pos)
        return self.text[start:] if end < 0 else self.text[start:end]

    def splice(self, start: int, end: int, text: str) -> None:
        """Replace a piece of the text (an alias) and go back to its start."""
        self.text = self.text[:start] + text + self.text[end:]
        self.newlines = None
        shift = len(text) - (end - start)
        self.alias_ends = [(name, stop + shift if stop >= end else stop) for name, stop in self.alias_ends]
        self.pos = start


