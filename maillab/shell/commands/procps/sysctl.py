"""sysctl - show and set kernel parameters

SYNOPSIS
    sysctl [-n] [-e] [-N] [-q] VARIABLE[=VALUE]...
    sysctl -a

DESCRIPTION
    A variable is a file below /proc/sys, with dots for slashes.

BUGS
    -p, --system and -r are refused; values cannot be changed except kernel.hostname.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.options import Given, gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"procps": "/sbin/sysctl"}

OPTIONS = gnu("-a,--all -A -X -b,--binary -e,--ignore -N,--names -n,--values -p,--load=? -f --system -r,--pattern= -q,--quiet -w,--write "
              "-h,--help -V,--version", standard=False)
HELP = """
Usage:
 sysctl [options] [variable[=value] ...]

Options:
  -a, --all            display all variables
  -A                   alias of -a
  -X                   alias of -a
      --deprecated     include deprecated parameters to listing
      --dry-run        Print the key and values but do not write
  -b, --binary         print value without new line
  -e, --ignore         ignore unknown variables errors
  -N, --names          print variable names without values
  -n, --values         print only values of the given variable(s)
  -p, --load[=<file>]  read values from file
  -f                   alias of -p
      --system         read values from all system directories
  -r, --pattern <expression>
                       select setting that match expression
  -q, --quiet          do not echo variable set
  -w, --write          enable writing a value to variable
  -o                   does nothing
  -x                   does nothing
  -d                   alias of -h

 -h, --help     display this help and exit
 -V, --version  output version information and exit

For more details see sysctl(8).
"""
ROOT = "/proc/sys"


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, hint=HELP.rstrip("\n"))
    if given.has("version"):
        await sys.stdout.print("sysctl from procps-ng 4.0.2")
        return 0
    if given.has("load", "f", "system", "pattern"):
        await sys.stderr.print("sysctl: -p, --system and -r are not simulated")
        return 1
    if given.has("all", "A", "X"):
        await _tree(sys, given, "")
        return 0
    if given.has("help") or not given.operands:
        await sys.stdout.write(HELP)
        return 0 if given.has("help") else 1
    status = 0
    for word in given.operands:
        name, equals, value = word.partition("=")
        status |= await (_set(sys, given, name, value) if equals else _show(sys, given, name))
    return status


def _path(name: str) -> str:
    return f"{ROOT}/{name if '/' in name else name.replace('.', '/')}"


async def _tree(sys: Process, given: Given, below: str) -> None:
    for entry in sorted(sys.listdir(f"{ROOT}/{below}" if below else ROOT)):
        path = f"{below}/{entry}" if below else entry
        if sys.isdir(f"{ROOT}/{path}"):
            await _tree(sys, given, path)
        else:
            await _show(sys, given, path.replace("/", "."))


async def _show(sys: Process, given: Given, name: str) -> int:
    dotted = name.replace("/", ".")
    path = _path(name)
    try:
        if sys.isdir(path):
            await _tree(sys, given, path[len(ROOT) + 1:])
            return 0
        value = sys.slurp(path).decode("utf-8", "replace").rstrip("\n")
    except SysError as error:
        if not given.has("ignore"):
            what = "cannot stat" if error.name == "ENOENT" else "permission denied on key"
            await sys.stderr.print(f"sysctl: {what} {path}: {error}" if error.name == "ENOENT" else f"sysctl: {what} '{dotted}'")
            return 1
        return 0
    if given.has("names"):
        await sys.stdout.print(dotted)
    elif given.has("values", "binary"):
        await sys.stdout.print(value, end="" if given.has("binary") else "\n")
    else:
        await sys.stdout.print(f"{dotted} = {value}")
    return 0


async def _set(sys: Process, given: Given, name: str, value: str) -> int:
    path = _path(name)
    if not sys.exists(path):
        if not given.has("ignore"):
            await sys.stderr.print(f"sysctl: cannot stat {path}: No such file or directory")
        return 0 if given.has("ignore") else 1
    if sys.euid:
        await sys.stderr.print(f"sysctl: permission denied on key \"{name.replace('/', '.')}\"")
        return 1
    if name.replace("/", ".") != "kernel.hostname":
        await sys.stderr.print(f"sysctl: setting {name} is not simulated")
        return 1
    sys.sethostname(value)
    if not given.has("quiet"):
        await _show(sys, given, name)
    return 0
