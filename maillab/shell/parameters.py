"""Parameter expansion: $x and every ${...}."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from maillab.shell import pattern as patterns
from maillab.shell.control import ShellError
from maillab.shell.expansion import (
    BREAK_PIECE,
    PLAIN,
    QUOTED,
    SPLIT,
    Piece,
    arithmetic,
    expand_pattern,
    expand_text,
    part_pieces,
    word_pieces,
)
from maillab.shell.nesting import check_size
from maillab.shell.source import NAME, ParserOptions
from maillab.shell.syntax import Param, Word
from maillab.shell.transform import transformed, transformed_list
from maillab.shell.variables import last_index
from maillab.shell.words import WordReader

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

REFERENCE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\[(.*)\]", re.DOTALL)


class Listing(list[str]):
    """The values of $@, $*, ${a[@]} or ${a[*]}; `star` tells the two forms apart."""

    star = False


Values = str | Listing | None


async def parameter_pieces(sh: Shell, param: Param, out: list[Piece], *, quoted: bool, split: bool) -> None:
    """Append what a parameter expansion stands for."""
    if param.bad:
        raise ShellError("Bad substitution" if sh.dialect.is_dash else f"{param.raw}: bad substitution", fatal=sh.dialect.is_dash)
    if param.op in (":-", ":=", ":?", ":+", "-", "=", "?", "+"):
        value = await default_operator(sh, param, out, quoted=quoted, split=split)
        if value is NOTHING:
            return
    else:
        value = await parameter_value(sh, param)
    add_values(sh, value if not isinstance(value, Nothing) else None, out, quoted=quoted, split=split)


def add_values(sh: Shell, value: Values, out: list[Piece], *, quoted: bool, split: bool) -> None:
    """Append a text, or the members of a list as the quoting asks for."""
    kind = QUOTED if quoted else SPLIT
    if value is None:
        return
    if isinstance(value, str):
        if value or quoted:
            out.append((kind, value))
        return
    if value.star and (quoted or not split):
        if value or quoted:
            out.append((kind, sh.star_separator.join(value)))
        return
    for index, member in enumerate(value):
        if index:
            out.append(BREAK_PIECE if split or not quoted else (QUOTED, " "))
        if member or quoted:
            out.append((kind, member))


# --- the value before operators -------------------------------------------------------------------------------------


async def raw_value(sh: Shell, param: Param) -> Values:
    """The parameter's value, None when unset; lists for @ and *."""
    if param.indirect:
        return await indirect_value(sh, param)
    if param.subscript is not None:
        return await element_value(sh, param.name, param.subscript)
    return sh.parameter(param.name)


async def element_value(sh: Shell, name: str, subscript: Word) -> Values:
    """${name[subscript]}"""
    if subscript.raw in ("@", "*"):
        return array_listing(sh, name, subscript.raw == "*")
    variable = sh.state.variables.find(name)
    key = await sh.subscript_text(name, subscript)
    if variable is None:
        if not (variable and variable.array == "A"):
            sh.compute(key) if key else None
        return None
    if not variable.array == "A" and not key:
        raise ShellError(f"{name}: bad array subscript")
    try:
        return sh.state.variables.element(name, key)
    except ShellError as error:
        await sh.report(error.message)
        return None


def array_listing(sh: Shell, name: str, star: bool) -> Listing:
    """All elements of an array (or the only one of a string)."""
    variable = sh.state.variables.find(name)
    listing = Listing(() if variable is None else [str(value) for value in variable.elements().values()])
    listing.star = star
    return listing


async def indirect_value(sh: Shell, param: Param) -> Values:
    """${!name}, ${!prefix*}, ${!array[@]}"""
    if param.names:
        listing = Listing(sh.state.variables.names(param.name))
        listing.star = param.names == "*"
        return listing
    if param.subscript is not None and param.subscript.raw in ("@", "*") and not param.op:
        variable = sh.state.variables.find(param.name)
        listing = Listing([] if variable is None else [str(key) for key in variable.elements()])
        listing.star = param.subscript.raw == "*"
        return listing
    plain = sh.state.variables.lookup(param.name)
    if plain is not None and plain.nameref and param.subscript is None:
        return plain.value if isinstance(plain.value, str) else None
    target = await element_value(sh, param.name, param.subscript) if param.subscript else sh.parameter(param.name)
    if target is None:
        raise ShellError(f"{param.name}: invalid indirect expansion")
    return await referenced(sh, target if isinstance(target, str) else " ".join(target))


async def referenced(sh: Shell, target: str) -> Values:
    """The value of the parameter a text names."""
    found = REFERENCE.fullmatch(target)
    if found:
        reader = WordReader(f"[{found[2]}]", ParserOptions(sh.dialect))
        return await element_value(sh, found[1], reader.read_subscript())
    if not (NAME.fullmatch(target) or target.isdigit() or (target in "@*#?$!-" and target)):
        raise ShellError(f"{target}: invalid variable name")
    return sh.parameter(target)


