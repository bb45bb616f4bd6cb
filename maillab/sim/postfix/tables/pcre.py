"""pcre - a text file of Perl compatible regular expressions and results (pcre_table(5))

Flags toggle: i (case folded, on by default), s (dot matches newline, on by default), m, x, A (anchored), E (dollar matches at
the end only), U, X.

BUGS
    The expressions are those of the package `regex`, which knows nearly all of PCRE; U (ungreedy) is refused.
"""

from __future__ import annotations

import regex  # type: ignore[import-untyped,unused-ignore]

from maillab.sim.postfix.lib.table import Spec, Table
from maillab.sim.postfix.tables._patterns import BadPattern, Compiled, PatternTable

DYNAMIC = True
FLAGS = {"i": regex.IGNORECASE, "s": regex.DOTALL, "m": regex.MULTILINE, "x": regex.VERBOSE}
SENTENCES = (
    ("missing )", "missing closing parenthesis"),
    ("unbalanced parenthesis", "unmatched closing parenthesis"),
    ("bad set", "missing terminating ] for character class"),
    ("unterminated character set", "missing terminating ] for character class"),
    ("nothing to repeat", "quantifier does not follow a repeatable item"),
    ("multiple repeat", "quantifier does not follow a repeatable item"),
    ("bad escape", "\\ at end of pattern"),
)


def open_table(spec: Spec) -> Table:
    """Read the rules. Raises Unavailable."""
    return PatternTable(spec, compile_pattern)


def compile_pattern(pattern: str, flags: str) -> Compiled:
    """Compile one pattern. Raises BadPattern."""
    chosen = regex.IGNORECASE | regex.DOTALL
    for flag in flags:
        if flag in FLAGS:
            chosen ^= FLAGS[flag]
        elif flag == "A":
            pattern = rf"\A(?:{pattern})"
        elif flag == "E":
            pattern = pattern.removesuffix("$") + r"\Z" if pattern.endswith("$") and not pattern.endswith("\\$") else pattern
        elif flag != "X":
            raise BadPattern(f'unknown regexp option "{flag}": skipping this rule')
    try:
        compiled: Compiled = regex.compile(pattern, chosen | regex.V0)
    except regex.error as error:
        text = str(error)
        sentence = next((told for start, told in SENTENCES if start in text), text.partition(" at position")[0])
        raise BadPattern(f"error in regex at offset {error.pos if error.pos is not None else 0}: {sentence}") from error
    return compiled
