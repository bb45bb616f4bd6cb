"""postmulti - Postfix multi-instance manager

SYNOPSIS
    postmulti [-aRv] [-g group] [-i name] -l
    postmulti [-aRv] [-g group] [-i name] [-p] command...      postmulti [...] -x command...

DESCRIPTION
    Lists the instances of Postfix on this host (-l), or runs a postfix(1) command (-p) or any command (-x) for each of them.
    The default instance is
    called `-`; others are in multi_instance_directories.

BUGS
    -e (create, destroy, import, deport, enable, disable, assign, init) is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix.lib.command import options_or_usage, run_command
from maillab.sim.postfix.lib.params import CONFIG_DIRECTORY, CONFIG_ENV, Params, read_main_cf

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg

INSTALLED = {"postfix": "/usr/sbin/postmulti"}
SINCE = {"postfix": (2, 6)}
FOLDERS = ("/usr/sbin", "/usr/bin", "/sbin", "/bin")
CHOICE = "[-v] [-a] [-R] [-g group] [-i instance]"
USAGE = "usage: {0} -l " + CHOICE + " | {0} -p " + CHOICE + " command... | {0} -x " + CHOICE + " command..."


async def main(sys: Process, argv: list[str]) -> int:
    async def body(log: Msg) -> int:
        directory = sys.env.get(CONFIG_ENV, CONFIG_DIRECTORY)
        if directory != CONFIG_DIRECTORY:
            log.fatal(f"Non-default configuration directory: {CONFIG_ENV}={directory}")
        params = await Params.read(sys, log)
        options, operands = options_or_usage(log, argv, "ae:g:i:G:I:lpRvx", USAGE.format(argv[0]))
        given = dict(options)
        if "e" in given:
            sys.unsimulated("postmulti -e")
            log.fatal(f"-e {given['e']}: not simulated")
        chosen = [
            entry
            for entry in _instances(sys, log, params)
            if given.get("i", entry[0]) == entry[0] and given.get("g", entry[1]) == entry[1]
        ]
        if "i" in given and not chosen:
            log.fatal(f"No matching instance: {given['i']}")
        if "l" in given:
            for name, group, enabled, path in chosen:
                await sys.stdout.print(f"{name or '-':<15} {group or '-':<15} {'y' if enabled else 'n':<9} {path}")
            return 0
        if not operands:
            log.fatal(USAGE.format(argv[0]))
        status = 0
        for _, _, _, path in chosen:
            words = operands if "x" in given else [f"{params['command_directory']}/postfix", *operands]
            status = await _run(sys, log, words, path) or status
        return status

    return await run_command(sys, argv, body, tag="postmulti", terminal_only=True)


def _instances(sys: Process, log: Msg, params: Params) -> list[tuple[str, str, bool, str]]:
    """(name, group, enabled, configuration directory) of each instance."""
    found = [(params["multi_instance_name"] or "-", params["multi_instance_group"], True, params.config_directory)]
    for path in params.words("multi_instance_directories"):
        settings = read_main_cf(sys, log, f"{path}/main.cf")
        name = settings.get("multi_instance_name", "")
        found.append((name, settings.get("multi_instance_group", ""), settings.get("multi_instance_enable", "no") == "yes", path))
    return found


async def _run(sys: Process, log: Msg, words: list[str], directory: str) -> int:
    paths = [words[0]] if "/" in words[0] else [f"{folder}/{words[0]}" for folder in FOLDERS]
    path = next((path for path in paths if sys.exists(path)), words[0])
    await log.flush()
    try:
        pid = sys.spawn(path, words, env={**sys.env, CONFIG_ENV: directory})
    except SysError as error:
        log.fatal(f"{words[0]}: {error.strerror}")
    _, status = await sys.waitpid(pid)
    return (status.code or 0) if status is not None and status.exited else 1
