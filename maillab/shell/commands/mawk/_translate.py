"""From the tree to Python: each rule, function and block of an awk program becomes one coroutine.

What may wait (getline, print, system, close, calls) becomes an `await` where it stands, everything else is plain
arithmetic, so that a program runs at the speed of Python rather than of a tree walk. Only names built here and
`repr` of constants reach the text; the objects it uses are `_runtime.names(...)`.
"""

from __future__ import annotations

from maillab.shell.commands.mawk import _tree as tree
from maillab.shell.commands.mawk._lexer import AwkSyntaxError
from maillab.shell.commands.mawk._resolve import Kinds
from maillab.shell.commands.mawk._tree import Expression, LeftValue, Statement

SPECIAL = {
    "NR", "NF", "FNR", "FS", "RS", "OFS", "ORS", "SUBSEP", "CONVFMT", "OFMT", "RSTART", "RLENGTH", "FILENAME",
}  # fmt: skip
ARITHMETIC = {"+": "{0} + {1}", "-": "{0} - {1}", "*": "{0} * {1}"}
CALLS = {"/": "divide", "%": "remainder", "^": "power"}
MATHEMATICS = {"sin", "cos", "exp", "log", "sqrt", "int"}


class Translator:
    """Writes the Python text of one program; `regexes` are the sources of its constant expressions, by number."""

    def __init__(self, program: tree.Program) -> None:
        self.program = program
        self.kinds = Kinds(program)
        self.regexes: list[tree.Regex] = []
        self.globals: dict[str, None] = {"ENVIRON": None, "ARGV": None, "ARGC": None}
        self.function: tree.Function | None = None
        self.lines: list[str] = []
        self.temporaries = 0
        self.in_rule = False
        self.ranges = 0

    def text(self) -> str:
        """The Python text: `f_NAME` for functions, `begin`, `each` and `end`."""
        for function in self.program.functions.values():
            self._function(function)
        self._blocks("begin", self.program.begin)
        self._rules()
        self._blocks("end", self.program.end)
        declared = [f"    global v_{name}" for name in self.globals]
        text: list[str] = []
        for line in self.lines:
            text.append(line)
            if line.startswith("async def"):
                text += declared
        return "\n".join(text) + "\n"

    def arrays(self) -> list[str]:
        """The global arrays."""
        return [name for name in self.globals if self.kinds.is_array(None, name)]

    # --- coroutines

    def _function(self, function: tree.Function) -> None:
        self.function = function
        self.lines.append(f"async def f_{function.name}({', '.join('p_' + name for name in function.parameters)}):")
        for name in function.parameters:
            if self.kinds.is_array(function, name):
                self.lines.append(f"    if p_{name} is None: p_{name} = Table()")
        self._body(function.body, 1)
        self.lines.append("    return None")
        self.function = None

    def _blocks(self, name: str, blocks: list[list[Statement]]) -> None:
        self.lines.append(f"async def {name}():")
        for block in blocks:
            self._body(block, 1)
        self.lines.append("    return None")

    def _rules(self) -> None:
        self.lines.append("async def each():")
        self.in_rule = True
        for rule in self.program.rules:
            body: list[Statement] = rule.body if rule.body is not None else [tree.Print(False, [], None)]
            if rule.pattern is None:
                self._body(body, 1)
                continue
            test = self.condition(rule.pattern)
            if rule.last is None:
                self.lines.append(f"    if {test}:")
            else:
                self.lines.append(f"    if ranges.get({self.ranges}) or {test}:")
                self.lines.append(f"        ranges[{self.ranges}] = not {self.condition(rule.last)}")
                self.ranges += 1
            self._body(body, 2)
        self.in_rule = False
        self.lines.append("    return None")

    # --- statements

    def _body(self, statements: list[Statement], depth: int) -> None:
        if not statements:
            self._line(depth, "pass")
        for statement in statements:
            self._statement(statement, depth)

    def _line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def _statement(self, node: Statement, depth: int) -> None:
        if isinstance(node, tree.Evaluate):
            self._line(depth, self.value(node.expression))
        elif isinstance(node, tree.Print):
            self._print(node, depth)
        elif isinstance(node, tree.If):
            self._line(depth, f"if {self.condition(node.test)}:")
            self._body(node.yes, depth + 1)
            if node.no:
                self._line(depth, "else:")
                self._body(node.no, depth + 1)
        elif isinstance(node, tree.Loop):
            self._loop(node, depth)
        elif isinstance(node, tree.ForIn):
            key = self._temporary()
            self._line(depth, f"for {key} in {self._array(node.array)}.walk():")
            self._line(depth + 1, self._store(node.variable, key, ""))
            self._body(node.body, depth + 1)
        elif isinstance(node, tree.Jump):
            self._jump(node, depth)
        elif isinstance(node, tree.Leave):
            self._leave(node, depth)
        elif node.subscripts:
            self._line(depth, f"{self._array(node.array)}.remove({self._subscript(node.subscripts)})")
        else:
            self._line(depth, f"{self._array(node.array)}.empty()")

    def _print(self, node: tree.Print, depth: int) -> None:
        values = "".join(self.value(argument) + ", " for argument in node.arguments)
        where = f", ({node.redirection[0]!r}, {self._text(node.redirection[1])})" if node.redirection else ""
        self._line(depth, f"await rt.{'printf' if node.formatted else 'print'}(({values}){where})")

    def _loop(self, node: tree.Loop, depth: int) -> None:
        self._body(node.start, depth) if node.start else None
        later = self._temporary()
        self._line(depth, f"{later} = False")
        self._line(depth, "while True:")
        test = f"not {self.condition(node.test)}" if node.test is not None else "False"
        self._line(depth + 1, f"if {later}:")
        self._body(node.step, depth + 2)
        self._line(depth + 1, f"if {later + ' and ' if node.after else ''}{test}: break")
        self._line(depth + 1, f"{later} = True")
        self._line(depth + 1, "rt.fuel -= 1")
        self._line(depth + 1, "if rt.fuel < 0: await rt.breathe()")
        self._body(node.body, depth + 1)

    def _jump(self, node: tree.Jump, depth: int) -> None:
        if node.kind in ("break", "continue"):
            self._line(depth, node.kind)
        elif node.kind == "next" and self.in_rule:
            self._line(depth, "return None")
        else:
            self._line(depth, "raise NextFile" if node.kind == "nextfile" else "raise Next")

    def _leave(self, node: tree.Leave, depth: int) -> None:
        value = "None" if node.value is None else self.value(node.value)
        self._line(depth, f"raise Exit({value})" if node.kind == "exit" else f"return {value}")

    # --- places

    def _temporary(self) -> str:
        self.temporaries += 1
        return f"t{self.temporaries}"

    def _variable(self, name: str) -> str:
        if self.function is not None and name in self.function.parameters:
            return f"p_{name}"
        if name in SPECIAL:
            return f"rt.{name}"
        self.globals[name] = None
        return f"v_{name}"

    def _array(self, name: tree.Name) -> str:
        return self._variable(name.name)

    def _subscript(self, subscripts: list[Expression]) -> str:
        if len(subscripts) == 1:
            code = self.value(subscripts[0])
            return f"rt.subscript({code})" if ("", "CONVFMT") in self.kinds.known else code
        return "rt.text(rt.SUBSEP).join((" + "".join(self._text(item) + ", " for item in subscripts) + "))"

    def _place(self, target: LeftValue) -> tuple[str, str]:
        """How to read a place twice without computing its index twice: (code that keeps the index, code that reads)."""
        if isinstance(target, tree.Name):
            return "", self._variable(target.name)
        kept = self._temporary()
        if isinstance(target, tree.Field):
            return f"({kept} := {self.value(target.index)})", f"rt.field({kept})"
        return f"({kept} := {self._subscript(target.subscripts)})", f"{self._array(target.array)}.element({kept})"

    def _store(self, target: LeftValue, value: str, keeper: str) -> str:
        """Code that stores and is the value; `keeper` computed the index before (see _place), "" if it did not."""
        if isinstance(target, tree.Name):
            name = self._variable(target.name)
            return f"rt.assign({target.name!r}, {value})" if name.startswith("rt.") else f"({name} := {value})"
        kept = keeper[1:].partition(" ")[0]
        if isinstance(target, tree.Field):
            return f"rt.set_field({kept or self.value(target.index)}, {value})"
        return f"{self._array(target.array)}.put({kept or self._subscript(target.subscripts)}, {value})"

    def _assign(self, node: tree.Assign) -> str:
        if not node.operator:
            return self._store(node.target, self.value(node.value), "")
        keeper, reading = self._place(node.target)
        result = self._arithmetic(node.operator, f"num({reading})", self._number(node.value))
        stored = self._store(node.target, result, keeper)
        return f"({keeper}, {stored})[1]" if keeper else stored

    def _increment(self, node: tree.Increment) -> str:
        keeper, reading = self._place(node.target)
        before = self._temporary()
        stored = self._store(node.target, f"{before} + {float(node.step)!r}", keeper)
        kept = f"{keeper}, " if keeper else ""
        return f"({kept}{before} := num({reading}), {stored})[{-1 if node.prefix else -2}]"

    # --- expressions

    def condition(self, node: Expression) -> str:
        """Code that is a Python truth value."""
        if isinstance(node, tree.Grouping):
            return self.condition(node.inner)
        if isinstance(node, tree.Binary) and node.operator in ("&&", "||"):
            word = "and" if node.operator == "&&" else "or"
            return f"({self.condition(node.left)} {word} {self.condition(node.right)})"
        if isinstance(node, tree.Binary) and node.operator in ("<", "<=", "==", "!=", ">", ">="):
            return f"(order({self.value(node.left)}, {self.value(node.right)}, rt.form) {node.operator} 0)"
        if isinstance(node, tree.Unary) and node.operator == "!":
            return f"(not {self.condition(node.operand)})"
        if isinstance(node, tree.Regex):
            return f"(rt.search({self._pattern(node)}, rt.line()) is not None)"
        if isinstance(node, tree.Matches):
            found = f"rt.search({self._pattern(node.pattern)}, {self._text(node.text)})"
            return f"({found} is {'None' if node.negated else 'not None'})"
        if isinstance(node, tree.Member):
            return f"{self._array(node.array)}.has({self._subscript(node.subscripts)})"
        return f"truth({self.value(node)})"

    def value(self, node: Expression) -> str:
        """Code that is an awk value."""
        if isinstance(node, tree.Number):
            return repr(node.value)
        if isinstance(node, tree.String):
            return repr(node.value)
        if isinstance(node, tree.Grouping):
            return f"({self.value(node.inner)})"
        if isinstance(node, tree.Name):
            return self._variable(node.name)
        if isinstance(node, tree.Field):
            return f"rt.field({self.value(node.index)})"
        if isinstance(node, tree.Element):
            return f"{self._array(node.array)}.element({self._subscript(node.subscripts)})"
        if isinstance(node, tree.Conditional):
            return f"({self.value(node.yes)} if {self.condition(node.test)} else {self.value(node.no)})"
        if isinstance(node, tree.Assign):
            return self._assign(node)
        if isinstance(node, tree.Increment):
            return self._increment(node)
        if isinstance(node, tree.Call):
            return self._call(node)
        if isinstance(node, tree.Builtin):
            return self._builtin(node)
        if isinstance(node, tree.Getline):
            return self._getline(node)
        if isinstance(node, tree.Unary) and node.operator != "!":
            return f"({node.operator}{self._number(node.operand)})"
        if isinstance(node, tree.Binary) and node.operator == "":
            return f"({self._text(node.left)} + {self._text(node.right)})"
        if isinstance(node, tree.Binary) and node.operator in (*ARITHMETIC, *CALLS):
            return self._arithmetic(node.operator, self._number(node.left), self._number(node.right))
        return f"(1.0 if {self.condition(node)} else 0.0)"

    def _arithmetic(self, operator: str, left: str, right: str) -> str:
        if operator in CALLS:
            return f"{CALLS[operator]}({left}, {right})"
        return "(" + ARITHMETIC[operator].format(left, right) + ")"

    def _number(self, node: Expression) -> str:
        return repr(node.value) if isinstance(node, tree.Number) else f"num({self.value(node)})"

    def _text(self, node: Expression) -> str:
        return repr(node.value) if isinstance(node, tree.String) else f"rt.text({self.value(node)})"

    def _pattern(self, node: Expression) -> str:
        """Code that is a compiled expression."""
        if isinstance(node, tree.Grouping):
            return self._pattern(node.inner)
        if isinstance(node, tree.Regex):
            self.regexes.append(node)
            return f"regexes[{len(self.regexes) - 1}]"
        return f"rt.regex({self._text(node)})"

    def _call(self, node: tree.Call) -> str:
        function = self.program.functions.get(node.name)
        if function is None:
            raise AwkSyntaxError(f"line {{last}}: function {node.name} never defined")
        if len(node.arguments) > len(function.parameters):
            raise AwkSyntaxError(f"line {node.line}: too many arguments in call to {node.name}")
        arguments = [self.value(argument) for argument in node.arguments]
        arguments += ["None"] * (len(function.parameters) - len(arguments))
        for number, argument in enumerate(node.arguments):
            array = isinstance(argument, tree.Name) and self.kinds.is_array(self.function, argument.name)
            if self.kinds.is_array(function, function.parameters[number]) and not array:
                raise AwkSyntaxError(f"line {node.line}: type error in arg({number + 1}) in call to {node.name}")
        return f"(await f_{node.name}({', '.join(arguments)}))"

    def _getline(self, node: tree.Getline) -> str:
        kept = self._temporary()
        if node.source is None:
            reading = f"await rt.read_main({node.target is None})"
        elif node.source[0] == "<":
            reading = f"await rt.read_file({self._text(node.source[1])})"
        else:
            reading = f"await rt.read_command({self._text(node.source[1])})"
        stored = f"rt.set_record({kept}[1])" if node.target is None else self._store(node.target, f"{kept}[1]", "")
        return f"(({kept} := {reading}), ({stored} if {kept}[0] > 0 else None), {kept}[0])[-1]"

    def _builtin(self, node: tree.Builtin) -> str:
        arguments = node.arguments or []
        if node.name == "length":
            return f"rt.length({self.value(arguments[0])})" if arguments else "float(len(rt.line()))"
        if node.name in ("sub", "gsub"):
            return self._substitution(node.name == "gsub", arguments)
        if node.name == "split":
            assert isinstance(arguments[1], tree.Name)
            separator = "rt.FS" if len(arguments) < 3 else self._separator(arguments[2])
            return f"rt.split({self._text(arguments[0])}, {self._array(arguments[1])}, {separator})"
        if node.name == "match":
            return f"rt.match({self._text(arguments[0])}, {self._pattern(arguments[1])})"
        if node.name in ("system", "close", "fflush"):
            return f"(await rt.{node.name}({', '.join(self._text(argument) for argument in arguments)}))"
        if node.name in MATHEMATICS:
            return f"rt.{node.name}_({self._number(arguments[0])})"
        if node.name == "sprintf":
            return f"rt.sprintf({', '.join(self.value(argument) for argument in arguments)})"
        if node.name in ("index", "tolower", "toupper"):
            return f"rt.{node.name}({', '.join(self._text(argument) for argument in arguments)})"
        return f"rt.{node.name}({', '.join(self.value(argument) for argument in arguments)})"

    def _separator(self, node: Expression) -> str:
        return self._pattern(node) if isinstance(node, tree.Regex) else self._text(node)

    def _substitution(self, every: bool, arguments: list[Expression]) -> str:
        target: Expression = arguments[2] if len(arguments) > 2 else tree.Field(tree.Number(0.0))
        while isinstance(target, tree.Grouping):
            target = target.inner
        changed = self._temporary()
        pattern, replacement = self._pattern(arguments[0]), self._text(arguments[1])
        if not isinstance(target, (tree.Name, tree.Field, tree.Element)):
            return f"rt.substitute({pattern}, {replacement}, {self._text(target)}, {every})[0]"
        keeper, reading = self._place(target)
        made = f"({changed} := rt.substitute({pattern}, {replacement}, rt.text({reading}), {every}))"
        stored = f"({self._store(target, changed + '[1]', keeper)} if {changed}[0] else None)"
        return f"({keeper + ', ' if keeper else ''}{made}, {stored}, {changed}[0])[-1]"
