"""The grammar: from tokens to the syntax tree, one complete command at a time.

`Parser.command()` reads the next complete command (a list up to a newline) and returns it, or None at the end. When the
text ends in the middle and `final` is false it raises Incomplete: the caller adds a line and parses again.
"""

from __future__ import annotations

from maillab.shell import syntax
from maillab.shell.compounds import CompoundParser
from maillab.shell.lexer import REDIRECTIONS, Token
from maillab.shell.source import NAME, ShellSyntaxError
from maillab.shell.syntax import AndOr, Command, HereDoc, Item, Pipeline, Redirect, Sequence, Simple, Word

DECLARATIONS = frozenset({"declare", "typeset", "local", "export", "readonly"})


class Parser(CompoundParser):
    """A recursive descent parser over one text."""

    def command(self) -> Sequence | None:
        """The next complete command and the newline after it; None when only blank lines are left."""
        while True:
            token = self.next_command_token()
            if token.kind == "eof":
                return None
            if token.kind != "newline":
                break
            self.advance()
        sequence = Sequence(line=self.line_at(token.pos))
        while True:
            self.list_item(sequence)
            token = self.next_command_token()
            if token.kind == "newline":
                self.advance()
                return sequence
            if token.kind == "eof":
                if self.pending:
                    self.read_here_documents()
                return sequence
            if not sequence.items or not self.separated:
                raise self.unexpected(token)

    def program(self) -> list[Sequence]:
        """Everything to the end."""
        commands = []
        while (command := self.command()) is not None:
            commands.append(command)
        return commands

    # --- lists ------------------------------------------------------------------------------------------------------

    separated = False

    def list_item(self, sequence: Sequence) -> None:
        """One and-or list with its terminator, added to the sequence."""
        command = self.and_or()
        item = Item(command)
        sequence.items.append(item)
        self.separated = False
        if self.at_op(";", "&"):
            item.background = self.next_token().text == "&"
            self.separated = True
            self.advance()

    def compound_list(self, *closers: str, expecting: str = "") -> Sequence:
        """A list inside a compound command, up to a closing reserved word or operator (not consumed)."""
        while self.next_command_token().kind == "newline":
            self.advance()
        sequence = Sequence(line=self.line_at(self.next_token().pos))
        expected = expecting or (closers[0] if len(closers) == 1 else "")
        while True:
            if self.at_closer(closers):
                if not sequence.items:
                    raise self.unexpected(self.next_token())
                return sequence
            token = self.next_command_token()
            if token.kind == "eof" or (token.text in self.dialect.reserved and self.is_closing_word(token)):
                raise self.unexpected(token, expected if sequence.items else "" if token.kind != "eof" else expected)
            self.list_item(sequence)
            newline = False
            while self.next_command_token().kind == "newline":
                newline = True
                self.advance()
            if not (newline or self.separated) and not self.at_closer(closers):
                raise self.unexpected(self.next_token(), expected)

    def is_closing_word(self, token: Token) -> bool:
        return token.kind == "word" and token.text in ("then", "else", "elif", "fi", "do", "done", "esac", "}")

    def at_closer(self, closers: tuple[str, ...]) -> bool:
        token = self.next_command_token()
        if token.text not in closers:
            return False
        return token.kind == "op" or (token.kind == "word" and token.text in self.dialect.reserved)

    def and_or(self) -> AndOr:
        """pipeline && pipeline || ..."""
        node = AndOr(line=self.line_at(self.next_command_token().pos))
        node.parts.append(self.pipeline())
        while self.at_op("&&", "||"):
            node.operators.append(self.next_token().text)
            self.advance()
            while self.next_command_token().kind == "newline":
                self.advance()
            node.parts.append(self.pipeline())
        return node

    def pipeline(self) -> Pipeline:
        """[time [-p]] [!] command | command ..."""
        node = Pipeline(line=self.line_at(self.next_command_token().pos))
        self.pipeline_prefix(node)
        if (node.timed or node.negated) and self.pipeline_is_empty():
            return node
        while True:
            node.commands.append(self.one_command())
            if not self.at_op("|", "|&"):
                return node
            node.joined.append(self.next_token().text == "|&")
            self.advance()
            while self.next_command_token().kind == "newline":
                self.advance()
            if self.dialect.is_dash and self.at_reserved("!"):
                raise self.unexpected(self.next_token())

    def pipeline_prefix(self, node: Pipeline) -> None:
        while True:
            if self.at_reserved("time") and self.is_time_word():
                self.advance()
                node.timed = True
                token = self.next_command_token()
                if token.kind == "word" and token.text == "-p":
                    node.time_posix = True
                    self.advance()
                if self.next_command_token().text == "--":
                    self.advance()
            elif self.at_reserved("!"):
                if node.negated and self.dialect.is_dash:
                    raise self.unexpected(self.next_token())
                self.advance()
                node.negated = not node.negated
            else:
                return

    def is_time_word(self) -> bool:
        """`time` is reserved unless an option other than -p follows (then it is the program)."""
        self.skip_blanks()
        return not self.looking_at("-") or self.looking_at("-p") or self.looking_at("--")

    def pipeline_is_empty(self) -> bool:
        token = self.next_command_token()
        return token.kind in ("newline", "eof") or (token.kind == "op" and token.text in (";", "&", "&&", "||", ")"))

    # --- simple commands --------------------------------------------------------------------------------------------

    def simple(self) -> Command:
        """Assignments, words and redirections; or a function definition when `()` follows the first word."""
        token = self.next_command_token()
        node = Simple(line=self.line_at(token.pos))
        while True:
            token = self.next_command_token() if not node.words else self.next_token(self.assignments_allowed(node))
            if token.kind == "assign" and token.assignment is not None:
                self.advance()
                if node.words:
                    node.words.append(token.assignment)
                else:
                    node.assignments.append(token.assignment)
            elif token.kind == "word" and token.word is not None:
                self.advance()
                if not node.words and not node.assignments and not node.redirects and self.function_follows(token):
                    return self.function_body(self.function_name(token), token.pos, keyword=False)
                node.words.append(token.word)
                self.alias_after_blank(token)
            elif token.kind == "fd" or (token.kind == "op" and token.text in REDIRECTIONS):
                node.redirects.append(self.redirection())
            elif token.kind == "op" and token.text == "(" and node.words:
                raise self.unexpected(self.token_after_paren(token, node))
            else:
                break
        if not (node.words or node.assignments or node.redirects):
            raise self.unexpected(self.next_token())
        return node

    def token_after_paren(self, token: Token, node: Simple) -> Token:
        """What bash complains about in `word word (`: the parenthesis; after the first word, what follows it."""
        if len(node.words) > 1 or self.dialect.is_dash:
            return token
        self.advance()
        following = self.next_token()
        return following if following.kind != "eof" or not self.final else token

    def function_follows(self, token: Token) -> bool:
        """Consume `()` after a possible function name."""
        self.skip_blanks()
        if self.peek() != "(" or not self.at_op("("):
            return False
        opening = self.next_token()
        after = self.pos
        self.advance()
        if self.at_op(")"):
            self.advance()
            return True
        if self.dialect.is_dash:
            token = self.next_token()
            raise self.unexpected(Token("word", "", token.pos) if token.kind == "word" else token, ")")
        self.pos = after
        self.token = opening
        return False

    def function_name(self, token: Token) -> str:
        if self.dialect.is_dash and not NAME.fullmatch(token.text):
            raise ShellSyntaxError("Syntax error: Bad function name", self.line_at(token.pos))
        return token.text

    def assignments_allowed(self, node: Simple) -> bool:
        """After `export` and its like, words of the form name=value are assignments."""
        first = next((word for word in node.words if isinstance(word, Word) and word.literal not in ("command", "builtin")), None)
        return isinstance(first, Word) and first.literal in DECLARATIONS

    def alias_after_blank(self, token: Token) -> None:
        """An alias whose text ends in a blank makes the next word a candidate too."""
        value = next((name for name, end in self.alias_ends if end <= self.pos <= end + 2), None)
        if value is not None and self.options.aliases.get(value, "").endswith((" ", "\t")):
            following = self.next_token()
            if following.kind == "word":
                self.expand_alias(following)

    # --- redirections -----------------------------------------------------------------------------------------------

    def redirections(self) -> list[Redirect]:
        found: list[Redirect] = []
        while True:
            token = self.next_token()
            if token.kind != "fd" and not (token.kind == "op" and token.text in REDIRECTIONS):
                return found
            found.append(self.redirection())

    def redirection(self) -> Redirect:
        """[n]op word"""
        token = self.next_token()
        fd: int | None = None
        variable = ""
        if token.kind == "fd":
            if token.text.startswith("{"):
                variable = token.text[1:-1]
            else:
                fd = int(token.text)
            self.advance()
        operator = self.next_token().text
        self.advance()
        target = self.next_token()
        if target.kind != "word" or target.word is None:
            if target.kind == "eof" and self.final and not self.dialect.is_dash:
                target = Token("newline", "newline", target.pos)
            raise self.unexpected(target)
        self.advance()
        redirect = Redirect(operator, fd, target.word, variable)
        if operator in ("<<", "<<-"):
            redirect.heredoc = HereDoc(delimiter_of(target.word), target.word.quoted, operator == "<<-")
            self.pending.append(redirect.heredoc)
        return redirect

    # --- nested programs --------------------------------------------------------------------------------------------

    def nested_program(self, closing_error_at: int) -> Sequence:
        """The list inside $( ) or <( ), after its opening; the closing parenthesis is consumed."""
        outer_token, outer_pending, outer_separated = self.token, self.pending, self.separated
        self.token, self.pending = None, []
        body = Sequence(line=self.line_at(self.pos))
        while self.next_command_token().kind == "newline":
            self.advance()
        if not self.at_op(")"):
            try:
                body = self.compound_list(")")
            except ShellSyntaxError as error:
                if error.message == "syntax error: unexpected end of file":
                    raise self.unfinished(")", -1) from None
                raise
        self.token, self.pending, self.separated = outer_token, outer_pending, outer_separated
        return body


def delimiter_of(word: Word) -> str:
    """The text of a here-document's delimiter: quotes removed, nothing expanded."""
    texts: list[str] = []

    def collect(parts: list[syntax.Part]) -> None:
        for part in parts:
            if isinstance(part, syntax.Lit | syntax.Quoted):
                texts.append(part.text)
            elif isinstance(part, syntax.DoubleQuoted):
                collect(part.parts)
            else:
                texts.append(part.raw)

    collect(word.parts)
    return "".join(texts)


