"""The grammar of [[ expression ]]."""

from __future__ import annotations

from maillab.shell import syntax
from maillab.shell.lexer import Lexer, Token
from maillab.shell.source import Incomplete, PartList, ShellSyntaxError
from maillab.shell.syntax import CondExpr, Word

UNARY = frozenset("-" + letter for letter in "abcdefghknoprstuvwxzGLNORS")
BINARY = frozenset({"=", "==", "!=", "=~", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"})


class ConditionParser(Lexer):
    """Reads conditional expressions; errors are worded as bash words them."""

    def condition(self) -> syntax.Cond:
        """[[ ... ]], the opening word being at hand."""
        self.token = None
        expression = self.cond_or()
        token = self.cond_token()
        if not (token.kind == "word" and token.text == "]]"):
            raise self.cond_error("syntax error in conditional expression", token)
        self.token = None
        return syntax.Cond(expression=expression)

    def cond_token(self) -> Token:
        if self.token is None:
            self.token = self.scan()
        return self.token

    def cond_skip_newlines(self) -> None:
        while self.cond_token().kind == "newline":
            self.token = None

    def cond_or(self) -> CondExpr:
        left = self.cond_and()
        self.cond_skip_newlines()
        while self.cond_token().kind == "op" and self.cond_token().text == "||":
            self.token = None
            left = syntax.CondLogical("||", left, self.cond_and())
            self.cond_skip_newlines()
        return left

    def cond_and(self) -> CondExpr:
        left = self.cond_term()
        self.cond_skip_newlines()
        while self.cond_token().kind == "op" and self.cond_token().text == "&&":
            self.token = None
            left = syntax.CondLogical("&&", left, self.cond_term())
            self.cond_skip_newlines()
        return left

    def cond_term(self) -> CondExpr:
        self.cond_skip_newlines()
        token = self.cond_token()
        if token.kind == "op" and token.text == "(":
            return self.cond_group()
        if token.kind != "word" or token.word is None:
            shown = "EOF" if self.at_last(token) else self.cond_shown(token)
            raise self.cond_error(f"unexpected token `{shown}' in conditional command", token)
        self.token = None
        if token.text == "!":
            return syntax.CondNot(self.cond_term())
        if token.text in UNARY and not self.binary_follows():
            return self.cond_unary(token)
        return self.cond_binary(token, token.word)

    def cond_group(self) -> CondExpr:
        self.token = None
        inner = self.cond_or()
        token = self.cond_token()
        if token.kind != "op" or token.text != ")":
            raise self.cond_error(f"unexpected token `{self.cond_shown(token)}', expected `)'", token)
        self.token = None
        return syntax.CondGroup(inner)

    def binary_follows(self) -> bool:
        """Whether what looks like a unary operator is really the left side of a comparison."""
        token = self.cond_token()
        return token.text in ("=", "==", "!=", "=~") and token.kind == "word"

    def cond_unary(self, operator: Token) -> CondExpr:
        token = self.cond_token()
        if token.kind != "word" or token.word is None or token.text == "]]":
            if token.text == "]]" or token.kind != "word":
                raise self.cond_error(f"unexpected argument `{self.cond_shown(token)}' to conditional unary operator", token)
        assert token.word is not None
        self.token = None
        return syntax.CondUnary(operator.text, token.word)

    def cond_binary(self, first: Token, left: Word) -> CondExpr:
        token = self.cond_token()
        if token.kind in ("word", "op") and token.text in BINARY:
            self.token = None
            return syntax.CondBinary(token.text, left, self.cond_right(token.text))
        if token.kind in ("newline", "eof") and token.kind == "eof":
            raise self.cond_error("unexpected token `newline', conditional binary operator expected", token)
        if token.text in ("]]", "&&", "||", ")"):
            return syntax.CondUnary("-n", left)
        if token.kind == "newline":
            raise self.cond_error("unexpected token `newline', conditional binary operator expected", token)
        raise self.cond_error("conditional binary operator expected", token)

    def cond_right(self, operator: str) -> Word:
        """The right side: a regular expression, a pattern (extended globs allowed) or a word."""
        self.skip_blanks()
        if operator == "=~":
            return self.regex_word()
        token_start = self.pos
        if operator in ("=", "==", "!=") and self.peek() not in ("", "\n", "&", "|", ")", ";", "<", ">"):
            if self.peek() != "(":
                word = self.read_word(extglob=True)
                if word.raw != "]]":
                    return word
                self.pos = token_start
        token = self.cond_token()
        if token.kind != "word" or token.word is None or token.text == "]]":
            raise self.cond_error(f"unexpected argument `{self.cond_shown(token)}' to conditional binary operator", token)
        self.token = None
        return token.word

    def regex_word(self) -> Word:
        """The regular expression after =~: parentheses and bars belong to it."""
        start = self.pos
        out = PartList()
        depth = 0
        while self.pos < len(self.text):
            ch = self.text[self.pos]
            if ch in " \t\n" and not depth:
                break
            if ch in "&;" and not depth:
                break
            depth += (ch == "(") - (ch == ")")
            if depth < 0:
                break
            self.read_piece(out)
        if depth > 0:
            raise self.unfinished(")", start)
        if self.pos >= len(self.text) and not self.final:
            raise Incomplete
        word = Word(self.text[start : self.pos], out.parts, self.line_at(start))
        if not out.parts or word.raw == "]]":
            raise self.cond_error(f"unexpected argument `{word.raw or 'newline'}' to conditional binary operator", None)
        return word

    def at_last(self, token: Token) -> bool:
        """Whether nothing follows (bash reads a newline after the text, then the end)."""
        return token.kind == "eof" or not self.text[token.pos :].strip()

    def cond_shown(self, token: Token) -> str:
        return "newline" if token.kind in ("newline", "eof") else token.text

    def cond_error(self, message: str, token: Token | None) -> Exception:
        if token is not None and token.kind == "eof" and not self.final:
            return Incomplete()
        status = 2 if token is not None and token.kind in ("eof", "newline") else 0
        line = self.last_line if message.startswith("unexpected token `EOF'") else self.line_at(self.pos if token is None else token.pos)
        return ShellSyntaxError(message, line, status=status)
