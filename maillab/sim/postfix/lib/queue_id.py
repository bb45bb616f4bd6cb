"""queue_id - names of queue files, short and long, and where they lie

A short name is the microsecond of the arrival in five hexadecimal digits and the inode number; it may come back as soon as
the file is gone. A long name (`enable_long_queue_ids`, from Postfix 2.9 on) is the second in base 52, the microsecond in four
digits of base 52, a `z`, and the inode number in base 51; it never comes back. Observed: Postfix 3.7.11.
"""

from __future__ import annotations

BASE52 = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"
BASE51 = BASE52[:-1]
SEPARATOR = "z"
SECONDS_DIGITS = 6
MICROSECONDS_DIGITS = 4
MILLION = 1_000_000

QUEUES = ("maildrop", "hold", "incoming", "active", "deferred", "corrupt")
"""Where messages lie."""
LOGS = ("bounce", "defer", "trace")
"""Where the notes on their recipients lie, under the same names."""


def _encode(number: int, digits: str, width: int = 1) -> str:
    base, out = len(digits), ""
    while number:
        number, rest = divmod(number, base)
        out = digits[rest] + out
    return out.rjust(width, digits[0])


def short_id(us: int, inode: int) -> str:
    """The short name of a file with this inode number made at this time (microseconds since 1970)."""
    return f"{us % MILLION:05X}{inode:X}"


def long_id(us: int, inode: int) -> str:
    """The long name of a file with this inode number made at this time."""
    seconds, rest = divmod(us, MILLION)
    return (_encode(seconds, BASE52, SECONDS_DIGITS) + _encode(rest, BASE52, MICROSECONDS_DIGITS)
            + SEPARATOR + _encode(inode, BASE51))


def is_long(name: str) -> bool:
    """Whether a name has the form of a long one."""
    return name.rfind(SEPARATOR) >= SECONDS_DIGITS + MICROSECONDS_DIGITS


def inode_text(name: str) -> str:
    """The part of a name that stands for the inode number, as short_id writes it."""
    if not is_long(name):
        return name[5:]
    number = 0
    for digit in name[name.rfind(SEPARATOR) + 1:]:
        number = number * 51 + BASE51.find(digit)
    return f"{number:X}"


def valid_id(name: str) -> bool:
    """Whether a string may name a queue file (letters, digits and `_`, at most 100)."""
    return bool(name) and len(name) <= 100 and name.isascii() and name.replace("_", "a").isalnum()


def microseconds_text(name: str) -> str:
    """The microsecond of a name as five hexadecimal digits: the letters that hashed directories are made of."""
    if not is_long(name):
        return name
    at = name.rfind(SEPARATOR)
    number = 0
    for digit in name[at - MICROSECONDS_DIGITS:at]:
        number = number * 52 + BASE52.find(digit)
    return f"{number:05X}"


def queue_path(queue: str, name: str, hashed: bool, depth: int = 1) -> str:
    """The path of a file, relative to the queue directory: `deferred/A/A12B3` when its queue is hashed."""
    if not hashed:
        return f"{queue}/{name}"
    letters = microseconds_text(name)
    folders = "".join((letters[level] if level < len(letters) else "_") + "/" for level in range(depth))
    return f"{queue}/{folders}{name}"
