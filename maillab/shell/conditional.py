"""Conditions: the operators that test, [ and [[ share, and the evaluation of [[ ]]."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from maillab.shell import pattern as patterns
from maillab.shell.assigning import trace
from maillab.shell.control import ShellError
from maillab.shell.expansion import expand_pattern, expand_regex, expand_text
from maillab.shell.syntax import CondBinary, CondExpr, CondGroup, CondLogical, CondNot, CondUnary
from maillab.sim.host import posix_regex
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.shell.shell import Shell
    from maillab.sim.host.inode import Stat

KINDS = {"f": "-", "d": "d", "L": "l", "h": "l", "p": "p", "S": "s", "b": "b", "c": "c"}
COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda a, b: a == b, "-ne": lambda a, b: a != b, "-lt": lambda a, b: a < b,
    "-le": lambda a, b: a <= b, "-gt": lambda a, b: a > b, "-ge": lambda a, b: a >= b,
}  # fmt: skip


async def evaluate_condition(sh: Shell, node: CondExpr) -> int:
    """0 true, 1 false, 2 error."""
    if isinstance(node, CondGroup):
        return await evaluate_condition(sh, node.inner)
    if isinstance(node, CondNot):
        status = await evaluate_condition(sh, node.operand)
        return status if status > 1 else int(not status)
    if isinstance(node, CondLogical):
        status = await evaluate_condition(sh, node.left)
        if (status == 0) == (node.op == "&&"):
            return await evaluate_condition(sh, node.right)
        return status
    if isinstance(node, CondUnary):
        operand = await expand_text(sh, node.operand)
        if sh.option("xtrace"):
            await trace(sh, f"[[ {node.op} {operand or chr(39) * 2} ]]")
        return int(not unary(sh, node.op, operand))
    return await evaluate_binary(sh, node)


async def evaluate_binary(sh: Shell, node: CondBinary) -> int:
    """left op right"""
    left = await expand_text(sh, node.left)
    ignorecase = sh.state.shopt["nocasematch"]
    if node.op in ("=", "==", "!="):
        pattern = await expand_pattern(sh, node.right)
        await trace_binary(sh, left, node.op, pattern)
        matches = patterns.compile(pattern, extglob=True, ignorecase=ignorecase).matches(left)
        return int(matches == (node.op == "!="))
    if node.op == "=~":
        source = await expand_regex(sh, node.right)
        await trace_binary(sh, left, node.op, source)
        return regex_match(sh, left, source, ignorecase)
    right = await expand_text(sh, node.right)
    await trace_binary(sh, left, node.op, right)
    if node.op in ("<", ">"):
        return int(not (left < right if node.op == "<" else left > right))
    if node.op in COMPARISONS:
        try:
            return int(not COMPARISONS[node.op](sh.compute(left), sh.compute(right)))
        except ShellError as error:
            if error.fatal:
                raise
            await sh.report(f"[[: {error.message}")
            return 1
    return int(not file_comparison(sh, node.op, left, right))


async def trace_binary(sh: Shell, left: str, op: str, right: str) -> None:
    if sh.option("xtrace"):
        shown = right or "''"
        await trace(sh, f"[[ {left or chr(39) * 2} {op} {shown} ]]")


def regex_match(sh: Shell, text: str, source: str, ignorecase: bool) -> int:
    """=~: sets BASH_REMATCH; a bad expression is status 2."""
    variables = sh.state.variables
    try:
        found = posix_regex.compile(source, "ere", ignorecase, unicode=sh.utf8).search(text)
    except posix_regex.RegexError:
        return 2
    if found is None:
        variables.set_array("BASH_REMATCH", [])
        return 1
    variables.set_array("BASH_REMATCH", [found.group(), *((group or "") for group in found.groups())])
    return 0


# --- operators ------------------------------------------------------------------------------------------------------


def unary(sh: Shell, op: str, operand: str) -> bool:
    """-f file, -n text, -v name..."""
    letter = op[1]
    if letter in "nz":
        return bool(operand) == (letter == "n")
    if letter == "t":
        return operand.lstrip("-").isdigit() and sh.sys.isatty(int(operand))
    if letter == "o":
        return sh.state.options.get(operand, False)
    if letter == "v":
        return is_set(sh, operand)
    if letter == "R":
        variable = sh.state.variables.lookup(operand)
        return variable is not None and variable.nameref
    return file_test(sh, letter, operand)


def is_set(sh: Shell, name: str) -> bool:
    """-v name, -v name[subscript]"""
    if name.endswith("]") and "[" in name:
        base, _, subscript = name[:-1].partition("[")
        variable = sh.state.variables.find(base)
        if variable is None:
            return False
        if subscript in ("@", "*"):
            return bool(variable.elements())
        try:
            return sh.state.variables.element(base, subscript) is not None
        except ShellError:
            return False
    if name.isdigit():
        return int(name) <= len(sh.state.positional)
    return sh.state.variables.get(name) is not None


def stat_of(sh: Shell, path: str, *, follow: bool = True) -> Stat | None:
    """stat(2), or None; /dev/fd/N means the open descriptor."""
    try:
        return sh.sys.stat(path) if follow else sh.sys.lstat(path)
    except SysError:
        return None


def file_test(sh: Shell, letter: str, path: str) -> bool:
    """The tests on one file."""
    if not path:
        return False
    found = stat_of(sh, path, follow=letter not in "hL")
    if found is None:
        return False
    if letter in "ae":
        return True
    if letter in KINDS:
        return found.kind == KINDS[letter]
    if letter in "rwx":
        return sh.sys.access(path, letter)
    if letter == "s":
        return found.size > 0
    if letter in "ugk":
        return bool(found.mode & {"u": 0o4000, "g": 0o2000, "k": 0o1000}[letter])
    if letter == "O":
        return found.uid == sh.sys.euid
    if letter == "G":
        return found.gid == sh.sys.egid
    return letter == "N" and found.mtime > found.atime


def file_comparison(sh: Shell, op: str, left: str, right: str) -> bool:
    """-nt, -ot, -ef"""
    a, b = stat_of(sh, left), stat_of(sh, right)
    if op == "-ef":
        return a is not None and b is not None and a.ino == b.ino
    if op == "-ot":
        a, b = b, a
    if a is None:
        return False
    return b is None or a.mtime > b.mtime
