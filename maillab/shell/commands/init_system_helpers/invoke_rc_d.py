"""invoke-rc.d - execute System-V style init script actions

SYNOPSIS
    invoke-rc.d [--quiet] [--force] [--try-anyway] [--disclose-deny] [--query] [--no-fallback] NAME ACTION [PARAMETER]...

DESCRIPTION
    Runs an init script the way packages do: only when the policy (/usr/sbin/policy-rc.d) and the run level allow it. A host without init
    has no run level, so nothing is started unless a policy says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"init-system-helpers": "/usr/sbin/invoke-rc.d", "sysv-rc": "/usr/sbin/invoke-rc.d"}
POLICY = "/usr/sbin/policy-rc.d"
USAGE = """
invoke-rc.d, Debian/SysVinit (/etc/rc?.d) initscript subsystem.
Copyright (c) 2000,2001 Henrique de Moraes Holschuh <hmh@debian.org>

Usage:
  invoke-rc.d [options] <basename> <action> [extra parameters]

  basename - Initscript ID, as per update-rc.d(8)
  action   - Initscript action. Known actions are:
                start, [force-]stop, [try-]restart,
                [force-]reload, status
  WARNING: not all initscripts implement all of the above actions.

  extra parameters are passed as is to the initscript, following\x20
  the action (first initscript parameter).

Options:
  --quiet
     Quiet mode, no error messages are generated.
  --force
     Try to run the initscript regardless of policy and subsystem
     non-fatal errors.
  --try-anyway
     Try to run init script even if a non-fatal error is found.
  --disclose-deny
     Return status code 101 instead of status code 0 if
     initscript action is denied by local policy rules or
     runlevel constrains.
  --query
     Returns one of status codes 100-106, does not run
     the initscript. Implies --disclose-deny and --no-fallback.
  --no-fallback
     Ignores any fallback action requests by the policy layer.
     Warning: this is usually a very *bad* idea for any actions
     other than "start".
  --skip-systemd-native
    Exits before doing anything if a systemd environment is detected
    and the requested service is a native systemd unit.
    This is useful for maintainer scripts that want to defer systemd
    actions to deb-systemd-invoke
  --help
     Outputs help message to stdout

"""
OPTIONS = ("--quiet", "--force", "--try-anyway", "--disclose-deny", "--query", "--no-fallback", "--skip-systemd-native", "--verbose")
DENIED = 101
ALLOWED = 104


async def main(sys: Process, argv: list[str]) -> int:
    words = [word for word in argv[1:] if not word.startswith("--")]
    options = [word for word in argv[1:] if word.startswith("--")]
    if "--help" in options:
        await sys.stdout.write(USAGE)
        return 0
    unknown = next((word for word in options if word not in OPTIONS), None)
    if unknown or len(words) < 2:
        problem = f"unknown option {unknown}" if unknown else "missing required parameter"
        await sys.stderr.write(f"invoke-rc.d: syntax error: {problem}, --help assumed\n{USAGE}")
        return 103
    quiet = "--quiet" in options
    name, script = words[0], f"/etc/init.d/{words[0]}"
    if not sys.isfile(script):
        await _say(sys, f"unknown initscript, {script} not found.", quiet)
        return 0 if "--disclose-deny" not in options and "--query" not in options else 100
    verdict = await _verdict(sys, name, words[1], quiet)
    if "--query" in options:
        return verdict
    if verdict != ALLOWED and "--force" not in options:
        return DENIED if "--disclose-deny" in options else 0
    return await sys.execve(script, [script, *words[1:]], sys.env)


async def _say(sys: Process, text: str, quiet: bool) -> None:
    if not quiet:
        await sys.stderr.write(f"invoke-rc.d: {text}\n")


async def _verdict(sys: Process, name: str, action: str, quiet: bool) -> int:
    """101 or 104, from the policy or from the run level."""
    level = await _runlevel(sys)
    if not level:
        await _say(sys, "could not determine current runlevel", quiet)
    if sys.isfile(POLICY) and sys.access(POLICY, "x"):
        pid = sys.spawn(POLICY, [POLICY, name, action, level])
        _, status = await sys.waitpid(pid)
        code = status.code if status and status.exited else 1
        if code == DENIED:
            await _say(sys, f"policy-rc.d denied execution of {action}.", quiet)
            return DENIED
        return ALLOWED
    if not level:
        await _say(sys, "WARNING: No init system and policy-rc.d missing! Defaulting to block.", quiet)
        return DENIED
    return ALLOWED


async def _runlevel(sys: Process) -> str:
    """The current run level, "" when nothing knows it."""
    if not sys.isfile("/sbin/runlevel"):
        return ""
    read_end, write_end = sys.pipe()
    pid = sys.spawn("/sbin/runlevel", ["runlevel"], fds={0: 0, 1: write_end, 2: write_end})
    sys.close(write_end)
    out = b""
    while data := await sys.read(read_end):
        out += data
    sys.close(read_end)
    await sys.waitpid(pid)
    words = out.decode().split()
    return words[1] if len(words) == 2 else ""
