"""openssl req -x509, x509, genrsa: certificates of the lab.

A certificate of the lab is a PEM file whose content is text: who, from when, until when. It stands where a real one would
stand, and says that it is none; nobody outside the lab accepts it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import textwrap
from typing import TYPE_CHECKING

from maillab.shell.commands.openssl._arguments import read_arguments, read_input, refuse, write_output
from maillab.sim.kernel.calendar import strftime

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

MARK = "Certificate of the maillab simulation, no X.509 certificate"
DAY = 86_400_000_000
_DATE = "%b %e %H:%M:%S %Y GMT"


def pem(label: str, data: bytes) -> bytes:
    """A PEM block (RFC 7468)."""
    lines = textwrap.wrap(base64.b64encode(data).decode(), 64)
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""]).encode()


def unpem(text: bytes, label: str) -> bytes | None:
    """The content of the first block with this label."""
    _, begin, rest = text.partition(f"-----BEGIN {label}-----".encode())
    body, end, _ = rest.partition(f"-----END {label}-----".encode())
    try:
        return base64.b64decode(body) if begin and end else None
    except binascii.Error:
        return None


def subject_name(text: str) -> str:
    """`/C=FR/CN=mail.ploplo.fr` as openssl shows it: `C = FR, CN = mail.ploplo.fr`."""
    return ", ".join(" = ".join(part.split("=", 1)) for part in text.strip("/").split("/"))


async def request(sys: Process, words: list[str]) -> int:
    """openssl req -new -x509 -nodes -subj SUBJECT -days N -out FILE -keyout FILE."""
    given = await read_arguments(sys, "req", words, "new x509 nodes noenc batch", "newkey subj days out keyout key config addext")
    if "x509" not in given.flags:
        sys.unsimulated("openssl req: certificate requests")
        await refuse(sys, "req", "only self-signed certificates (-x509) are made in the lab")
    if "subj" not in given.values:
        await refuse(sys, "req", "asking for the subject is not simulated: give -subj /CN=NAME")
    if not {"nodes", "noenc"} & {*given.flags} and "key" not in given.values:
        await refuse(sys, "req", "keys with a passphrase are not simulated: give -nodes")
    sys.unsimulated("openssl: the certificate is a text of the lab")
    if "key" not in given.values:
        await write_output(sys, given.values.get("keyout", "privkey.pem"), _key(sys), 0o600)
        await sys.stderr.write("-----\n")
    days = given.values.get("days", "30")
    if not days.isdigit():
        await refuse(sys, "req", f'Can\'t parse "{days}" as a number')
    name = subject_name(given.values["subj"])
    start = sys.clock()
    serial = "".join(sys.random.choice("0123456789ABCDEF") for _ in range(40))
    lines = [
        MARK, f"subject={name}", f"issuer={name}", f"notBefore={strftime(_DATE, start)}",
        f"notAfter={strftime(_DATE, start + int(days) * DAY)}", f"serial={serial}",
    ]  # fmt: skip
    await write_output(sys, given.values.get("out"), pem("CERTIFICATE", "\n".join(lines).encode()))
    return 0


def _key(sys: Process) -> bytes:
    text = "Private key of the maillab simulation, no RSA key\n" + "".join(sys.random.choice("0123456789abcdef") for _ in range(64))
    return pem("PRIVATE KEY", text.encode())


async def generate_key(sys: Process, words: list[str]) -> int:
    """openssl genrsa [-out FILE] [BITS]."""
    given = await read_arguments(sys, "genrsa", words, "traditional", "out")
    sys.unsimulated("openssl: the key is a text of the lab")
    await write_output(sys, given.values.get("out"), _key(sys), 0o600)
    return 0


async def show(sys: Process, words: list[str]) -> int:
    """openssl x509 -in FILE [-noout] [-subject] [-issuer] [-dates] [-startdate] [-enddate] [-serial] [-fingerprint]."""
    given = await read_arguments(sys, "x509", words, "noout subject issuer dates startdate enddate serial fingerprint sha256 sha1 text", "in out")
    data = await read_input(sys, given.values.get("in"))
    body = unpem(data, "CERTIFICATE")
    if body is None or not body.startswith(MARK.encode()):
        source = given.values.get("in") or "<stdin>"
        await sys.stderr.write(f"Could not read certificate from {source}\nUnable to load certificate\n")
        return 1
    facts = dict(line.split("=", 1) for line in body.decode().split("\n")[1:])
    if "text" in given.flags:
        sys.unsimulated("openssl x509 -text")
        await refuse(sys, "x509", "-text is not simulated")
    shown = {"subject": ["subject"], "issuer": ["issuer"], "dates": ["notBefore", "notAfter"], "startdate": ["notBefore"],
             "enddate": ["notAfter"], "serial": ["serial"]}  # fmt: skip
    for flag in given.flags:
        for key in shown.get(flag, []):
            await sys.stdout.print(f"{key}={facts[key]}")
        if flag == "fingerprint":
            kind = "sha256" if "sha256" in given.flags else "sha1"
            await sys.stdout.print(f"{kind} Fingerprint={hashlib.new(kind, body).hexdigest().upper()}")
    if "noout" not in given.flags:
        await write_output(sys, given.values.get("out"), data)
    return 0
