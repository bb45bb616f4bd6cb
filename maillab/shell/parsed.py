"""Commands that were parsed before: the init scripts of every host, and of every replay, are the same texts.

A syntax tree is never changed by running it, so one tree serves all shells. The key holds all that parsing depends on, the text
included; only complete commands without aliases, warnings and waiting here-documents are kept.
"""

from __future__ import annotations

from collections import OrderedDict

from maillab.shell.parser import Parser
from maillab.shell.source import ParserOptions
from maillab.shell.syntax import Sequence

SHORT = 400
"""Texts below this many characters are parsed each time."""
KEPT = 2000

_Key = tuple[str, int, int, str, bool, bool, bool]
_commands: OrderedDict[_Key, tuple[Sequence, int]] = OrderedDict()


def next_command(parser: Parser) -> Sequence | None:
    """`parser.command()`, from memory when this very command was read before."""
    options = parser.options
    if len(parser.text) < SHORT or not _plain(parser, options):
        return parser.command()
    key = (parser.text, parser.pos, parser.first_line, options.dialect.name, options.extglob, options.utf8, parser.final)
    known = _commands.get(key)
    if known is not None:
        parser.pos = known[1]
        return known[0]
    command = parser.command()
    if command is not None and _plain(parser, options):
        _commands[key] = (command, parser.pos)
        if len(_commands) > KEPT:
            _commands.popitem(last=False)
    return command


def _plain(parser: Parser, options: ParserOptions) -> bool:
    """Whether nothing but the text and the position decides what comes next."""
    return parser.token is None and not (options.aliases or options.interactive or parser.pending or parser.warnings or parser.alias_ends)
