"""What dpkg-query prints: lists, status, contents."""

from __future__ import annotations

import fnmatch
import re

from maillab.shell.commands.dpkg._database import ORDER, Database, multiarch_name
from maillab.sim.releases.archive import Stanza, format_stanza

HEADER = """Desired=Unknown/Install/Remove/Purge/Hold
| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend
|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)
"""
_WANT = {"unknown": "u", "install": "i", "hold": "h", "deinstall": "r", "purge": "p"}
_STATUS = {
    "not-installed": "n", "config-files": "c", "half-installed": "H", "unpacked": "U", "half-configured": "F", "triggers-awaited": "W",
    "triggers-pending": "t", "installed": "i",
}  # fmt: skip
_FIELD = re.compile(r"\$\{([^};]+)(?:;(-?\d+))?\}")


def matching(database: Database, patterns: list[str], every: bool = True) -> tuple[list[str], list[str]]:
    """The packages that patterns name, and the patterns that name none."""
    names = database.names() if every else database.all_installed()
    if not patterns:
        return [name for name in names if database.state(name) != ""], []
    found: list[str] = []
    missing = []
    for pattern in patterns:
        hits = [name for name in names if fnmatch.fnmatchcase(name, pattern.split(":")[0])]
        if not hits:
            missing.append(pattern)
        found += [hit for hit in hits if hit not in found]
    return sorted(found), missing


def abbreviation(stanza: Stanza) -> str:
    """The two or three letters of `dpkg -l`."""
    want, error, status = [*stanza.get("Status", "unknown ok not-installed").split(), "ok", "not-installed"][:3]
    return _WANT.get(want, "u") + _STATUS.get(status, "n") + ("R" if error == "reinstreq" else " ")


def table(database: Database, names: list[str], width: int) -> str:
    """`dpkg -l`: columns as wide as their contents, the description cut to `width` columns (0: not cut)."""
    rows = []
    for name in names:
        stanza = database.get(name) or {}
        summary = stanza.get("Description", "").split("\n")[0] or "(no description available)"
        rows.append(
            (abbreviation(stanza), multiarch_name(stanza), stanza.get("Version", "<none>"), stanza.get("Architecture", "<none>"), summary)
        )
    widths = [max(least, *(len(row[place]) for row in rows)) for least, place in ((14, 1), (12, 2), (12, 3))]
    room = width - sum(widths) - 7 if width else max(33, *(len(row[4]) for row in rows))
    room = max(room, 12)
    lines = [f"||/ {'Name':<{widths[0]}} {'Version':<{widths[1]}} {'Architecture':<{widths[2]}} Description"]
    lines.append("+++-" + "-".join("=" * size for size in [*widths, room]))
    for letters, name, version, architecture, summary in rows:
        lines.append(f"{letters} {name:<{widths[0]}} {version:<{widths[1]}} {architecture:<{widths[2]}} {summary[:room]}".rstrip())
    return HEADER + "\n".join(lines) + "\n"


def status_text(stanza: Stanza) -> str:
    """`dpkg -s`."""
    return format_stanza({field: stanza[field] for field in ORDER if field in stanza} | stanza)


def show(stanza: Stanza, template: str) -> str:
    """`dpkg-query -W -f TEMPLATE`: `${Field;width}` and backslash escapes."""

    def value(found: re.Match[str]) -> str:
        text = _special(stanza, found[1])
        width = int(found[2] or 0)
        return f"{text:<{width}}"[: width or None] if width >= 0 else f"{text:>{-width}}"

    text = _FIELD.sub(value, template)
    return text.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")


def _special(stanza: Stanza, field: str) -> str:
    if field.lower() == "binary:package":
        return multiarch_name(stanza)
    if field.lower() == "binary:summary":
        return stanza.get("Description", "").split("\n")[0]
    if field.lower() == "db:status-abbrev":
        return abbreviation(stanza)
    if field.lower() == "db:status-status":
        return stanza.get("Status", "").split()[-1] if stanza.get("Status") else ""
    return next((value for name, value in stanza.items() if name.lower() == field.lower()), "")


def owners(database: Database, pattern: str) -> list[tuple[list[str], str]]:
    """`dpkg -S`: the packages of every path that a pattern means (a full path, a part of one, or a wildcard)."""
    wildcard = any(char in pattern for char in "*?[")
    full = pattern.rstrip("/") if len(pattern) > 1 else pattern
    owned: dict[str, list[str]] = {}
    for name in database.all_installed():
        for path in database.files(name):
            if fnmatch.fnmatchcase(path, pattern) if wildcard else path == full if pattern.startswith("/") else pattern in path:
                owned.setdefault(path, []).append(name)
    return [(names, path) for path, names in owned.items()]
