"""fuser - find processes that use files or sockets

SYNOPSIS
    fuser [-suv] [-k] [-SIGNAL] [-n SPACE] [-4|-6] NAME...        NAME is a path, or PORT/tcp, PORT/udp

BUGS
    -m -M -c -I -i -w are refused.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import proc
from maillab.shell.options import Given, posix
from maillab.sim.host.accounts import user_name
from maillab.sim.host.errno import SysError
from maillab.sim.host.netdb import service_port
from maillab.sim.host.netlink import sock_diag
from maillab.sim.host.signals import NUMBERS

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"psmisc": "/bin/fuser"}

OPTIONS = posix("aiIklmMn:suvwV46cf", permute=True)
USAGE = """Usage: fuser [-fIMuvw] [-a|-s] [-4|-6] [-c|-m|-n SPACE]
             [-k [-i] [-SIGNAL]] NAME...
       fuser -l
       fuser -V
Show which processes use the named files, sockets, or filesystems.

  -a,--all              display unused files too
  -i,--interactive      ask before killing (ignored without -k)
  -I,--inode            use always inodes to compare files
  -k,--kill             kill processes accessing the named file
  -l,--list-signals     list available signal names
  -m,--mount            show all processes using the named filesystems or
                        block device
  -M,--ismountpoint     fulfill request only if NAME is a mount point
  -n,--namespace SPACE  search in this name space (file, udp, or tcp)
  -s,--silent           silent operation
  -SIGNAL               send this signal instead of SIGKILL
  -u,--user             display user IDs
  -v,--verbose          verbose output
  -w,--writeonly        kill only processes with write access
  -V,--version          display version information
  -4,--ipv4             search IPv4 sockets only
  -6,--ipv6             search IPv6 sockets only
  udp/tcp names: [local_port][,[rmt_host][,[rmt_port]]]

"""


async def main(sys: Process, argv: list[str]) -> int:
    words, number = list(argv), 9
    for word in argv[1:]:
        name = word[1:].upper().removeprefix("SIG")
        if word[:1] == "-" and ((name.isdigit() and len(name) > 1) or name in NUMBERS):
            number = int(name) if name.isdigit() else NUMBERS[name]
            words.remove(word)
    given = await OPTIONS.read(sys, words, hint=USAGE.rstrip("\n"))
    if given.has("V"):
        await sys.stderr.print("fuser (PSmisc) 23.6")
        return 0
    if given.has("m", "M", "c", "I", "i", "w"):
        await sys.stderr.print("fuser: this option is not simulated")
        return 1
    if not given.operands:
        await sys.stderr.write(f"No process specification given\n{USAGE}")
        return 1
    if given.has("v"):
        await sys.stderr.print("                     USER        PID ACCESS COMMAND")
    statuses = [await _one(sys, given, name, number) for name in given.operands]
    return 0 if 0 in statuses else 1


async def _one(sys: Process, given: Given, name: str, number: int) -> int:
    text, slash, protocol = name.rpartition("/")
    space = given.last("n") or (protocol if slash and protocol in ("tcp", "udp") and text else "file")
    label = f"{text if slash and protocol == space else name}/{space}" if space != "file" else name
    if space == "file":
        users = await _file_users(sys, name)
        if users is None:
            return 1
    else:
        users = _socket_users(sys, given, text if slash and protocol == space else name, space)
    if not users and not given.has("a"):
        return 1
    if not given.has("s"):
        await _show(sys, given, label, users)
    for pid, _ in users:
        if given.has("k") and pid != sys.pid:
            try:
                sys.kill(pid, number)
            except SysError as error:
                await sys.stderr.print(f"Could not kill process {pid}: {error}")
    return 0 if users else 1


def _socket_users(sys: Process, given: Given, port: str, protocol: str) -> list[tuple[int, str]]:
    wanted = service_port(sys, port.split(",")[0], protocol)
    families = [protocol] if given.has("4") else [f"{protocol}6"] if given.has("6") else [protocol, f"{protocol}6"]
    inodes = [row.inode for row in sock_diag(sys) if row.protocol in families and not isinstance(row.local, str) and row.local[1] == wanted]
    owners = proc.socket_owners(sys)
    return [(pid, "F....") for pid in sorted({pid for inode in inodes for pid, _, _ in owners.get(inode, [])})]


async def _file_users(sys: Process, path: str) -> list[tuple[int, str]] | None:
    try:
        wanted = sys.stat(path)
    except SysError as error:
        await sys.stderr.print(f"Specified filename {path} does not exist." if error.name == "ENOENT" else f"Cannot stat {path}: {error}")
        return None
    real = sys.realpath(path)
    found = []
    for p in proc.processes(sys):
        access = ""
        for link, letter in (("cwd", "c"), ("exe", "e"), ("root", "r")):
            access += letter if _link(sys, f"/proc/{p.pid}/{link}") == real else ""
        try:
            descriptors = sys.listdir(f"/proc/{p.pid}/fd")
        except SysError:
            descriptors = []
        access += "f" if any(_link(sys, f"/proc/{p.pid}/fd/{fd}") == real for fd in descriptors) else ""
        if access and wanted:
            found.append((p.pid, access))
    return found


def _link(sys: Process, path: str) -> str:
    try:
        return sys.readlink(path)
    except SysError:
        return ""


async def _show(sys: Process, given: Given, label: str, users: list[tuple[int, str]]) -> None:
    if given.has("v"):
        head = label + ":"
        for pid, access in users:
            info = proc.process(sys, pid)
            if info is not None:
                letters = access if access == "F...." else "".join(c if c in access else "." for c in "Fcerf")
                await sys.stderr.print(f"{head:<20} {user_name(sys, info.euid):<8} {pid:6d} {letters:<6} {info.comm}")
            head = ""
        return
    await sys.stderr.write(f"{label + ':':<20}")
    await sys.stderr.flush()
    for pid, access in users:
        await sys.stdout.write(f" {pid:5d}")
        await sys.stdout.flush()
        letters = "".join(c for c in access if c in "cer")
        await sys.stderr.write(letters)
        if given.has("u") and (info := proc.process(sys, pid)) is not None:
            await sys.stderr.write(f"({user_name(sys, info.euid)})")
    await sys.stdout.flush()
    await sys.stderr.write("\n")
