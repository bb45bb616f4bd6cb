"""postfix-script - execute Postfix administrative commands

SYNOPSIS
    postfix-script command

DESCRIPTION
    Run by postfix(1), which puts main.cf parameters in its environment. start checks the installation, then starts master and
    waits until it is
    ready; stop, reload and abort send signals to it; check reports files with wrong owners or access rights, and chroot copies
    that differ
    from their originals; flush, status, set-permissions, upgrade-configuration and logrotate do what their names say.
    Messages go to the terminal (when there is one) and to the system log.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import SIGHUP, SIGKILL, SIGTERM
from maillab.sim.postfix._postfix_script.check import warnings
from maillab.sim.postfix._postfix_script.postconf import Postconf
from maillab.sim.postfix.lib.msg import Fatal, Msg
from maillab.sim.postfix.lib.version import version_of

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": "/usr/lib/postfix/sbin/postfix-script"}
USAGE = "postfix start (or stop, reload, abort, flush, check, status, set-permissions, upgrade-configuration"
NAME = "postfix/postfix-script"
POSTCONF_SINCE = (2, 6)


async def main(sys: Process, argv: list[str]) -> int:
    if "daemon_directory" not in sys.env:
        await sys.stderr.write("This script must be run by the postfix command.\nDo not run directly.\n")
        return 1
    tag = f"{sys.env.get('MAIL_LOGTAG', 'postfix')}/postfix-script"
    log = Msg(sys, "postfix-script", stderr=sys.isatty(2), spoken=tag)
    log.tag = tag
    script = Script(sys, log)
    try:
        status = await script.run(argv[1] if len(argv) > 1 else "", argv[2:])
    except Fatal as failure:
        log.last_words(failure)
        status = 1
    await log.flush()
    return status


class Script:
    """One command of postfix(1)."""

    def __init__(self, sys: Process, log: Msg) -> None:
        self.sys = sys
        self.log = log
        self.env = sys.env
        self.version = version_of(sys)
        self.postconf = Postconf(sys, log)

    async def run(self, command: str, operands: list[str]) -> int:
        """Do the command. Raises Fatal."""
        self._directories()
        if self.version >= POSTCONF_SINCE:
            await self._instances()
        actions = self._actions()
        if command in actions:
            return await actions[command]()
        if command in ("set-permissions", "upgrade-configuration"):
            return await self.post_install("create-missing", command, *operands)
        if self.version >= (3, 0) and command == "post-install":
            return await self.post_install(*operands)
        if self.version >= (3, 4) and command == "logrotate":
            return await self.logrotate(operands)
        if self.version >= (3, 0) and command in ("tls", "start-fg"):
            self.sys.unsimulated(f"postfix {command}")
            raise Fatal(f"{command}: not simulated")
        usage = USAGE + (", logrotate)" if self.version >= (3, 4) else ")")
        raise Fatal(f"unknown command: '{command}'. Usage: {usage}" if self.version >= (3, 0) else f"usage: {usage}")

    def _actions(self) -> dict[str, Callable[[], Awaitable[int]]]:
        """The commands without operands; packages before 2.6 had a few more."""
        actions: dict[str, Callable[[], Awaitable[int]]] = {
            "start": self.start,
            "stop": self.stop,
            "abort": self.abort,
            "reload": self.reload,
            "flush": self.flush,
            "check": self.check,
            "status": self.status,
            "drain": self.drain,
            "quick-stop": self.quick_stop,
        }
        if self.version < POSTCONF_SINCE:
            actions |= {"quick-start": self.start, "quiet-quick-start": self.quiet_start}
            actions |= {"quiet-reload": self.quiet_reload, "quiet-stop": self.stop}
        return actions

    # --- before anything -----------------------------------------------------------------------------------------------

    def _directories(self) -> None:
        """All directories must be there. Raises Fatal."""
        wanted = [("command", "command_directory"), ("daemon", "daemon_directory"), ("configuration", "config_directory")]
        if self.version >= (3, 0):
            wanted += [("shared-library", "shlib_directory"), ("meta", "meta_directory")]
        for label, name in [*wanted, ("queue", "queue_directory")]:
            path = self.env[name]
            if path == "no":
                continue
            if not self.sys.isdir(path):
                self.log.fatal(f"no Postfix {label} directory {path}!")
            if name == "daemon_directory" and not self.sys.exists(f"{path}/master"):
                self.log.fatal(f"no Postfix master program {path}/master!")
        self.sys.chdir(self.env["queue_directory"])

    async def _instances(self) -> None:
        """postconf must work. Raises Fatal."""
        await self.postconf.default("config_directory")
        if self.sys.exists("/etc/postfix/main.cf"):
            await self.postconf.value("multi_instance_directories", "/etc/postfix")

    # --- master ----------------------------------------------------------------------------------------------------------

    async def _run(self, path: str, *arguments: str, quiet: bool = False) -> int:
        """Run a program and wait for it; its status."""
        fds = {0: 0, 1: 1, 2: 2}
        null = None
        if quiet:
            null = self.sys.open("/dev/null", "w")
            fds[2] = null
        await self.log.flush()
        try:
            pid = self.sys.spawn(path, [path, *arguments], env=self.env, fds=fds)
        except SysError:
            return 127
        finally:
            if null is not None:
                self.sys.close(null)
        _, status = await self.sys.waitpid(pid)
        return (status.code or 0) if status is not None and status.exited else 1

    async def running(self) -> bool:
        """Whether master runs."""
        return await self._run(f"{self.env['daemon_directory']}/master", "-t", quiet=True) != 0

    async def _need_running(self) -> None:
        if not await self.running():
            self.log.fatal("the Postfix mail system is not running")

    def master_pid(self) -> int:
        """The process id in pid/master.pid, 0 when it says none."""
        try:
            words = self.sys.slurp("pid/master.pid").split()
        except SysError:
            return 0
        return int(words[0]) if words and words[0].isdigit() else 0

    def _signal(self, number: int) -> None:
        pid = self.master_pid()
        if pid:
            try:
                self.sys.kill(pid, number)
            except SysError:
                pass

    # --- commands ----------------------------------------------------------------------------------------------------------

    async def start(self) -> int:
        """start: check, then run master until it is ready."""
        if await self.running():
            self.log.fatal("the Postfix mail system is already running")
        if self.sys.exists("quick-start"):
            self.sys.unlink("quick-start")
        else:
            if not await self._check_fatal():
                self.log.fatal("Postfix integrity check failed!")
            await self._check_warn()
        self.log.info("starting the Postfix mail system")
        return await self._master()

    async def quiet_start(self) -> int:
        """quiet-quick-start of old packages: no checks, no words."""
        if await self.running():
            self.log.fatal("the Postfix mail system is already running")
        return await self._master()

    async def _master(self) -> int:
        arguments = ["-w"] if self.version >= (3, 0) else []
        master = f"{self.env['daemon_directory']}/master"
        if arguments:
            if await self._run(master, *arguments):
                self.log.fatal("mail system startup failed")
            return 0
        await self.log.flush()
        self.sys.spawn(master, [master], env=self.env, fds={0: 0, 1: 1, 2: 2})
        return 0

    async def stop(self) -> int:
        """stop: ask master to end, and insist after five seconds."""
        await self._need_running()
        self.log.info("stopping the Postfix mail system")
        await self.log.flush()
        pid = self.master_pid()
        self._signal(SIGTERM)
        for _ in range(5):
            if not await self.running():
                return 0
            if self.version >= (3, 0):
                self.log.info("waiting for the Postfix mail system to terminate")
                await self.log.flush()
            await self.sys.sleep(1)
        self.log.warning("stopping the Postfix mail system with force")
        try:
            self.sys.kill(-pid, SIGKILL)
        except SysError:
            pass
        return 0

    async def quick_stop(self) -> int:
        """quick-stop: stop, and let the next start skip its checks."""
        status = await self.stop()
        self.sys.spew("quick-start", b"")
        return status

    async def abort(self) -> int:
        """abort: end at once."""
        await self._need_running()
        self.log.info("aborting the Postfix mail system")
        self._signal(SIGTERM)
        return 0

    async def drain(self) -> int:
        """drain: end master, let its children finish."""
        await self._need_running()
        self.log.info("stopping the Postfix mail system")
        self._signal(SIGKILL)
        return 0

    async def reload(self) -> int:
        """reload: let master and its children read their configuration again."""
        await self._need_running()
        self.log.info("refreshing the Postfix mail system")
        return await self._hang_up()

    async def quiet_reload(self) -> int:
        """quiet-reload of old packages."""
        await self._need_running()
        return await self._hang_up()

    async def _hang_up(self) -> int:
        postsuper = f"{self.env['command_directory']}/postsuper"
        if await self._run(postsuper, "active"):
            return 1
        self._signal(SIGHUP)
        try:
            self.sys.spawn(postsuper, [postsuper], env=self.env, fds={0: 0, 1: 1, 2: 2})
        except SysError:
            pass
        return 0

    async def flush(self) -> int:
        """flush: try to deliver everything now."""
        return await self._run(f"{self.env['command_directory']}/postqueue", "-f")

    async def status(self) -> int:
        """status: say whether master runs."""
        if not await self.running():
            self.log.info("the Postfix mail system is not running")
            return 1
        self.log.info(f"the Postfix mail system is running: PID: {self.master_pid()}")
        return 0

    async def check(self) -> int:
        """check: errors and warnings about the installation."""
        if not await self._check_fatal():
            return 1
        await self._check_warn()
        return 0

    async def _check_fatal(self) -> bool:
        """What must be right before master may start; False (or Fatal) when it is not."""
        if self.version >= POSTCONF_SINCE:
            await self._instances()
        if await self.post_install("create-missing"):
            self.log.fatal("unable to create missing queue directories")
        path = f"{self.env['config_directory']}/master.cf"
        if not self.sys.isfile(path):
            await self.log.flush()
            self.log.last_words(Fatal(f"no {path} file found"))
            return False
        if self.version >= (3, 4) and await self.postconf.value("maillog_file"):
            await self._need_postlog()
        return await self._run(f"{self.env['command_directory']}/postsuper") == 0

    async def _need_postlog(self) -> None:
        text = self.sys.slurp(f"{self.env['config_directory']}/master.cf").decode("utf-8", "surrogateescape")
        if not any(line.split()[:2] == ["postlog", "unix-dgram"] for line in text.split("\n")):
            self.log.fatal("missing 'postlog' service in master.cf - run 'postfix upgrade-configuration'")

    async def _check_warn(self) -> None:
        if self.version >= POSTCONF_SINCE:
            await self._instances()
        for text in warnings(self.sys, self.env, self.version):
            self.log.warning(text)

    async def post_install(self, *words: str) -> int:
        """Run post-install."""
        return await self._run(f"{self.env['daemon_directory']}/post-install", *words)

    async def logrotate(self, operands: list[str]) -> int:
        """logrotate: give the log file another name and tell master."""
        if operands:
            self.log.fatal("usage postfix logrotate (no arguments)")
        values = {}
        for name in ("maillog_file", "maillog_file_compressor", "maillog_file_rotate_suffix"):
            values[name] = await self.postconf.value(name)
            if not values[name]:
                self.log.fatal(f"empty '{name}' parameter value - logfile rotation failed")
        path = values["maillog_file"]
        if path.startswith("/dev/"):
            self.log.fatal(f"not rotating '{path}'")
        from maillab.sim.kernel.calendar import strftime

        new = f"{path}.{strftime(values['maillog_file_rotate_suffix'], self.sys.clock())}"
        try:
            self.sys.rename(path, new)
        except SysError as error:
            self.log.fatal(f"logfile '{path}' rotation failed: mv: cannot stat '{path}': {error.strerror}")
        if await self.running():
            self._signal(SIGHUP)
        await self.sys.sleep(1)
        return await self._run(f"/bin/{values['maillog_file_compressor']}", new)
