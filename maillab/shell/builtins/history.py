"""history - Display or manipulate the history list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.builtin import Options, options
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

SYNOPSIS = "history [-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]"


async def run(sh: Shell, args: list[str]) -> int:
    """n: the last n; -c forgets, -d one, -a -w -r -n work on the file, -s remembers, -p only expands."""
    given = await options(sh, "history", args, "cd:anrwps")
    lines = sh.state.history
    if "c" in given:
        lines.clear()
    if "s" in given:
        if lines:
            lines.pop()
        lines.append(" ".join(given.operands))
        return 0
    if "p" in given:
        return await expand(sh, given.operands)
    if "d" in given:
        return await delete(sh, given.value("d"))
    if any(letter in given for letter in "anrw"):
        return await file_work(sh, given)
    if "c" in given:
        return 0
    count = len(lines)
    if given.operands:
        if not given.operands[0].isdigit():
            await sh.report(f"history: {given.operands[0]}: numeric argument required")
            return 1
        count = int(given.operands[0])
    base = sh.history.base if sh.history is not None else 1
    start = max(0, len(lines) - count)
    await sh.write("".join(f"{base + index:5d}  {line}\n" for index, line in enumerate(lines) if index >= start))
    return 0


async def expand(sh: Shell, words: list[str]) -> int:
    if sh.history is not None:
        for word in words:
            await sh.write(sh.history.expand(word)[0] + "\n")
    return 0


async def delete(sh: Shell, text: str) -> int:
    """-d offset, -d -n or -d first-last."""
    lines = sh.state.history
    base = sh.history.base if sh.history is not None else 1
    first, _, last = text.partition("-") if not text.startswith("-") else (text, "", "")
    numbers = [first, last or first]
    if not all(number.lstrip("-").isdigit() for number in numbers):
        await sh.report(f"history: {text}: history position out of range")
        return 1
    low, high = (len(lines) + int(n) if n.startswith("-") else int(n) - base for n in numbers)
    if not (0 <= low <= high < len(lines)):
        await sh.report(f"history: {text}: history position out of range")
        return 1
    del lines[low : high + 1]
    return 0


async def file_work(sh: Shell, given: Options) -> int:
    """Append, write, read."""
    name = given.operands[0] if given.operands else sh.state.variables.text("HISTFILE")
    if not name:
        return 1
    lines = sh.state.history
    written = sh.history.written if sh.history is not None else 0
    try:
        if "r" in given or "n" in given:
            lines.extend(sh.sys.slurp(name).decode("utf-8", "surrogateescape").splitlines())
        else:
            chosen = lines[written:] if "a" in given else lines
            data = "".join(line + "\n" for line in chosen).encode("utf-8", "surrogateescape")
            sh.sys.spew(name, data, flags="a" if "a" in given else "w", mode=0o600)
    except SysError as error:
        await sh.report(f"history: {name}: {error.strerror}")
        return 1
    if sh.history is not None:
        sh.history.written = len(lines)
    return 0
