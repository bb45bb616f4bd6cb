"""hostname - show or set the system's host name

SYNOPSIS
    hostname [-a|-A|-d|-f|-i|-I|-s|-y]
    hostname [-b] NAME | -F FILE
    dnsdomainname
    domainname, nisdomainname, ypdomainname

DESCRIPTION
    Without options prints the name the kernel knows; -f the full name and -d the domain, as /etc/hosts or the DNS give them; -s up
    to the first
    dot; -i the addresses of the name; -I all addresses of the host. With a name or a file it sets the kernel's name, not /etc/hostname.

BUGS
    There is no NIS: its domain is always (none) and cannot be set.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from maillab.shell.commands.hostname._help import HELP
from maillab.shell.options import Given, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.resolver import HostEntry, ResolverError, getnameinfo, lookup_host

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {
    "hostname": ["/bin/hostname", "/bin/dnsdomainname", "/bin/domainname", "/bin/nisdomainname", "/bin/ypdomainname"],
}
OPTIONS = gnu(
    "-a,--alias -A,--all-fqdns -b,--boot -d,--domain -f,--fqdn,--long -F,--file= -h,--help -i,--ip-address "
    "-I,--all-ip-addresses -s,--short "
    "-V,--version -y,--yp,--nis",
    standard=False,
)
_VALID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\Z")
SHOWN = ("alias", "all-fqdns", "domain", "fqdn", "ip-address", "all-ip-addresses", "short", "yp")


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=255, hint=HELP)
    if given.has("help"):
        await sys.stdout.write(HELP)
        return 0
    if given.has("version"):
        await sys.stdout.write("hostname 3.23\n")
        return 0
    called = argv[0].rpartition("/")[2]
    what = given.latest(*SHOWN)
    if called == "dnsdomainname":
        what = "domain"
    elif called in ("domainname", "nisdomainname", "ypdomainname"):
        what = "yp"
    if what != "yp" and (given.operands or given.has("file")) and what is None:
        return await _set(sys, given)
    await _show(sys, what)
    return 0


async def _fail(sys: Process, text: str) -> NoReturn:
    await sys.stderr.write(f"hostname: {text}\n")
    sys.exit(1)


async def _set(sys: Process, given: Given) -> int:
    name = given.operands[0] if given.operands else ""
    path = given.last("file")
    if path is not None:
        try:
            lines = sys.slurp(path).decode("utf-8", "surrogateescape").splitlines()
        except SysError as error:
            if given.has("boot"):
                lines = ["localhost"]
            else:
                await _fail(sys, str(error))
        name = next((line.strip() for line in lines if line.strip() and not line.startswith("#")), "")
    if not _VALID.match(name) or len(name) > 64:
        await _fail(sys, "the specified hostname is invalid")
    try:
        sys.sethostname(name)
    except SysError:
        await _fail(sys, "you must be root to change the host name")
    return 0


async def _show(sys: Process, what: str | None) -> None:
    name = sys.hostname()
    if what is None:
        await sys.stdout.write(f"{name}\n")
    elif what == "short":
        await sys.stdout.write(f"{name.split('.')[0]}\n")
    elif what == "yp":
        await sys.stdout.write("(none)\n")
    elif what == "all-ip-addresses":
        await sys.stdout.write("".join(f"{address} " for address in _addresses(sys)) + "\n")
    elif what == "all-fqdns":
        names = [await getnameinfo(sys, address) for address in _addresses(sys)]
        await sys.stdout.write("".join(f"{found} " for found in names if found) + "\n")
    else:
        await _show_resolved(sys, what, name)


async def _show_resolved(sys: Process, what: str, name: str) -> None:
    try:
        entry = await _entry(sys, name)
    except ResolverError as error:
        await _fail(sys, str(error))
    if what == "fqdn":
        await sys.stdout.write(f"{entry.name}\n")
    elif what == "domain":
        _, dot, domain = entry.name.partition(".")
        if dot:
            await sys.stdout.write(f"{domain}\n")
    elif what == "alias":
        await sys.stdout.write(" ".join(entry.aliases) + "\n")
    else:
        await sys.stdout.write(" ".join(entry.addresses) + "\n")


async def _entry(sys: Process, name: str) -> HostEntry:
    return await lookup_host(sys, name, "inet")


def _addresses(sys: Process) -> list[str]:
    found = []
    for interface in sys.interfaces():
        if interface.up and interface.name != "lo":
            found += [address.split("/")[0] for address in interface.addresses]
    return found
