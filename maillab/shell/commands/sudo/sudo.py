"""sudo - execute a command as another user

SYNOPSIS
    sudo [-bEHikKlnSsvV] [-g GROUP] [-u USER] [-p PROMPT] [VAR=VALUE]... COMMAND [ARGUMENT]...
    sudo -l

DESCRIPTION
    Runs a command as root or as another user when /etc/sudoers allows it, after the caller's own password, which is remembered for
    15 minutes
    on each terminal. What was run, and what was refused, is written to auth.log.

BUGS
    -e (sudoedit), -A, -h, -r, -t, -C, -T, -R and -D are refused; plugins and LDAP do not exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from maillab.shell.commands.sudo._sudoers import Rule, Sudoers, allowed, read_sudoers, rules_of
from maillab.shell.conversation import FAIL_DELAY, ask_hidden, password_fits, session_closed, session_opened, tty_name
from maillab.shell.options import Given, gnu
from maillab.shell.session import become_user
from maillab.sim.host.accounts import User, getgrnam, getpwnam, getpwuid
from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import SIGINT, SIGQUIT

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"sudo": "/usr/bin/sudo"}
OPTIONS = gnu(
    "-A,--askpass -b,--background -B,--bell -C,--close-from= -D,--chdir= -E,--preserve-env=? -e,--edit -g,--group= "
    "-H,--set-home -h,--help --host= "
    "-i,--login -K,--remove-timestamp -k,--reset-timestamp -l,--list -n,--non-interactive -P,--preserve-groups "
    "-p,--prompt= -R,--chroot= -r,--role= "
    "-S,--stdin -s,--shell -t,--type= -T,--command-timeout= -U,--other-user= -u,--user= -V,--version -v,--validate",
    standard=False,
    permute=False,
)
REFUSED = ("askpass", "close-from", "chdir", "edit", "chroot", "role", "type", "command-timeout", "host")
USAGE = """usage: sudo -h | -K | -k | -V
usage: sudo -v [-ABkNnS] [-g group] [-h host] [-p prompt] [-u user]
usage: sudo -l [-ABkNnS] [-g group] [-h host] [-p prompt] [-U user] [-u user] [command]
usage: sudo [-ABbEHkNnPS] [-r role] [-t type] [-C num] [-D directory] [-g group] [-h host] [-p prompt] \
[-R directory] [-T timeout] [-u user] [VAR=value] [-i|-s] [<command>]
usage: sudo -e [-ABkNnS] [-r role] [-t type] [-C num] [-D directory] [-g group] [-h host] [-p prompt] \
[-R directory] [-T timeout] [-u user] file ...
"""
STAMPS = "/run/sudo/ts"
MEMORY = 15 * 60 * 1_000_000
TRIES = 3
LECTURE = """
We trust you have received the usual lecture from the local System
Administrator. It usually boils down to these three things:

    #1) Respect the privacy of others.
    #2) Think before you type.
    #3) With great power comes great responsibility.

