"""Queue files: names, paths, envelope and content."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from maillab.sim.postfix.lib import queue_file, queue_id, record


def sample() -> bytes:
    """A queue file as cleanup of Postfix 3.7.11 writes it."""
    content = record.encode("N", "Subject: hi") + record.encode("N", "") + record.encode("N", "hello")
    envelope = b"".join((
        record.encode("T", "1795376038 984682"), record.encode("A", "create_time=1795376038"),
        record.encode("A", "rewrite_context=local"), record.encode("F", "root"), record.encode("S", "toto@x.fr"),
        record.encode("A", "notify_flags=14"), record.encode("A", "dsn_orig_rcpt=rfc822;nobody@foo.fr"),
        record.encode("O", "nobody"), record.encode("R", "nobody@foo.fr"), record.encode("D", "done@foo.fr"),
        record.encode("R", "bar@foo.fr"), record.encode("M")))
    size = len(record.encode("C", queue_file.size_data(0, 0, 0)))
    head = record.encode("C", queue_file.size_data(18, size + len(envelope), 2, 0, len(content)))
    return head + envelope + content + record.encode("X") + record.encode("E")


def test_envelope() -> None:
    message = queue_file.parse(sample())
    assert message.complete
    assert (message.sender, message.fullname, message.arrival) == ("toto@x.fr", "root", 1795376038984682)
    assert message.attribute("rewrite_context") == "local"
    first, second = message.recipients
    assert (first.address, first.original, first.dsn_original, first.notify) == (
        "nobody@foo.fr", "nobody", "rfc822;nobody@foo.fr", 14)
    assert (second.address, second.original, second.notify) == ("bar@foo.fr", "", 0)
    assert sample()[first.offset:first.offset + 1] == b"R"


def test_content() -> None:
    data = sample()
    assert queue_file.content(data, queue_file.parse(data).data_offset) == b"Subject: hi\n\nhello\n"


def test_a_file_without_end_is_not_complete() -> None:
    assert not queue_file.parse(sample()[:-2]).complete


def test_size_record_width() -> None:
    assert len(record.encode("C", queue_file.size_data(285, 305, 2, 0, 285))) == 97


@given(st.integers(0, 2**42), st.integers(1, 2**32))
def test_names_hold_the_inode(us: int, inode: int) -> None:
    assert queue_id.inode_text(queue_id.short_id(us, inode)) == f"{inode:X}"
    long_name = queue_id.long_id(us + 10**15, inode)
    assert queue_id.is_long(long_name)
    assert queue_id.inode_text(long_name) == f"{inode:X}"
    assert queue_id.microseconds_text(long_name) == f"{us % 10**6:05X}"


def test_hashed_paths() -> None:
    assert queue_id.queue_path("deferred", "F25A54E", True) == "deferred/F/F25A54E"
    assert queue_id.queue_path("deferred", "F25A54E", True, 2) == "deferred/F/2/F25A54E"
    assert queue_id.queue_path("active", "F25A54E", False) == "active/F25A54E"
