"""${x@Q}, @E, @P, @A, @a, @U, @u, @L, @K, @k, and the text of `declare -p`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import quoting
from maillab.shell.ansi import decode_ansi
from maillab.shell.syntax import Param
from maillab.shell.variables import Variable

if TYPE_CHECKING:
    from maillab.shell.parameters import Listing
    from maillab.shell.shell import Shell


async def transformed(sh: Shell, param: Param, value: str | None) -> str | None:
    """One text under an operator."""
    assert param.arg is not None
    letter = param.arg.raw
    variable = sh.state.variables.find(param.name)
    if letter == "a":
        return "" if variable is None else variable.flags
    if value is None:
        return None
    if letter in "QKk":
        return quoting.reusable(value)
    if letter == "A":
        return assignment_text(param.name, variable, value)
    if letter == "P":
        return await sh.prompt_text(value)
    if letter == "E":
        return decode_ansi(value)
    if letter == "u":
        return value[:1].upper() + value[1:]
    return value.upper() if letter == "U" else value.lower()


def assignment_text(name: str, variable: Variable | None, value: str) -> str:
    """${x@A}: what would make the variable again."""
    flags = "" if variable is None else variable.flags
    text = f"{name}={quoting.reusable(value)}"
    return f"declare -{flags} {text}" if flags else text


def transformed_list(sh: Shell, param: Param, value: Listing) -> Listing:
    """${a[@]@A}, @K, @k and @a look at the array as a whole."""
    assert param.arg is not None
    letter = param.arg.raw
    result = type(value)()
    result.star = value.star
    variable = sh.state.variables.find(param.name)
    if letter == "a":
        result.extend([("" if variable is None else variable.flags) for _ in value])
    elif variable is None:
        result.extend(quoting.reusable(text) for text in value)
    elif letter == "A":
        result.append(f"declare -{variable.flags or '-'} {param.name}={compound(variable)}")
    elif letter == "K":
        pairs = [f"{key_text(variable, key)} {quoting.double(str(text))}" for key, text in variable.elements().items()]
        result.append(" ".join(pairs) + (" " if variable.array == "A" else ""))
    else:
        for key, text in variable.elements().items():
            result.extend([str(key), str(text)])
    return result


def key_text(variable: Variable, key: object) -> str:
    return quoting.array_key(str(key)) if variable.array == "A" else str(key)


def compound(variable: Variable) -> str:
    """The elements as `declare -p` writes them."""
    inside = " ".join(
        f"[{key_text(variable, key)}]={quoting.double(str(text))}" for key, text in variable.elements().items()
    )
    return f"({inside}{' ' if variable.array == 'A' and inside else ''})"


def declaration(name: str, variable: Variable) -> str:
    """The line of `declare -p`."""
    head = f"declare -{variable.flags or '-'} {name}"
    if variable.value is None or (variable.array and not isinstance(variable.value, dict)):
        return head
    if variable.array:
        return f"{head}={compound(variable)}"
    return f"{head}={quoting.double(str(variable.value))}"
