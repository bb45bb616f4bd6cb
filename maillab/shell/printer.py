"""The syntax tree back to text, laid out as bash prints functions and jobs."""

from __future__ import annotations

from maillab.shell import syntax
from maillab.shell.syntax import Command, Redirect, Sequence

INDENT = 4


def job_text(node: Command) -> str:
    """A command on one line, as the jobs table shows it."""
    return Printer(flat=True).any(node)


def function_text(node: syntax.Function) -> str:
    """`declare -f`: name () { body }"""
    printer = Printer()
    body = node.body
    if isinstance(body, syntax.Group):
        inside = printer.block(body.body, 1)
        tail = printer.redirects(body)
        return f"{node.name} () \n{{ \n{inside}\n}}{tail}"
    return f"{node.name} () \n{{ \n{' ' * INDENT}{printer.command(body, 1)}\n}}"


def function_value(node: syntax.Function) -> str:
    """The value of an exported function."""
    text = function_text(node)
    return "() " + text[text.index("{") :].replace("{ \n", "{ ", 1)


class Printer:
    """`flat` prints everything on one line."""

    def __init__(self, flat: bool = False) -> None:
        self.flat = flat

    def any(self, node: Command) -> str:
        """A node of any level."""
        if isinstance(node, syntax.AndOr):
            return self.and_or(node, 0)
        if isinstance(node, syntax.Pipeline):
            return self.pipeline(node, 0)
        if isinstance(node, Sequence):
            return self.inline(node)
        return self.command(node, 0)

    # --- lists ------------------------------------------------------------------------------------------------------

    def inline(self, node: Sequence, depth: int = 0) -> str:
        """a; b & c on one line."""
        out = ""
        for index, item in enumerate(node.items):
            out += self.and_or(item.command, depth)
            if item.background:
                out += " &" if index == len(node.items) - 1 else " & "
            elif index < len(node.items) - 1:
                out += "; "
        return out

    def block(self, node: Sequence, depth: int) -> str:
        """A body: one command a line, indented."""
        if self.flat:
            return self.inline(node, depth)
        pad = " " * (INDENT * depth)
        lines = []
        for index, item in enumerate(node.items):
            text = pad + self.and_or(item.command, depth)
            if item.background:
                text += " &"
            elif index < len(node.items) - 1:
                text += ";"
            lines.append(text)
        return "\n".join(lines)

    def and_or(self, node: syntax.AndOr, depth: int) -> str:
        out = self.pipeline(node.parts[0], depth)
        for operator, part in zip(node.operators, node.parts[1:], strict=True):
            out += f" {operator} {self.pipeline(part, depth)}"
        return out

    def pipeline(self, node: syntax.Pipeline, depth: int) -> str:
        prefix = ("time -p " if node.time_posix else "time ") if node.timed else ""
        prefix += "! " if node.negated else ""
        out = ""
        for index, command in enumerate(node.commands):
            if index:
                out += " 2>&1 | " if node.joined[index - 1] else " | "
            out += self.command(command, depth)
        return prefix + out

    # --- commands ---------------------------------------------------------------------------------------------------

    def command(self, node: Command, depth: int) -> str:
        """One command with its redirections."""
        if isinstance(node, syntax.Simple):
            words = [item.raw for item in node.assignments] + [word.raw for word in node.words]
            return " ".join(words) + self.redirects(node, first=not words)
        return self.compound(node, depth) + self.redirects(node)

    def compound(self, node: Command, depth: int) -> str:
        if isinstance(node, syntax.Subshell):
            return f"( {self.inline(node.body, depth) if self.flat else self.block(node.body, depth).lstrip()} )"
        if isinstance(node, syntax.Group):
            return self.group(node.body, depth)
        if isinstance(node, syntax.If):
            return self.conditional(node, depth)
        if isinstance(node, syntax.While):
            word = "until" if node.until else "while"
            return f"{word} {self.inline(node.test, depth)}; do{self.body(node.body, depth)}done"
        if isinstance(node, syntax.For):
            return self.loop(node, depth)
        if isinstance(node, syntax.ArithFor):
            head = "; ".join(word.raw.strip() for word in (node.init, node.test, node.step))
            return f"for (({head}))\n{' ' * INDENT * depth}do{self.body(node.body, depth)}done"
        if isinstance(node, syntax.Case):
            return self.case(node, depth)
        if isinstance(node, syntax.Arith):
            return f"(({node.expression.raw}))"
        if isinstance(node, syntax.Cond):
            return f"[[ {condition_text(node.expression)} ]]" if node.expression else "[[ ]]"
        if isinstance(node, syntax.Function):
            return self.inner_function(node, depth)
        if isinstance(node, syntax.Coproc):
            return f"coproc {node.name} {self.command(node.body, depth)}"
        raise TypeError(node)

    def body(self, node: Sequence, depth: int) -> str:
        """What stands between do and done."""
        if self.flat:
            return f" {self.inline(node, depth)}; "
        return f"\n{self.block(node, depth + 1)};\n{' ' * (INDENT * depth)}"

    def group(self, node: Sequence, depth: int) -> str:
        if self.flat:
            return f"{{ {self.inline(node, depth)}; }}"
        return f"{{ \n{self.block(node, depth + 1)}\n{' ' * (INDENT * depth)}}}"

    def conditional(self, node: syntax.If, depth: int) -> str:
        """if; an elif is printed as an if inside else, as bash keeps it."""
        test, body = node.clauses[0]
        out = f"if {self.inline(test, depth)}; then{self.body(body, depth)}"
        if len(node.clauses) > 1:
            inner = self.conditional(syntax.If(clauses=node.clauses[1:], otherwise=node.otherwise), depth + 1)
            if self.flat:
                out += f"else {inner}; "
            else:
                out += f"else\n{' ' * (INDENT * (depth + 1))}{inner};\n{' ' * (INDENT * depth)}"
        elif node.otherwise is not None:
            out += f"else{self.body(node.otherwise, depth)}"
        return out + "fi"

    def loop(self, node: syntax.For, depth: int) -> str:
        """for and select: `do` stands on its own line."""
        word = "select" if node.select else "for"
        words = ' in "$@"' if node.words is None else " in " + " ".join(item.raw for item in node.words)
        if not node.body.items:
            return f"{word} {node.name}{words}"
        separator = " " if self.flat else "\n" + " " * (INDENT * depth)
        return f"{word} {node.name}{words};{separator}do{self.body(node.body, depth)}done"

    def case(self, node: syntax.Case, depth: int) -> str:
        pad = "" if self.flat else "\n" + " " * (INDENT * (depth + 1))
        out = f"case {node.word.raw} in "
        for item in node.items:
            names = " | ".join(word.raw for word in item.patterns)
            inside = self.inline(item.body, depth) if self.flat else "\n" + self.block(item.body, depth + 2)
            out += f"{pad}{names}){' ' + inside if self.flat else inside}{pad or ' '}{item.end or ';;'}{' ' if self.flat else ''}"
        return out + ("esac" if self.flat else f"\n{' ' * (INDENT * depth)}esac")

    def inner_function(self, node: syntax.Function, depth: int) -> str:
        body = node.body.body if isinstance(node.body, syntax.Group) else Sequence()
        pad = " " * (INDENT * depth)
        return f"function {node.name} () \n{pad}{{ \n{self.block(body, depth + 1)}\n{pad}}}"

    # --- redirections -----------------------------------------------------------------------------------------------

    def redirects(self, node: Command, *, first: bool = False) -> str:
        """` > file 2>&1 <<E` and the documents' bodies after it."""
        texts = [redirect_text(item) for item in node.redirects]
        out = " ".join(texts) if first else "".join(" " + text for text in texts)
        for item in node.redirects:
            if item.heredoc is not None:
                out += f"\n{item.heredoc.raw}{item.heredoc.delimiter}\n"
        return out


def redirect_text(item: Redirect) -> str:
    """One redirection."""
    standard = {"<": 0, "<>": 0, "<<": 0, "<<-": 0, "<<<": 0, "<&": 0}.get(item.op, 1)
    number = "" if item.fd is None or (item.fd == standard and item.op not in (">&", "<&")) else str(item.fd)
    if item.variable:
        number = "{" + item.variable + "}"
    if item.op in (">&", "<&"):
        shown = str(standard) if item.fd is None and not item.variable else number
        return f"{shown}{item.op}{item.target.raw}"
    space = "" if item.op in ("<<", "<<-") else " "
    return f"{number}{item.op}{space}{item.target.raw}"


def condition_text(node: syntax.CondExpr) -> str:
    """A conditional expression."""
    if isinstance(node, syntax.CondUnary):
        return f"{node.op} {node.operand.raw}"
    if isinstance(node, syntax.CondBinary):
        return f"{node.left.raw} {node.op} {node.right.raw}"
    if isinstance(node, syntax.CondNot):
        return f"! {condition_text(node.operand)}"
    if isinstance(node, syntax.CondGroup):
        return f"( {condition_text(node.inner)} )"
    return f"{condition_text(node.left)} {node.op} {condition_text(node.right)}"
