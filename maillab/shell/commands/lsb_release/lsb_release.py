"""lsb_release - which distribution this is

SYNOPSIS
    lsb_release [-s] [-v] [-i] [-d] [-r] [-c] [-a]

DESCRIPTION
    -i the distributor's name, -d the description, -r the release number, -c the code name, -a all, -s without labels: from
    /etc/lsb-release or, where there is none, from /usr/lib/os-release. Without an option (and with -v) the LSB modules, of which there are none.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"lsb-release": "/usr/bin/lsb_release"}

OPTIONS = gnu("-h,--help -v,--version -i,--id -d,--description -r,--release -c,--codename -a,--all -s,--short", standard=False)
HELP = """Usage: lsb_release [options]

Options:
  -h, --help         show this help message and exit
  -v, --version      show LSB modules this system supports
  -i, --id           show distributor ID
  -d, --description  show description of this distribution
  -r, --release      show release number of this distribution
  -c, --codename     show code name of this distribution
  -a, --all          show all of the above information
  -s, --short        show requested information in short format
"""
LABELS = {"id": "Distributor ID", "description": "Description", "release": "Release", "codename": "Codename"}
LSB = {"id": "DISTRIB_ID", "description": "DISTRIB_DESCRIPTION", "release": "DISTRIB_RELEASE", "codename": "DISTRIB_CODENAME"}
OS = {"id": "NAME", "description": "PRETTY_NAME", "release": "VERSION_ID", "codename": "VERSION_CODENAME"}


async def main(sys: Process, argv: list[str]) -> int:
    """lsb_release."""
    given = await OPTIONS.read(sys, argv, help=HELP, status=2, hint="")
    chosen = [name for name in LABELS if given.has(name, "all")]
    facts = _facts(sys)
    if given.has("version", "all") or not chosen:
        await sys.stderr.print("No LSB modules are available.")
    values = [facts.get(name, "n/a") for name in chosen]
    if given.has("short"):
        shown = [f'"{value}"' if name == "description" and " " in value else value for name, value in zip(chosen, values, strict=True)]
        await sys.stdout.write("".join(f"{value}\n" for value in shown))
    else:
        await sys.stdout.write("".join(f"{LABELS[name]}:\t{value}\n" for name, value in zip(chosen, values, strict=True)))
    return 0


def _facts(sys: Process) -> dict[str, str]:
    """The four facts, from the first file that is there."""
    for path, names in (("/etc/lsb-release", LSB), ("/usr/lib/os-release", OS)):
        try:
            text = sys.slurp(path).decode("utf-8", "surrogateescape")
        except SysError:
            continue
        found = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
        facts = {name: "".join(shlex.split(found[key])[:1]) if " " not in found[key].strip('"') else found[key].strip('"')
                 for name, key in names.items() if key in found}  # fmt: skip
        facts["id"] = facts.get("id", "n/a").partition(" ")[0]
        return facts
    return {}
