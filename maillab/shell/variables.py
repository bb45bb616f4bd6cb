"""Shell variables: strings, indexed and associative arrays, attributes, name references, function scopes.

The table is a stack of scopes: the outermost holds the globals, each function call and each `VAR=x command` adds one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from maillab.shell.control import OutOfMemory, ShellError
from maillab.shell.nesting import LARGE, MEMORY_MAX, check_size

Elements = dict[int | str, str]
"""An array: by index (bash's "a", in order) or by key ("A")."""
Value = str | Elements | None


def position(entry: tuple[int | str, str]) -> int:
    """Where an element of an indexed array stands."""
    return int(entry[0])


def last_index(elements: Elements) -> int:
    """The highest index of an indexed array, -1 when it is empty."""
    return max((index for index in elements if isinstance(index, int)), default=-1)


@dataclass(slots=True)
class Variable:
    """A variable. `value` None: declared but unset. `array` is "" (a string), "a" or "A"."""

    value: Value = None
    exported: bool = False
    readonly: bool = False
    integer: bool = False
    case: str = ""  # "l", "u" or "c"
    nameref: bool = False
    array: str = ""
    trace: bool = False

    def copy(self) -> Variable:
        """An independent copy."""
        value: Value = self.value.copy() if isinstance(self.value, dict) else self.value
        return Variable(value, self.exported, self.readonly, self.integer, self.case, self.nameref, self.array, self.trace)

    @property
    def flags(self) -> str:
        """The letters of `declare -p`, in bash's order."""
        letters = [
            (self.array, self.array), (self.integer, "i"), (self.nameref, "n"), (self.readonly, "r"),
            (self.trace, "t"), (self.exported, "x"), (self.case, self.case),
        ]  # fmt: skip
        return "".join(letter for held, letter in letters if held)

    def scalar(self) -> str | None:
        """The value as a string: element 0 of an array."""
        if isinstance(self.value, dict):
            found = self.value.get("0" if self.array == "A" else 0)
            return found if found is None else str(found)
        return self.value

    def elements(self) -> Elements:
        """The elements in order; a string is its own element 0."""
        if isinstance(self.value, dict):
            return self.value
        return {} if self.value is None else {0: self.value}


@dataclass
class Scope:
    """One level: `kind` is "global", "function" or "temporary"."""

    kind: str
    names: dict[str, Variable] = field(default_factory=dict)
    saved_options: dict[str, bool] | None = None


class VariableTable:
    """All variables of a shell. `dynamic` values are computed at each look, `watchers` are told of assignments."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = [Scope("global")]
        self.dynamic: dict[str, Callable[[], Value]] = {}
        self.watchers: dict[str, Callable[[str], None]] = {}
        self.evaluate: Callable[[str], int] = int

    def copy(self) -> VariableTable:
        """The table of a subshell; dynamic values and watchers are set again by their owner."""
        new = VariableTable()
        new.scopes = [
            Scope(scope.kind, {name: variable.copy() for name, variable in scope.names.items()}) for scope in self.scopes
        ]
        return new

    # --- scopes -----------------------------------------------------------------------------------------------------

    def push(self, kind: str) -> Scope:
        """Enter a function or a command with temporary assignments."""
        scope = Scope(kind)
        self.scopes.append(scope)
        return scope

    def pop(self) -> Scope:
        """Leave it."""
        return self.scopes.pop()

    @property
    def in_function(self) -> bool:
        """Whether `local` makes sense."""
        return any(scope.kind == "function" for scope in self.scopes)

    def function_scope(self) -> Scope:
        """The innermost function's scope, or the globals."""
        for scope in reversed(self.scopes):
            if scope.kind != "temporary":
                return scope
        return self.scopes[0]

    # --- finding ----------------------------------------------------------------------------------------------------

    def lookup(self, name: str) -> Variable | None:
        """The variable of this very name, innermost first."""
        for scope in reversed(self.scopes):
            found = scope.names.get(name)
            if found is not None:
                return found
        return None

    def resolve(self, name: str) -> str:
        """Follow name references; the result may be `array[subscript]`."""
        seen = 0
        while (found := self.lookup(name)) is not None and found.nameref and isinstance(found.value, str) and found.value:
            name = found.value
            seen += 1
            if seen > 8 or "[" in name:
                break
        return name

    def find(self, name: str) -> Variable | None:
        """The variable a name leads to, references followed."""
        if name in self.dynamic:
            return self.computed(name)
        return self.lookup(self.resolve(name))

    def computed(self, name: str) -> Variable:
        """A dynamic variable as it is now."""
        value = self.dynamic[name]()
        known = self.scopes[0].names.get(name)
        return Variable(value, exported=known is not None and known.exported, array="a" if isinstance(value, dict) else "")

    def get(self, name: str) -> str | None:
        """The string value, or None when unset."""
        found = self.find(name)
        return None if found is None else found.scalar()

    def text(self, name: str, default: str = "") -> str:
        """The string value, or the default when unset."""
        found = self.get(name)
        return default if found is None else found

    def names(self, prefix: str = "") -> list[str]:
        """The names of all variables that are set or declared, sorted."""
        found = {name: None for scope in self.scopes for name in scope.names if name.startswith(prefix)}
        found.update({name: None for name in self.dynamic if name.startswith(prefix)})
        return sorted(found)

    def environment(self) -> dict[str, str]:
        """What commands inherit, in the order the variables were made."""
        env: dict[str, str] = {}
        for scope in self.scopes:
            for name, variable in scope.names.items():
                if variable.exported and isinstance(variable.value, str):
                    env[name] = variable.value
                elif name in env and not variable.exported:
                    del env[name]
        return env

    # --- changing ---------------------------------------------------------------------------------------------------

    def writable(self, name: str) -> Variable:
        """The variable to assign to, made in the global scope when it does not exist. Raises ShellError on readonly."""
        found = self.lookup(name)
        if found is None:
            found = self.scopes[0].names[name] = Variable()
        if found.readonly:
            raise ShellError(f"{name}: readonly variable")
        return found

    def set(self, name: str, value: str, *, append: bool = False) -> None:
        """name=value; on an array, element 0."""
        name = self.resolve(name)
        if name.endswith("]") and "[" in name:
            base, _, subscript = name[:-1].partition("[")
            self.set_element(base, subscript, value, append=append)
            return
        if name in self.watchers:
            self.watchers[name](value)
        variable = self.writable(name)
        if name in self.dynamic:
            return
        if variable.array:
            self.store(variable, "0" if variable.array == "A" else 0, value, append)
        else:
            old = variable.value if isinstance(variable.value, str) else ""
            variable.value = self.converted(variable, old, value, append)

    def check_memory(self, value: str) -> None:
        """A large value is about to be stored beside the other large ones. Raises OutOfMemory."""
        check_size(len(value))
        if len(value) < LARGE:
            return
        total = len(value)
        for scope in self.scopes:
            for variable in scope.names.values():
                texts = variable.value.values() if isinstance(variable.value, dict) else (variable.value,)
                total += sum(len(text) for text in texts if isinstance(text, str) and len(text) >= LARGE)
        if total > MEMORY_MAX:
            raise OutOfMemory(total)

    def converted(self, variable: Variable, old: str, value: str, append: bool) -> str:
        """The new value under the variable's attributes."""
        if variable.integer:
            number = self.evaluate(value)
            return str(number + (self.evaluate(old) if append else 0))
        if append:
            check_size(len(old) + len(value))
            value = old + value
        self.check_memory(value)
        if variable.case:
            value = {"l": str.lower, "u": str.upper, "c": str.capitalize}[variable.case](value)
        return value

    def store(self, variable: Variable, key: int | str, value: str, append: bool) -> None:
        elements = variable.value if isinstance(variable.value, dict) else {}
        old = elements.get(key, "")
        new_key = key not in elements
        elements[key] = self.converted(variable, old, value, append)
        if variable.array == "a" and new_key and len(elements) > 1 and isinstance(key, int):
            before = list(elements)[-2]
            if isinstance(before, int) and before > key:
                elements = dict(sorted(elements.items(), key=position))
        variable.value = elements

    def set_element(self, name: str, subscript: str, value: str, *, append: bool = False) -> None:
        """name[subscript]=value, the subscript being expanded already. Raises ShellError on a bad subscript."""
        name = self.resolve(name)
        variable = self.writable(name)
        self.make_array(variable)
        self.store(variable, self.key(variable, name, subscript, f"{name}[{subscript}]"), value, append)

    def make_array(self, variable: Variable) -> None:
        """Turn a string into an indexed array that holds it."""
        if not variable.array:
            variable.array = "a"
            variable.value = {} if variable.value is None else {0: str(variable.value)}

    def key(self, variable: Variable, name: str, subscript: str, shown: str) -> int | str:
        """The key a subscript means in this array."""
        if variable.array == "A":
            return subscript
        if not subscript.strip():
            raise ShellError(f"{shown}: bad array subscript")
        index = self.evaluate(subscript)
        if index < 0:
            elements = variable.elements()
            index += last_index(elements) + 1
            if index < 0:
                raise ShellError(f"{shown}: bad array subscript")
        return index

    def element(self, name: str, subscript: str) -> str | None:
        """The value of name[subscript], None when unset. Raises ShellError on a bad subscript."""
        variable = self.find(name)
        if variable is None:
            return None
        if variable.array == "A":
            return variable.elements().get(subscript)
        index = self.evaluate(subscript)
        elements = variable.elements()
        if index < 0:
            index += last_index(elements) + 1
            if index < 0:
                raise ShellError(f"{name}: bad array subscript")
        return elements.get(index)

    def set_array(self, name: str, values: list[str]) -> None:
        """An indexed array of these values (a fresh one, attributes kept)."""
        name = self.resolve(name)
        variable = self.writable(name)
        variable.array = "a"
        variable.value = dict(enumerate(values))

    def unset(self, name: str) -> bool:
        """Remove a variable; False when there was none. Raises ShellError on readonly."""
        name = self.resolve(name)
        if name in self.dynamic:
            del self.dynamic[name]
            self.watchers.pop(name, None)
            return True
        for scope in reversed(self.scopes):
            variable = scope.names.get(name)
            if variable is None:
                continue
            if variable.readonly:
                raise ShellError(f"{name}: cannot unset: readonly variable")
            if scope is self.function_scope() and scope.kind == "function":
                scope.names[name] = Variable()
            else:
                del scope.names[name]
            if name in self.watchers:
                self.watchers[name]("")
            return True
        return False

    def unset_element(self, name: str, subscript: str) -> None:
        """unset name[subscript]"""
        variable = self.find(name)
        if variable is None:
            return
        if variable.readonly:
            raise ShellError(f"{name}: cannot unset: readonly variable")
        if subscript in ("@", "*") and variable.array != "A":
            variable.value = {}
            return
        if not variable.array:
            if self.evaluate(subscript) != 0:
                raise ShellError(f"{name}: not an array variable")
            self.unset(name)
            return
        elements = variable.elements()
        elements.pop(self.key(variable, name, subscript, f"[{subscript}]"), None)

    def export(self, name: str, on: bool = True) -> None:
        """Set or clear the export attribute; the variable need not have a value."""
        name = self.resolve(name)
        found = self.lookup(name)
        if found is None:
            if not on:
                return
            found = self.scopes[0].names[name] = Variable()
        found.exported = on

    def local(self, name: str) -> Variable:
        """A new variable in the function's scope (or the one that is there)."""
        scope = self.function_scope()
        found = scope.names.get(name)
        if found is None:
            outer = self.lookup(name)
            found = scope.names[name] = Variable(exported=outer is not None and outer.exported)
        return found

    def __iter__(self) -> Iterator[tuple[str, Variable]]:
        for name in self.names():
            variable = self.computed(name) if name in self.dynamic else self.lookup(name)
            if variable is not None:
                yield name, variable