async def parameter_value(sh: Shell, param: Param) -> Values:
    """The value after its operator (those with defaults aside)."""
    value = await raw_value(sh, param)
    if (value is None and not param.indirect) or (value is None and param.op):
        unbound(sh, param)
    if param.length:
        return length(sh, param, value)
    if not param.op:
        return value
    if param.op == ":":
        return await substring(sh, param, value)
    if param.op == "@":
        assert param.arg is not None
        if isinstance(value, Listing) and param.arg.raw in "AKka":
            return transformed_list(sh, param, value)
        return await mapped_async(sh, param, value)
    if value is None:
        return None
    return mapped(value, await text_operator(sh, param))


async def mapped_async(sh: Shell, param: Param, value: Values) -> Values:
    """${x@Q} and its like on a text or on each member."""
    assert param.arg is not None
    if isinstance(value, Listing):
        result = Listing([await transformed(sh, param, member) or "" for member in value])
        result.star = value.star
        return result
    return await transformed(sh, param, value)


def unbound(sh: Shell, param: Param) -> None:
    """`set -u`: an unset parameter without operator of its own is an error."""
    if not sh.state.options["nounset"] or param.names or param.op == "@":
        return
    if param.subscript is not None and param.subscript.raw in ("@", "*"):
        return
    name = param.name + (f"[{param.subscript.raw}]" if param.subscript else "")
    if sh.dialect.is_dash:
        raise ShellError(f"{name}: parameter not set", 2, fatal=True)
    raise ShellError(f"{'$' if name.isdigit() else ''}{name}: unbound variable", fatal=True)


def length(sh: Shell, param: Param, value: Values) -> str:
    if isinstance(value, Listing):
        return str(len(value))
    return str(sh.text_length(value or ""))


def mapped(value: str | Listing, operation: Callable[[str], str]) -> str | Listing:
    """Apply an operation to a text or to each member of a list."""
    if isinstance(value, str):
        return operation(value)
    result = Listing(operation(member) for member in value)
    result.star = value.star
    return result


# --- defaults: - = ? + ----------------------------------------------------------------------------------------------


class Nothing:
    """The pieces were already appended."""


NOTHING = Nothing()


async def default_operator(sh: Shell, param: Param, out: list[Piece], *, quoted: bool, split: bool) -> Values | Nothing:
    """${x-w} ${x=w} ${x?w} ${x+w} and their colon forms."""
    value = await raw_value(sh, param)
    missing = value is None or (isinstance(value, Listing) and not value)
    if param.op[0] == ":" and not missing:
        missing = (value == "") if isinstance(value, str) else sh.star_separator.join(value or ()) == ""
    operator = param.op[-1]
    assert param.arg is not None
    if operator == "+":
        if missing:
            return NOTHING if quoted and isinstance(value, Listing) else None if not quoted else ""
        await argument_pieces(sh, param.arg, out, quoted=quoted, split=split)
        return NOTHING
    if not missing:
        return value
    if operator == "-":
        await argument_pieces(sh, param.arg, out, quoted=quoted, split=split)
        return NOTHING
    text = await expand_text(sh, param.arg)
    if operator == "=":
        await assign_default(sh, param, text)
        return text
    shown = param.name + (f"[{param.subscript.raw}]" if param.subscript else "")
    state = "parameter not set" if param.op == "?" or (sh.dialect.is_dash and param.op[0] != ":") else "parameter null or not set"
    if sh.dialect.is_dash and param.op[0] == ":":
        state = "parameter not set or null"
    raise ShellError(f"{shown}: {text or state}", 2 if sh.dialect.is_dash else 1, fatal=True)


async def argument_pieces(sh: Shell, word: Word, out: list[Piece], *, quoted: bool, split: bool) -> None:
    """The word of a default: unquoted text in it is split like a result."""
    if quoted:
        before = len(out)
        for part in word.parts:
            await part_pieces(sh, part, out, quoted=True, split=split)
        if len(out) == before:
            out.append((QUOTED, ""))
        return
    for kind, text in await word_pieces(sh, word, split=split):
        out.append((SPLIT, text) if kind == PLAIN else (kind, text))


async def assign_default(sh: Shell, param: Param, text: str) -> None:
    if not NAME.fullmatch(param.name):
        raise ShellError(f"${param.name}: cannot assign in this way")
    if param.subscript is not None:
        sh.state.variables.set_element(param.name, await sh.subscript_text(param.name, param.subscript), text)
    else:
        sh.state.variables.set(param.name, text)


# --- # % / ^ , ------------------------------------------------------------------------------------------------------


