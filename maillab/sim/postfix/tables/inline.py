"""inline - a table written in main.cf: `inline:{key=value, {key=several words}}` (Postfix 3.0)"""

from __future__ import annotations

from maillab.sim.postfix.lib.main_cf import SettingError, split_setting
from maillab.sim.postfix.lib.master_cf import split_words
from maillab.sim.postfix.lib.table import Spec, Table, Unavailable
from maillab.sim.postfix.tables._mapping import MappingTable

SINCE = (3, 0)
FORM = 'bad syntax: "inline:{0}"; need "inline:{{name=value...}}"'


def open_table(spec: Spec) -> Table:
    """Read the entries. Raises Unavailable."""
    if not (spec.name.startswith("{") and spec.name.endswith("}")):
        raise Unavailable(FORM.format(spec.name))
    values: dict[str, str] = {}
    for word in _elements(spec.name[1:-1]):
        inner = word[1:-1] if word.startswith("{") and word.endswith("}") else word
        try:
            name, value = split_setting(inner)
        except SettingError as error:
            raise Unavailable(f'{error}: "inline:{spec.name}"; need "inline:{{name=value...}}"') from error
        key = name.lower() if spec.fold else name
        if key in values:
            spec.log.warning(f'inline:{spec.name}: duplicate entry: "{key}"')
        values.setdefault(key, value)
    if not values:
        raise Unavailable(FORM.format(spec.name))
    return MappingTable(spec, values)


def _elements(text: str) -> list[str]:
    """The elements separated by commas and blanks; braces keep theirs."""
    depth, plain = 0, ""
    for char in text:
        depth += (char == "{") - (char == "}")
        plain += " " if char == "," and depth == 0 else char
    return split_words(plain)
