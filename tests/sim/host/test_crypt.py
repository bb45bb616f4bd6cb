"""Password hashes."""

from __future__ import annotations

import pytest

from maillab.sim.host.crypt import crypt, hash_password, verify
from maillab.sim.kernel.chance import Stream


@pytest.mark.parametrize(("method", "prefix"), [("YESCRYPT", "$y$j9T$"), ("SHA512", "$6$"), ("SHA256", "$5$"), ("MD5", "$1$")])
def test_what_was_hashed_is_verified(method: str, prefix: str) -> None:
    hashed = hash_password("motdepasse", method, Stream(1, "test"))
    assert hashed.startswith(prefix)
    assert verify("motdepasse", hashed)
    assert not verify("autre", hashed)


def test_a_hash_of_glibc() -> None:
    hashed = "$6$abcdefgh$DjdB4byKTC5VeWAmpVo82xoJxxgtvTgIdrcVqk.zDQvIgQyxJpb.NyCIl7KNqtDSI7J7fd6cKaSS5j2anEhBz1"
    assert crypt("azerty12", "$6$abcdefgh") == hashed


def test_locked_and_empty() -> None:
    assert verify("", "")
    assert not verify("x", "")
    assert not verify("", "!")
    assert not verify("x", "*")
