"""DNS messages: the wire format of RFC 1035 (names, questions, resource records), with AAAA (RFC 3596), SRV (RFC 2782),
CAA (RFC 8659) and the EDNS option record (RFC 6891).

Pure text and bytes. Names are `str` without the final dot ("." is the root); record data is presentation text, names in it
without the final dot too: `10 mail.ploplo.fr`, `192.0.2.10`, `"v=spf1 -all"`. A record of an unknown type has the text of RFC 3597.
"""
from __future__ import annotations

import struct
from dataclasses import dataclass, field
from functools import lru_cache

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "WKS": 11, "PTR": 12, "HINFO": 13, "MINFO": 14, "MX": 15, "TXT": 16, "RP": 17, "AFSDB": 18,
         "SIG": 24, "KEY": 25, "AAAA": 28, "LOC": 29, "NXT": 30, "SRV": 33, "NAPTR": 35, "CERT": 37, "DNAME": 39, "OPT": 41, "DS": 43,
         "SSHFP": 44, "IPSECKEY": 45, "RRSIG": 46, "NSEC": 47, "DNSKEY": 48, "NSEC3": 50, "NSEC3PARAM": 51, "TLSA": 52, "SMIMEA": 53,
         "CDS": 59, "CDNSKEY": 60, "OPENPGPKEY": 61, "CSYNC": 62, "SVCB": 64, "HTTPS": 65, "SPF": 99, "TKEY": 249, "TSIG": 250,
         "IXFR": 251, "AXFR": 252, "MAILB": 253, "MAILA": 254, "ANY": 255, "URI": 256, "CAA": 257}
TYPE_NAMES = {number: name for name, number in TYPES.items()}
CLASSES = {"IN": 1, "CH": 3, "HS": 4, "ANY": 255}
CLASS_NAMES = {number: name for name, number in CLASSES.items()}
RCODES = ("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE")
NAME_ONLY = ("NS", "CNAME", "PTR", "DNAME")
MAX_POINTERS = 64


class MessageError(ValueError):
    """Bytes that are not a DNS message, or text that is not a name or record data."""


@dataclass(frozen=True, slots=True)
class Record:
    """One resource record. `ttl` in seconds, `data` in presentation form (see the module)."""

    name: str
    rrtype: str
    ttl: int
    data: str

    @property
    def preference(self) -> int:
        """The first number of MX and SRV data."""
        return int(self.data.split(" ", 1)[0])

    @property
    def target(self) -> str:
        """The name a record points to (MX, SRV, CNAME, NS, PTR), or the address."""
        return self.data.rsplit(" ", 1)[-1]

    @property
    def texts(self) -> list[bytes]:
        """The strings of a TXT record."""
        return character_strings(self.data)


@dataclass(slots=True)
class Message:
    """A DNS message. `edns` is the sender's UDP payload size, 0 without an OPT record; `size` is the length on the wire."""

    ident: int = 0
    response: bool = False
    opcode: int = 0
    aa: bool = False
    tc: bool = False
    rd: bool = True
    ra: bool = False
    rcode: int = 0
    qname: str = ""
    qtype: str = ""
    qclass: str = "IN"
    answer: list[Record] = field(default_factory=list)
    authority: list[Record] = field(default_factory=list)
    additional: list[Record] = field(default_factory=list)
    edns: int = 0
    ede: tuple[int, str] | None = None
    size: int = 0
    ad: bool = False

    @property
    def rcode_name(self) -> str:
        return RCODES[self.rcode] if self.rcode < len(RCODES) else f"RESERVED{self.rcode}"


def type_number(name: str) -> int | None:
    """The number of a record type; `TYPE257` works as in RFC 3597; None for an unknown word."""
    word = name.upper()
    if word in TYPES:
        return TYPES[word]
    if word.startswith("TYPE") and word[4:].isdigit() and int(word[4:]) < 65536:
        return int(word[4:])
    return None


def type_name(number: int) -> str:
    return TYPE_NAMES.get(number) or f"TYPE{number}"


