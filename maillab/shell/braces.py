"""Brace expansion: a{b,c}d and {1..10..2}, before all other expansions, on the parts of a word."""

from __future__ import annotations

import re

from maillab.shell.syntax import Lit, Part, Word

Atom = str | Part  # a character of unquoted text, or an opaque part
NUMBERS = re.compile(r"(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?")
LETTERS = re.compile(r"([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?\d+))?")
WORDS_MAX = 250_000  # beyond, there is no memory for the words


class TooMany(Exception):
    """More words than the shell's memory holds: bash complains and leaves the word as it is."""

    def __init__(self, count: int) -> None:
        super().__init__(f"brace expansion: failed to allocate memory for {count} elements")


def expand(word: Word) -> list[Word]:
    """The words a word stands for; itself when there is nothing to expand. Raises TooMany."""
    if not any(isinstance(part, Lit) and "{" in part.text for part in word.parts):
        return [word]
    atoms: list[Atom] = []
    for part in word.parts:
        if isinstance(part, Lit):
            atoms.extend(part.text)
        else:
            atoms.append(part)
    results = combinations(atoms)
    if len(results) == 1 and results[0] == atoms:
        return [word]
    return [make_word(result, word.line) for result in results]


def make_word(atoms: list[Atom], line: int) -> Word:
    """Atoms back to a word."""
    parts: list[Part] = []
    for atom in atoms:
        if not isinstance(atom, str):
            parts.append(atom)
        elif parts and isinstance(parts[-1], Lit):
            parts[-1].text += atom
        else:
            parts.append(Lit(atom))
    raw = "".join(part.text if isinstance(part, Lit) else "" for part in parts)
    return Word(raw, parts, line)


def combinations(atoms: list[Atom]) -> list[list[Atom]]:
    """All expansions of a list of atoms, left to right."""
    start = 0
    while start < len(atoms):
        if atoms[start] == "{" and not (start and atoms[start - 1] == "$"):
            end = closing(atoms, start)
            if end > 0:
                choices = alternatives(atoms[start + 1 : end])
                if choices is not None:
                    tails = combinations(atoms[end + 1 :])
                    head = atoms[:start]
                    check_count(len(choices) * len(tails))
                    return [[*head, *choice, *tail] for choice in choices for tail in tails]
        start += 1
    return [atoms]


def closing(atoms: list[Atom], start: int) -> int:
    """The index of the brace that closes the one at `start`, or -1."""
    depth = 0
    for index in range(start, len(atoms)):
        if atoms[index] == "{":
            depth += 1
        elif atoms[index] == "}":
            depth -= 1
            if not depth:
                return index
    return -1


def alternatives(inside: list[Atom]) -> list[list[Atom]] | None:
    """What stands between braces: a list with commas, a sequence, or None for neither."""
    pieces: list[list[Atom]] = [[]]
    depth = 0
    for atom in inside:
        if atom == "," and not depth:
            pieces.append([])
            continue
        depth += (atom == "{") - (atom == "}")
        pieces[-1].append(atom)
    if len(pieces) > 1:
        return [choice for piece in pieces for choice in combinations(piece)]
    text = "".join(atom if isinstance(atom, str) else "\0" for atom in inside)
    numbers = sequence(text)
    return None if numbers is None else [list(item) for item in numbers]


def sequence(text: str) -> list[str] | None:
    """{a..b..step}"""
    found = NUMBERS.fullmatch(text)
    if found:
        low, high = int(found[1]), int(found[2])
        padded = any(re.fullmatch(r"-?0\d+", bound) for bound in found.group(1, 2))
        width = max(len(found[1]), len(found[2])) if padded else 0
        return [f"{number:0{width}d}" for number in steps(low, high, int(found[3] or 1))]
    found = LETTERS.fullmatch(text)
    if found:
        return [chr(code) for code in steps(ord(found[1]), ord(found[2]), int(found[3] or 1))]
    return None


def steps(low: int, high: int, step: int) -> list[int]:
    """The numbers from low to high, in either direction."""
    step = abs(step) or 1
    numbers = range(low, high + 1, step) if low <= high else range(low, high - 1, -step)
    check_count((abs(high - low)) // step + 1)
    return list(numbers)


def check_count(count: int) -> None:
    """So many words are about to be made."""
    if count > WORDS_MAX:
        raise TooMany(count)
