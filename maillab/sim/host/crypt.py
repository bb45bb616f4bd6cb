"""crypt(3): password hashes as /etc/shadow holds them.

`$6$`, `$5$` and `$1$` are the real SHA-crypt and MD5-crypt (libpass). `$y$` has the form of yescrypt and a digest of the
lab's own (PBKDF2): hashes made in the lab are verified, hashes from elsewhere are not.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, Final

from maillab.sim.kernel.chance import Stream

ALPHABET: Final = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_YESCRYPT_PARAMETERS: Final = "j9T"
_ROUNDS: Final = 300


def salt(random: Stream, length: int) -> str:
    """A salt from a stream of chance."""
    return "".join(random.choice(ALPHABET) for _ in range(length))


def hash_password(password: str, method: str, random: Stream) -> str:
    """The hash of a password by a method of login.defs: YESCRYPT, SHA512, SHA256 or MD5. Raises ValueError for another one."""
    if method == "YESCRYPT":
        setting = f"$y${_YESCRYPT_PARAMETERS}${salt(random, 22)}"
        return f"{setting}${_digest(password, setting)}"
    prefix, length = {"SHA512": ("6", 16), "SHA256": ("5", 16), "MD5": ("1", 8)}[method]
    return crypt(password, f"${prefix}${salt(random, length)}")


def verify(password: str, hashed: str) -> bool:
    """Whether a password has this hash. An empty hash is the empty password; what is locked (`!`, `*`) fits nothing."""
    if not hashed:
        return not password
    try:
        return hmac.compare_digest(crypt(password, hashed), hashed)
    except ValueError:
        return False


def crypt(password: str, setting: str) -> str:
    """crypt(3): the hash of a password with the method and salt of a setting (or of a whole hash). Raises ValueError."""
    if setting.startswith("$y$"):
        head = "$".join(setting.split("$")[:4])
        return f"{head}${_digest(password, head)}"
    schemes = {"$6$": "sha512_crypt", "$5$": "sha256_crypt", "$1$": "md5_crypt"}
    if setting[:3] not in schemes:
        raise ValueError(f"unknown method in {setting[:4]!r}")
    from passlib import hash as schemes_of_passlib

    scheme: Any = getattr(schemes_of_passlib, schemes[setting[:3]])
    parts = setting.split("$")
    options: dict[str, Any] = {"salt": parts[2]}
    if setting[:3] != "$1$":
        options["rounds"] = 5000
        if parts[2].startswith("rounds="):
            options = {"salt": parts[3], "rounds": int(parts[2][7:])}
    return str(scheme.using(**options).hash(password))


def _digest(password: str, setting: str) -> str:
    raw = hashlib.pbkdf2_hmac("sha256", password.encode("utf-8", "surrogateescape"), setting.encode(), _ROUNDS)
    number = int.from_bytes(raw, "big")
    return "".join(ALPHABET[number >> 6 * place & 63] for place in range(43))
