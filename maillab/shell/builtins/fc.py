"""fc - Display or execute commands from the history list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import options
from maillab.shell.control import ShellError

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = "fc [-e ename] [-lnr] [first] [last] or fc -s [pat=rep] [command]"
LISTED = 16


async def run(sh: Shell, args: list[str]) -> int:
    """-l lists, -s runs again with a replacement, otherwise an editor is called on the lines."""
    words = list(args)
    numbers = [word for word in words if word.startswith("-") and word[1:].isdigit()]
    given = await options(sh, "fc", [word for word in words if word not in numbers], "e:lnrs")
    operands = [word for word in words if word in numbers or word in given.operands]
    lines = sh.state.history[:-1]
    base = sh.history.base if sh.history is not None else 1
    if "s" in given or given.value("e") == "-":
        return await again(sh, lines, operands)
    if not lines:
        await sh.report("fc: history specification out of range")
        return 1
    default = -LISTED if "l" in given else -1
    first = locate(lines, base, operands[0]) if operands else max(0, len(lines) + default)
    last = locate(lines, base, operands[1]) if len(operands) > 1 else (len(lines) - 1 if "l" in given else first)
    chosen = list(range(min(first, last), max(first, last) + 1))
    if (first > last) != ("r" in given):
        chosen.reverse()
    if "l" in given:
        await sh.write("".join(f"{'' if 'n' in given else base + index}\t {lines[index]}\n" for index in chosen))
        return 0
    return await edit(sh, [lines[index] for index in chosen], given.value("e"))


def locate(lines: list[str], base: int, text: str) -> int:
    """The index of a line given by number, negative number or beginning. Raises ShellError."""
    if text.lstrip("-").isdigit():
        number = int(text)
        index = len(lines) + number if number <= 0 else number - base
        return min(max(index, 0), len(lines) - 1)
    for index in range(len(lines) - 1, -1, -1):
        if lines[index].startswith(text):
            return index
    raise ShellError("no command found")


async def again(sh: Shell, lines: list[str], operands: list[str]) -> int:
    """fc -s [old=new] [command]"""
    replacements = [word.split("=", 1) for word in operands if "=" in word]
    names = [word for word in operands if "=" not in word]
    if not lines:
        raise ShellError("no command found")
    line = lines[locate(lines, 1, names[0])] if names else lines[-1]
    for old, new in replacements:
        line = line.replace(old, new)
    await sh.complain(line + "\n")
    sh.state.history[-1:] = [line]
    return await sh.run_text(line)


async def edit(sh: Shell, lines: list[str], editor: str) -> int:
    """Call the editor on the lines, then run what it left."""
    name = f"/tmp/bash-fc.{sh.sys.pid}"
    sh.sys.spew(name, "".join(line + "\n" for line in lines).encode("utf-8", "surrogateescape"), mode=0o600)
    program = editor or sh.state.variables.text("FCEDIT") or sh.state.variables.text("EDITOR") or "vi"
    status = await sh.run_text(f"{program} {name}")
    if status == 0:
        text = sh.sys.slurp(name).decode("utf-8", "surrogateescape")
        await sh.complain(text)
        sh.state.history[-1:] = text.splitlines()
        status = await sh.run_text(text)
    sh.sys.unlink(name)
    return status
