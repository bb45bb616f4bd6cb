"""texthash - a text file in the format of postmap(1), read into memory when it is opened: no database file (Postfix 2.8)"""

from __future__ import annotations

from maillab.sim.postfix.lib.readlline import BLANK, logical_lines, stray
from maillab.sim.postfix.lib.table import FileStamp, Spec, Table, read_text
from maillab.sim.postfix.tables._mapping import MappingTable

SINCE = (2, 8)


def open_table(spec: Spec) -> Table:
    """Read the file. Raises Unavailable."""
    values: dict[str, str] = {}
    stamp = FileStamp(spec.sys, spec.name)
    for line in logical_lines(read_text(spec)):
        complaint = stray(spec.name, line)
        if complaint is not None:
            spec.log.warning(complaint)
            continue
        where = f"{spec.name}, line {line.first}"
        key, value = _split(line.text)
        if not value:
            spec.log.warning(f"{where}: expected format: key whitespace value -- ignoring this line")
            continue
        if key.endswith(":"):
            spec.log.warning(f'{where}: record is in "key: value" format; is this an alias file?')
        if spec.fold:
            key = key.lower()
        if key in values:
            spec.log.warning(f'{where}: duplicate entry: "{key}"')
            continue
        values[key] = value
    return MappingTable(spec, values, stamp)


def _split(text: str) -> tuple[str, str]:
    end = next((index for index, char in enumerate(text) if char in BLANK), len(text))
    return text[:end], text[end:].strip(BLANK)