"""
SAFE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
KEPT = ("TERM", "COLORS", "DISPLAY", "HOSTNAME", "LS_COLORS", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "XAUTHORITY", "KRB5CCNAME")


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=1, hint=USAGE)
    if given.has("version"):
        await sys.stdout.write("Sudo version 1.9.13p3\n")
        return 0
    if given.has("help"):
        await sys.stdout.write("sudo - execute a command as another user\n\n" + USAGE)
        return 0
    if given.has(*REFUSED):
        await _die(sys, "this option is not simulated")
    return await _Call(sys, given).run()


async def _die(sys: Process, text: str) -> NoReturn:
    await sys.stderr.write(f"sudo: {text}\n")
    sys.exit(1)


class _Call:
    """One call of sudo: who, as whom, what."""

    def __init__(self, sys: Process, given: Given):
        self.sys = sys
        self.given = given
        self.sudoers = Sudoers()
        self.caller = User("root", "x", 0, 0, "", "/root", "/bin/bash")
        self.words = list(given.operands)
        self.assigned: dict[str, str] = {}

    async def run(self) -> int:
        sys, given = self.sys, self.given
        if sys.euid:
            await _die(sys, "/usr/bin/sudo must be owned by uid 0 and have the setuid bit set")
        caller = getpwuid(sys, sys.uid)
        if caller is None:
            await _die(sys, "you do not exist in the passwd database")
        self.caller = caller
        if given.has("remove-timestamp", "reset-timestamp") and not self.words:
            self._forget()
            return 0
        try:
            self.sudoers = read_sudoers(sys)
        except SysError as error:
            await _die(sys, f"unable to open /etc/sudoers: {error}")
        if self.sudoers.error:
            path, line = self.sudoers.error
            await sys.stderr.write(f"{path}:{line}:1: syntax error\n")
        while self.words and "=" in self.words[0] and self.words[0].split("=")[0].isidentifier():
            name, _, value = self.words.pop(0).partition("=")
            self.assigned[name] = value
        rules = rules_of(sys, self.sudoers, self.caller)
        if given.has("list"):
            return await self._list(rules)
        if given.has("validate"):
            await self._check_password(True, rules)
            return 0
        if not self.words and not given.has("shell", "login"):
            await sys.stderr.write(USAGE)
            return 1
        return await self._execute(rules)

    async def _target(self) -> User:
        name = self.given.last("user") or "root"
        if self.given.has("group") and not self.given.has("user"):
            name = self.caller.name
        found = getpwuid(self.sys, int(name[1:])) if name.startswith("#") and name[1:].isdigit() else getpwnam(self.sys, name)
        if found is None:
            await self.sys.stderr.write(f"sudo: unknown user {name}\nsudo: error initializing audit plugin sudoers_audit\n")
            self.sys.exit(1)
        return found

    async def _execute(self, rules: list[Rule]) -> int:
        sys, given = self.sys, self.given
        target = await self._target()
        group = getgrnam(sys, given.last("group") or "")
        if given.has("group") and group is None:
            await sys.stderr.write(f"sudo: unknown group {given.last('group')}\nsudo: error initializing audit plugin sudoers_audit\n")
            return 1
        argv, path = self._command(target)
        verdict = allowed(sys, self.sudoers, rules, target.name, given.last("group") or "", path or argv[0], argv[1:])
        await self._check_password(self.caller.uid != 0 and verdict is not False and not self._recent(), rules, argv, target)
        if self.caller.uid and verdict is None:
            await self._refuse(rules, target, path or argv[0], argv)
        if not path:
            await sys.stderr.write(f"sudo: {argv[0]}: command not found\n")
            return 1
        self._log(f"{self._where(target)} ; COMMAND={' '.join([path, *argv[1:]])}")
        return await self._spawn(target, group.gid if group else None, path, argv)

    def _command(self, target: User) -> tuple[list[str], str]:
        """The argument vector and the path, "" when the command is not found."""
        if self.given.has("login", "shell"):
            shell = (target.shell if self.given.has("login") else self.sys.env.get("SHELL") or self.caller.shell) or "/bin/sh"
            return [shell, *(["-c", " ".join(self.words)] if self.words else [])], shell
        name = self.words[0]
        if "/" in name:
            return self.words, name if self.sys.isfile(name) else ""
        for folder in (self.sudoers.defaults.get("secure_path") or self.sys.env.get("PATH", SAFE_PATH)).split(":"):
            path = f"{folder}/{name}"
            if self.sys.isfile(path) and self.sys.access(path, "x"):
                return self.words, path
        return self.words, ""

    def _where(self, target: User) -> str:
        tty = tty_name(self.sys).removeprefix("/dev/")
        return f"{f'TTY={tty} ; ' if tty else ''}PWD={self.sys.getcwd()} ; USER={target.name}"

    def _log(self, text: str, priority: str = "notice") -> None:
        self.sys.syslog("authpriv", priority, "sudo", f"{self.caller.name:>8} : {text}")

    # --- the password -----------------------------------------------------------------------------------------------

    def _stamp(self) -> str:
        return f"{STAMPS}/{self.caller.name}"

    def _key(self) -> bytes:
        return f"{tty_name(self.sys)} {self.sys.sid}\n".encode()

    def _recent(self) -> bool:
        if self.given.has("reset-timestamp"):
            return False
        try:
            about = self.sys.stat(self._stamp())
            return self.sys.clock() - about.mtime < MEMORY and self._key() in self.sys.slurp(self._stamp())
        except SysError:
            return False

    def _remember(self) -> None:
        for folder, mode in (("/run/sudo", 0o711), (STAMPS, 0o700)):
            if not self.sys.isdir(folder):
                self.sys.mkdir(folder, mode)
        self.sys.spew(self._stamp(), self._key(), mode=0o600)

    def _forget(self) -> None:
        if self.sys.exists(self._stamp()):
            self.sys.unlink(self._stamp())

    async def _check_password(self, needed: bool, rules: list[Rule], argv: list[str] | None = None, target: User | None = None) -> None:
        sys, given = self.sys, self.given
        if not needed or self.caller.uid == 0:
            return
        if given.has("non-interactive"):
            await _die(sys, "a password is required")
        if not given.has("stdin") and not sys.isatty(0):
            await _die(
                sys,
                "a terminal is required to read the password; either use the -S option to read from standard input or configure an "
                "askpass helper\nsudo: a password is required",
            )
        if not sys.exists(f"/var/lib/sudo/lectured/{self.caller.name}"):
            await sys.stderr.write(LECTURE)
            self._lectured()
        prompt = (given.last("prompt") or "[sudo] password for %p: ").replace("%p", self.caller.name).replace("%u", self.caller.name)
        for attempt in range(TRIES):
            password = await ask_hidden(sys, prompt)
            if password is None:
                await sys.stderr.write("\nsudo: no password was provided\nsudo: a password is required\n" if not attempt else "")
                break
            if password_fits(sys, self.caller.name, password):
                self._remember()
                return
            facts = f"logname={self.caller.name} uid={self.caller.uid} euid=0 tty={tty_name(sys)} ruser={self.caller.name} rhost= "
            if attempt == 0:
                sys.syslog("authpriv", "notice", "sudo", f"pam_unix(sudo:auth): authentication failure; {facts} user={self.caller.name}")
            await sys.sleep(FAIL_DELAY)
            if attempt < TRIES - 1:
                await sys.stderr.write("Sorry, try again.\n")
        else:
            await sys.stderr.write(f"sudo: {TRIES} incorrect password attempts\n")
            if argv and target:
                self._log(f"{TRIES} incorrect password attempts ; {self._where(target)} ; COMMAND={' '.join(argv)}", "alert")
        sys.exit(1)

    def _lectured(self) -> None:
        path = ""
        for part in ("/var/lib/sudo", "/var/lib/sudo/lectured"):
            path = part
            if not self.sys.isdir(part):
                self.sys.mkdir(part, 0o700)
        self.sys.spew(f"{path}/{self.caller.name}", b"", mode=0o600)

    async def _refuse(self, rules: list[Rule], target: User, path: str, argv: list[str]) -> NoReturn:
        command = " ".join([path, *argv[1:]])
        if not rules:
            self._log(f"user NOT in sudoers ; {self._where(target)} ; COMMAND={command}", "alert")
            await self.sys.stderr.write(f"{self.caller.name} is not in the sudoers file.\n")
        else:
            self._log(f"command not allowed ; {self._where(target)} ; COMMAND={command}", "alert")
            await self.sys.stderr.write(
                f"Sorry, user {self.caller.name} is not allowed to execute '{command}' as {target.name} on {self.sys.hostname()}.\n"
            )
        self.sys.exit(1)

    # --- doing it ---------------------------------------------------------------------------------------------------

    async def _list(self, rules: list[Rule]) -> int:
        sys = self.sys
        await self._check_password(not self._recent(), rules)
        host = sys.hostname()
        if not rules:
            await sys.stdout.write(f"Sorry, user {self.caller.name} may not run sudo on {host}.\n")
            return 1
        shown = [name if not value else f"{name}={value.replace(':', chr(92) + ':')}" for name, value in self.sudoers.defaults.items()]
        await sys.stdout.write(f"Matching Defaults entries for {self.caller.name} on {host}:\n    {', '.join(shown)}\n\n")
        await sys.stdout.write(f"User {self.caller.name} may run the following commands on {host}:\n")
        for rule in rules:
            runas = ", ".join(rule.runas_users) + (" : " + ", ".join(rule.runas_groups) if rule.runas_groups else "")
            commands = ", ".join(("" if password else "NOPASSWD: ") + text for text, password in rule.commands)
            await sys.stdout.write(f"    ({runas}) {commands}\n")
        return 0

    def _environment(self, target: User, path: str, argv: list[str]) -> dict[str, str]:
        sys, given = self.sys, self.given
        keep = dict(sys.env) if given.has("preserve-env") and given.last("preserve-env") is None else {
            name: value for name, value in sys.env.items() if name in KEPT or name in (given.last("preserve-env") or "").split(",")
        }  # fmt: skip
        env = keep | {
            "PATH": self.sudoers.defaults.get("secure_path") or SAFE_PATH, "HOME": target.home, "MAIL": f"/var/mail/{target.name}",
            "LOGNAME": target.name, "USER": target.name, "SHELL": target.shell or "/bin/sh", "SUDO_COMMAND": " ".join([path, *argv[1:]]),
            "SUDO_USER": self.caller.name, "SUDO_UID": str(self.caller.uid), "SUDO_GID": str(self.caller.gid),
        }  # fmt: skip
        return env | self.assigned

    async def _spawn(self, target: User, gid: int | None, path: str, argv: list[str]) -> int:
        sys = self.sys
        session_opened(sys, "sudo", target.name, target.uid)
        env = self._environment(target, path, argv)
        login = self.given.has("login")

        async def child(process: Process) -> int:
            if login and process.isdir(target.home):
                process.chdir(target.home)
            become_user(process, target, gid=gid)
            name = "-" + path.rpartition("/")[2] if login else argv[0]
            try:
                await process.execve(path, [name, *argv[1:]], env)
            except SysError as error:
                await process.stderr.write(f"sudo: unable to execute {path}: {error}\n")
                return 1

        sys.signal(SIGINT, "ignore")
        sys.signal(SIGQUIT, "ignore")
        pid = sys.fork(child)
        if self.given.has("background"):
            return 0
        _, status = await sys.waitpid(pid)
        session_closed(sys, "sudo", target.name)
        if status is None:
            return 1
        return status.code or 0 if status.exited else 128 + (status.signal or 0)
