"""From tokens to the tree: the expressions of awk as mawk 1.3.4 accepts them, with its messages."""

from maillab.shell.commands.mawk import _tree as tree
from maillab.shell.commands.mawk._lexer import AwkSyntaxError, Token
from maillab.shell.commands.mawk._tree import Expression, LeftValue

ASSIGNMENTS = {"=", "+=", "-=", "*=", "/=", "%=", "^="}
COMPARISONS = {"<", "<=", "==", "!=", ">", ">="}
OPERAND_STARTS = {"name", "call", "builtin", "number", "string", "regex", "$", "!", "(", "-", "+", "++", "--"}
ARGUMENT_COUNTS = {
    "length": (0, 1), "substr": (2, 3), "index": (2, 2), "split": (2, 3), "sub": (2, 3), "gsub": (2, 3),
    "match": (2, 2), "sprintf": (1, 255), "tolower": (1, 1), "toupper": (1, 1), "sin": (1, 1), "cos": (1, 1),
    "atan2": (2, 2), "exp": (1, 1), "log": (1, 1), "sqrt": (1, 1), "int": (1, 1), "rand": (0, 0), "srand": (0, 1),
    "system": (1, 1), "close": (1, 1), "fflush": (0, 1),
}  # fmt: skip


class Expressions:
    """Recursive descent over the tokens, as far as expressions go; `braces` is how many blocks are open."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.braces = 0
        self.no_in = False
        self.no_greater = False

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.at]

    def take(self) -> Token:
        """The next token, consumed."""
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def accept(self, kind: str) -> bool:
        """Consume the next token if it is of this kind."""
        if self.token.kind == kind:
            self.take()
            return True
        return False

    def expect(self, kind: str) -> Token:
        """Consume a token of this kind or complain."""
        if self.token.kind != kind:
            self.fail()
        return self.take()

    def fail(self) -> None:
        """mawk's complaint about the next token."""
        token = self.token
        if token.kind in ("newline", "eof") and self.open_parentheses() > 0:
            raise AwkSyntaxError(f"line {self.tokens[self.at - (token.kind == 'eof')].line}: missing ) near end of line")
        if token.kind == "eof":
            missing = "missing }" if self.braces > 0 else "syntax error at or"
            raise AwkSyntaxError(f"line {token.line}: {missing} near end of file")
        if token.kind == "}" and self.braces <= 0:
            texts = [f"line {token.line}: extra '}}'"]
            if self.tokens[self.at + 1].kind == "newline":
                texts.append(f"line {token.line}: syntax error at or near end of line")
            raise AwkSyntaxError(*texts)
        if token.kind == "newline":
            raise AwkSyntaxError(f"line {token.line}: syntax error at or near end of line")
        shown = f"/{token.text}/" if token.kind == "regex" else token.text
        raise AwkSyntaxError(f"line {token.line}: syntax error at or near {shown}")

    def open_parentheses(self) -> int:
        """How many parentheses are open before the next token."""
        kinds = [token.kind for token in self.tokens[: self.at]]
        return kinds.count("(") - kinds.count(")")

    def skip_newlines(self) -> None:
        """Newlines that mean nothing here."""
        while self.token.kind == "newline":
            self.take()

    # --- expressions, loosest first

    def free_expression(self) -> Expression:
        """An expression between brackets of some kind, where > and in mean what they usually mean."""
        saved = self.no_greater, self.no_in
        self.no_greater = self.no_in = False
        inner = self.expression()
        self.no_greater, self.no_in = saved
        return inner

    def expression_list(self, closer: str) -> list[Expression]:
        """Expressions separated by commas, up to the closer (not consumed)."""
        found: list[Expression] = []
        self.skip_newlines()
        while self.token.kind != closer:
            found.append(self.free_expression())
            if not self.accept(","):
                break
            self.skip_newlines()
        return found

    def expression(self) -> Expression:
        """Assignment and ?:."""
        left = self.conditional()
        if self.token.kind in ASSIGNMENTS and isinstance(left, (tree.Name, tree.Field, tree.Element)):
            operator = self.take().kind[:-1]
            self.skip_newlines()
            return tree.Assign(left, operator, self.expression())
        return left

    def conditional(self) -> Expression:
        """test ? yes : no."""
        test = self.either()
        if not self.accept("?"):
            return test
        self.skip_newlines()
        yes = self.expression()
        self.skip_newlines()
        self.expect(":")
        self.skip_newlines()
        return tree.Conditional(test, yes, self.expression())

    def either(self) -> Expression:
        """||."""
        left = self.both()
        while self.accept("||"):
            self.skip_newlines()
            left = tree.Binary("||", left, self.both())
        return left

    def both(self) -> Expression:
        """&&."""
        left = self.membership()
        while self.accept("&&"):
            self.skip_newlines()
            left = tree.Binary("&&", left, self.membership())
        return left

    def membership(self) -> Expression:
        """expression in array."""
        left = self.matching()
        while self.token.kind == "in" and not self.no_in:
            self.take()
            name = self.expect("name")
            left = tree.Member([left], tree.Name(name.text, name.line))
        return left

    def matching(self) -> Expression:
        """~ and !~."""
        left = self.comparison()
        while self.token.kind in ("~", "!~"):
            negated = self.take().kind == "!~"
            left = tree.Matches(left, self.comparison(), negated)
        return left

    def comparison(self) -> Expression:
        """< <= == != > >=; > is not one in the arguments of print."""
        left = self.concatenation()
        while self.token.kind in COMPARISONS and not (self.token.kind == ">" and self.no_greater):
            operator = self.take().kind
            left = tree.Binary(operator, left, self.concatenation())
        return self.assignment_after(left)

    def assignment_after(self, left: Expression) -> Expression:
        """`a == b = c` and `$1 ~ x = y`: the assignment binds to the operand it touches."""
        if self.token.kind not in ASSIGNMENTS or not isinstance(left, tree.Binary):
            return left
        if not isinstance(left.right, (tree.Name, tree.Field, tree.Element)):
            return left
        operator = self.take().kind[:-1]
        self.skip_newlines()
        return tree.Binary(left.operator, left.left, tree.Assign(left.right, operator, self.expression()))

    def concatenation(self) -> Expression:
        """Operands side by side."""
        left = self.additive()
        while self.token.kind in OPERAND_STARTS or (self.token.kind == "getline"):
            if self.token.kind in ("+", "-", "/"):
                break
            left = tree.Binary("", left, self.additive())
        return left

    def additive(self) -> Expression:
        """+ and -."""
        left = self.multiplicative()
        while self.token.kind in ("+", "-"):
            operator = self.take().kind
            left = tree.Binary(operator, left, self.multiplicative())
        return left

    def multiplicative(self) -> Expression:
        """* / %."""
        left = self.unary()
        while self.token.kind in ("*", "/", "%"):
            operator = self.take().kind
            left = tree.Binary(operator, left, self.unary())
        return left

    def unary(self) -> Expression:
        """! - + before an operand."""
        if self.token.kind in ("!", "-", "+"):
            operator = self.take().kind
            return tree.Unary(operator, self.unary())
        return self.power()

    def power(self) -> Expression:
        """^ groups to the right, and its right side may carry a sign."""
        base = self.piped()
        if self.accept("^"):
            return tree.Binary("^", base, self.unary())
        return base

    def piped(self) -> Expression:
        """command | getline [variable]."""
        left = self.postfix()
        while self.token.kind == "|" and self.tokens[self.at + 1].kind == "getline":
            self.take()
            self.take()
            left = tree.Getline(self.optional_target(), ("|", left))
        return left

    def optional_target(self) -> LeftValue | None:
        """The variable getline fills, if one is named."""
        if self.token.kind not in ("name", "$"):
            return None
        target = self.primary()
        return target if isinstance(target, (tree.Name, tree.Field, tree.Element)) else None

    def postfix(self) -> Expression:
        """x++ and x--."""
        operand = self.primary()
        if self.token.kind in ("++", "--") and isinstance(operand, (tree.Name, tree.Field, tree.Element)):
            return tree.Increment(operand, 1 if self.take().kind == "++" else -1, prefix=False)
        return operand

    def primary(self) -> Expression:
        """Constants, variables, fields, calls, groupings."""
        token = self.token
        kind = token.kind
        if kind == "number":
            self.take()
            return tree.Number(float(token.text))
        if kind == "string":
            return tree.String(self.take().text)
        if kind == "regex":
            return tree.Regex(self.take().text, token.line)
        if kind == "$":
            self.take()
            return tree.Field(self.field_index())
        if kind in ("++", "--"):
            self.take()
            target = self.primary()
            if not isinstance(target, (tree.Name, tree.Field, tree.Element)):
                self.fail()
                raise AssertionError
            return tree.Increment(target, 1 if kind == "++" else -1, prefix=True)
        if kind == "(":
            return self.grouping()
        if kind == "name":
            self.take()
            name = tree.Name(token.text, token.line)
            return tree.Element(name, self.subscripts()) if self.token.kind == "[" else name
        return self.call_or_getline()

    def call_or_getline(self) -> Expression:
        """f(...), builtins, getline in its simple forms."""
        token = self.token
        if token.kind == "call":
            self.take()
            self.expect("(")
            arguments = self.expression_list(")")
            self.expect(")")
            return tree.Call(token.text, arguments, token.line)
        if token.kind == "builtin":
            return self.builtin()
        if token.kind == "getline":
            self.take()
            target = self.optional_target()
            if self.accept("<"):
                return tree.Getline(target, ("<", self.postfix()))
            return tree.Getline(target, None)
        self.fail()
        raise AssertionError

    def field_index(self) -> Expression:
        """What follows $: it binds tighter than anything but ++ and -- before it."""
        if self.token.kind in ("-", "+", "!"):
            operator = self.take().kind
            return tree.Unary(operator, self.field_index())
        return self.primary()

    def grouping(self) -> Expression:
        """( expression ) or ( list ) in array."""
        self.take()
        inner = self.expression_list(")")
        self.expect(")")
        if len(inner) == 1:
            return tree.Grouping(inner[0])
        if not inner or self.token.kind != "in":
            self.fail()
        self.take()
        name = self.expect("name")
        return tree.Member(inner, tree.Name(name.text, name.line))

    def subscripts(self) -> list[Expression]:
        """[ list ]."""
        self.expect("[")
        found = self.expression_list("]")
        if not found:
            self.fail()
        self.expect("]")
        return found

    def builtin(self) -> Expression:
        """A function of the language, its number of arguments checked."""
        token = self.take()
        arguments: list[Expression] | None = None
        if self.accept("("):
            arguments = self.expression_list(")")
            self.expect(")")
        elif token.text != "length":
            self.fail()
        fewest, most = ARGUMENT_COUNTS[token.text]
        if not fewest <= len(arguments or []) <= most:
            raise AwkSyntaxError(f"line {token.line}: wrong number of arguments in call to {token.text}")
        return tree.Builtin(token.text, arguments, token.line)
