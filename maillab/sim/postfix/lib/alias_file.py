"""The syntax of aliases(5): `name: value, value...`, with RFC 822 quoting and comments on their own lines only.

for entry in parse(path, text, warn): entry.name, entry.value
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from maillab.sim.mail import tok822
from maillab.sim.postfix.lib.readlline import logical_lines, stray

Warn = Callable[[str], None]
QUOTED_OR_ESCAPED = re.compile(r'"(?:[^"\\]|\\.)*(?:"|$)|\\([A-Za-z0-9])', re.DOTALL)


class Alias(NamedTuple):
    """One entry, normalized as the alias database stores it."""

    name: str
    value: str


def parse(path: str, text: str, warn: Warn) -> Iterator[Alias]:
    """The entries of an alias file; mistakes go to `warn` and their lines are skipped."""
    for line in logical_lines(text):
        complaint = stray(path, line)
        if complaint is not None:
            warn(complaint)
            continue
        tokens = tok822.scan(QUOTED_OR_ESCAPED.sub(lambda match: match[1] or match[0], line.text))
        colon = next((index for index, token in enumerate(tokens) if token.kind == ":"), -1)
        name, value = tokens[:colon], tokens[colon + 1 :]
        if colon < 0 or not name or not value:
            warn(f"{path}, line {line.first}: need name:value pair")
            continue
        if any(token.kind == "@" for token in name):
            warn(f"{path}, line {line.first}: name must be local")
            continue
        yield Alias(tok822.internalize(name), tok822.externalize(value))
