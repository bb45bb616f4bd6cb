"""declare, typeset, local, export and readonly: attributes, values and listings of variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import builtin, quoting
from maillab.shell.assigning import Declared, assign_elements
from maillab.shell.control import ShellError
from maillab.shell.printer import function_text
from maillab.shell.source import NAME
from maillab.shell.transform import declaration
from maillab.shell.variables import Variable

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

ATTRIBUTES = {"x": "exported", "r": "readonly", "i": "integer", "n": "nameref", "t": "trace"}


async def read_flags(sh: Shell, name: str, args: list[str]) -> tuple[dict[str, bool], list[str]]:
    """-x and +x options: letter -> on. Raises BadOption."""
    flags: dict[str, bool] = {}
    index = 0
    while index < len(args) and len(args[index]) > 1 and args[index][0] in "-+" and not isinstance(args[index], Declared):
        word = args[index]
        index += 1
        if word == "--":
            break
        for letter in word[1:]:
            if letter not in "aAfFgiIlnrtuxpc":
                raise builtin.BadOption(await builtin.invalid_option(sh, name, word[0] + letter))
            flags[letter] = word[0] == "-"
    return flags, args[index:]


async def declare(sh: Shell, name: str, args: list[str]) -> int:
    """The builtin under any of its names."""
    flags, words = await read_flags(sh, name, args)
    if name == "local" and not sh.state.variables.in_function:
        raise ShellError("can only be used in a function")
    if flags.get("f") or flags.get("F"):
        return await functions(sh, name, flags, words)
    if not words:
        await list_variables(sh, name, flags)
        return 0
    if flags.get("p") and name != "local":
        return await print_variables(sh, name, words)
    status = 0
    for word in words:
        status = await declare_one(sh, name, word, flags) or status
    return status


async def print_variables(sh: Shell, name: str, words: list[str]) -> int:
    """declare -p names"""
    status = 0
    for word in words:
        variable = sh.state.variables.computed(word) if word in sh.state.variables.dynamic else sh.state.variables.lookup(word)
        if variable is None:
            await sh.report(f"{name}: {word}: not found")
            status = 1
        else:
            await sh.write(declaration(word, variable) + "\n")
    return status


async def list_variables(sh: Shell, name: str, flags: dict[str, bool]) -> None:
    """No names: all variables with the attributes asked for."""
    wanted = [letter for letter in flags if letter in "aAilnrtux"]
    lines = []
    if name == "local":
        scope = sh.state.variables.function_scope()
        lines = [f"{key}={quoting.listed(value.scalar() or '')}" for key, value in sorted(scope.names.items()) if value.value is not None]
    elif not flags:
        lines = set_listing(sh)
    else:
        for key, variable in sh.state.variables:
            if all(letter in variable.flags for letter in wanted):
                lines.append(declaration(key, variable))
    await sh.write("".join(line + "\n" for line in lines))


def set_listing(sh: Shell) -> list[str]:
    """The variables as `set` lists them."""
    lines = []
    for key, variable in sh.state.variables:
        if variable.value is None or (variable.array and not isinstance(variable.value, dict)):
            continue
        if variable.array:
            lines.append(declaration(key, variable).split(" ", 2)[2])
        else:
            lines.append(f"{key}={quoting.listed(str(variable.value))}")
    return lines


async def declare_one(sh: Shell, name: str, word: str, flags: dict[str, bool]) -> int:
    """One name or assignment."""
    target, subscript, append, value = split_word(word)
    if not NAME.fullmatch(target):
        await sh.report(f"{name}: `{word}': not a valid identifier")
        return 1
    variables = sh.state.variables
    try:
        variable = place(sh, name, target, flags)
        if variable.readonly and (isinstance(word, Declared) or value is not None or flags.get("r") is False):
            raise ShellError(f"{target}: readonly variable")
        set_arrays(name, target, variable, flags)
        readonly = flags.pop("r", None)
        set_attributes(variable, flags)
        if isinstance(word, Declared) and word.elements is not None:
            assign_elements(sh, target, word.elements, append=append)
        elif value is not None and flags.get("n"):
            reference(target, variable, value)
        elif value is not None and subscript is not None:
            variables.set_element(target, subscript, value, append=append)
        elif value is not None:
            variables.set(target, value, append=append)
        if readonly is not None:
            flags["r"] = variable.readonly = readonly
        return 0
    except ShellError as error:
        if error.fatal:
            raise
        plain = name in ("export", "readonly") and error.message.endswith("readonly variable")
        await sh.report(error.message if plain else f"{name}: {error.message}")
        return error.status


def split_word(word: str) -> tuple[str, str | None, bool, str | None]:
    """name, subscript, append, value"""
    if isinstance(word, Declared):
        return word.name, word.subscript, word.append, word.value
    name, sign, value = word.partition("=")
    append = bool(sign) and name.endswith("+")
    name = name.removesuffix("+") if append else name
    subscript = None
    if name.endswith("]") and "[" in name:
        name, _, subscript = name[:-1].partition("[")
    return name, subscript, append, value if sign else None


def place(sh: Shell, name: str, target: str, flags: dict[str, bool]) -> Variable:
    """The variable a declaration is about: local in a function, unless -g or it is export or readonly."""
    variables = sh.state.variables
    local = name in ("declare", "typeset", "local") and variables.in_function and not flags.get("g")
    if local:
        existed = target in variables.function_scope().names
        outer = variables.lookup(target)
        variable = variables.local(target)
        if not existed and outer is not None and (flags.get("I") or sh.state.shopt["localvar_inherit"]):
            copied = outer.copy()
            variables.function_scope().names[target] = variable = copied
        return variable
    key = target if flags.get("n") else variables.resolve(target)
    found = variables.scopes[0].names.get(key) if flags.get("g") else variables.lookup(key)
    if found is None:
        found = variables.scopes[0].names[key] = Variable()
    return found


def set_arrays(name: str, target: str, variable: Variable, flags: dict[str, bool]) -> None:
    """-a and -A"""
    for letter, other, words in (("a", "A", "associative to indexed"), ("A", "a", "indexed to associative")):
        if flags.get(letter):
            if variable.array == other:
                raise ShellError(f"{target}: cannot convert {words} array")
            if not variable.array:
                variable.array = letter
                if isinstance(variable.value, str):
                    variable.value = {0: variable.value} if letter == "a" else {"0": variable.value}
        elif flags.get(letter) is False and variable.array == letter:
            raise ShellError(f"{target}: cannot destroy array variables in this way")


def set_attributes(variable: Variable, flags: dict[str, bool]) -> None:
    """The attributes that are simply on or off."""
    for letter, attribute in ATTRIBUTES.items():
        if letter in flags and not (letter == "n" and variable.nameref and flags["n"]):
            setattr(variable, attribute, flags[letter])
    for letter in "luc":
        if letter in flags:
            variable.case = letter if flags[letter] else ""


def reference(target: str, variable: Variable, value: str) -> None:
    """declare -n target=value"""
    if value == target:
        raise ShellError(f"{target}: nameref variable self references not allowed")
    if not NAME.fullmatch(value.split("[")[0]):
        raise ShellError(f"`{value}': invalid variable name for name reference")
    variable.value = value


async def functions(sh: Shell, name: str, flags: dict[str, bool], words: list[str]) -> int:
    """declare -f, -F, export -f, readonly -f"""
    state = sh.state
    names = words or sorted(state.functions)
    status = 0
    for word in names:
        function = state.functions.get(word)
        if function is None:
            if name in ("export", "readonly"):
                await sh.report(f"{name}: {word}: not a function")
            status = 1
        elif name == "export" or flags.get("x"):
            (state.exported_functions.pop(word, None) if flags.get("n") else state.exported_functions.update({word: None}))
        elif (name == "readonly" or flags.get("r")) and words:
            state.readonly_functions[word] = None
        elif flags.get("F"):
            await sh.write(f"{'' if words else 'declare -f '}{word}\n")
        else:
            await sh.write(function_text(function) + "\n")
    return status


async def listed_with(sh: Shell, letter: str) -> None:
    """export -p and readonly -p"""
    lines = []
    for key, variable in sh.state.variables:
        if letter in variable.flags:
            if sh.dialect.is_dash:
                word = "export" if letter == "x" else "readonly"
                value = "" if variable.value is None else "=" + quoting.dash_single(str(variable.value))
                lines.append(f"{word} {key}{value}")
            else:
                lines.append(declaration(key, variable))
    await sh.write("".join(line + "\n" for line in lines))


async def dash_mark(sh: Shell, name: str, words: list[str], attribute: str) -> int:
    """export and readonly of dash."""
    for word in words:
        target, sign, value = word.partition("=")
        if not NAME.fullmatch(target):
            return await builtin.dash_error(sh, name, f"{target}: bad variable name")
        if sign:
            sh.state.variables.set(target, value)
        variable = sh.state.variables.lookup(target)
        if variable is None:
            variable = sh.state.variables.scopes[0].names[target] = Variable()
        setattr(variable, attribute, True)
    return 0
