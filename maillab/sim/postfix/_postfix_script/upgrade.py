"""upgrade-configuration: what newer versions want in master.cf and main.cf."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.postfix._postfix_script.installed_files import InstalledFile, obsolete
from maillab.sim.postfix.lib.version import Version, version_of

if TYPE_CHECKING:
    from maillab.sim.host.process import Process


@dataclass(frozen=True)
class Addition:
    """A service that master.cf must have: it has it when `pattern` matches a line."""

    name: str
    pattern: str
    line: str
    since: Version = (2, 0)


ADDITIONS = (
    Addition("relay service", r"^relay", "relay\t  unix\t-\t-\tn\t-\t-\tsmtp"),
    Addition("flush service", r"^flush.*flush", "flush     unix  -       -       n       1000?   0       flush"),
    Addition("trace service", r"^trace.*bounce", "trace\t  unix\t-\t-\tn\t-\t0\tbounce"),
    Addition("verify service", r"^verify.*verify", "verify\t  unix\t-\t-\tn\t-\t1\tverify"),
    Addition("proxymap service", r"^proxymap.*proxymap", "proxymap  unix\t-\t-\tn\t-\t-\tproxymap"),
    Addition("anvil service", r"^anvil.*anvil", "anvil\t  unix\t-\t-\tn\t-\t1\tanvil"),
    Addition("scache service", r"^scache.*scache", "scache\t  unix\t-\t-\tn\t-\t1\tscache"),
    Addition("discard service", r"^discard.*discard", "discard\t  unix\t-\t-\tn\t-\t-\tdiscard"),
    Addition("tlsmgr service", r"^tlsmgr.*tlsmgr", "tlsmgr    unix  -       -       n       1000?   1       tlsmgr"),
    Addition("retry service", r"^retry.*error", "retry     unix  -       -       n       -       -       error", (2, 4)),
    Addition(
        "proxywrite service", r"^proxywrite.*proxymap", "proxywrite unix -       -       n       -       1       proxymap", (2, 5)
    ),
    Addition(
        "postscreen TCP service",
        r"^#?smtp +inet.*postscreen",
        "#smtp      inet  n       -       n       -       1       postscreen",
        (2, 8),
    ),
    Addition(
        "smtpd unix-domain service", r"^#?smtpd.*smtpd", "#smtpd     pass  -       -       n       -       -       smtpd", (2, 8)
    ),
    Addition(
        "dnsblog unix-domain service",
        r"^#?dnsblog.*dnsblog",
        "#dnsblog   unix  -       -       n       -       0       dnsblog",
        (2, 8),
    ),
    Addition(
        "tlsproxy unix-domain service",
        r"^#?tlsproxy.*tlsproxy",
        "#tlsproxy  unix  -       -       n       -       0       tlsproxy",
        (2, 8),
    ),
    Addition(
        "postlog unix-domain datagram service",
        r"^postlog",
        "postlog   unix-dgram n  -       n       -       1       postlogd",
        (3, 4),
    ),
)
PUBLIC = ("cleanup", "flush")
OBSOLETE = """
    Note: the following files or directories still exist but are no
    longer part of Postfix:

     {0}

"""
IPV4 = """    COMPATIBILITY: editing {0}/main.cf, setting
    inet_protocols=ipv4.  Specify inet_protocols explicitly if you want
    to enable IPv6.  In a future release IPv6 will be enabled by default.
"""
ED = "{0}: 667: ed: not found\n"
ED_PATHS = ("/bin/ed", "/usr/bin/ed")


async def upgrade_configuration(sys: Process, name: str, files: list[InstalledFile]) -> None:
    """Edit master.cf and main.cf, and name obsolete files."""
    directory = sys.env["config_directory"]
    path = f"{directory}/master.cf"
    version = version_of(sys)
    text = sys.slurp(path).decode("utf-8", "surrogateescape")
    for addition in ADDITIONS:
        if addition.since > version:
            continue
        if not re.search(addition.pattern, text, re.M):
            await sys.stdout.print(f"Editing {path}, adding missing entry for {addition.name}")
            text += ("" if text.endswith("\n") else "\n") + addition.line + "\n"
            sys.spew(path, text.encode("utf-8", "surrogateescape"))
        if addition.name == "verify service" and not await _public(sys, name, path, text):
            return
    old = obsolete(sys, files)
    if old:
        await sys.stdout.write(OBSOLETE.format(" ".join(old)))
    await _protocols(sys, directory, version)


async def _public(sys: Process, name: str, path: str, text: str) -> bool:
    """Services that clients outside must reach. The real script edits with ed(1); without it, it stops there."""
    for service in PUBLIC:
        if re.search(rf"^{service}[ \t]*unix[ \t]*[-y]", text, re.M):
            await sys.stdout.print(f"Editing {path}, making the {service} service public")
            if not any(sys.exists(program) for program in ED_PATHS):
                await sys.stdout.flush()
                await sys.stderr.write(ED.format(name))
                return False
            text = re.sub(rf"^({service}[ \t]*unix[ \t]*)[-y]", r"\1n", text, flags=re.M)
            sys.spew(path, text.encode("utf-8", "surrogateescape"))
    return True


async def _protocols(sys: Process, directory: str, version: Version) -> None:
    """Keep IPv6 off where nobody asked for it (Postfix 2.9 and later)."""
    path = f"{directory}/main.cf"
    text = sys.slurp(path).decode("utf-8", "surrogateescape")
    if version < (2, 9) or re.search(r"^inet_protocols", text, re.M):
        return
    await sys.stdout.write(IPV4.format(directory))
    sys.spew(path, (text + ("" if text.endswith("\n") else "\n") + "inet_protocols = ipv4\n").encode("utf-8", "surrogateescape"))
