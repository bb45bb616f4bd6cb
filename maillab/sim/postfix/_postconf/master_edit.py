"""Changing master.cf: `-M -e`, `-F -e`, `-P -e`, `-M -X`, `-M -#` and `-P -X`.

Changed entries are written in columns with one argument a line; comments that stood inside an entry come before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.postfix.lib.main_cf import SettingError, split_setting
from maillab.sim.postfix.lib.master_cf import FIELDS, MasterEntry, check_field, parse_entry, split_words
from maillab.sim.postfix.lib.msg import Fatal
from maillab.sim.postfix.lib.readlline import BLANK

if TYPE_CHECKING:
    from maillab.sim.postfix.lib.msg import Msg


@dataclass
class Request:
    """One change: the entry's `name` and `type`, the field or parameter it is about, the new value; `text` is what was typed."""

    name: str
    type: str
    attribute: str
    value: str
    text: str
    entry: MasterEntry | None = None
    matched: int = 0


def requests(log: Msg, space: str, mode: str, operands: list[str]) -> list[Request]:
    """The changes that the operands ask for; `space` is M, F or P, `mode` e, X or #. Raises Fatal."""
    found: list[Request] = []
    for word in operands:
        if "\n" in word:
            log.fatal("-e, -X, or -# accepts no multi-line input")
        pattern, value = word, ""
        if mode == "e":
            try:
                pattern, value = split_setting(word)
            except SettingError as error:
                log.fatal(f'{error}: "{word}"')
        parts = pattern.split("/", 2)
        found.append(_request(log, space, parts, value, word))
    return found


def _request(log: Msg, space: str, parts: list[str], value: str, word: str) -> Request:
    if space == "M":
        if len(parts) != 2:
            log.fatal("-Me, -MX or -M# requires service_name/type")
        request = Request(parts[0], parts[1], "", value, word)
        if value:
            words = split_words(value)
            if len(words) < len(FIELDS):
                log.fatal(f'bad field count: "{word}"')
            request.entry = parse_entry(value, "")
        return request
    if space == "F":
        if len(parts) == 3 and parts[2] not in FIELDS:
            log.fatal(f'invalid service attribute name: "{parts[2]}"')
        if len(parts) != 3:
            log.fatal("-Fe requires service_name/type/field_name")
        if parts[2] != "command":
            check_field(parts[2], value, value)
        return Request(parts[0], parts[1], parts[2], value, word)
    if len(parts) != 3:
        log.fatal("-Pe or -PX requires service_name/type/parameter")
    if any(char in BLANK for char in value):
        log.fatal("-Pe does not accept whitespace in parameter value")
    return Request(parts[0], parts[1], parts[2], value, word)


def rewrite(text: str, wanted: list[Request], space: str, mode: str, path: str, log: Msg) -> str:
    """The text of master.cf with the changes made."""
    out: list[str] = []
    for lines in _groups(text):
        comments = [line for line in lines if _is_comment(line)]
        entry_lines = [line for line in lines if not _is_comment(line)]
        if not entry_lines:
            out += comments
            continue
        entry = parse_entry("".join(line.rstrip("\n") for line in entry_lines), f"file {path}")
        hits = [request for request in wanted if request.name in ("*", entry.name) and request.type in ("*", entry.type)]
        if not hits:
            out += lines
            continue
        out += comments
        if mode == "#":
            out += ["#" + line for line in entry_lines]
        else:
            changed = _changed(entry, hits, space, mode)
            if changed is not None:
                out.append(changed.show(fold=True) + "\n")
    for request in wanted:
        if not request.matched and mode == "e":
            if space == "M" and request.entry is not None:
                out.append(request.entry.show(fold=True) + "\n")
            else:
                log.warning(f'unmatched service_name/type: "{request.text}"')
    return "".join(out)


def _is_comment(line: str) -> bool:
    stripped = line.strip(BLANK)
    return not stripped or stripped.startswith("#")


def _groups(text: str) -> list[list[str]]:
    """The physical lines of each entry with the comments inside it; comments outside are groups of their own."""
    groups: list[list[str]] = []
    waiting: list[str] = []
    open_entry = False
    for line in text.splitlines(keepends=True):
        if _is_comment(line):
            waiting.append(line)
        elif line[0] in BLANK and open_entry:
            groups[-1] += [*waiting, line]
            waiting = []
        else:
            groups += [[comment] for comment in waiting]
            waiting = []
            groups.append([line])
            open_entry = True
    return groups + [[comment] for comment in waiting]


def _changed(entry: MasterEntry, hits: list[Request], space: str, mode: str) -> MasterEntry | None:
    """The entry after the changes; None when it goes away."""
    for request in hits:
        request.matched += 1
        if space == "M":
            if mode == "X":
                return None
            assert request.entry is not None
            entry = request.entry
        elif space == "F":
            entry = _with_field(entry, request)
        else:
            entry = _with_parameter(entry, request, mode)
    return entry


def _with_field(entry: MasterEntry, request: Request) -> MasterEntry:
    fields = list(entry.fields)
    if request.attribute != "command":
        fields[FIELDS.index(request.attribute)] = request.value
        return MasterEntry(fields, entry.arguments)
    words = split_words(request.value)
    if not words:
        raise Fatal(f'missing command name: "{request.text}"')
    return MasterEntry([*fields[:7], words[0]], words[1:])


def _with_parameter(entry: MasterEntry, request: Request, mode: str) -> MasterEntry:
    """Set or remove a `-o name=value`."""
    arguments: list[str] = []
    at, done = 0, False
    while at < len(entry.arguments):
        word = entry.arguments[at]
        if word == "-o" and at + 1 < len(entry.arguments):
            inner = entry.arguments[at + 1].strip("{} ")
            if inner.partition("=")[0].strip() == request.attribute:
                if mode == "e":
                    arguments += ["-o", f"{request.attribute}={request.value}"]
                    done = True
                at += 2
                continue
            arguments += entry.arguments[at : at + 2]
            at += 2
            continue
        arguments.append(word)
        at += 1
    if mode == "e" and not done:
        arguments += ["-o", f"{request.attribute}={request.value}"]
    return MasterEntry(entry.fields, arguments)
