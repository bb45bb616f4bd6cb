"""Berkeley DB files: sizes as postmap's, and what is written can be read."""

from __future__ import annotations

import base64
import shutil
import subprocess
import zlib
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.sim.postfix.lib import btree_db, hash_db


def users(count: int) -> dict[bytes, bytes]:
    return {b"user%d\0" % number: b"ok\0" for number in range(count)}


@pytest.mark.parametrize(("count", "size"), [(0, 12288), (3, 12288), (300, 12288), (500, 24576), (1000, 49152), (10000, 331776)])
def test_a_hash_file_grows_as_the_real_one(count: int, size: int) -> None:
    data = hash_db.write(users(count))
    assert len(data) == size
    assert hash_db.read(data) == users(count)


@pytest.mark.parametrize(("count", "size"), [(0, 8192), (50, 8192), (300, 16384)])
def test_a_btree_file_grows_as_the_real_one(count: int, size: int) -> None:
    data = btree_db.write(users(count))
    assert len(data) == size
    assert btree_db.read(data) == users(count)


@given(st.dictionaries(st.binary(min_size=1, max_size=40), st.binary(max_size=3000), max_size=40))
def test_what_is_written_is_read(entries: dict[bytes, bytes]) -> None:
    assert hash_db.read(hash_db.write(entries)) == entries
    assert list(btree_db.read(btree_db.write(entries)).items()) == sorted(entries.items())


def test_the_check_word_of_the_hash_function() -> None:
    assert hash_db.hash_bytes(hash_db.CHARKEY) == 0x5E688DD1


@pytest.mark.skipif(shutil.which("db5.3_verify") is None, reason="needs the Berkeley DB tools")
@pytest.mark.parametrize("module", [hash_db, btree_db])
def test_the_real_tools_accept_the_files(module: object, tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    path.write_bytes(module.write(users(3000) | {b"big\0": b"x" * 9000}))  # type: ignore[attr-defined]
    subprocess.run(["db5.3_verify", str(path)], check=True)


def test_another_kind_of_file_is_refused() -> None:
    with pytest.raises(hash_db.DbError):
        hash_db.read(btree_db.write(users(3)))
    with pytest.raises(hash_db.DbError):
        btree_db.read(b"text")


REAL = {
    "hash_db": (
        "eNrt2TsKwlAQheFzRUSLkIDYZwHiGlyEtRJMxPggEBPBRVjbuBmXoJ2V4BIEWzEaEAkp7Ezxf3DhMHCnnxlJMsp5nYZar+Bkr5nXavqN+erz/pf1OG6nw2Id"
        "AAAAAAD8R3FGr+tky7rZF/tsZwkAAAAAAFRvmp+li2Alk0RJJLP00jgcB103jvwgS3MZ31tv+kmYhL1J/Jn/C3d+R1Yeyu7/o6srPaTD/j7Ytct3COL+DwAA"
        "AABAZTwBi24etg=="
    ),
    "btree_db": (
        "eNrt180JwkAQhuFvxQg5yIo2kAJEsAMrsAajWSH+EIiJYA22YDmxC0+eLcCTmBC96EUPenofWGaYmS3gkySj2nToya+aTvn8evbcfaLxqMGX/wAAAAAAwO+Zl7ze"
        "VGGNd7KFvdqLfb+fnMuEf5P27jg+9Mj/AAAAAAD8Q1dmHeZpPHP9IE0iV3bLat6WicLtbpTFWTyYp2rJLPKV21Q7TyZLskR3buIaBA=="
    ),
}  # fmt: skip
"""Files of postmap 3.7.11 (Berkeley DB 5.3) with the two entries below, compressed, the 20 octets of the file's identity zeroed."""


@pytest.mark.parametrize("module", [hash_db, btree_db])
def test_files_of_the_real_postmap(module: ModuleType) -> None:
    real = zlib.decompress(base64.b64decode(REAL[module.__name__.rpartition(".")[2]]))
    entries = {b"toto\0": b"jules\0", b"davy@titi.fr\0": b"maurice, roderick\0"}
    assert module.read(real) == entries
    ours = module.write(entries)
    assert len(ours) == len(real)
    assert ours[:52] == real[:52]
    assert ours[72:512] == real[72:512]
