"""post-install - Postfix post-installation script

SYNOPSIS
    post-install [name=value] command...

DESCRIPTION
    create-missing makes the directories of the mail system that are missing; set-permissions gives everything that
    postfix-files lists its owner and
    access rights; upgrade-configuration adds services that older versions did not have to master.cf and settings that keep old
    behaviour to main.cf;
    upgrade-package and upgrade-source do all of it; first-install-reminder prints what is left to do. Run by postfix(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix._postfix_script.installed_files import InstalledFile, read_files, set_permissions
from maillab.sim.postfix._postfix_script.postconf import Postconf
from maillab.sim.postfix._postfix_script.upgrade import upgrade_configuration
from maillab.sim.postfix.lib.msg import Fatal, Msg
from maillab.sim.postfix.lib.version import version_of

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/post-install"}
USAGE = """{0}: Error: Usage: {0} [name=value] command
    create-missing          Create missing queue directories.
    upgrade-source          When installing or upgrading from source code.
    upgrade-package         When installing or upgrading from pre-built package.
    first-install-reminder  Remind of mandatory first-time configuration steps.
    name=value              Specify an installation parameter.
"""
COMMANDS = {
    "create-missing": "c", "set-permissions": "cp", "upgrade-configuration": "cu", "upgrade-source": "cpu", "upgrade-package": "cpu",
    "upgrade-permissions": "cp", "first-install-reminder": "r",
}  # fmt: skip
PARAMETERS = (
    "mail_version", "daemon_directory", "command_directory", "queue_directory", "mail_owner", "setgid_group", "sendmail_path",
    "newaliases_path", "mailq_path", "manpage_directory", "sample_directory", "html_directory", "readme_directory",
    "data_directory", "meta_directory", "shlib_directory",
)  # fmt: skip
REMINDER = """
    Warning: you still need to edit myorigin/mydestination/mynetworks
    parameter settings in {0}/main.cf.

    See also http://www.postfix.org/STANDARD_CONFIGURATION_README.html
    for information about dialup sites or about sites inside a firewalled network.

    BTW: Check your /etc/aliases file and be sure to set up aliases
    that send mail for root and postmaster to a real person, then run
    {1}.

"""


async def main(sys: Process, argv: list[str]) -> int:
    log = Msg(sys, "post-install", stderr=True, quiet=True)
    tasks = ""
    for word in argv[1:]:
        name, equals, value = word.partition("=")
        if equals:
            sys.env[name] = value
        elif word in COMMANDS:
            tasks += COMMANDS[word]
        else:
            tasks = ""
            break
    if not tasks:
        await sys.stderr.write(USAGE.format(argv[0]))
        return 1
    try:
        await _parameters(sys, log)
        await _work(sys, argv[0], tasks)
    except Fatal as failure:
        await sys.stderr.write(f"{argv[0]}: Error: {failure.text}\n")
        return 1
    return 0


async def _parameters(sys: Process, log: Msg) -> None:
    """Each parameter comes from the environment or from postconf, which repeats its complaints at each call. Raises Fatal."""
    sys.env.setdefault("command_directory", "/usr/sbin")
    postconf = Postconf(sys, log)
    sys.env["config_directory"] = sys.env.get("config_directory") or await postconf.default("config_directory")
    if version_of(sys) < (2, 9):
        return
    complaints = await postconf.complaints("-h", "mail_version")
    defaults = await postconf.complaints("-d", "-h", "mail_version")
    await sys.stderr.write(defaults + complaints * len(PARAMETERS))


async def _work(sys: Process, name: str, tasks: str) -> None:
    files = read_files(sys)
    if "c" in tasks:
        _create_missing(sys, files)
    if "p" in tasks:
        set_permissions(sys, files)
    if "u" in tasks:
        await upgrade_configuration(sys, name, files)
    if "r" in tasks:
        await sys.stdout.write(REMINDER.format(sys.env["config_directory"], sys.env.get("newaliases_path", "/usr/bin/newaliases")))


def _create_missing(sys: Process, files: list[InstalledFile]) -> None:
    """Make the directories with flag `c` that do not exist. Raises Fatal."""
    for item in files:
        if item.kind == "d" and "c" in item.flags and not sys.isdir(item.path):
            try:
                sys.mkdir(item.path, 0o777)
                item.apply(sys)
            except SysError as error:
                raise Fatal(f"mkdir {item.path}: {error.strerror}") from error
