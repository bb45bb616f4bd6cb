"""debconf's questions, in its teletype dialogue, and its database of answers /var/cache/debconf/config.dat."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from maillab.shell.conversation import ask, ask_hidden
from maillab.sim.host.errno import SysError
from maillab.sim.releases import Release
from maillab.sim.releases.archive import Stanza, format_stanza, parse_stanza
from maillab.sim.releases.package import Question

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

DATABASE: Final = "/var/cache/debconf/config.dat"
PRIORITIES: Final = ("low", "medium", "high", "critical")


class Answers:
    """The answers that debconf remembers."""

    def __init__(self, sys: Process):
        self.sys = sys
        try:
            text = sys.slurp(DATABASE).decode("utf-8", "surrogateescape")
        except SysError:
            text = ""
        stanzas = [parse_stanza(block) for block in text.split("\n\n") if block.strip()]
        self.stanzas: dict[str, Stanza] = {stanza["Name"]: stanza for stanza in stanzas}

    def get(self, name: str) -> str | None:
        """The value of a question, None when it has none."""
        return self.stanzas.get(name, {}).get("Value")

    def seen(self, name: str) -> bool:
        """Whether somebody was asked, or an answer was given in advance."""
        return "seen" in self.stanzas.get(name, {}).get("Flags", "")

    def put(self, name: str, value: str, owner: str, seen: bool = True) -> None:
        """Remember an answer."""
        stanza = {"Name": name, "Template": name, "Value": value, "Owners": owner}
        if seen:
            stanza["Flags"] = "seen"
        self.stanzas[name] = stanza

    def save(self) -> None:
        """Write the database."""
        if not self.sys.isdir("/var/cache/debconf"):
            self.sys.mkdir("/var/cache/debconf", 0o755)
        text = "\n".join(format_stanza(self.stanzas[name]) for name in sorted(self.stanzas))
        self.sys.spew(DATABASE, text.encode("utf-8", "surrogateescape"), mode=0o644)


async def ask_questions(sys: Process, release: Release, packages: Iterable[str], preconfigure: bool = False, again: bool = False) -> None:
    """Ask what packages want to know; without a terminal (or with DEBIAN_FRONTEND=noninteractive) their defaults are taken."""
    answers = Answers(sys)
    pending = [(name, release.package(name).toml.questions) for name in packages]
    if not any(questions for _, questions in pending):
        return
    if preconfigure:
        await sys.stdout.write("Preconfiguring packages ...\n")
        await sys.stdout.flush()
    silent = sys.env.get("DEBIAN_FRONTEND") == "noninteractive" or not sys.isatty(0)
    for name, questions in pending:
        titled = False
        for question in questions:
            if not _wanted(question, answers):
                continue
            if answers.seen(question.name) and not again:
                continue
            value = answers.get(question.name)
            default = question.default if value is None else value
            if silent or PRIORITIES.index(question.priority) < PRIORITIES.index("high" if not again else "low"):
                answers.put(question.name, default, name, seen=False)
                continue
            if not titled:
                title = f"Configuring {name}"
                await sys.stdout.write(f"{title}\n{'-' * len(title)}\n\n")
                titled = True
            answers.put(question.name, await _ask(sys, question, default), name)
    answers.save()


def _wanted(question: Question, answers: Answers) -> bool:
    if not question.when:
        return True
    inverted = "!=" in question.when
    name, _, values = question.when.partition("!=" if inverted else "=")
    return (answers.get(name) in values.split(",")) != inverted


async def _ask(sys: Process, question: Question, default: str) -> str:
    for paragraph in question.text.strip().split("\n"):
        await sys.stdout.write(textwrap.fill(paragraph, 78) + "\n")
    await sys.stdout.write("\n")
    if question.type == "select":
        return await _select(sys, question, default)
    if question.type == "boolean":
        while True:
            answer = await ask(sys, f"{question.title} [yes/no] {'yes' if default == 'true' else 'no'}: ")
            if answer is None or not answer.strip():
                return default
            if answer.strip().lower() in ("y", "yes", "n", "no"):
                return "true" if answer.strip().lower().startswith("y") else "false"
    if question.type == "password":
        return await ask_hidden(sys, f"{question.title} ") or ""
    if question.type in ("note", "text"):
        await ask(sys, "[More] ")
        return ""
    answer = await ask(sys, f"{question.title}: " + (f"[{default}] " if default else ""))
    await sys.stdout.write("\n")
    return answer.strip() if answer and answer.strip() else default


async def _select(sys: Process, question: Question, default: str) -> str:
    numbered = [f"{place}. {choice}" for place, choice in enumerate(question.choices, 1)]
    width = max(map(len, numbered)) + 2
    columns = max(1, 76 // width)
    rows = -(-len(numbered) // columns)
    for row in range(rows):
        cells = numbered[row::rows]
        await sys.stdout.write("  " + "".join(f"{cell:<{width}}" for cell in cells).rstrip() + "\n")
    place = question.choices.index(default) + 1 if default in question.choices else 1
    while True:
        answer = await ask(sys, f"{question.title}: [{place}] ")
        await sys.stdout.write("\n")
        text = (answer or "").strip()
        if not text:
            return question.choices[place - 1]
        if text.isdigit() and 1 <= int(text) <= len(question.choices):
            return question.choices[int(text) - 1]
        for choice in question.choices:
            if choice.lower() == text.lower():
                return choice
        if answer is None:
            return question.choices[place - 1]
