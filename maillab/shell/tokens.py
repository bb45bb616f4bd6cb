"""The stream of tokens as the grammar sees it: one token ahead, reserved words, aliases."""

from __future__ import annotations

from maillab.shell.conditions import ConditionParser
from maillab.shell.lexer import Token


class TokenStream(ConditionParser):
    """One token of lookahead over the lexer."""

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
