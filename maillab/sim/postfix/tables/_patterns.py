"""Tables of patterns: what regexp and pcre have in common. The file is read once; the rules are tried in order.

    /pattern/flags result        !/pattern/flags result        if /pattern/flags ... endif        if !/pattern/flags ... endif

A rule with a mistake is logged and left out. `$1`, `${1}` and `$(1)` in a result stand for what a subexpression matched, `$$`
for a dollar sign.
A table may also be written in main.cf: `regexp:{{/pattern/ result}, {...}}`. Source: regexp_table(5), pcre_table(5) and
postmap of 3.7.11 observed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from maillab.sim.postfix.lib.mac_expand import find_close
from maillab.sim.postfix.lib.readlline import BLANK, logical_lines, stray
from maillab.sim.postfix.lib.table import FileStamp, Spec, Table, TableError, Unavailable, read_text

REFERENCE = re.compile(r"\$(?:\$|(\d+)|\{(\d+)\}|\((\d+)\))")
RULE, IF, ENDIF = "rule", "if", "endif"


class Matched(Protocol):
    """A match, as `re` and `regex` give it."""

    def __getitem__(self, index: int) -> str | None: ...


class Compiled(Protocol):
    """A compiled pattern."""

    @property
    def groups(self) -> int: ...

    def search(self, text: str) -> Matched | None: ...


class BadPattern(Exception):
    """A pattern or flag that is refused; the sentence after `TYPE map NAME, line N: `."""


Compile = Callable[[str, str], Compiled]


@dataclass
class Rule:
    """One line. `block_end` is where an IF that does not match goes on."""

    kind: str
    line: int
    negated: bool = False
    pattern: Compiled | None = None
    result: str = ""
    block_end: int = 0


def rule_lines(spec: Spec) -> Iterator[tuple[int, str]]:
    """Line numbers and texts of a table in a file or in main.cf. Raises Unavailable."""
    if spec.name.startswith("{"):
        yield from enumerate(inline_rules(spec), 1)
        return
    for line in logical_lines(read_text(spec)):
        complaint = stray(spec.name, line)
        if complaint is not None:
            spec.log.warning(complaint)
            continue
        yield line.first, line.text


def inline_rules(spec: Spec) -> list[str]:
    """The rules of `{{rule}, {rule}}`. Raises Unavailable."""
    inner = spec.name[1:-1] if spec.name.endswith("}") else ""
    rules: list[str] = []
    at = 0
    while at < len(inner):
        if inner[at] in ", \t\r\n":
            at += 1
            continue
        close = find_close(inner, at) if inner[at] == "{" else -1
        if close < 0:
            raise Unavailable(f"{spec.type} map: no '{{' at start of text in \"{inner[at:].split()[0]}\"")
        rules.append(inner[at + 1 : close].strip(BLANK))
        at = close + 1
    return rules


class PatternTable(Table):
    """An open table of patterns."""

    pattern = True
    flags = "lock|fold_mul"

    def __init__(self, spec: Spec, compile_pattern: Compile) -> None:
        super().__init__(spec)
        self.kind = spec.type
        self.name = spec.name
        self.compile = compile_pattern
        self.rules: list[Rule] = []
        self.stamp = None if spec.name.startswith("{") else FileStamp(spec.sys, spec.name)
        for number, text in rule_lines(spec):
            try:
                rule = self._rule(number, text)
            except BadPattern as error:
                self._warn(number, str(error))
                continue
            if rule is not None:
                self.rules.append(rule)
        self._match_blocks()

    def _warn(self, number: int, text: str) -> None:
        self.log.warning(f"{self.kind} map {self.name}, line {number}: {text}")

    def _rule(self, number: int, text: str) -> Rule | None:
        word = re.match(r"[A-Za-z]*", text)
        keyword = word[0].lower() if word is not None else ""
        if keyword == ENDIF and not text[len(ENDIF) :].strip(BLANK):
            return Rule(ENDIF, number)
        if keyword == ENDIF:
            self._warn(number, f'ignoring extra text after ENDIF: "{text[len(ENDIF) :].strip(BLANK)}"')
            return Rule(ENDIF, number)
        if keyword == IF:
            negated, pattern, rest = self._pattern(text[len(IF) :].lstrip(BLANK))
            if rest:
                self._warn(number, f'ignoring extra text after "IF" statement: "{rest}"')
            return Rule(IF, number, negated, pattern)
        if text[0].isalnum():
            raise BadPattern("ignoring unrecognized request")
        negated, pattern, result = self._pattern(text)
        if not result:
            self._warn(number, "no replacement text: using empty string")
        self._check_references(result, negated, pattern)
        return Rule(RULE, number, negated, pattern, result)

    def _pattern(self, text: str) -> tuple[bool, Compiled, str]:
        """Negation, compiled pattern and the text that follows of `!/pattern/flags text`. Raises BadPattern."""
        negated = False
        while text.startswith("!"):
            negated = not negated
            text = text[1:].lstrip(BLANK)
        if not text:
            raise BadPattern("no regexp: skipping this rule")
        delimiter, end = text[0], 1
        while end < len(text) and text[end] != delimiter:
            end += 2 if text[end] == "\\" and end + 1 < len(text) else 1
        if end >= len(text):
            raise BadPattern(f'no closing regexp delimiter "{delimiter}": skipping this rule')
        flags_end = end + 1
        while flags_end < len(text) and text[flags_end] not in BLANK:
            flags_end += 1
        pattern = self.compile(
            text[1:end].replace(f"\\{delimiter}", delimiter if delimiter.isalnum() else f"\\{delimiter}"), text[end + 1 : flags_end]
        )
        return negated, pattern, text[flags_end:].strip(BLANK)

    def _check_references(self, result: str, negated: bool, pattern: Compiled) -> None:
        for match in REFERENCE.finditer(result):
            number = next((group for group in match.groups() if group), None)
            if number is None:
                continue
            if negated:
                raise BadPattern(f"$number found in negative match replacement text: {result}: skipping this rule")
            if int(number) < 1 or int(number) > pattern.groups:
                raise BadPattern(f'out of range replacement index "{number}": skipping this rule')

    def _match_blocks(self) -> None:
        """Tell each IF where its ENDIF is."""
        waiting: list[int] = []
        kept: list[Rule] = []
        for rule in self.rules:
            if rule.kind == ENDIF:
                if not waiting:
                    self._warn(rule.line, "ignoring ENDIF without matching IF")
                    continue
                kept[waiting.pop()].block_end = len(kept)
            elif rule.kind == IF:
                waiting.append(len(kept))
            kept.append(rule)
        for index in reversed(waiting):
            self._warn(kept[index].line, "IF has no matching ENDIF")
            kept[index].block_end = len(kept)
        self.rules = kept

    async def lookup(self, key: str) -> str | None:
        at = 0
        while at < len(self.rules):
            rule = self.rules[at]
            at += 1
            if rule.pattern is None:
                continue
            try:
                found = rule.pattern.search(key)
            except Exception as error:
                raise TableError from error
            if (found is None) != rule.negated:
                at = rule.block_end if rule.kind == IF else at
            elif rule.kind == RULE:
                return self._result(rule, found)
        return None

    def _result(self, rule: Rule, found: Matched | None) -> str:
        def text_of(match: re.Match[str]) -> str:
            number = next((group for group in match.groups() if group), None)
            if number is None:
                return "$"
            return (found[int(number)] or "") if found is not None else ""

        return REFERENCE.sub(text_of, rule.result) if "$" in rule.result else rule.result

    def changed(self) -> bool:
        return self.stamp is not None and self.stamp.changed()
