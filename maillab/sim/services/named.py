"""named - an authoritative DNS server

SYNOPSIS
    named [-f] [-c FILE]

DESCRIPTION
    Answers DNS questions on UDP and TCP port 53 from the master files that /etc/bind/named.conf names:

        options { directory "/var/cache/bind"; };
        zone "ploplo.fr" { type master; file "/etc/bind/db.ploplo.fr"; };

    It goes into the background unless -f is given. SIGHUP reads the zones again. Problems are logged (facility daemon).

FILES
    /etc/bind/named.conf   the zones
    /etc/dns-faults        made-up trouble (lab only): DOMAIN servfail|refused|notimp|drop|truncate|delay SECONDS

BUGS
    No recursion, no forwarding, no secondary zones, no views, no transfers, no DNSSEC. Other statements of named.conf are refused.
"""
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.services._dns_server import DnsServer, blank_reply
from maillab.sim.wire.dns_authority import MasterZone, ZoneError, lookup, parse_zone
from maillab.sim.wire.dns_message import Message, canonical

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"bind9": "/usr/sbin/named"}

SIGHUP = 1
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*|#[^\n]*", re.S)
STATEMENT = re.compile(r'\s*(\w+)\s*("(?:[^"]*)"|\S+)?\s*(?:IN\s*)?\{((?:[^{}]|\{[^{}]*\})*)\}\s*;', re.S)
SETTING = re.compile(r'\s*([\w-]+)\s*([^;{}]*(?:\{[^{}]*\})?)\s*;', re.S)
WITHOUT_EFFECT = ("listen-on", "listen-on-v6", "recursion", "allow-query", "allow-recursion", "allow-transfer", "dnssec-validation",
                  "auth-nxdomain", "notify")


class ConfigError(ValueError):
    """named.conf cannot be used; the text says why."""


def parse_config(text: str) -> dict[str, str]:
    """The zones of named.conf: origin -> path of the master file. Raises ConfigError."""
    text, at = COMMENT.sub(" ", text), 0
    directory = "/var/cache/bind"
    zones: dict[str, str] = {}
    while text[at:].strip():
        found = STATEMENT.match(text, at)
        if found is None:
            raise ConfigError(f"syntax error near '{text[at:].split()[0]}'")
        at = found.end()
        keyword, name, settings = found[1], (found[2] or "").strip('"'), dict(SETTING.findall(found[3]))
        values = {key: value.strip().strip('"') for key, value in settings.items()}
        if keyword == "options":
            directory = values.pop("directory", directory)
            unknown = [key for key in values if key not in WITHOUT_EFFECT]
            if unknown:
                raise ConfigError(f"unknown option '{unknown[0]}'")
        elif keyword == "zone":
            if values.get("type") not in ("master", "primary"):
                raise ConfigError(f"zone '{name}': type '{values.get('type', '')}' is not simulated")
            if "file" not in values:
                raise ConfigError(f"zone '{name}': missing 'file' entry")
            path = values["file"]
            zones[canonical(name)] = path if path.startswith("/") else f"{directory}/{path}"
        else:
            raise ConfigError(f"unknown statement '{keyword}'")
    return zones


class Nameserver:
    """The zones of one named; `load` reads them all again."""

    def __init__(self, sys: Process, config: str) -> None:
        self.sys = sys
        self.config = config
        self.zones: dict[str, MasterZone] = {}

    def load(self) -> None:
        """Read named.conf and the zones; a zone that fails is logged and left out. Raises ConfigError, SysError."""
        for origin, path in parse_config(self.sys.slurp(self.config).decode("utf-8", "replace")).items():
            try:
                self.zones[origin] = parse_zone(self.sys.slurp(path).decode("utf-8", "surrogateescape"), origin)
                soa = self.zones[origin].soa()
                self._log("info", f"zone {origin}/IN: loaded serial {soa.data.split()[2] if soa else 0}")
            except (SysError, ZoneError) as error:
                self._log("error", f"zone {origin}/IN: loading from master file {path} failed: {error}")
                self._log("error", f"zone {origin}/IN: not loaded due to errors.")

    def _log(self, priority: str, text: str) -> None:
        self.sys.syslog("daemon", {"error": "err"}.get(priority, priority), f"named[{self.sys.pid}]", text)

    def __call__(self, query: Message) -> Message:
        reply = blank_reply(query, ra=False)
        found = lookup(self.zones, query.qname, query.qtype)
        reply.rcode, reply.aa = found.rcode, found.aa
        reply.answer, reply.authority, reply.additional = found.answer, found.authority, found.additional
        return reply


async def main(sys: Process, argv: list[str]) -> int:
    config, foreground = "/etc/bind/named.conf", False
    words = iter(argv[1:])
    for word in words:
        if word in ("-f", "-g"):
            foreground = True
        elif word == "-c":
            config = next(words, config)
        elif word in ("-u", "-t", "-n", "-p"):
            next(words, None)
            sys.unsimulated(f"named {word}")
        else:
            await sys.stderr.print(f"named: unknown option '{word}'")
            return 1
    return await run(sys, config, foreground)


async def run(sys: Process, config: str, foreground: bool) -> int:
    """Load, bind, and serve here or in a child."""
    nameserver = Nameserver(sys, config)
    server = DnsServer(sys, nameserver)
    try:
        nameserver.load()
        server.bind()
    except (SysError, ConfigError) as error:
        await sys.stderr.print(f"named: {config}: {error}")
        return 1

    async def serve(process: Process) -> int:
        server.sys = nameserver.sys = process
        process.signal(SIGHUP, lambda number: nameserver.load())
        while True:
            try:
                await server.run()
            except SysError as error:
                if error.name != "EINTR":
                    raise

    if foreground:
        return await serve(sys)

    async def daemon(child: Process) -> int:
        child.setsid()
        return await serve(child)

    sys.fork(daemon)
    return 0
