"""pgrep, pkill - find or signal processes by name and other attributes

SYNOPSIS
    pgrep [-acfilnovwx] [-d DELIMITER] [-g PGIDS] [-G GROUPS] [-P PPIDS] [-s SIDS] [-t TTYS] [-u USERS] [-U USERS] [-F FILE] [PATTERN]
    pkill [-SIGNAL] [-cefinovx] [the same selections] [PATTERN]

DESCRIPTION
    PATTERN is an extended regular expression, searched in the process name (15 characters), with -f in the whole command line.
    pgrep and pkill never match themselves.

EXIT STATUS
    0 some process matched (and was signalled), 1 none, 2 wrong command line.

BUGS
    -q, -L, --cgroup, --ns, --nslist are refused.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from maillab.shell import proc
from maillab.shell.options import Given, UsageError, gnu
from maillab.shell.proc import ProcessInfo
from maillab.sim.host.accounts import getgrnam, getpwnam
from maillab.sim.host.errno import SysError
from maillab.sim.host.signals import NUMBERS

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

Test = Callable[[ProcessInfo], bool]

INSTALLED = {"procps": ["/usr/bin/pgrep", "/usr/bin/pkill"]}

COMMON = ("-c,--count -f,--full -g,--pgroup= -G,--group= -i,--ignore-case -n,--newest -o,--oldest -O,--older= -P,--parent= -s,--session= "
          "-t,--terminal= -u,--euid= -U,--uid= -x,--exact -F,--pidfile= -L,--logpidfile -r,--runstates= -A,--ignore-ancestors "
          "--cgroup= --ns= --nslist= -h,--help -V,--version")
PGREP = gnu("-d,--delimiter= -l,--list-name -a,--list-full -v,--inverse -w,--lightweight " + COMMON, standard=False)
PKILL = gnu("--signal= -q,--queue= -e,--echo " + COMMON, standard=False)
SHARED_HELP = """ -c, --count               count of matching processes
 -f, --full                use full process name to match
 -g, --pgroup <PGID,...>   match listed process group IDs
 -G, --group <GID,...>     match real group IDs
 -i, --ignore-case         match case insensitively
 -n, --newest              select most recently started
 -o, --oldest              select least recently started
 -O, --older <seconds>     select where older than seconds
 -P, --parent <PPID,...>   match only child processes of the given parent
 -s, --session <SID,...>   match session IDs
 -t, --terminal <tty,...>  match by controlling terminal
 -u, --euid <ID,...>       match by effective IDs
 -U, --uid <ID,...>        match by real IDs
 -x, --exact               match exactly with the command name
 -F, --pidfile <file>      read PIDs from file
 -L, --logpidfile          fail if PID file is not locked
 -r, --runstates <state>   match runstates [D,S,Z,...]
 -A, --ignore-ancestors    exclude our ancestors from results
 --cgroup <grp,...>        match by cgroup v2 names
 --ns <PID>                match the processes that belong to the same
                           namespace as <pid>
 --nslist <ns,...>         list which namespaces will be considered for
                           the --ns option.
                           Available namespaces: ipc, mnt, net, pid, user, uts

 -h, --help     display this help and exit
 -V, --version  output version information and exit

For more details see pgrep(1).
"""
PGREP_HELP = """
Usage:
 pgrep [options] <pattern>

Options:
 -d, --delimiter <string>  specify output delimiter
 -l, --list-name           list PID and process name
 -a, --list-full           list PID and full command line
 -v, --inverse             negates the matching
 -w, --lightweight         list all TID
""" + SHARED_HELP
PKILL_HELP = """
Usage:
 pkill [options] <pattern>

Options:
 -<sig>, --signal <sig>    signal to send (either number or name)
 -q, --queue <value>       integer value to be sent with the signal
 -e, --echo                display what is killed