def split_labels(name: str) -> list[bytes]:
    """The labels of a name in presentation form (backslash escapes `\\.` and `\\DDD`); MessageError when it is malformed."""
    return list(_split(name))


@lru_cache(maxsize=1024)
def _split(name: str) -> tuple[bytes, ...]:
    if name in ("", "."):
        return ()
    labels: list[bytes] = []
    label = bytearray()
    text = name[:-1] if name.endswith(".") and not name.endswith("\\.") else name
    i = 0
    while i < len(text):
        ch = text[i]
        if ch == "\\" and text[i + 1:i + 4].isdigit() and len(text) >= i + 4:
            label.append(min(int(text[i + 1:i + 4]), 255))
            i += 4
        elif ch == "\\" and i + 1 < len(text):
            label += text[i + 1].encode("utf-8", "surrogateescape")
            i += 2
        elif ch == ".":
            labels.append(bytes(label))
            label.clear()
            i += 1
        else:
            label += ch.encode("utf-8", "surrogateescape")
            i += 1
    labels.append(bytes(label))
    if any(not part or len(part) > 63 for part in labels) or sum(len(part) + 1 for part in labels) > 254:
        raise MessageError(f"bad name: {name}")
    return tuple(labels)


def join_labels(labels: list[bytes]) -> str:
    """Labels as presentation text: special characters and bytes outside ASCII are escaped (RFC 1035, 5.1)."""
    if not labels:
        return "."
    return ".".join(["".join([_ESCAPED[byte] for byte in label]) for label in labels])


def _escape(byte: int) -> str:
    char = chr(byte)
    if char in '."\\();@$':
        return "\\" + char
    return char if 0x21 <= byte < 0x7f else f"\\{byte:03d}"


_ESCAPED = [_escape(byte) for byte in range(256)]


def canonical(name: str) -> str:
    """A name as two names are compared: lower case, escapes undone and redone, no final dot."""
    return join_labels(split_labels(name)).lower()


def character_strings(data: str) -> list[bytes]:
    """The strings of TXT presentation data: quoted or bare words, with backslash escapes."""
    out: list[bytes] = []
    word: bytearray | None = None
    quoted = False
    i = 0
    while i < len(data):
        ch = data[i]
        if ch == '"':
            quoted, word = not quoted, word if word is not None else bytearray()
        elif ch in " \t" and not quoted:
            if word is not None:
                out.append(bytes(word))
            word = None
        else:
            word = word if word is not None else bytearray()
            if ch == "\\" and data[i + 1:i + 4].isdigit():
                word.append(min(int(data[i + 1:i + 4]), 255))
                i += 3
            elif ch == "\\" and i + 1 < len(data):
                i += 1
                word += data[i].encode("utf-8", "surrogateescape")
            else:
                word += ch.encode("utf-8", "surrogateescape")
        i += 1
    if word is not None:
        out.append(bytes(word))
    return out


def quote_string(text: bytes) -> str:
    """One TXT string in quotes."""
    return '"' + "".join("\\" + chr(b) if chr(b) in '"\\' else chr(b) if 0x20 <= b < 0x7f else f"\\{b:03d}" for b in text) + '"'


