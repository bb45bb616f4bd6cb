"""regexp - a text file of POSIX extended regular expressions and results (regexp_table(5))

Flags toggle: i (case folded, on by default), x (extended syntax, on by default), m (lines inside the text).
"""

from __future__ import annotations

from maillab.sim.host.posix_regex import RegexError
from maillab.sim.host.posix_regex import compile as compile_posix
from maillab.sim.postfix.lib.table import Spec, Table
from maillab.sim.postfix.tables._patterns import BadPattern, Compiled, PatternTable


def open_table(spec: Spec) -> Table:
    """Read the rules. Raises Unavailable."""
    return PatternTable(spec, compile_pattern)


def compile_pattern(pattern: str, flags: str) -> Compiled:
    """Compile one pattern. Raises BadPattern."""
    on = {"i": True, "x": True, "m": False}
    for flag in flags:
        if flag not in on:
            raise BadPattern(f'unknown regexp option "{flag}": skipping this rule')
        on[flag] = not on[flag]
    try:
        return compile_posix(pattern, "ere" if on["x"] else "bre", on["i"], newline=on["m"], unicode=True)
    except RegexError as error:
        raise BadPattern(str(error)) from error
