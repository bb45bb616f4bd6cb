"""The grammar: from tokens to the syntax tree, one complete command at a time.

`Parser.command()` reads the next complete command (a list up to a newline) and returns it, or None at the end. When the
text ends in the middle and `final` is false it raises Incomplete: the caller adds a line and parses again.
"""

from __future__ import annotations

from collections.abc import Callable

from maillab.shell import syntax
from maillab.shell.conditions import ConditionParser
from maillab.shell.lexer import REDIRECTIONS, Token
from maillab.shell.syntax import AndOr, Command, HereDoc, Item, Pipeline, Redirect, Sequence, Simple, Word
from maillab.shell.words import NAME, Incomplete, ShellSyntaxError

DECLARATIONS = frozenset({"declare", "typeset", "local", "export", "readonly"})
ENDINGS = (";;", ";&", ";;&")


class Parser(ConditionParser):
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

    # --- tokens -----------------------------------------------------------------------------------------------------

    def next_token(self, assignments: bool = False) -> Token:
        """The token at hand, not consumed."""
        if self.token is None:
            self.token = self.scan(assignments)
        return self.token

    def next_command_token(self) -> Token:
        """The token at hand where a command may begin: assignments and aliases are recognised."""
        while True:
            token = self.next_token(assignments=True)
            if token.kind != "word" or not self.expand_alias(token):
                return token

    def expand_alias(self, token: Token) -> bool:
        """Replace an alias in the text; True when the token has to be read again."""
        aliases = self.options.aliases
        if not aliases or token.word is None or token.text not in aliases or token.word.quoted:
            return False
        self.alias_ends = [(name, end) for name, end in self.alias_ends if end > token.pos]
        if any(name == token.text for name, _ in self.alias_ends):
            return False
        value = aliases[token.text]
        self.splice(token.pos, self.pos, value + " ")
        self.alias_ends.append((token.text, token.pos + len(value)))
        self.token = None
        return True

    def advance(self) -> None:
        self.token = None

    def at_op(self, *texts: str) -> bool:
        token = self.next_token()
        return token.kind == "op" and token.text in texts

    def at_reserved(self, *words: str) -> bool:
        """Whether the token at hand is one of these reserved words, where a command may begin."""
        token = self.next_command_token()
        return token.kind == "word" and token.text in words and token.text in self.dialect.reserved

    def expect_reserved(self, word: str) -> None:
        if not self.at_reserved(word):
            raise self.unexpected(self.next_token(), word)
        self.advance()

    def skip_newlines(self) -> None:
        while self.next_token().kind == "newline":
            self.advance()

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

    # --- commands ---------------------------------------------------------------------------------------------------

    def one_command(self) -> Command:
        """A compound command with its redirections, a function definition, or a simple command."""
        token = self.next_command_token()
        line = self.line_at(token.pos)
        if token.kind == "op" and token.text == "(":
            command = self.parenthesised()
        elif token.kind == "word" and token.text in self.dialect.reserved:
            reader = self.compounds().get(token.text)
            if reader is None:
                if token.text in ("]]", "time"):
                    return self.simple()
                raise self.unexpected(token)
            command = reader()
        else:
            return self.simple()
        command.line = line
        if not isinstance(command, syntax.Function):
            command.redirects.extend(self.redirections())
        return command

    def compounds(self) -> dict[str, Callable[[], Command]]:
        """The reserved words that begin a command."""
        return {
            "{": self.group, "if": self.if_command, "while": self.while_command, "until": self.while_command,
            "for": self.for_command, "case": self.case_command, "select": self.select_command,
            "[[": self.condition, "function": self.function_keyword, "coproc": self.coproc,
        }  # fmt: skip

    def parenthesised(self) -> Command:
        """( list ) or (( expression ))"""
        start = self.next_token().pos
        if self.dialect.conditional and self.text.startswith("((", start):
            arithmetic = self.try_double_paren(start)
            if arithmetic is not None:
                return arithmetic
        self.pos = start + 1
        self.advance()
        body = self.compound_list(")")
        self.advance()
        return syntax.Subshell(body=body)

    def try_double_paren(self, start: int) -> syntax.Arith | None:
        end = self.matching_paren(start + 2)
        if end < 0:
            raise self.unfinished(")", start)
        if self.text[end + 1 : end + 2] != ")":
            return None
        self.pos = end + 2
        self.advance()
        return syntax.Arith(expression=self.expression(self.text[start + 2 : end]))

    def group(self) -> Command:
        self.advance()
        body = self.compound_list("}")
        self.advance()
        return syntax.Group(body=body)

    def if_command(self) -> Command:
        node = syntax.If()
        self.advance()
        while True:
            test = self.compound_list("then")
            self.advance()
            body = self.compound_list("elif", "else", "fi", expecting="fi")
            node.clauses.append((test, body))
            closer = self.next_token().text
            self.advance()
            if closer == "else":
                node.otherwise = self.compound_list("fi")
                self.advance()
                return node
            if closer == "fi":
                return node

    def while_command(self) -> Command:
        until = self.next_token().text == "until"
        self.advance()
        test = self.compound_list("do")
        return syntax.While(test=test, body=self.do_group(), until=until)

    def do_group(self) -> Sequence:
        """do list done (or, in bash, { list })"""
        if self.at_reserved("{") and not self.dialect.is_dash:
            self.advance()
            body = self.compound_list("}")
        else:
            self.expect_reserved("do")
            body = self.compound_list("done")
        self.advance()
        return body

    def for_command(self) -> Command:
        self.advance()
        token = self.next_token()
        if token.kind == "op" and self.dialect.conditional and self.text.startswith("((", token.pos):
            return self.arithmetic_for(token.pos)
        return self.for_words(select=False)

    def select_command(self) -> Command:
        self.advance()
        return self.for_words(select=True)

    def for_words(self, select: bool) -> Command:
        """name [in words;] do list done"""
        token = self.next_token()
        if token.kind != "word":
            raise self.bad_loop_variable(token)
        if self.dialect.is_dash and not NAME.fullmatch(token.text):
            raise self.bad_loop_variable(token)
        node = syntax.For(name=token.text, select=select)
        self.advance()
        self.skip_newlines()
        if self.at_reserved("in"):
            self.advance()
            node.words = self.words_to_separator()
        elif self.at_op(";"):
            self.advance()
        while self.next_command_token().kind == "newline":
            self.advance()
        node.body = self.do_group()
        return node

    def bad_loop_variable(self, token: Token) -> Exception:
        if self.dialect.is_dash:
            if token.kind == "eof" and not self.final:
                return Incomplete()
            return ShellSyntaxError("Syntax error: Bad for loop variable", self.dash_line(token))
        if token.kind == "eof" and self.final:
            token = Token("newline", "newline", token.pos)
        return self.unexpected(token)

    def words_to_separator(self) -> list[Word]:
        words: list[Word] = []
        while True:
            token = self.next_token()
            if token.kind == "newline" or (token.kind == "op" and token.text == ";"):
                self.advance()
                return words
            if token.kind != "word" or token.word is None:
                raise self.unexpected(token, "do")
            words.append(token.word)
            self.advance()

    def arithmetic_for(self, start: int) -> Command:
        end = self.matching_paren(start + 2)
        if end < 0 or self.text[end + 1 : end + 2] != ")":
            raise self.unfinished(")", start)
        inside = self.text[start + 2 : end]
        pieces = inside.split(";")
        if len(pieces) != 3:
            word = "expression required" if len(pieces) < 3 else "`;' unexpected"
            message = f"syntax error: arithmetic {word}" if len(pieces) < 3 else f"syntax error: {word}"
            line = self.line_at(start)
            raise ShellSyntaxError(message, line, f"(({inside}))")
        self.pos = end + 2
        self.advance()
        init, test, step = (self.expression(piece) for piece in pieces)
        if self.at_op(";"):
            self.advance()
        while self.next_command_token().kind == "newline":
            self.advance()
        return syntax.ArithFor(init=init, test=test, step=step, body=self.do_group())

    def case_command(self) -> Command:
        self.advance()
        token = self.next_token()
        if token.kind != "word" or token.word is None:
            raise self.unexpected(token)
        node = syntax.Case(word=token.word)
        self.advance()
        self.skip_newlines()
        if not (self.next_token().kind == "word" and self.next_token().text == "in"):
            raise self.unexpected(self.next_token(), "in")
        self.advance()
        while True:
            self.skip_newlines()
            token = self.next_token()
            if token.kind == "word" and token.text == "esac":
                self.advance()
                return node
            node.items.append(self.case_item())
            if node.items[-1].end == "":
                self.advance()
                return node

    def case_item(self) -> syntax.CaseItem:
        """[(] pattern | pattern ) list ;;"""
        if self.at_op("("):
            self.advance()
        patterns: list[Word] = []
        while True:
            token = self.next_token()
            if token.kind != "word" or token.word is None:
                raise self.unexpected(token, ")" if self.dialect.is_dash and token.kind == "eof" else "")
            patterns.append(token.word)
            self.advance()
            if self.at_op(")"):
                self.advance()
                break
            if not self.at_op("|"):
                raise self.unexpected(self.next_token(), ")")
            self.advance()
        body = self.case_body()
        end = self.next_token().text if self.at_op(*ENDINGS) else ""
        if end:
            self.advance()
        return syntax.CaseItem(patterns, body, end)

    def case_body(self) -> Sequence:
        """The list of a case item, which may be empty."""
        while self.next_command_token().kind == "newline":
            self.advance()
        if self.at_op(*ENDINGS) or self.at_reserved("esac"):
            return Sequence()
        return self.compound_list(*ENDINGS, "esac", expecting=";;")

    # --- functions --------------------------------------------------------------------------------------------------

    def function_keyword(self) -> Command:
        """function name [()] compound"""
        start = self.next_token().pos
        self.advance()
        token = self.next_token()
        if token.kind != "word":
            raise self.unexpected(token)
        self.advance()
        if self.at_op("("):
            self.advance()
            if not self.at_op(")"):
                raise self.unexpected(self.next_token())
            self.advance()
        return self.function_body(token.text, start, keyword=True)

    def function_body(self, name: str, start: int, keyword: bool) -> Command:
        while self.next_command_token().kind == "newline":
            self.advance()
        token = self.next_command_token()
        line = self.line_at(start)
        if not self.dialect.is_dash:
            compound = token.text in self.compounds() and token.kind == "word" and token.text not in ("function", "coproc")
            if not compound and not self.at_op("("):
                raise self.unexpected(token)
        body = self.one_command()
        return syntax.Function(line=line, name=name, body=body, source=self.text[start : self.pos], keyword=keyword)

    def coproc(self) -> Command:
        """coproc [NAME] compound, coproc simple"""
        self.advance()
        token = self.next_command_token()
        name = "COPROC"
        if token.kind == "word" and NAME.fullmatch(token.text) and token.text not in self.dialect.reserved:
            self.skip_blanks()
            if self.looking_at("{") or self.looking_at("("):
                name = token.text
                self.advance()
        return syntax.Coproc(name=name, body=self.one_command())

    # --- simple commands --------------------------------------------------------------------------------------------

    def simple(self) -> Command:
        """Assignments, words and redirections; or a function definition when `()` follows the first word."""
        token = self.next_command_token()
        node = Simple(line=self.line_at(token.pos))
        while True:
            token = self.next_command_token() if not node.words else self.next_token(self.assignments_allowed(node))
            if token.kind == "assign" and token.assignment is not None:
                self.advance()
                (node.words.append if node.words else node.assignments.append)(token.assignment)  # type: ignore[attr-defined]
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
        found = []
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


