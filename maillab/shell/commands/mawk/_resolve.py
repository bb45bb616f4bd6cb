"""Which names of a program are arrays: read from how they are used, through the calls that pass them on."""

import dataclasses
from typing import Any

from maillab.shell.commands.mawk import _tree as tree
from maillab.shell.commands.mawk._lexer import AwkSyntaxError

Place = tuple[str, str]
"""The function ("" for the whole program) a name belongs to, and the name."""


class Kinds:
    """What is known of each name: "array", "variable", or nothing yet."""

    def __init__(self, program: tree.Program) -> None:
        self.program = program
        self.known: dict[Place, str] = {("", "ENVIRON"): "array", ("", "ARGV"): "array"}
        self.links: list[tuple[Place, Place, int, tree.Call]] = []
        for function in program.functions.values():
            self._visit(function.body, function)
        self._visit(program.begin, None)
        self._visit(program.rules, None)
        self._visit(program.end, None)
        self._spread()

    def is_array(self, function: tree.Function | None, name: str) -> bool:
        """Is this name, seen from this function, an array?"""
        return self.known.get(self._place(function, name)) == "array"

    def _place(self, function: tree.Function | None, name: str) -> Place:
        return (function.name, name) if function is not None and name in function.parameters else ("", name)

    def _note(self, function: tree.Function | None, name: tree.Name, kind: str) -> None:
        place = self._place(function, name.name)
        if name.name in self.program.functions and place[0] == "":
            raise AwkSyntaxError(f"line {name.line}: syntax error at or near {name.name}")
        known = self.known.setdefault(place, kind)
        if known != kind:
            raise AwkSyntaxError(f"line {name.line}: illegal reference to {known} {name.name}")

    def _visit(self, node: Any, function: tree.Function | None) -> None:
        if isinstance(node, list | tuple):
            for item in node:
                self._visit(item, function)
        elif isinstance(node, tree.Name):
            self._note(function, node, "variable")
        elif isinstance(node, tree.Call):
            self._call(node, function)
        elif isinstance(node, tree.Builtin) and node.name in ("split", "length"):
            self._builtin(node, function)
        elif dataclasses.is_dataclass(node):
            for item in dataclasses.fields(node):
                if item.name == "array":
                    self._note(function, getattr(node, item.name), "array")
                else:
                    self._visit(getattr(node, item.name), function)

    def _call(self, call: tree.Call, function: tree.Function | None) -> None:
        called = self.program.functions.get(call.name)
        for number, argument in enumerate(call.arguments):
            if not isinstance(argument, tree.Name):
                self._visit(argument, function)
            elif called is not None and number < len(called.parameters):
                here, there = self._place(function, argument.name), (called.name, called.parameters[number])
                self.links.append((here, there, number, call))

    def _builtin(self, call: tree.Builtin, function: tree.Function | None) -> None:
        arguments = call.arguments or []
        if call.name == "split":
            self._visit([arguments[0], *arguments[2:]], function)
            if not isinstance(arguments[1], tree.Name):
                raise AwkSyntaxError(f"line {call.line}: syntax error at or near ,")
            self._note(function, arguments[1], "array")
            return
        for argument in arguments:
            if not isinstance(argument, tree.Name):
                self._visit(argument, function)
            elif self._place(function, argument.name)[0] == "" and not self.is_array(function, argument.name):
                self._note(function, argument, "variable")

    def _spread(self) -> None:
        changed = True
        while changed:
            changed = False
            for here, there, number, call in self.links:
                kinds = {self.known.get(here), self.known.get(there)}
                if "array" in kinds and "variable" in kinds:
                    raise AwkSyntaxError(f"line {call.line}: type error in arg({number + 1}) in call to {call.name}")
                if "array" in kinds and None in kinds:
                    self.known[here] = self.known[there] = "array"
                    changed = True
