"""openssl dgst, enc -base64, rand and passwd: digests, encodings, chance and password hashes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING

from maillab.shell.commands.openssl._arguments import Arguments, read_arguments, read_input, refuse, write_output
from maillab.sim.host.crypt import ALPHABET, crypt, salt
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

DIGESTS = {
    "md5": "MD5", "sha1": "SHA1", "sha224": "SHA2-224", "sha256": "SHA2-256", "sha384": "SHA2-384", "sha512": "SHA2-512",
    "sha3-224": "SHA3-224", "sha3-256": "SHA3-256", "sha3-384": "SHA3-384", "sha3-512": "SHA3-512", "blake2b512": "BLAKE2B-512",
    "blake2s256": "BLAKE2S-256",
}  # fmt: skip
"""Command name -> the name shown before a digest."""
_PYTHON = {"blake2b512": "blake2b", "blake2s256": "blake2s"}
LINE = 48


def _new(name: str, data: bytes) -> bytes:
    return hashlib.new(_PYTHON.get(name, name.replace("sha3-", "sha3_")), data).digest()


async def digest(sys: Process, command: str, words: list[str]) -> int:
    """openssl dgst [-md5|-sha256...] [-r] [-c] [-hex] [-binary] [-hmac KEY] [-out FILE] [FILE]..., openssl md5..."""
    given = await read_arguments(
        sys, command, words, "r c hex binary list " + " ".join(DIGESTS), "hmac out", "Unknown option or message digest: "
    )
    chosen = next((name for name in reversed(given.flags) if name in DIGESTS), command if command in DIGESTS else "sha256")
    plain = command == "dgst" and chosen == "sha256" and "sha256" not in given.flags
    label = "SHA256" if plain else DIGESTS[chosen]
    status = 0
    output = bytearray()
    for name in given.words or ["-"]:
        try:
            data = await read_input(sys, None) if name == "-" else sys.slurp(name)
        except SysError as error:
            await sys.stderr.write(f"{name}: {error}\n")
            status = 1
            continue
        output += _shown(given, chosen, label, name, data)
    await write_output(sys, given.values.get("out"), bytes(output))
    return status


def _shown(given: Arguments, chosen: str, label: str, name: str, data: bytes) -> bytes:
    """One line: the digest of a file as the options want it."""
    key = given.values.get("hmac")
    if key is None:
        raw = _new(chosen, data)
    else:
        raw = hmac.new(key.encode(), data, _PYTHON.get(chosen, chosen.replace("sha3-", "sha3_"))).digest()
        label = f"HMAC-{label}"
    if "binary" in given.flags:
        return raw
    text = raw.hex(":") if "c" in given.flags else raw.hex()
    shown = "stdin" if name == "-" else name
    return (f"{text} *{shown}\n" if "r" in given.flags else f"{label}({shown})= {text}\n").encode()


async def encode(sys: Process, command: str, words: list[str]) -> int:
    """openssl enc -base64, openssl base64: [-d] [-A] [-in FILE] [-out FILE]."""
    given = await read_arguments(sys, command, words, "base64 a d e A", "in out", "Unknown cipher: ")
    if command == "enc" and not {"base64", "a"} & {*given.flags}:
        sys.unsimulated("openssl enc: ciphers")
        await refuse(sys, command, "ciphers are not simulated, only -base64")
    data = await read_input(sys, given.values.get("in"))
    output = _decoded(data, one_line="A" in given.flags) if "d" in given.flags else _encoded(data, one_line="A" in given.flags)
    await write_output(sys, given.values.get("out"), output)
    return 0


def _encoded(data: bytes, *, one_line: bool) -> bytes:
    if one_line:
        return base64.b64encode(data)
    return b"".join(base64.b64encode(data[place : place + LINE]) + b"\n" for place in range(0, len(data), LINE))


def _decoded(data: bytes, *, one_line: bool) -> bytes:
    """What is not complete base64 gives nothing; with -A newlines are no part of the text."""
    text = data.rstrip(b"\n") if one_line else b"".join(data.split())
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""


async def rand(sys: Process, words: list[str]) -> int:
    """openssl rand [-hex|-base64] [-out FILE] N."""
    given = await read_arguments(sys, "rand", words, "hex base64", "out")
    if len(given.words) != 1:
        await refuse(sys, "rand", "Extra arguments given." if given.words else "Missing argument: num")
    if not given.words[0].isdigit():
        await refuse(sys, "rand", f'Can\'t parse "{given.words[0]}" as a number')
    data = bytes(sys.random.randrange(256) for _ in range(int(given.words[0])))
    kind = next(reversed(given.flags), "")
    shown = data.hex().encode() + b"\n" if kind == "hex" else _encoded(data, one_line=False) if kind == "base64" else data
    await write_output(sys, given.values.get("out"), shown)
    return 0


async def passwd(sys: Process, words: list[str]) -> int:
    """openssl passwd [-1|-5|-6|-apr1] [-salt SALT] [-stdin|-in FILE|PASSWORD...] [-table [-reverse]]."""
    given = await read_arguments(sys, "passwd", words, "1 5 6 apr1 stdin table reverse quiet noverify", "salt in")
    method = next((flag for flag in reversed(given.flags) if flag in ("1", "5", "6", "apr1")), "1")
    passwords = given.words
    if "stdin" in given.flags or "in" in given.values:
        text = (await read_input(sys, given.values.get("in"))).decode("utf-8", "surrogateescape")
        passwords = text.splitlines()
    elif not passwords:
        sys.unsimulated("openssl passwd: asking for the password")
        await refuse(sys, "passwd", "give the password as an argument or with -stdin: asking for it is not simulated")
    for password in passwords:
        grains = given.values.get("salt") or salt(sys.random, 8 if method in ("1", "apr1") else 16)
        hashed = _hashed(password, method, grains)
        if "table" not in given.flags:
            await sys.stdout.print(hashed)
        elif "reverse" in given.flags:
            await sys.stdout.print(f"{hashed}\t{password}")
        else:
            await sys.stdout.print(f"{password}\t{hashed}")
    return 0


def _hashed(password: str, method: str, grains: str) -> str:
    if method != "apr1":
        return crypt(password, f"${method}${grains[: 8 if method == '1' else 16]}")
    from passlib.hash import apr_md5_crypt

    grains = "".join(c for c in grains[:8] if c in ALPHABET)
    return str(apr_md5_crypt.using(salt=grains).hash(password))
