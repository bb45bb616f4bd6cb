"""The journal: what was written is read; a cut or changed byte is noticed; a replay is the same world."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillab.lessons.errors import MaillabError
from maillab.lessons.journal import Entry, Header, Journal, JournalWriter, parse_journal
from maillab.lessons.lab import BudgetExceeded, Lab, replay
from maillab.lessons.worldfile import WorldSpec

TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
ENTRIES = st.lists(
    st.one_of(
        st.builds(lambda text: ("julien/0", "type", text), TEXT),
        st.builds(lambda rows: ("julien/0", "resize", [rows, 80]), st.integers(1, 100)),
        st.just(("", "time", 0)),
    ),
    max_size=8,
)


def journal(entries: list[tuple[str, str, object]]) -> Journal:
    return Journal(Header("x/y", 7), [Entry(n * 1000, *entry) for n, entry in enumerate(entries)])


@given(ENTRIES)
def test_what_is_written_is_read(entries: list[tuple[str, str, object]]) -> None:
    whole = journal(entries)
    read, damage = parse_journal(whole.text().encode("ascii"), "j")
    assert damage is None
    assert read == whole


@given(ENTRIES, st.data())
def test_a_journal_cut_anywhere_is_a_beginning_or_an_error(entries: list[tuple[str, str, object]], data: st.DataObject) -> None:
    whole = journal(entries)
    text = whole.text().encode("ascii")
    cut = data.draw(st.integers(0, len(text) - 1))
    try:
        read, damage = parse_journal(text[:cut], "j")
    except MaillabError:
        return
    assert read.entries == whole.entries[: len(read.entries)]
    assert damage is not None or text[:cut].endswith(b"\n")


@given(ENTRIES, st.data())
def test_a_changed_byte_is_noticed(entries: list[tuple[str, str, object]], data: st.DataObject) -> None:
    text = bytearray(journal(entries).text().encode("ascii"))
    where = data.draw(st.integers(0, len(text) - 2))
    text[where] ^= data.draw(st.integers(1, 255))
    try:
        damage = parse_journal(bytes(text), "j")[1]
    except MaillabError:
        return
    assert damage is not None


@given(st.binary(max_size=200))
def test_bytes_that_are_no_journal_are_an_error(data: bytes) -> None:
    with pytest.raises(MaillabError):
        parse_journal(data, "j")


def typed() -> Lab:
    lab = Lab(WorldSpec().with_default_host())
    for line in ("mkdir d\r", "echo $RANDOM > d/f; date >> d/f\r", "sleep 3; cat d/f | tr 0-9 a-j > d/g &\r"):
        lab.type("julien/0", line.encode())
        lab.run(2.5)
    lab.resize("julien/0", 40, 100)
    lab.open("julien")
    lab.type("julien/1", b"tty > d/tty\r")
    lab.run(1)
    lab.mark_time()
    return lab


def test_a_replay_is_the_same_world() -> None:
    lab = typed()
    assert replay(lab.spec, lab.journal).session.world.digest() == lab.session.world.digest()
    assert lab.replica().session.world.digest() == lab.session.world.digest()


def test_undo_takes_back_the_last_line() -> None:
    lab = typed()
    back = lab.undo(1)
    sys = back.session.world.hosts["julien"].kernel_process
    assert sys.exists("/root/d/g") or sys.exists("/root/d/f")
    assert not sys.exists("/root/d/tty")
    assert not lab.undo(4).session.world.hosts["julien"].kernel_process.exists("/root/d")


def test_a_writer_keeps_every_input(tmp_path: Path) -> None:
    lab = Lab(WorldSpec().with_default_host())
    writer = JournalWriter(tmp_path / "j", lab.journal)
    lab.written = writer.add
    lab.type("julien/0", b"ls\r")
    assert parse_journal((tmp_path / "j").read_bytes(), "j") == (lab.journal, None)
    writer.close()


def test_a_runaway_journal_meets_its_budget() -> None:
    lab = Lab(WorldSpec().with_default_host())
    lab.type("julien/0", b"while :; do :; done\r")
    lab.run(0.1)
    entries = [*lab.journal.entries, Entry(3_600_000_000, "julien/0", "type", "\x03")]
    with pytest.raises(BudgetExceeded):
        replay(lab.spec, Journal(lab.journal.header, entries), budget=20_000)


settings.register_profile("quick", max_examples=60, deadline=None, derandomize=True)
settings.load_profile("quick")
