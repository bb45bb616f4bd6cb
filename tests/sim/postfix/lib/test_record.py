"""Records: what is written is read back; a real queue file is understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.sim.postfix.lib import record


@given(st.lists(st.tuples(st.sampled_from("CTASRONMXE"), st.binary(max_size=400))))
def test_records_survive_the_file(rows: list[tuple[str, bytes]]) -> None:
    data = b"".join(record.encode(kind, value) for kind, value in rows)
    assert list(record.RecordReader(data)) == rows


def test_long_lengths_use_groups_of_seven_bits() -> None:
    assert record.encode("N", b"x" * 200)[:3] == b"N\xc8\x01"


@given(st.binary(max_size=60).filter(lambda line: b"\n" not in line), st.integers(2, 20))
def test_long_lines_are_split_and_joined(line: bytes, limit: int) -> None:
    data = record.encode_line(line, limit) + record.encode("X")
    assert list(record.content_lines(record.RecordReader(data))) == [line]


def test_pointers_are_followed() -> None:
    target = record.encode("R", "a@b")
    jump = record.encode("p", record.pointer(17 + len(record.encode("w", b"gap"))))
    data = jump + record.encode("w", b"gap") + target
    assert list(record.RecordReader(data)) == [("R", b"a@b")]


def test_a_loop_of_pointers_is_malformed() -> None:
    data = record.encode("N", b"") + record.encode("p", record.pointer(2))
    reader = record.RecordReader(data)
    reader.get()
    with pytest.raises(record.MalformedRecord):
        reader.get()


@pytest.mark.parametrize("data", [b"N", b"N\x05abc", b"N\xff\xff\xff\xff\xff\xff"])
def test_cut_records_are_malformed(data: bytes) -> None:
    with pytest.raises(record.MalformedRecord):
        record.RecordReader(data).get()