class _Writer:
    """Builds a message, with name compression."""

    def __init__(self, compress_data: bool) -> None:
        self.out = bytearray()
        self.known: dict[str, int] = {}
        self.compress_data = compress_data

    def name(self, name: str, compress: bool = True) -> None:
        labels = split_labels(name)
        for i in range(len(labels)):
            suffix = join_labels(labels[i:]).lower()
            if compress and suffix in self.known:
                self.out += struct.pack("!H", 0xC000 | self.known[suffix])
                return
            if len(self.out) < 0x4000:
                self.known.setdefault(suffix, len(self.out))
            self.out += bytes([len(labels[i])]) + labels[i]
        self.out.append(0)

    def record(self, record: Record, qclass: int = 1) -> None:
        number = type_number(record.rrtype)
        if number is None:
            raise MessageError(f"unknown record type: {record.rrtype}")
        self.name(record.name)
        self.out += struct.pack("!HHI", number, qclass, record.ttl)
        at = len(self.out)
        self.out += b"\0\0"
        self.data(record.rrtype, record.data)
        struct.pack_into("!H", self.out, at, len(self.out) - at - 2)

    def data(self, rrtype: str, data: str) -> None:
        words = data.split()
        if data.startswith("\\#"):
            self.out += bytes.fromhex("".join(words[2:]))
        elif rrtype == "A":
            self.out += pack_ipv4(data)
        elif rrtype == "AAAA":
            self.out += pack_ipv6(data)
        elif rrtype in NAME_ONLY:
            self.name(data, self.compress_data)
        elif rrtype == "MX":
            self.out += struct.pack("!H", int(words[0]))
            self.name(words[1], self.compress_data)
        elif rrtype == "SRV":
            self.out += struct.pack("!HHH", *map(int, words[:3]))
            self.name(words[3], compress=False)
        elif rrtype == "SOA":
            self.name(words[0])
            self.name(words[1])
            self.out += struct.pack("!IIIII", *map(int, words[2:7]))
        elif rrtype in ("TXT", "SPF", "HINFO"):
            for text in character_strings(data):
                self.out += bytes([min(len(text), 255)]) + text[:255]
        elif rrtype == "CAA":
            tag, value = words[1].encode(), character_strings(data)[-1]
            self.out += bytes([int(words[0]), len(tag)]) + tag + value
        else:
            raise MessageError(f"no wire format for {rrtype} {data}")


def encode(message: Message, *, compress_data: bool = True) -> bytes:
    """The message on the wire; `compress_data`: also shorten names inside record data. MessageError for a name that cannot be."""
    flags = (message.response << 15 | message.opcode << 11 | message.aa << 10 | message.tc << 9 | message.rd << 8
             | message.ra << 7 | message.ad << 5 | message.rcode & 15)
    writer = _Writer(compress_data)
    extra = 1 if message.edns else 0
    writer.out += struct.pack("!HHHHHH", message.ident, flags, 1 if message.qtype else 0, len(message.answer),
                              len(message.authority), len(message.additional) + extra)
    if message.qtype:
        writer.name(message.qname)
        writer.out += struct.pack("!HH", type_number(message.qtype) or 0, CLASSES.get(message.qclass, 1))
    for record in (*message.answer, *message.authority, *message.additional):
        writer.record(record, CLASSES.get(message.qclass, 1) if message.qclass != "ANY" else 1)
    if message.edns:
        option = b"" if message.ede is None else struct.pack("!HHH", 15, 2 + len(message.ede[1]), message.ede[0]) + message.ede[1].encode()
        writer.out += struct.pack("!BHHIH", 0, 41, message.edns, message.rcode >> 4 << 24, len(option)) + option
    return bytes(writer.out)


def decode(wire: bytes) -> Message:
    """Parse a message; MessageError when the bytes are not one."""
    try:
        return _decode(wire)
    except (struct.error, IndexError, ValueError) as error:
        raise MessageError(str(error)) from error


def _decode(wire: bytes) -> Message:
    ident, flags, questions, answers, authorities, additionals = struct.unpack_from("!HHHHHH", wire)
    message = Message(ident=ident, response=bool(flags & 0x8000), opcode=flags >> 11 & 15, aa=bool(flags & 0x400), tc=bool(flags & 0x200),
                      rd=bool(flags & 0x100), ra=bool(flags & 0x80), ad=bool(flags & 0x20), rcode=flags & 15, size=len(wire))
    at = 12
    for _ in range(questions):
        message.qname, at = _read_name(wire, at)
        number, qclass = struct.unpack_from("!HH", wire, at)
        message.qtype, message.qclass = type_name(number), CLASS_NAMES.get(qclass, f"CLASS{qclass}")
        at += 4
    for section, count in ((message.answer, answers), (message.authority, authorities), (message.additional, additionals)):
        for _ in range(count):
            at = _read_record(wire, at, section, message)
    return message