async def text_operator(sh: Shell, param: Param) -> Callable[[str], str]:
    """The operation of one operator with its argument expanded."""
    assert param.arg is not None
    pattern = await expand_pattern(sh, param.arg)
    extglob = sh.state.shopt["extglob"]
    compiled = patterns.compile(pattern, extglob=extglob, ignorecase=False)
    operator = param.op
    if operator in ("#", "##"):
        return lambda text: text[max(0, compiled.prefix(text, operator == "##")) :]
    if operator in ("%", "%%"):
        return lambda text: cut_suffix(text, compiled, operator == "%%")
    if operator[0] == "/":
        if sh.state.shopt["nocasematch"]:
            compiled = patterns.compile(pattern, extglob=extglob, ignorecase=True)
        replacement = await replacement_parts(sh, param.arg2)
        return lambda text: replaced(text, compiled, operator, replacement, bool(pattern))
    wanted = patterns.compile(pattern or "?", extglob=extglob)
    return lambda text: case_changed(text, wanted, operator)


def cut_suffix(text: str, compiled: patterns.Pattern, longest: bool) -> str:
    start = compiled.suffix(text, longest)
    return text if start < 0 else text[:start]


async def replacement_parts(sh: Shell, word: Word | None) -> list[str | None]:
    """The replacement as texts, with None where the matched text goes (an unquoted &)."""
    if word is None:
        return []
    parts: list[str | None] = []
    for kind, text in await word_pieces(sh, word, split=False):
        if kind == QUOTED or not sh.state.shopt["patsub_replacement"] or "&" not in text:
            parts.append(text)
            continue
        position = 0
        for found in re.finditer(r"\\&|&|\\\\", text):
            parts.append(text[position : found.start()])
            parts.append(None if found.group() == "&" else found.group()[1:])
            position = found.end()
        parts.append(text[position:])
    return parts


def replaced(text: str, compiled: patterns.Pattern, operator: str, parts: list[str | None], any_pattern: bool) -> str:
    """${x/p/r} and its kin."""

    def substitute(start: int, end: int) -> str:
        return "".join(text[start:end] if part is None else part for part in parts)

    if operator == "/#":
        size = compiled.prefix(text, longest=True)
        return text if size < 0 else substitute(0, size) + text[size:]
    if operator == "/%":
        start = compiled.suffix(text, longest=True)
        return text if start < 0 else text[:start] + substitute(start, len(text))
    if not any_pattern:
        return text
    out: list[str] = []
    size = position = 0
    while position <= len(text):
        found = compiled.search(text, position)
        if found is None or found[0] == found[1]:
            if found is None or found[0] >= len(text):
                break
            out.append(text[position : found[0] + 1])
            position = found[0] + 1
            continue
        new = substitute(*found)
        size += len(new)
        check_size(size)
        out += [text[position : found[0]], new]
        position = found[1]
        if operator == "/":
            break
    return "".join(out) + text[position:]


def case_changed(text: str, wanted: patterns.Pattern, operator: str) -> str:
    """${x^} ${x^^} ${x,} ${x,,}"""
    change = str.upper if operator[0] == "^" else str.lower
    limit = 1 if len(operator) == 1 else len(text)
    return "".join(change(ch) if i < limit and wanted.matches(ch) else ch for i, ch in enumerate(text))


# --- substrings -----------------------------------------------------------------------------------------------------


async def substring(sh: Shell, param: Param, value: Values) -> Values:
    """${x:offset:length}"""
    assert param.arg is not None
    offset = await arithmetic(sh, param.arg)
    size = None if param.arg2 is None else await arithmetic(sh, param.arg2)
    if value is None:
        return None
    if isinstance(value, Listing):
        return sublist(sh, param, value, offset, size)
    if offset < 0:
        offset += len(value)
    if offset < 0 or offset > len(value):
        return ""
    if size is not None and size < 0:
        end = len(value) + size
        if end < offset:
            raise ShellError(f"{param.arg2.raw.strip() if param.arg2 else ''}: substring expression < 0")
        return value[offset:end]
    return value[offset:] if size is None else value[offset : offset + size]


def sublist(sh: Shell, param: Param, value: Listing, offset: int, size: int | None) -> Listing:
    """${@:offset:length} counts $0 as number 0; ${a[@]:offset:length} counts subscripts."""
    members: list[str] = list(value)
    if param.name in ("@", "*"):
        members = [sh.state.name, *members]
        offset = offset + len(members) if offset < 0 else offset
        chosen = members[offset:] if offset >= 0 else []
    else:
        variable = sh.state.variables.find(param.name)
        elements = {} if variable is None else variable.elements()
        if variable is not None and variable.array == "a":
            if offset < 0:
                offset += last_index(elements) + 1
            chosen = [text for key, text in elements.items() if isinstance(key, int) and key >= offset >= 0]
        else:
            chosen = members[offset:]
    if size is not None and size < 0:
        raise ShellError(f"{param.arg2.raw.strip() if param.arg2 else ''}: substring expression < 0")
    result = Listing(chosen if size is None else chosen[:size])
    result.star = value.star
    return result


