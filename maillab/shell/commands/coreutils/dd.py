"""dd - convert and copy a file

Usage: dd [OPERAND]...
  or:  dd OPTION
Copy a file, converting and formatting according to the operands.

  bs=BYTES        read and write up to BYTES bytes at a time (default: 512);
                  overrides ibs and obs
  cbs=BYTES       convert BYTES bytes at a time
  conv=CONVS      convert the file as per the comma separated symbol list
  count=N         copy only N input blocks
  ibs=BYTES       read up to BYTES bytes at a time (default: 512)
  if=FILE         read from FILE instead of stdin
  iflag=FLAGS     read as per the comma separated symbol list
  obs=BYTES       write BYTES bytes at a time (default: 512)
  of=FILE         write to FILE instead of stdout
  oflag=FLAGS     write as per the comma separated symbol list
  seek=N          (or oseek=N) skip N obs-sized output blocks
  skip=N          (or iseek=N) skip N ibs-sized input blocks
  status=LEVEL    The LEVEL of information to print to stderr;
                  'none' suppresses everything but error messages,
                  'noxfer' suppresses the final transfer statistics,
                  'progress' shows periodic transfer statistics

N and BYTES may be followed by the following multiplicative suffixes:
c=1, w=2, b=512, kB=1000, K=1024, MB=1000*1000, M=1024*1024, xM=M,
GB=1000*1000*1000, G=1024*1024*1024, and so on for T, P, E, Z, Y.
Binary prefixes can be used, too: KiB=K, MiB=M, and so on.
If N ends in 'B', it counts bytes not blocks.

Each CONV symbol may be:

  ascii     from EBCDIC to ASCII
  ebcdic    from ASCII to EBCDIC
  ibm       from ASCII to alternate EBCDIC
  block     pad newline-terminated records with spaces to cbs-size
  unblock   replace trailing spaces in cbs-size records with newline
  lcase     change upper case to lower case
  ucase     change lower case to upper case
  sparse    try to seek rather than write all-NUL output blocks
  swab      swap every pair of input bytes
  sync      pad every input block with NULs to ibs-size; when used
            with block or unblock, pad with spaces rather than NULs
  excl      fail if the output file already exists
  nocreat   do not create the output file
  notrunc   do not truncate the output file
  noerror   continue after read errors
  fdatasync  physically write output file data before finishing
  fsync     likewise, but also write metadata

Each FLAG symbol may be:

  append    append mode (makes sense only for output; conv=notrunc suggested)
  direct    use direct I/O for data
  directory  fail unless a directory
  dsync     use synchronized I/O for data
  sync      likewise, but also for metadata
  fullblock  accumulate full blocks of input (iflag only)
  nonblock  use non-blocking I/O
  noatime   do not update access time
  nocache   Request to drop cache.  See also oflag=sync
  noctty    do not assign controlling terminal from file
  nofollow  do not follow symlinks

Sending a USR1 signal to a running 'dd' process makes it
print I/O statistics to standard error and then resume copying.

Options are:

      --help        display this help and exit
      --version     output version information and exit

BUGS
    Of the flags only append, excl, nocreat, notrunc, fullblock and the sync flags are simulated;
    conv=ebcdic, ascii, ibm and cbs= are refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command, open_waiting
from maillab.shell.options import gnu
from maillab.shell.sizes import SizeError, parse_size
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/dd"}
AUTHORS = "Paul Rubin, David MacKenzie, and Stuart Kemp"
OPTIONS = gnu("", permute=False)
NUMBERS = ("bs", "ibs", "obs", "count", "skip", "iseek", "seek", "oseek", "cbs")
CONVERSIONS = ("lcase", "ucase", "swab", "noerror", "notrunc", "sync", "sparse", "excl", "nocreat", "fdatasync", "fsync")
IGNORED_FLAGS = ("direct", "dsync", "sync", "nonblock", "noatime", "nocache", "noctty", "nofollow", "binary", "text", "cio", "nolinks")
FLAGS = ("append", "fullblock", "directory", "count_bytes", "skip_bytes", "seek_bytes", *IGNORED_FLAGS)
STATUS = ("none", "noxfer", "progress")


@dataclass
class Job:
    """What the operands ask for."""

    source: str | None = None
    target: str | None = None
    numbers: dict[str, int] = field(default_factory=dict)
    conversions: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    status: str = ""

    @property
    def read_size(self) -> int:
        """Bytes a read asks for."""
        return self.numbers.get("bs", self.numbers.get("ibs", 512))

    @property
    def write_size(self) -> int:
        """Bytes a write puts out."""
        return self.numbers.get("bs", self.numbers.get("obs", 512))


@dataclass
class Records:
    """Full and partial blocks in and out, and bytes."""

    read: list[int] = field(default_factory=lambda: [0, 0])
    written: list[int] = field(default_factory=lambda: [0, 0])
    copied: int = 0


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    job = await _job(command, given.operands)
    begun = sys.monotonic()
    await _open(command, job)
    records = Records()
    await _skip(command, job)
    await _copy(command, job, records)
    if job.status != "none":
        await _report(command, job, records, sys.monotonic() - begun)
    return command.status


async def _job(command: Command, words: list[str]) -> Job:
    job = Job()
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            await command.usage(f"unrecognized operand {command.q(word)}")
        if name == "if":
            job.source = value
        elif name == "of":
            job.target = value
        elif name in NUMBERS:
            job.numbers[{"iseek": "skip", "oseek": "seek"}.get(name, name)] = await _number(command, name, value)
        elif name == "conv":
            job.conversions += await _listed(command, value, CONVERSIONS, "conversion")
        elif name in ("iflag", "oflag"):
            job.flags += await _listed(command, value, FLAGS, "input flag" if name == "iflag" else "output flag")
        elif name == "status":
            job.status = (await _listed(command, value, STATUS, "status level"))[0]
        else:
            await command.usage(f"unrecognized operand {command.q(word)}")
    if "cbs" in job.numbers:
        await command.die("cbs= is not simulated")
    return job


async def _listed(command: Command, text: str, known: tuple[str, ...], what: str) -> list[str]:
    for word in text.split(","):
        if word in ("ascii", "ebcdic", "ibm", "block", "unblock"):
            await command.die(f"conv={word} is not simulated")
        if word not in known:
            await command.usage(f"invalid {what}: {command.q(word)}")
    return text.split(",")


async def _number(command: Command, name: str, text: str) -> int:
    """`1k`, `2x512`; block sizes must not be zero."""
    product = 1
    for part in text.split("x"):
        try:
            product *= parse_size(part, "bcEGkKMPTwYZ")
        except SizeError:
            await command.die(f"invalid number: {command.q(text)}")
    if not product and name in ("bs", "ibs", "obs"):
        await command.die(f"invalid number: {command.q(text)}")
    return product


async def _open(command: Command, job: Job) -> None:
    """Let stdin and stdout be the files."""
    sys = command.sys
    if job.source is not None:
        try:
            fd = await open_waiting(sys, job.source)
        except SysError as error:
            await command.die(f"failed to open {command.file(job.source)}", error)
        sys.dup2(fd, 0)
        sys.close(fd)
    if job.target is None:
        return
    flags = "x" if "excl" in job.conversions else "r+" if "nocreat" in job.conversions else "a" if "append" in job.flags else "c"
    try:
        fd = await open_waiting(sys, job.target, flags)
        if "notrunc" not in job.conversions and "append" not in job.flags and sys.fstat(fd).kind == "-":
            sys.ftruncate(fd, job.numbers.get("seek", 0) * job.write_size)
    except SysError as error:
        await command.die(f"failed to open {command.file(job.target)}", error)
    sys.dup2(fd, 1)
    sys.close(fd)


async def _skip(command: Command, job: Job) -> None:
    sys = command.sys
    skip = job.numbers.get("skip", 0) * (1 if "skip_bytes" in job.flags else job.read_size)
    if skip and sys.fstat(0).kind == "-":
        if skip > sys.fstat(0).size:
            await command.note(f"{command.file(job.source or 'standard input')}: cannot skip to specified offset")
        sys.lseek(0, skip, 1)
    while skip and sys.fstat(0).kind != "-":
        data = await sys.read(0, min(skip, 65536))
        skip = skip - len(data) if data else 0
    seek = job.numbers.get("seek", 0) * (1 if "seek_bytes" in job.flags else job.write_size)
    if seek:
        try:
            sys.lseek(1, seek, 1)
        except SysError:
            await command.die(f"{command.file(job.target or 'standard output')}: cannot seek", SysError("ESPIPE"))


async def _read(command: Command, job: Job, size: int) -> bytes | None:
    """One input block; None after a read error."""
    data = b""
    try:
        while len(data) < size:
            part = await command.sys.read(0, size - len(data))
            data += part
            if not part or "fullblock" not in job.flags:
                break
    except SysError as error:
        await command.complain(f"error reading {command.file(job.source or 'standard input')}", error)
        return None
    return data


async def _copy(command: Command, job: Job, records: Records) -> None:
    size, limit = job.read_size, job.numbers.get("count")
    by_bytes = "count_bytes" in job.flags
    pending = b""
    while limit is None or (records.copied + len(pending) if by_bytes else sum(records.read)) < limit:
        want = min(size, limit - records.copied - len(pending)) if by_bytes and limit is not None else size
        data = await _read(command, job, want)
        if not data:
            break
        records.read[len(data) < size] += 1
        pending += _converted(data, job, size)
        block = len(pending) if "bs" in job.numbers else job.write_size
        while pending and len(pending) >= block:
            await _write(command, job, pending[:block], records)
            pending = pending[block:]
    if pending:
        await _write(command, job, pending, records)


def _converted(data: bytes, job: Job, size: int) -> bytes:
    if "sync" in job.conversions:
        data = data.ljust(size, b"\0")
    if "swab" in job.conversions:
        even = len(data) & ~1
        swapped = bytearray(data)
        swapped[0:even:2], swapped[1:even:2] = data[1:even:2], data[0:even:2]
        data = bytes(swapped)
    if "lcase" in job.conversions:
        return data.lower()
    return data.upper() if "ucase" in job.conversions else data


async def _write(command: Command, job: Job, block: bytes, records: Records) -> None:
    try:
        done = await command.sys.write(1, block)
    except SysError as error:
        await command.complain(f"error writing {command.file(job.target or 'standard output')}", error)
        await _report(command, job, records, 0)
        command.sys.exit(1)
    records.written[done < job.write_size] += 1
    records.copied += done


async def _report(command: Command, job: Job, records: Records, microseconds: int) -> None:
    """The three lines at the end."""
    lines = [f"{full}+{partial} records {way}" for (full, partial), way in ((records.read, "in"), (records.written, "out"))]
    if job.status != "noxfer":
        size = records.copied
        seconds = max(microseconds, 1) / 1_000_000
        forms = [f"{decimal(size)}"] if size >= 1000 else []
        forms += [binary(size)] if size >= 1024 else []
        shown = f" ({', '.join(forms)})" if forms else ""
        rate = decimal(int(size / seconds))
        lines.append(f"{size} byte{'' if size == 1 else 's'}{shown} copied, {seconds:.6g} s, {rate}/s")
    await command.sys.stderr.write("\n".join(lines) + "\n")


def decimal(size: int) -> str:
    """`1.0 kB`, to the nearest."""
    return _unit(size, 1000, "B", ("", "k", "M", "G", "T"))


def binary(size: int) -> str:
    """`1.0 KiB`, to the nearest."""
    return _unit(size, 1024, "iB", ("", "K", "M", "G", "T"))


def _unit(size: int, base: int, tail: str, letters: tuple[str, ...]) -> str:
    power, value = 0, float(size)
    while value >= base and power < len(letters) - 1:
        power, value = power + 1, value / base
    number = f"{value:.1f}" if power and value < 9.95 else f"{value:.0f}"
    return f"{number} {letters[power]}{tail if power else 'B'}"
