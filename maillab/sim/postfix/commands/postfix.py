"""postfix - Postfix control program

SYNOPSIS
    postfix [-Dv] [-c config_dir] command

DESCRIPTION
    Starts, stops and looks after the mail system; only root may. It reads main.cf, puts the parameters that postfix-script
    needs in the environment, and
    runs postfix-script with the command: start, stop, reload, abort, flush, check, status, set-permissions,
    upgrade-configuration, logrotate.
    Postfix 3 says so when compatibility_level is lower than what its newest defaults want.

BUGS
    -D and -v change nothing. tls and start-fg are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix.lib.command import options_or_usage, run_command
from maillab.sim.postfix.lib.params import CONFIG_ENV, Params

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg

INSTALLED = {"postfix": "/usr/sbin/postfix"}
LAST_LEVEL = (3, 6, 0)
USAGE = "usage: {0} [-c config_dir] [-Dv] command"
EXPORTED = (
    "command_directory", "daemon_directory", "data_directory", "meta_directory", "shlib_directory", "queue_directory",
    "config_directory", "mail_owner", "setgid_group", "sendmail_path", "mailq_path", "newaliases_path", "manpage_directory",
    "sample_directory", "readme_directory", "html_directory",
)  # fmt: skip
PATH = "/bin:/usr/bin:/sbin:/usr/sbin"


async def main(sys: Process, argv: list[str]) -> int:
    async def body(log: Msg) -> int:
        options, operands = options_or_usage(log, [log.spoken, *argv[1:]], "c:Dv", USAGE.format(log.spoken))
        if sys.uid != 0:
            log.error("to submit mail, use the Postfix sendmail command")
            log.fatal("the postfix command is reserved for the superuser")
        for letter, value in options:
            if letter == "c":
                sys.env[CONFIG_ENV] = value
        params = await Params.read(sys, log)
        _notices(log, params)
        await log.flush()
        env = _environment(sys, params)
        try:
            sys.chdir(params["queue_directory"])
        except SysError as error:
            log.fatal(f"chdir({params['queue_directory']}): {error.strerror}")
        script = f"{params['daemon_directory']}/postfix-script"
        try:
            await sys.execve(script, [script, *(operands or [""])], env)
        except SysError as error:
            log.fatal(f"{script}: {error.strerror}")

    return await run_command(sys, argv, body, tag="postfix", terminal_only=True)


def _notices(log: Msg, params: Params) -> None:
    """The three lines about old default settings."""
    if params.version >= (3, 0) and params.compat_level < LAST_LEVEL:
        log.info("Postfix is using backwards-compatible default settings")
        log.info("See http://www.postfix.org/COMPATIBILITY_README.html for details")
        level = f"{LAST_LEVEL[0]}.{LAST_LEVEL[1]}"
        log.info(f'To disable backwards compatibility use "postconf compatibility_level={level}" and "postfix reload"')


def _environment(sys: Process, params: Params) -> dict[str, str]:
    """What postfix-script finds in its environment: the parameters it needs, a safe PATH, the configuration directory."""
    kept = (*params["import_environment"].split(), "TERM", "PWD", "HOME")
    env = {name: value for name, value in sys.env.items() if name in kept}
    env |= {name: params[name] for name in EXPORTED}
    env |= {"PATH": PATH, CONFIG_ENV: params.config_directory, "MAIL_LOGTAG": params["syslog_name"]}
    return env
