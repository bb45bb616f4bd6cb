"""Assignments: name=value, name[i]+=value, name=(list), before commands and as arguments of declare and its like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import quoting
from maillab.shell.control import ShellError
from maillab.shell.expansion import assignment_value, expand_text, expand_words
from maillab.shell.syntax import ArrayElement, Assignment

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

Element = tuple[str | None, bool, list[str]]  # subscript, append, values


class Declared(str):
    """An assignment among the arguments of a declaration builtin: the text, and its structure."""

    name: str
    subscript: str | None
    append: bool
    value: str | None
    elements: list[Element] | None


async def declared(sh: Shell, node: Assignment) -> Declared:
    """Expand an assignment word."""
    subscript = None if node.subscript is None else await sh.subscript_text(node.name, node.subscript)
    value: str | None = None
    elements: list[Element] | None = None
    if isinstance(node.value, list):
        elements = await expand_elements(sh, node.name, node.value)
        text = "(" + " ".join(item.value.raw for item in node.value) + ")"
    else:
        value = text = await assignment_value(sh, node)
    place = "" if subscript is None else f"[{subscript}]"
    result = Declared(f"{node.name}{place}{'+' if node.append else ''}={text}")
    result.name, result.subscript, result.append = node.name, subscript, node.append
    result.value, result.elements = value, elements
    return result


async def assign_all(sh: Shell, nodes: list[Assignment]) -> None:
    """Assignments in the current shell, traced under `set -x`."""
    for node in nodes:
        await assign(sh, node)


async def assign(sh: Shell, node: Assignment, *, before_command: bool = False) -> None:
    """One assignment. Raises ShellError."""
    variables = sh.state.variables
    sign = "+=" if node.append else "="
    if isinstance(node.value, list):
        if node.subscript is not None:
            raise ShellError(f"{node.name}[{node.subscript.raw}]: cannot assign list to array member")
        elements = await expand_elements(sh, node.name, node.value)
        if sh.option("xtrace"):
            await trace(sh, node.raw)
        assign_elements(sh, node.name, elements, append=node.append)
        return
    if node.subscript is not None:
        subscript = await sh.subscript_text(node.name, node.subscript)
        value = await assignment_value(sh, node)
        if sh.option("xtrace"):
            await trace(sh, f"{node.name}[{node.subscript.raw}]{sign}{quoting.traced(value) if value else ''}")
        variables.set_element(node.name, subscript, value, append=node.append)
        return
    value = await assignment_value(sh, node)
    if sh.option("xtrace") and not (sh.dialect.is_dash and before_command):
        await trace(sh, f"{node.name}{sign}{quoting.traced(value) if value else ''}")
    set_value(sh, node.name, value, append=node.append)


def set_value(sh: Shell, name: str, value: str, *, append: bool = False) -> None:
    """A plain assignment, with `set -a`'s effect."""
    sh.state.variables.set(name, value, append=append)
    if sh.option("allexport"):
        sh.state.variables.export(name)


async def trace(sh: Shell, text: str) -> None:
    """A line of `set -x`."""
    from maillab.shell.prompt import trace_prefix

    await sh.complain(f"{await trace_prefix(sh)}{text}\n")


async def expand_elements(sh: Shell, name: str, items: list[ArrayElement]) -> list[Element]:
    """The elements of name=( ... ): words without subscript may become many."""
    variable = sh.state.variables.find(name)
    associative = variable is not None and variable.array == "A"
    found: list[Element] = []
    for item in items:
        if item.subscript is not None:
            subscript = await sh.subscript_text(name, item.subscript)
            found.append((subscript, item.append, [await expand_text(sh, item.value, assignment=True)]))
        elif associative:
            found.append((None, False, [await expand_text(sh, item.value)]))
        else:
            found.append((None, False, await expand_words(sh, [item.value])))
    return found




def assign_elements(sh: Shell, name: str, elements: list[Element], *, append: bool) -> None:
    """name=(elements) or name+=(elements). Raises ShellError."""
    variables = sh.state.variables
    name = variables.resolve(name)
    variable = variables.writable(name)
    if not append:
        variable.value = None
        variable.array = variable.array or "a"
    variables.make_array(variable)
    if variable.value is None:
        variable.value = {}
    if variable.array == "A":
        assign_pairs(sh, name, elements)
        return
    index = max((key for key in variable.elements() if isinstance(key, int)), default=-1) + 1
    for subscript, adding, values in elements:
        if subscript is not None:
            key = variables.key(variable, name, subscript, f"[{subscript}]={values[0]}")
            assert isinstance(key, int)
            index = key
            variables.store(variable, index, values[0], adding)
            index += 1
            continue
        for value in values:
            variables.store(variable, index, value, False)
            index += 1


def assign_pairs(sh: Shell, name: str, elements: list[Element]) -> None:
    """An associative array's elements: [key]=value, or keys and values in turn."""
    variables = sh.state.variables
    variable = variables.writable(name)
    loose: list[str] = []
    for subscript, adding, values in elements:
        if subscript is None:
            loose.extend(values)
        else:
            variables.store(variable, subscript, values[0], adding)
    if elements and len(loose) and any(subscript is not None for subscript, _, _ in elements):
        raise ShellError(f"{name}: {loose[0]}: must use subscript when assigning associative array")
    for index in range(0, len(loose), 2):
        variables.store(variable, loose[index], loose[index + 1] if index + 1 < len(loose) else "", False)