def _read_record(wire: bytes, at: int, section: list[Record], message: Message) -> int:
    name, at = _read_name(wire, at)
    number, qclass, ttl, length = struct.unpack_from("!HHIH", wire, at)
    at += 10
    end = at + int(length)
    if end > len(wire):
        raise MessageError("record runs past the end")
    if number == 41:
        message.edns = qclass
        message.rcode |= ttl >> 24 << 4
        if length >= 6 and struct.unpack_from("!H", wire, at)[0] == 15:
            size, code = int.from_bytes(wire[at + 2:at + 4], "big"), int.from_bytes(wire[at + 4:at + 6], "big")
            message.ede = (code, wire[at + 6:at + 4 + size].decode("utf-8", "replace"))
    else:
        rrtype = type_name(number)
        section.append(Record(name, rrtype, ttl, _read_data(wire, at, end, rrtype)))
    return end


def _read_data(wire: bytes, at: int, end: int, rrtype: str) -> str:
    raw = wire[at:end]
    if rrtype == "A" and len(raw) == 4:
        return unpack_ipv4(raw)
    if rrtype == "AAAA" and len(raw) == 16:
        return unpack_ipv6(raw)
    if rrtype in NAME_ONLY:
        return _read_name(wire, at)[0]
    if rrtype == "MX":
        return f"{struct.unpack_from('!H', wire, at)[0]} {_read_name(wire, at + 2)[0]}"
    if rrtype == "SRV":
        return " ".join(map(str, struct.unpack_from("!HHH", wire, at))) + " " + _read_name(wire, at + 6)[0]
    if rrtype == "SOA":
        primary, at = _read_name(wire, at)
        mailbox, at = _read_name(wire, at)
        return f"{primary} {mailbox} " + " ".join(map(str, struct.unpack_from("!IIIII", wire, at)))
    if rrtype in ("TXT", "SPF", "HINFO"):
        return " ".join(quote_string(text) for text in _read_strings(raw))
    if rrtype == "CAA":
        return f"{raw[0]} {raw[2:2 + raw[1]].decode('ascii', 'replace')} {quote_string(raw[2 + raw[1]:])}"
    return f"\\# {len(raw)} {raw.hex().upper()}".rstrip()


def _read_strings(raw: bytes) -> list[bytes]:
    out, at = [], 0
    while at < len(raw):
        out.append(raw[at + 1:at + 1 + raw[at]])
        at += 1 + raw[at]
    return out


def _read_name(wire: bytes, at: int) -> tuple[str, int]:
    labels: list[bytes] = []
    after = -1
    for _ in range(MAX_POINTERS * 2):
        length = wire[at]
        if length & 0xC0 == 0xC0:
            after = at + 2 if after < 0 else after
            at = (length & 0x3F) << 8 | wire[at + 1]
        elif length == 0:
            return join_labels(labels), after if after >= 0 else at + 1
        else:
            labels.append(wire[at + 1:at + 1 + length])
            at += 1 + length
    raise MessageError("name with a loop")


def pack_ipv4(text: str) -> bytes:
    """Four bytes of a dotted quad; MessageError otherwise."""
    parts = text.split(".")
    if len(parts) != 4 or not all(part.isascii() and part.isdigit() and len(part) <= 3 and int(part) < 256 for part in parts):
        raise MessageError(f"bad IPv4 address: {text}")
    return bytes(map(int, parts))


def pack_ipv6(text: str) -> bytes:
    """Sixteen bytes of an IPv6 address; MessageError otherwise."""
    import ipaddress

    try:
        return ipaddress.IPv6Address(text.split("%")[0]).packed
    except ValueError as error:
        raise MessageError(f"bad IPv6 address: {text}") from error


def unpack_ipv4(raw: bytes) -> str:
    return ".".join(map(str, raw))


def unpack_ipv6(raw: bytes) -> str:
    import ipaddress

    return str(ipaddress.IPv6Address(raw))


def reverse_name(ip: str) -> str:
    """The name under in-addr.arpa or ip6.arpa that holds the PTR record of an address."""
    if ":" not in ip:
        return ".".join(reversed(ip.split("."))) + ".in-addr.arpa"
    return ".".join(reversed(pack_ipv6(ip).hex())) + ".ip6.arpa"