""" + SHARED_HELP
SELECTIONS = ("pgroup", "group", "parent", "session", "terminal", "euid", "uid", "pidfile", "runstates", "older", "newest", "oldest")


async def main(sys: Process, argv: list[str]) -> int:
    name = argv[0].rpartition("/")[2]
    killing = name == "pkill"
    words, number = _signal_word(argv[1:]) if killing else (argv[1:], 15)
    help_text = PKILL_HELP if killing else PGREP_HELP
    try:
        given = (PKILL if killing else PGREP).parse([name, *words])
        if given.has("help", "version"):
            await sys.stdout.write(help_text if given.has("help") else f"{name} from procps-ng 4.0.2\n")
            return 0
        if (signal := given.last("signal")) is not None:
            number = signal_number(signal)
    except UsageError as error:
        await sys.stderr.write(f"{name}: {error}\n{help_text}")
        return 2
    for option in ("queue", "logpidfile", "cgroup", "ns", "nslist"):
        if given.has(option):
            await sys.stderr.print(f"{name}: --{option} is not simulated")
            return 2
    problem = _problem(given)
    if problem:
        await sys.stderr.write(f"{name}: {problem}\nTry `{name} --help' for more information.\n")
        return 2
    try:
        matched = select(sys, given)
    except UsageError as error:
        await sys.stderr.print(f"{name}: {error}")
        return 2
    if killing:
        return await _kill(sys, given, matched, number)
    return await _list(sys, given, matched)


def _signal_word(words: list[str]) -> tuple[list[str], int]:
    """Take `-9`, `-HUP` or `-SIGHUP` out of the words of pkill."""
    for i, word in enumerate(words):
        if word == "--":
            break
        if word[:1] == "-" and len(word) > 1 and (word[1:].isdigit() or word[1:].upper().removeprefix("SIG") in NUMBERS):
            return words[:i] + words[i + 1:], signal_number(word[1:])
    return words, 15


def signal_number(text: str) -> int:
    """A signal from its number or name. UsageError for an unknown one."""
    if text.isdigit():
        return int(text)
    number = NUMBERS.get(text.upper().removeprefix("SIG"))
    if number is None:
        raise UsageError(f"Unknown signal \"{text}\".")
    return number


def _problem(given: Given) -> str:
    if len(given.operands) > 1:
        return "only one pattern can be provided"
    if not given.operands and not given.has(*SELECTIONS):
        return "no matching criteria specified"
    pattern = given.operands[0] if given.operands else ""
    if len(pattern) > 15 and not given.has("full") and not set(pattern) & set("|[.*+?(^$"):
        return "pattern that searches for process name longer than 15 characters will result in zero matches\n" \
               "Try `pgrep -f' option to match against the complete command line."
    return ""


def select(sys: Process, given: Given) -> list[ProcessInfo]:
    """The processes that all the criteria match. UsageError for a wrong name or expression."""
    from maillab.sim.host.posix_regex import RegexError
    from maillab.sim.host.posix_regex import compile as compile_regex

    pattern = given.operands[0] if given.operands else None
    expression = None
    if pattern is not None:
        text = f"^({pattern})$" if given.has("exact") else pattern
        try:
            expression = compile_regex(text, "ere", given.has("ignore-case"))
        except RegexError as error:
            raise UsageError("regex error: Invalid regular expression") from error
    tests = _tests(sys, given)
    found = []
    for p in proc.processes(sys):
        if p.pid == sys.pid:
            continue
        text = (p.command if p.argv else p.comm) if given.has("full") else p.comm
        matches = (expression is None or expression.search(text) is not None) and all(test(p) for test in tests)
        if matches != given.has("inverse"):
            found.append(p)
    if given.has("newest"):
        return sorted(found, key=lambda p: (p.start, p.pid))[-1:]
    return sorted(found, key=lambda p: (p.start, p.pid))[:1] if given.has("oldest") else found


def _in(attribute: str, wanted: list[int]) -> Test:
    return lambda p: getattr(p, attribute) in wanted


def _tests(sys: Process, given: Given) -> list[Test]:
    tests: list[Test] = []
    for option, attribute in (("pgroup", "pgid"), ("parent", "ppid"), ("session", "sid")):
        if (value := given.last(option)) is not None:
            own = {"pgid": sys.pgid, "sid": sys.sid}.get(attribute, 0)
            wanted = [int(word) or own for word in value.split(",") if word.isdigit()]
            tests.append(_in(attribute, wanted))
    for option, attribute, what in (("euid", "euid", "user"), ("uid", "uid", "user"), ("group", "gid", "group")):
        if (value := given.last(option)) is not None:
            ids = [_identity(sys, word, what) for word in value.split(",")]
            tests.append(_in(attribute, ids))
    if (value := given.last("terminal")) is not None:
        names = value.split(",")
        tests.append(lambda p: proc.tty_name(p.tty) in names or (p.tty == 0 and "-" in names))
    if (value := given.last("runstates")) is not None:
        states = value
        tests.append(lambda p: p.state in states)
    if (value := given.last("older")) is not None:
        limit = proc.uptime(sys) - float(value)
        tests.append(lambda p: p.start / proc.TICKS <= limit)
    if (value := given.last("pidfile")) is not None:
        try:
            pids = [int(word) for word in sys.slurp(value).decode("utf-8", "replace").split()[:1]]
        except (SysError, ValueError) as error:
            raise UsageError("pidfile not valid\nTry `pgrep --help' for more information.") from error
        tests.append(lambda p: p.pid in pids)
    if given.has("ignore-ancestors"):
        ancestors = _ancestors(sys)
        tests.append(lambda p: p.pid not in ancestors)
    return tests


def _ancestors(sys: Process) -> list[int]:
    out, info = [], proc.process(sys, sys.ppid)
    while info is not None:
        out.append(info.pid)
        info = proc.process(sys, info.ppid) if info.ppid else None
    return out


def _identity(sys: Process, word: str, what: str) -> int:
    """A user's or a group's number from its name or number."""
    if word.isdigit():
        return int(word)
    user = getpwnam(sys, word) if what == "user" else None
    group = getgrnam(sys, word) if what == "group" else None
    if user is None and group is None:
        raise UsageError(f"invalid {what} name: {word}")
    return user.uid if user is not None else group.gid if group is not None else 0


async def _list(sys: Process, given: Given, matched: list[ProcessInfo]) -> int:
    if given.has("count"):
        await sys.stdout.print(len(matched))
        return 0 if matched else 1
    if given.has("list-full"):
        lines = [f"{p.pid} {p.command if p.argv else p.comm}" for p in matched]
    else:
        lines = [f"{p.pid} {p.comm}" if given.has("list-name") else str(p.pid) for p in matched]
    if lines:
        await sys.stdout.print((given.last("delimiter") or "\n").join(lines))
    return 0 if matched else 1


async def _kill(sys: Process, given: Given, matched: list[ProcessInfo], number: int) -> int:
    killed = 0
    for p in matched:
        try:
            sys.kill(p.pid, number)
        except SysError as error:
            if error.name != "ESRCH":
                await sys.stderr.print(f"pkill: killing pid {p.pid} failed: {error}")
            continue
        killed += 1
        if given.has("echo"):
            await sys.stdout.print(f"{p.comm} killed (pid {p.pid})")
    if given.has("count"):
        await sys.stdout.print(len(matched))
    return 0 if killed else 1
