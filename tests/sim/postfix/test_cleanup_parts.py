"""Pure parts of cleanup: records from a buffer, folding of headers, MIME structure."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from maillab.sim.postfix._cleanup.content import fold
from maillab.sim.postfix._cleanup.header_table import split_header
from maillab.sim.postfix._cleanup.message import records
from maillab.sim.postfix._cleanup.mime import BODY, PART, MimeState
from maillab.sim.postfix.lib import record


@given(st.lists(st.binary(max_size=300), max_size=5), st.integers(0, 40))
def test_records_wait_for_the_rest(values: list[bytes], missing: int) -> None:
    whole = b"".join(record.encode(record.NORMAL, value) for value in values)
    found, at = records(whole[: len(whole) - missing] if missing else whole, 0)
    rest, end = records(whole, at)
    assert [data for _, data in found + rest] == values and end == len(whole)


def test_fold() -> None:
    long = ",\n".join(f"very.long.address.number.{word}@example.com" for word in ("one", "two"))
    assert fold("To: " + long).count("\n\t") == 1
    assert fold("To: a@b,\nc@d") == "To: a@b, c@d"


def test_header() -> None:
    assert split_header(b"Sujet : bonjour") == (b"Sujet", b" bonjour")
    assert split_header(b"Bonjour jules, je n'ai pas") is None


def test_mime_parts() -> None:
    mime = MimeState()
    mime.content_type(b" multipart/mixed; boundary=xx")
    mime.end_of_headers()
    assert mime.where == BODY
    assert mime.body_line(b"--xx") and mime.where == PART
    mime.end_of_headers()
    assert mime.body_line(b"--xx--") and mime.where == BODY
