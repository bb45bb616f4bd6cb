"""Durations as sleep and timeout take them: `0.1`, `5s`, `2m`, `1h`, `1d`, `infinity`."""

from __future__ import annotations

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_duration(word: str) -> float | None:
    """Seconds; None when it is no duration."""
    number, factor = (word[:-1], UNITS[word[-1]]) if word and word[-1] in UNITS else (word, 1)
    if "_" in number or number != number.strip():
        return None
    try:
        value = float.fromhex(number) if "0x" in number.lower() else float(number)
    except ValueError:
        return None
    return value * factor if value >= 0 else None
