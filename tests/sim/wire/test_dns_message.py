"""The wire format of DNS messages."""

from __future__ import annotations

import dns.message
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillab.sim.wire import dns_message
from maillab.sim.wire.dns_message import Message, MessageError, Record, decode, encode

LABEL = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_", min_size=1, max_size=12)
NAME = st.lists(LABEL, min_size=1, max_size=5).map(".".join)
OCTETS = st.tuples(*[st.integers(0, 255)] * 4).map(lambda parts: ".".join(map(str, parts)))
TEXTS = st.lists(st.binary(max_size=40), min_size=1, max_size=3).map(lambda t: " ".join(map(dns_message.quote_string, t)))
RECORD = st.one_of(
    st.tuples(st.just("A"), OCTETS),
    st.tuples(st.just("MX"), st.tuples(st.integers(0, 65535), NAME).map(lambda pair: f"{pair[0]} {pair[1]}")),
    st.tuples(st.sampled_from(["CNAME", "NS", "PTR"]), NAME),
    st.tuples(st.just("TXT"), TEXTS),
    st.tuples(st.just("SRV"), NAME.map(lambda name: f"1 2 25 {name}")),
    st.tuples(st.just("AAAA"), st.sampled_from(["::1", "2001:db8::1", "fe80::"])),
)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(name=NAME, records=st.lists(st.tuples(NAME, RECORD), max_size=6), compress=st.booleans())
def test_what_is_encoded_is_decoded(name: str, records: list[tuple[str, tuple[str, str]]], compress: bool) -> None:
    answer = [Record(owner, rrtype, 60, data) for owner, (rrtype, data) in records]
    message = Message(ident=7, response=True, aa=True, qname=name, qtype="MX", answer=answer, edns=1232)
    wire = encode(message, compress_data=compress)
    back = decode(wire)
    assert (back.qname, back.qtype, back.answer, back.aa, back.edns) == (name, "MX", answer, True, 1232)


def test_dnspython_reads_what_we_write() -> None:
    answer = [Record("ploplo.fr", "MX", 0, "10 mail.ploplo.fr"), Record("ploplo.fr", "TXT", 0, '"v=spf1 mx -all" "b"')]
    wire = encode(Message(ident=1, response=True, qname="ploplo.fr", qtype="ANY", answer=answer))
    texts = [rrset.to_text() for rrset in dns.message.from_wire(wire).answer]
    assert texts == ["ploplo.fr. 0 IN MX 10 mail.ploplo.fr.", 'ploplo.fr. 0 IN TXT "v=spf1 mx -all" "b"']


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.binary(max_size=60))
def test_bytes_that_are_no_message_are_refused(data: bytes) -> None:
    try:
        decode(data)
    except MessageError:
        pass


@pytest.mark.parametrize("name", ["a..b", ".a", "x" * 64, ".".join(["abcdefgh"] * 30)])
def test_names_that_cannot_be(name: str) -> None:
    with pytest.raises(MessageError):
        encode(Message(qname=name, qtype="A"))


def test_names_of_addresses() -> None:
    assert dns_message.reverse_name("192.0.2.10") == "10.2.0.192.in-addr.arpa"
    assert dns_message.reverse_name("::1").startswith("1.0.0.0.") and dns_message.reverse_name("::1").endswith(".ip6.arpa")
