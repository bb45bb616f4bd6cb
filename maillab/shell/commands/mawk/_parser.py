"""From tokens to the tree: rules, functions and statements of awk as mawk 1.3.4 accepts them, with its messages."""

from maillab.shell.commands.mawk import _tree as tree
from maillab.shell.commands.mawk._expressions import Expressions
from maillab.shell.commands.mawk._lexer import AwkSyntaxError, Lexer, Token
from maillab.shell.commands.mawk._tree import Expression, Statement


def parse(text: str) -> tree.Program:
    """The tree of a program text; raises AwkSyntaxError with mawk's message."""
    return Parser(Lexer(text).cut()).program()


class Parser(Expressions):
    """The grammar above expressions; `loops` and `context` are what some statements ask about."""

    def __init__(self, tokens: list[Token]) -> None:
        super().__init__(tokens)
        self.loops = 0
        self.context = "rule"

    # --- items

    def program(self) -> tree.Program:
        """Rules and functions up to the end."""
        program = tree.Program()
        while True:
            while self.token.kind in ("newline", ";"):
                self.take()
            if self.token.kind == "eof":
                return program
            self.item(program)

    def item(self, program: tree.Program) -> None:
        """One rule or function."""
        kind = self.token.kind
        if kind in ("BEGIN", "END"):
            self.take()
            if self.token.kind != "{":
                self.fail()
            self.context = kind
            (program.begin if kind == "BEGIN" else program.end).append(self.block())
            self.context = "rule"
        elif kind == "function":
            function = self.function()
            program.functions[function.name] = function
        else:
            program.rules.append(self.rule())

    def rule(self) -> tree.Rule:
        """pattern, range and action."""
        if self.token.kind == "{":
            return tree.Rule(None, None, self.block())
        pattern = self.expression()
        last = None
        if self.accept(","):
            self.skip_newlines()
            last = self.expression()
        if self.token.kind == "{":
            return tree.Rule(pattern, last, self.block())
        if self.token.kind not in ("newline", ";", "eof"):
            self.fail()
        return tree.Rule(pattern, last, None)

    def function(self) -> tree.Function:
        """function name(parameters) { body }."""
        self.take()
        if self.token.kind not in ("name", "call"):
            self.fail()
        name = self.take().text
        self.expect("(")
        parameters: list[str] = []
        while self.token.kind != ")":
            parameters.append(self.expect("name").text)
            if not self.accept(","):
                break
            self.skip_newlines()
        self.expect(")")
        self.skip_newlines()
        self.context = "function"
        body = self.block()
        self.context = "rule"
        return tree.Function(name, parameters, body)

    # --- statements

    def block(self) -> list[Statement]:
        """{ statements }."""
        self.expect("{")
        self.braces += 1
        statements: list[Statement] = []
        while True:
            while self.token.kind in ("newline", ";"):
                self.take()
            if self.token.kind == "}":
                self.braces -= 1
                self.take()
                return statements
            statements += self.statement()

    def body(self) -> list[Statement]:
        """The statement an if or a loop governs."""
        self.skip_newlines()
        if self.accept(";") or self.token.kind == "}":
            return []
        return self.statement()

    def loop_body(self) -> list[Statement]:
        """As body, where break and continue are at home."""
        self.loops += 1
        statements = self.body()
        self.loops -= 1
        return statements

    def statement(self) -> list[Statement]:
        """One statement (a block is several), with its terminator."""
        kind = self.token.kind
        if kind == "{":
            return self.block()
        if kind == "if":
            return [self.if_statement()]
        if kind == "while":
            self.take()
            test = self.parenthesized()
            if self.token.kind == ";":
                self.take()
                return [tree.Loop([], test, [], [])]
            return [tree.Loop([], test, [], self.loop_body())]
        if kind == "do":
            self.take()
            body = self.loop_body()
            while self.token.kind in ("newline", ";"):
                self.take()
            self.expect("while")
            loop = tree.Loop([], self.parenthesized(), [], body, after=True)
            self.terminator()
            return [loop]
        if kind == "for":
            return [self.for_statement()]
        statement = self.simple()
        self.terminator()
        return [statement]

    def terminator(self) -> None:
        """What ends a simple statement: ; newline or a closing brace left in place."""
        if self.token.kind in (";", "newline"):
            self.take()
        elif self.token.kind != "}":
            self.fail()

    def parenthesized(self) -> Expression:
        """( expression ), newlines allowed after."""
        self.expect("(")
        inner = self.free_expression()
        self.expect(")")
        return inner

    def if_statement(self) -> Statement:
        """if (test) statement [else statement]."""
        self.take()
        test = self.parenthesized()
        yes = self.body()
        mark = self.at
        while self.token.kind in ("newline", ";"):
            self.take()
        if self.accept("else"):
            return tree.If(test, yes, self.body())
        self.at = mark
        return tree.If(test, yes, [])

    def for_statement(self) -> Statement:
        """Both kinds of for."""
        self.take()
        self.expect("(")
        ahead = [token.kind for token in self.tokens[self.at : self.at + 4]]
        if ahead[0] == "name" and ahead[1:4] == ["in", "name", ")"]:
            variable, _, array = self.take(), self.take(), self.take()
            self.take()
            return tree.ForIn(tree.Name(variable.text, variable.line), tree.Name(array.text, array.line), self.loop_body())
        start = [] if self.token.kind == ";" else [self.simple()]
        self.expect(";")
        self.skip_newlines()
        test = None if self.token.kind == ";" else self.free_expression()
        self.expect(";")
        self.skip_newlines()
        step = [] if self.token.kind == ")" else [self.simple()]
        self.expect(")")
        if self.accept(";"):
            return tree.Loop(start, test, step, [])
        return tree.Loop(start, test, step, self.loop_body())

    def simple(self) -> Statement:
        """A statement without statements inside."""
        kind = self.token.kind
        if kind in ("print", "printf"):
            return self.print_statement()
        if kind in ("next", "nextfile", "break", "continue"):
            return self.jump()
        if kind in ("exit", "return"):
            token = self.take()
            if kind == "return" and self.context != "function":
                raise AwkSyntaxError(f"line {token.line}: return outside function body")
            ended = self.token.kind in (";", "newline", "}", "eof")
            return tree.Leave(kind, None if ended else self.expression())
        if kind == "delete":
            self.take()
            name = self.expect("name")
            array = tree.Name(name.text, name.line)
            return tree.Delete(array, self.subscripts() if self.token.kind == "[" else [])
        return tree.Evaluate(self.expression())

    def jump(self) -> Statement:
        """break, continue, next, nextfile, where they may stand."""
        token = self.take()
        if token.kind in ("break", "continue"):
            if self.loops == 0:
                raise AwkSyntaxError(f"line {token.line}: {token.kind} statement outside of loop")
        elif self.context in ("BEGIN", "END"):
            raise AwkSyntaxError(f"line {token.line}: improper use of {token.kind}")
        return tree.Jump(token.kind)

    def print_statement(self) -> Statement:
        """print and printf: a parenthesized list is the arguments only when nothing but a redirection follows."""
        formatted = self.take().kind == "printf"
        arguments = self.print_list()
        redirection: tuple[str, Expression] | None = None
        if self.token.kind in (">", ">>", "|"):
            how = self.take().kind
            redirection = (how, self.free_expression() if how != "|" else self.expression())
        if formatted and not arguments:
            self.fail()
        return tree.Print(formatted, arguments, redirection)

    def print_list(self) -> list[Expression]:
        """The arguments of print."""
        ends = (";", "newline", "}", ">", ">>", "|", "eof")
        if self.token.kind in ends:
            return []
        if self.token.kind == "(":
            mark = self.at
            self.take()
            arguments = self.expression_list(")")
            if self.accept(")") and self.token.kind in ends:
                return arguments
            self.at = mark
        self.no_greater, outside = True, self.no_greater
        arguments = [self.expression()]
        while self.accept(","):
            self.skip_newlines()
            arguments.append(self.expression())
        self.no_greater = outside
        return arguments
