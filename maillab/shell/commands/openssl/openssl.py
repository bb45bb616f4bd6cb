"""openssl - the command line tool of OpenSSL

SYNOPSIS
    openssl version [-v] [-d]
    openssl rand [-hex|-base64] [-out FILE] N
    openssl passwd [-1|-5|-6|-apr1] [-salt SALT] [-stdin] [PASSWORD]...
    openssl dgst [-md5|-sha1|-sha256|...] [-r] [-c] [-binary] [-hmac KEY] [FILE]...      (also openssl md5, openssl sha256, ...)
    openssl enc -base64 [-d] [-A] [-in FILE] [-out FILE]                                  (also openssl base64)
    openssl req -new -x509 -nodes -days N -subj /CN=NAME -out FILE -keyout FILE
    openssl genrsa [-out FILE] [BITS]
    openssl x509 -in FILE -noout [-subject] [-issuer] [-dates] [-serial] [-fingerprint]

DESCRIPTION
    Digests, base64 and password hashes are the real ones. Certificates and keys are texts in PEM that say they come from the lab:
    they take the place of real ones, no more.

BUGS
    There is no TLS in the lab: s_client, s_server and all other commands are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.openssl import _certificates, _digests
from maillab.shell.commands.openssl._arguments import read_arguments

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"openssl": "/usr/bin/openssl"}

REAL_COMMANDS = (
    "asn1parse", "ca", "ciphers", "cmp", "cms", "crl", "crl2pkcs7", "dhparam", "dsa", "dsaparam", "ec", "ecparam",
    "engine", "errstr", "fipsinstall", "gendsa", "genpkey", "help", "info", "kdf", "list", "mac", "nseq", "ocsp",
    "pkcs12", "pkcs7", "pkcs8", "pkey", "pkeyparam", "pkeyutl", "prime", "rehash", "rsa", "rsautl", "s_client",
    "s_server", "s_time", "sess_id", "smime", "speed", "spkac", "srp", "storeutl", "ts", "verify",
)  # fmt: skip


async def main(sys: Process, argv: list[str]) -> int:
    """openssl COMMAND."""
    command, words = argv[1] if len(argv) > 1 else "help", argv[2:]
    if command == "version":
        return await _version(sys, words)
    if command in ("dgst", *_digests.DIGESTS):
        return await _digests.digest(sys, command, words)
    if command in ("enc", "base64"):
        return await _digests.encode(sys, command, words)
    simple = {
        "rand": _digests.rand, "passwd": _digests.passwd, "req": _certificates.request, "x509": _certificates.show,
        "genrsa": _certificates.generate_key,
    }  # fmt: skip
    if command in simple:
        return await simple[command](sys, words)
    if command in REAL_COMMANDS:
        sys.unsimulated(f"openssl {command}")
        await sys.stderr.write(f"openssl: the command {command} is not simulated\n")
        return 1
    await sys.stderr.write(f"Invalid command '{command}'; type \"help\" for a list.\n")
    return 1


async def _version(sys: Process, words: list[str]) -> int:
    given = await read_arguments(sys, "version", words, "a v d", "")
    if sys.program.version >= (3,):
        banner = "OpenSSL 3.0.19 27 Jan 2026 (Library: OpenSSL 3.0.19 27 Jan 2026)"
    else:
        banner = "OpenSSL 0.9.8g 19 Oct 2007"
    if not given.flags or {"a", "v"} & {*given.flags}:
        await sys.stdout.print(banner)
    if {"a", "d"} & {*given.flags}:
        await sys.stdout.print('OPENSSLDIR: "/usr/lib/ssl"')
    return 0
