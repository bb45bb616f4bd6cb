"""postmap - Postfix lookup table management

SYNOPSIS
    postmap [-bfFhimnNoprsuUvw] [-c config_dir] [-d key] [-q key] [map_type:]file...

DESCRIPTION
    Makes FILE.db from the text FILE with lines `key value`, or queries, lists and changes tables of any type.
    -q KEY     print the value of KEY (status 1: not found); `-q -` looks up each line of the standard input: with -h, message
    headers (and with
               -m, MIME headers), with -b, the body
    -d KEY     delete KEY (`-d -`: each line of the standard input)
    -s         print all entries
    -i         add the entries of the standard input to an existing table
    -r, -w     replace duplicate entries, or say nothing about them
    -f         do not fold keys to lower case        -n, -N  without, with a NUL byte after keys and values
    -F         values are names of files: store what they hold, in base64
    -o         do not become the owner of the text file   -p  do not copy its access rights
    -c DIR     the directory of main.cf

BUGS
    -u and -U (UTF-8 handling) change nothing; -v says nothing more.
"""

from __future__ import annotations

from binascii import b2a_base64
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix.lib.command import options_or_usage, run_command
from maillab.sim.postfix.lib.map_command import Job, prepare, print_found, query_lines, run_job
from maillab.sim.postfix.lib.map_file import MapFile
from maillab.sim.postfix.lib.readlline import BLANK, logical_lines, stray
from maillab.sim.postfix.lib.version import version_of

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg
    from maillab.sim.postfix.lib.table import Table

INSTALLED = {"postfix": "/usr/sbin/postmap"}
LETTERS = "Nbc:d:fFhimnopq:rsuUvw"
LETTERS_OLD = "Nc:d:finopq:rsvw"


async def main(sys: Process, argv: list[str]) -> int:
    async def body(log: Msg) -> int:
        modern = version_of(sys) >= (3, 0)
        letters = "-bfFhimnNoprsuUvw" if modern else "-Nfinoprsvw"
        usage = f"usage: {log.spoken} [{letters}] [-c config_dir] [-d key] [-q key] [map_type:]file..."
        options, operands = options_or_usage(log, argv, LETTERS if modern else LETTERS_OLD, usage)
        job = await prepare(sys, log, options, operands)
        return await run_job(job, usage, fill, query_message if any(letter in "bhm" for letter, _ in options) else query_lines)

    return await run_command(sys, argv, body)


def fill(job: Job, edit: MapFile, path: str, text: str) -> None:
    """Put the entries of a text file into a table."""
    for line in logical_lines(text):
        complaint = stray(path, line)
        if complaint is not None:
            job.log.warning(complaint)
            continue
        key, value = split_entry(line.text, job.params.version >= (3, 0))
        where = f"{path}, line {line.first}"
        if key is None:
            job.log.warning(f"{where}: unbalanced '\"' in '{line.text}' -- ignoring this line")
            continue
        if value == "":
            job.log.warning(f"{where}: expected format: key whitespace value")
            continue
        if key.endswith(":"):
            job.log.warning(f'{where}: record is in "key: value" format; is this an alias file?')
        if job.has("F"):
            encoded = _file_value(job, where, value)
            if encoded is None:
                continue
            value = encoded
        edit.put(key, value)


def split_entry(text: str, quotes: bool = True) -> tuple[str | None, str]:
    """Key and value of a line `key value`; a key in double quotes may hold blanks. The key is None when a quote is missing."""
    end = 0
    quoted = False
    while end < len(text) and (quoted or text[end] not in BLANK):
        if quotes and text[end] == "\\" and end + 1 < len(text):
            end += 1
        elif quotes and text[end] == '"':
            quoted = not quoted
        end += 1
    if quoted:
        return None, ""
    return text[:end], text[end:].strip(BLANK)


def _file_value(job: Job, where: str, names: str) -> str | None:
    """The content of the files that a value names, in base64; None after a complaint."""
    parts: list[bytes] = []
    for name in names.replace(",", " ").split():
        try:
            parts.append(job.sys.slurp(name))
        except SysError as error:
            job.log.warning(f"{where}: open {name}: {error.strerror}: skipping this entry")
            return None
    return b2a_base64(b"\n".join(parts), newline=False).decode()


async def query_message(job: Job) -> int:
    """Look up the headers and the body lines of a message, as cleanup(8) would: one logical header at a time."""
    tables: list[Table] = [job.open(kind, name) for kind, name in job.titles()]
    text = (await job.sys.stdin.read()).decode("utf-8", "surrogateescape")
    lines = text.removesuffix("\n").split("\n") if text else []
    end = next(
        (index for index, line in enumerate(lines) if line == "" or (line[0] not in BLANK and not _is_header(line))), len(lines)
    )
    headers: list[str] = []
    for line in lines[:end]:
        if line[0] in BLANK and headers:
            headers[-1] += "\n" + line
        else:
            headers.append(line)
    found = False
    if job.has("h") or job.has("m"):
        for header in headers:
            found = await print_found(job, tables, header) or found
    if job.has("b"):
        for line in lines[end:]:
            found = await print_found(job, tables, line) or found
    return 0 if found else 1


def _is_header(line: str) -> bool:
    name, colon, _ = line.partition(":")
    return bool(colon) and name != "" and all("!" <= char <= "~" for char in name.rstrip(BLANK))
