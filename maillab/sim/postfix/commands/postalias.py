"""postalias - Postfix alias database maintenance

SYNOPSIS
    postalias [-Nfinoprsuvw] [-c config_dir] [-d key] [-q key] [map_type:]file...

DESCRIPTION
    Makes FILE.db from an alias file (aliases(5)), or queries, lists and changes it. newaliases(1) runs it for alias_database.
    The options are those of postmap(1). The database also gets the entries `@`, YP_LAST_MODIFIED and YP_MASTER_NAME, as
    Sendmail and NIS want them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix.lib.alias_file import parse
from maillab.sim.postfix.lib.command import options_or_usage, run_command
from maillab.sim.postfix.lib.map_command import Job, prepare, query_lines, run_job
from maillab.sim.postfix.lib.map_file import MapFile
from maillab.sim.postfix.lib.version import version_of

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg

INSTALLED = {"postfix": "/usr/sbin/postalias"}
LETTERS = "Nc:d:finopq:rsuvw"
LETTERS_OLD = "Nc:d:finopq:rsvw"
MILLION = 1_000_000


async def main(sys: Process, argv: list[str]) -> int:
    async def body(log: Msg) -> int:
        modern = version_of(sys) >= (3, 0)
        usage = (
            f"usage: {argv[0]} [{'-Nfinoprsuvw' if modern else '-Nfinoprsvw'}] [-c config_dir] [-d key] [-q key] [map_type:]file..."
        )
        options, operands = options_or_usage(log, argv, LETTERS if modern else LETTERS_OLD, usage)
        job = await prepare(sys, log, options, operands)
        return await run_job(job, usage, fill, query_lines)

    return await run_command(sys, argv, body)


def fill(job: Job, edit: MapFile, path: str, text: str) -> None:
    """Put the entries of an alias file into a table, and the marks that other programs look for."""
    for alias in parse(path, text, job.log.warning):
        edit.put(alias.name, alias.value)
    if job.has("i"):
        return
    edit.put("@", "@", plain=False)
    edit.put("YP_LAST_MODIFIED", f"{job.sys.clock() // MILLION:010d}", plain=True)
    edit.put("YP_MASTER_NAME", job.params["myhostname"], plain=True)
