"""Berkeley DB files: sizes as postmap's, and what is written can be read."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

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
