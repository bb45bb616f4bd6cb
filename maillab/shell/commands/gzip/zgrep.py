"""zgrep, zegrep, zfgrep, zless, zmore, zdiff, zcmp - grep, less, more, diff and cmp on compressed files

SYNOPSIS
    zgrep [grep options] [-e] PATTERN [FILE]...
    zless FILE...
    zdiff [diff options] FILE1 [FILE2]

DESCRIPTION
    Scripts around gzip -cdfq: each file is expanded when it is compressed, and given to the other program.

BUGS
    zgrep's -f with several files and -r are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import fail
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"gzip": [
    "/bin/zgrep", "/bin/zegrep", "/bin/zfgrep", "/bin/zless", "/bin/zmore", "/bin/zdiff", "/bin/zcmp",
]}  # fmt: skip

WITH_ARGUMENT = "ABCDXdefm"
GREP = {"zgrep": ["grep"], "zegrep": ["grep", "-E"], "zfgrep": ["grep", "-F"]}


async def expanded(sys: Process, name: str, words: list[str]) -> int:
    """Run `words` on what `gzip -cdfq name` writes; its status."""
    reading, writing = sys.pipe()
    source = ["gzip", "-cdfq", *(["--", name] if name != "-" else [])]
    feeder = sys.spawn("/bin/gzip", source, fds={0: 0, 1: writing, 2: 2})
    sys.close(writing)
    pid = sys.spawn(where(sys, words[0]), words, fds={0: reading, 1: 1, 2: 2})
    sys.close(reading)
    status = 2
    for child in (feeder, pid):
        _, ended = await sys.waitpid(child)
        assert ended is not None
        status = ended.code if ended.code is not None else 2
        if child == feeder and status == 1:
            await sys.waitpid(pid)
            return 2
    return status


def where(sys: Process, program: str) -> str:
    """A program's path."""
    for folder in sys.env.get("PATH", "/bin:/usr/bin").split(":"):
        if sys.exists(f"{folder}/{program}"):
            return f"{folder}/{program}"
    raise SysError("ENOENT", program)


def split(words: list[str]) -> tuple[list[str], list[str]]:
    """Options (with their arguments and the pattern) and files of a grep command line."""
    options: list[str] = []
    patterned = False
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word == "--":
            break
        if not word.startswith("-") or word == "-":
            at -= 1
            break
        options.append(word)
        if word.startswith("--"):
            patterned = patterned or word.startswith(("--regexp", "--file"))
            continue
        letter = next((letter for letter in word[1:] if letter in WITH_ARGUMENT), "")
        patterned = patterned or letter in ("e", "f")
        if letter and word.endswith(letter) and at < len(words):
            options.append(words[at])
            at += 1
    rest = words[at:]
    if not patterned and rest:
        options += ["-e", rest[0]]
        rest = rest[1:]
    return options, rest


async def grep(sys: Process, called: str, words: list[str]) -> int:
    """zgrep."""
    options, files = split(words)
    if not any(word.startswith(("-e", "--regexp", "-f", "--file")) for word in options) or any(word == "-r" for word in options):
        if "-r" in options:
            await fail(sys, [called], "-r is not supported by zgrep", status=2)
        await fail(sys, [called], "missing pattern; try '/bin/zgrep --help' for help", status=2)
    letters = "".join(word for word in options if word.startswith("-") and not word.startswith("--"))
    named = ("H" in letters) or (len(files) > 1 and "h" not in letters)
    result = 1
    for name in files or ["-"]:
        extra = [f"--label={name}", "-H"] if named else [f"--label={name}"] if name != "-" else []
        status = await expanded(sys, name, [*GREP[called], *extra, *options])
        result = 0 if status == 0 and result < 2 else max(result, status) if status > 1 else result
    return result


async def main(sys: Process, argv: list[str]) -> int:
    """All of them, by the name they are called by."""
    called = argv[0].rpartition("/")[2]
    if called in GREP:
        return await grep(sys, called, argv[1:])
    program = called[1:]
    options = [word for word in argv[1:] if word.startswith("-") and len(word) > 1]
    files = [word for word in argv[1:] if word not in options]
    if program in ("diff", "cmp"):
        if not 1 <= len(files) <= 2:
            await fail(sys, [called], "invalid number of operands; try '/bin/zdiff --help' for help", status=2)
        second = files[1] if len(files) == 2 else files[0].removesuffix(".gz")
        reading, writing = sys.pipe()
        feeder = sys.spawn("/bin/gzip", ["gzip", "-cdfq", "--", second], fds={1: writing, 2: 2})
        sys.close(writing)
        holder = sys.fork(lambda child: expanded(child, files[0], [program, *options, "-", f"/dev/fd/{reading}"]))
        for child in (feeder, holder):
            _, ended = await sys.waitpid(child)
        return ended.code if ended is not None and ended.code is not None else 2
    result = 0
    for name in files or ["-"]:
        result = max(result, await expanded(sys, name, [program, *options]))
    return result
