"""main.cf as text: its settings, and the complaints of the real parser (postconf(5), "Parameter syntax").

parsed = parse(path, text)          settings and warnings; `error` is the sentence that ends the program
name, value = split_setting("mydomain = ploplo.fr")
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from maillab.sim.postfix.lib.readlline import BLANK, logical_lines, stray


class SettingError(Exception):
    """A text that is not `name = value`; the sentence without file and line."""


@dataclass
class MainCf:
    """What a main.cf says: raw values by name, warnings, and the error at which reading ended ("": none)."""

    settings: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    error: str = ""


def split_setting(text: str) -> tuple[str, str]:
    """Name and value of `name = value`, without the blanks around them. Raises SettingError."""
    stripped = text.strip(BLANK)
    end = 0
    while end < len(stripped) and stripped[end] not in BLANK and stripped[end] != "=":
        end += 1
    name, rest = stripped[:end], stripped[end:].lstrip(BLANK)
    if name == "":
        raise SettingError("missing attribute name")
    if not rest.startswith("="):
        raise SettingError("missing '=' after attribute name")
    return name, rest[1:].strip(BLANK)


@lru_cache(maxsize=64)
def parse(path: str, text: str) -> MainCf:
    """Read the text of a main.cf; `path` is for the complaints. The result is shared: do not change it."""
    result = MainCf()
    for line in logical_lines(text):
        complaint = stray(path, line)
        if complaint is not None:
            result.warnings.append(complaint)
            continue
        try:
            name, value = split_setting(line.text)
        except SettingError as error:
            result.error = f'{path}, line {line.first}: {error}: "{line.text}"'
            return result
        earlier = result.settings.get(name)
        if earlier is not None:
            result.warnings.append(f"{path}, line {line.first}: overriding earlier entry: {name}={earlier}")
        result.settings[name] = value
    return result
