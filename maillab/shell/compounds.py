"""The grammar of compound commands: ( ) { } if while for case select, functions, coprocesses."""

from __future__ import annotations

from collections.abc import Callable

from maillab.shell import syntax
from maillab.shell.lexer import Token
from maillab.shell.source import NAME, Incomplete, ShellSyntaxError
from maillab.shell.syntax import Command, Redirect, Sequence, Word
from maillab.shell.tokens import TokenStream

ENDINGS = (";;", ";&", ";;&")


class CompoundParser(TokenStream):
    """Compound commands; lists and simple commands are read by the class above."""

    def compound_list(self, *closers: str, expecting: str = "") -> Sequence:
        """A list inside a compound command, up to a closing word or operator (not consumed)."""
        raise NotImplementedError

    def simple(self) -> Command:
        """A simple command or a function definition."""
        raise NotImplementedError

    def redirections(self) -> list[Redirect]:
        """The redirections at the position."""
        raise NotImplementedError

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
