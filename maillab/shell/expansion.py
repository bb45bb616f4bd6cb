"""Word expansion: braces, tildes, parameters, command and arithmetic substitution, field splitting, file names.

A word becomes pieces (text that is quoted, text to be split, or a break between fields); pieces become fields; fields
become words. Source: POSIX XCU 2.6, bash's manual (EXPANSION), observed bash 5.2.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from maillab.shell import braces, globbing
from maillab.shell import pattern as patterns
from maillab.shell.control import ShellError
from maillab.shell.nesting import check_size
from maillab.shell.syntax import (
    ArithSub,
    Assignment,
    CommandSub,
    DoubleQuoted,
    Lit,
    Param,
    Part,
    ProcessSub,
    Quoted,
    Word,
)

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

QUOTED, PLAIN, SPLIT, BREAK = "q", "p", "s", "b"
Piece = tuple[str, str]  # kind, text
Field = list[Piece]
BREAK_PIECE: Piece = (BREAK, "")
ASSIGNMENT_LIKE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
TILDE = re.compile(r"~([A-Za-z0-9_.+-]*)(?=/|$)")
TILDE_ASSIGN = re.compile(r"~([A-Za-z0-9_.+-]*)(?=[/:]|$)")


# --- entry points ---------------------------------------------------------------------------------------------------


async def expand_words(sh: Shell, words: list[Word]) -> list[str]:
    """All expansions on a list of words."""
    out: list[str] = []
    for word in words:
        if word.literal is not None:
            out.append(word.literal)
            continue
        try:
            singles = braced(sh, word)
        except braces.TooMany as error:
            await sh.report(str(error))
            singles = [word]
        for single in singles:
            pieces = await word_pieces(sh, single)
            check_size(sum(len(text) for _, text in pieces))
            for field in fields(pieces, sh.ifs):
                out.extend(pathnames(sh, field))
    return out


def braced(sh: Shell, word: Word) -> list[Word]:
    """Brace expansion, remembered on the word."""
    if not sh.state.options["braceexpand"] or not sh.dialect.brace_expansion:
        return [word]
    if word.braces is None:
        word.braces = braces.expand(word)
    return word.braces


async def expand_text(sh: Shell, word: Word, *, assignment: bool = False) -> str:
    """A word that stays one text: no splitting, no file names (assignments, case, [[, here-strings)."""
    if word.literal is not None:
        return word.literal
    return joined(await word_pieces(sh, word, split=False, assignment=assignment))


async def expand_pattern(sh: Shell, word: Word) -> str:
    """A word as a pattern: what was quoted is escaped."""
    found = await word_pieces(sh, word, split=False)
    return "".join(patterns.quote(text) if kind == QUOTED else text if kind != BREAK else " " for kind, text in found)


async def expand_regex(sh: Shell, word: Word) -> str:
    """The right side of =~: what was quoted matches itself."""
    found = await word_pieces(sh, word, split=False)
    return "".join(quote_regex(text) if kind == QUOTED else text if kind != BREAK else " " for kind, text in found)


def quote_regex(text: str) -> str:
    return "".join("\\" + ch if ch in "\\^$.[]|()*+?{}" else ch for ch in text)


async def expand_redirect(sh: Shell, word: Word) -> list[str]:
    """The target of a redirection: one word, or an ambiguous redirect."""
    if sh.dialect.is_dash:
        return [await expand_text(sh, word)]
    return await expand_words(sh, [word])


def joined(pieces: list[Piece]) -> str:
    """Pieces as one text; breaks are spaces."""
    check_size(sum(len(text) for _, text in pieces))
    return "".join(" " if kind == BREAK else text for kind, text in pieces)


# --- parts to pieces ------------------------------------------------------------------------------------------------


async def word_pieces(sh: Shell, word: Word, *, split: bool = True, assignment: bool = False) -> list[Piece]:
    """The pieces of a word, tildes expanded."""
    pieces: list[Piece] = []
    for index, part in enumerate(word.parts):
        if isinstance(part, Lit):
            last = index == len(word.parts) - 1
            pieces.extend(literal_pieces(sh, part.text, first=index == 0, last=last, assignment=assignment))
        else:
            await part_pieces(sh, part, pieces, quoted=False, split=split)
    return pieces


def literal_pieces(sh: Shell, text: str, *, first: bool, last: bool, assignment: bool) -> list[Piece]:
    """Unquoted text, with the tilde at its beginning (and, in assignments, after colons)."""
    if "~" not in text:
        return [(PLAIN, text)]
    pieces: list[Piece] = []
    position = 0
    if first and not assignment and not sh.dialect.is_dash:
        named = ASSIGNMENT_LIKE.match(text)
        if named and not sh.option("posix"):
            value = literal_pieces(sh, text[named.end() :], first=True, last=last, assignment=True)
            return [(PLAIN, named.group()), *value]
    rule = TILDE_ASSIGN if assignment else TILDE
    for found in rule.finditer(text):
        at = found.start()
        starts = (at == 0 and first) or (assignment and at > 0 and text[at - 1] == ":")
        if not starts or (found.end() == len(text) and not last):
            continue
        home = sh.tilde(found.group(1))
        if home is None:
            continue
        if at > position:
            pieces.append((PLAIN, text[position:at]))
        pieces.append((QUOTED, home))
        position = found.end()
    if position < len(text):
        pieces.append((PLAIN, text[position:]))
    return pieces


async def part_pieces(sh: Shell, part: Part, out: list[Piece], *, quoted: bool, split: bool) -> None:
    """Append what one part stands for."""
    kind = QUOTED if quoted else SPLIT
    if isinstance(part, Quoted):
        out.append((QUOTED, part.text))
    elif isinstance(part, Lit):
        out.append((kind, part.text))
    elif isinstance(part, DoubleQuoted):
        await double_quoted_pieces(sh, part, out, split=split)
    elif isinstance(part, Param):
        from maillab.shell.parameters import parameter_pieces

        await parameter_pieces(sh, part, out, quoted=quoted, split=split)
    elif isinstance(part, CommandSub):
        out.append((kind, await sh.capture(part)))
    elif isinstance(part, ArithSub):
        out.append((kind, str(await arithmetic(sh, part.expression))))
    elif isinstance(part, ProcessSub):
        out.append((QUOTED, await sh.process_substitution(part)))


async def double_quoted_pieces(sh: Shell, part: DoubleQuoted, out: list[Piece], *, split: bool) -> None:
    """"...": all quoted; an empty one is an empty field, unless it held only an empty "$@"."""
    inside: list[Piece] = []
    vanishing = False
    for piece in part.parts:
        await part_pieces(sh, piece, inside, quoted=True, split=split)
        if isinstance(piece, Param) and not inside and at_list(piece):
            vanishing = True
    if not inside and not vanishing:
        inside.append((QUOTED, ""))
    out.extend(inside)


def at_list(param: Param) -> bool:
    """Whether it is "$@" or "${a[@]}", which can be no field at all."""
    if param.name == "@" and not param.op and not param.length:
        return True
    return param.subscript is not None and param.subscript.raw == "@"


async def arithmetic(sh: Shell, word: Word, command: str = "") -> int:
    """The value of an expression; its faults are reported and drop the line."""
    text = word.literal if word.literal is not None else await expand_text(sh, word)
    return sh.compute(text, command)


# --- fields ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def delimiters(ifs: str) -> re.Pattern[str]:
    """The pattern of one delimiter under an IFS."""
    blanks = "".join(ch for ch in ifs if ch in " \t\n")
    others = "".join(ch for ch in ifs if ch not in " \t\n")
    space = f"[{re.escape(blanks)}]" if blanks else ""
    if not others:
        return re.compile(f"{space}+")
    other = f"[{re.escape(others)}]"
    if not blanks:
        return re.compile(f"(?P<hard>{other})")
    return re.compile(f"{space}*(?P<hard>{other}){space}*|{space}+")


def fields(pieces: list[Piece], ifs: str) -> list[Field]:
    """Split pieces into fields."""
    found: list[Field] = []
    current: Field = []
    for kind, text in pieces:
        if kind == BREAK:
            if current:
                found.append(current)
            current = []
        elif kind != SPLIT or not ifs:
            if kind != SPLIT or text:
                current.append((PLAIN if kind == SPLIT else kind, text))
        else:
            current = split_piece(text, ifs, current, found)
    if current:
        found.append(current)
    return [field for field in found if any(kind == QUOTED or text for kind, text in field)]


def split_piece(text: str, ifs: str, current: Field, found: list[Field]) -> Field:
    """Split one text; returns the field that is still open."""
    position = 0
    rule = delimiters(ifs)
    hard_possible = "hard" in rule.groupindex
    for delimiter in rule.finditer(text):
        before = text[position : delimiter.start()]
        position = delimiter.end()
        if before:
            current.append((PLAIN, before))
        hard = hard_possible and delimiter["hard"] is not None
        if current or hard:
            found.append(current or [(QUOTED, "")])
            current = []
    if position < len(text):
        current.append((PLAIN, text[position:]))
    return current


def pathnames(sh: Shell, field: Field) -> list[str]:
    """The file names a field matches, or its text."""
    text = "".join(piece[1] for piece in field)
    if sh.state.options["noglob"] or not any(
        kind != QUOTED and any(ch in piece for ch in "*?[(") for kind, piece in field
    ):
        return [text]
    pattern = "".join(patterns.quote(piece) if kind == QUOTED else piece for kind, piece in field)
    shopt = sh.state.shopt
    if not patterns.has_magic(pattern, shopt["extglob"]):
        return [text]
    options = globbing.GlobOptions(shopt["extglob"], shopt["dotglob"], shopt["nocaseglob"], shopt["globstar"], shopt["globskipdots"])
    matches = globbing.glob(sh.sys, pattern, options)
    matches = ignored(sh, matches)
    if matches:
        return matches
    if shopt["failglob"]:
        raise ShellError(f"no match: {text}")
    return [] if shopt["nullglob"] else [text]


def ignored(sh: Shell, names: list[str]) -> list[str]:
    """Leave out what GLOBIGNORE names."""
    rules = sh.state.variables.get("GLOBIGNORE")
    if not rules or not names:
        return names
    compiled = [patterns.compile(rule, extglob=sh.state.shopt["extglob"]) for rule in rules.split(":")]
    return [name for name in names if not any(rule.matches(name) for rule in compiled)]


# --- assignments ----------------------------------------------------------------------------------------------------


async def assignment_value(sh: Shell, assignment: Assignment) -> str:
    """The text of a plain assignment's value."""
    assert isinstance(assignment.value, Word)
    return await expand_text(sh, assignment.value, assignment=True)
