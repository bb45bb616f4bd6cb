"""df - report file system space usage

Usage: df [OPTION]... [FILE]...
Show information about the file system on which each FILE resides,
or all file systems by default.

Mandatory arguments to long options are mandatory for short options too.
  -a, --all             include pseudo, duplicate, inaccessible file systems
  -B, --block-size=SIZE  scale sizes by SIZE before printing them; e.g.,
                           '-BM' prints sizes in units of 1,048,576 bytes;
                           see SIZE format below
  -h, --human-readable  print sizes in powers of 1024 (e.g., 1023M)
  -H, --si              print sizes in powers of 1000 (e.g., 1.1G)
  -i, --inodes          list inode information instead of block usage
  -k                    like --block-size=1K
  -l, --local           limit listing to local file systems
      --no-sync         do not invoke sync before getting usage info (default)
      --output[=FIELD_LIST]  use the output format defined by FIELD_LIST,
                               or print all fields if FIELD_LIST is omitted.
  -P, --portability     use the POSIX output format
      --sync            invoke sync before getting usage info
      --total           elide all entries insignificant to available space,
                          and produce a grand total
  -t, --type=TYPE       limit listing to file systems of type TYPE
  -T, --print-type      print file system type
  -x, --exclude-type=TYPE   limit listing to file systems not of type TYPE
  -v                    (ignored)
      --help        display this help and exit
      --version     output version information and exit

Display values are in units of the first available SIZE from --block-size,
and the DF_BLOCK_SIZE, BLOCK_SIZE and BLOCKSIZE environment variables.
Otherwise, units default to 1024 bytes (or 512 if POSIXLY_CORRECT is set).

The SIZE argument is an integer and optional unit (example: 10K is 10*1024).
Units are K,M,G,T,P,E,Z,Y (powers of 1024) or KB,MB,... (powers of 1000).
Binary prefixes can be used, too: KiB=K, MiB=M, and so on.

FIELD_LIST is a comma-separated list of columns to be included.  Valid
field names are: 'source', 'fstype', 'itotal', 'iused', 'iavail', 'ipcent',
'size', 'used', 'avail', 'pcent', 'file' and 'target' (see info page).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import Given, UsageError, gnu
from maillab.shell.sizes import BlockSize, SizeError, parse_block_size
from maillab.sim.host.errno import SysError
from maillab.sim.host.stdio import decode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/df"}
AUTHORS = "Torbjorn Granlund, David MacKenzie, and Paul Eggert"
OPTIONS = gnu(
    "-a,--all -B,--block-size= -i,--inodes -h,--human-readable -H,--si -k -l,--local --output=? -P,--portability -T,--print-type --sync "
    "--no-sync --total -t,--type= -x,--exclude-type= -v"
)
INODE_BYTES = 16384
"""ext4 makes one inode for so many bytes."""
FIELDS = {
    "source": "Filesystem", "fstype": "Type", "itotal": "Inodes", "iused": "IUsed", "iavail": "IFree", "ipcent": "IUse%",
    "size": "", "used": "Used", "avail": "Avail", "pcent": "Use%", "file": "File", "target": "Mounted on",
}  # fmt: skip
LEFT = ("source", "fstype", "file", "target")


@dataclass
class Disk:
    """A mounted file system: sizes in bytes."""

    source: str
    kind: str
    target: str
    size: int
    used: int
    inodes_used: int
    file: str = "-"


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    fields = await _fields(command, given)
    blocks = await _blocks(command, given)
    disks = _mounted(sys)
    if given.operands:
        chosen = []
        for name in given.operands:
            try:
                sys.stat(name)
            except SysError as error:
                await command.complain(command.odd(name), error)
                continue
            disk = _disk_of(sys, disks, name)
            disk.file = name
            chosen.append(disk)
        disks = chosen
        if not disks:
            return command.status
    else:
        disks = [disk for disk in disks if disk.size or given.has("all")]
        types, excluded = given.values("type"), given.values("exclude-type")
        disks = [disk for disk in disks if (not types or disk.kind in types) and disk.kind not in excluded]
        if not disks:
            await command.die("no file systems processed")
    if given.has("total"):
        disks.append(Disk("total", "-", "-", sum(d.size for d in disks), sum(d.used for d in disks), sum(d.inodes_used for d in disks)))
    await _print(command, given, disks, fields, blocks)
    return command.status


def _mounted(sys: Process) -> list[Disk]:
    """What /proc/mounts lists."""
    try:
        lines = decode(sys.slurp("/proc/mounts")).splitlines()
    except SysError:
        lines = ["/dev/vda1 / ext4 rw 0 0"]
    disks = []
    for line in lines:
        source, target, kind = line.split(" ")[:3]
        try:
            size, used = sys.statvfs(target)
        except SysError:
            continue
        disks.append(Disk(source, kind, target, size, used, used // INODE_BYTES))
    return disks


def _disk_of(sys: Process, disks: list[Disk], name: str) -> Disk:
    """The file system that holds a file: the one mounted deepest above it."""
    path = sys.realpath(name)
    above = [disk for disk in disks if path == disk.target or path.startswith(disk.target.rstrip("/") + "/")]
    found = max(above, key=lambda disk: len(disk.target))
    return Disk(found.source, found.kind, found.target, found.size, found.used, found.inodes_used)


async def _fields(command: Command, given: Given) -> list[str]:
    if given.has("output"):
        for other in ("inodes", "portability", "print-type"):
            if given.has(other):
                letter = {"inodes": "i", "portability": "P", "print-type": "T"}[other]
                await command.usage(f"options -{letter} and --output are mutually exclusive")
        text = given.last("output")
        if text is None:
            return list(FIELDS)
        try:
            return [command.choice(word, "--output", {name: name for name in FIELDS}) for word in text.split(",")]
        except UsageError:
            bad = next(word for word in text.split(",") if word not in FIELDS)
            await command.usage(f"option --output: field {command.q(bad)} unknown")
    kind = ["fstype"] if given.has("print-type") else []
    if given.has("inodes"):
        return ["source", *kind, "itotal", "iused", "iavail", "ipcent", "target"]
    return ["source", *kind, "size", "used", "avail", "pcent", "target"]


async def _blocks(command: Command, given: Given) -> BlockSize:
    blocks = BlockSize(1024)
    for found in given.found:
        if found.name in ("human-readable", "si"):
            blocks = BlockSize(1, 1024 if found.name == "human-readable" else 1000)
        elif found.name == "k":
            blocks = BlockSize(1024)
        elif found.name == "block-size":
            try:
                blocks = parse_block_size(found.value or "")
            except SizeError as error:
                option = found.spelled if found.spelled.startswith("--") else "-B"
                what = "invalid suffix in " if error.kind == "suffix" else "invalid "
                await command.die(f"{what}{option} argument {command.q(found.value or '')}")
    return blocks


def _titles(given: Given, fields: list[str], blocks: BlockSize) -> list[str]:
    titles = dict(FIELDS)
    human = bool(blocks.base)
    unit = blocks.suffix or (f"{blocks.unit // 1024}K" if blocks.unit % 1024 == 0 else str(blocks.unit))
    titles["size"] = "Size" if human else f"{unit}-blocks" if not given.has("portability") else f"{blocks.unit}-blocks"
    if blocks.unit == 1 << 20 and not human:
        titles["size"] = "1M-blocks"
    if not human and not given.has("output"):
        titles["avail"] = "Available"
    if given.has("portability"):
        titles["pcent"] = "Capacity"
        titles["avail"] = "Available"
    return [titles[name] for name in fields]


def _value(disk: Disk, name: str, blocks: BlockSize) -> str:
    inodes = disk.size // INODE_BYTES
    free = max(0, disk.size - disk.used)

    def number(count: int) -> str:
        return blocks.show(count) if blocks.base else str(count)

    values = {
        "source": disk.source, "fstype": disk.kind, "target": disk.target, "file": disk.file, "size": blocks.show(disk.size),
        "used": blocks.show(disk.used), "avail": blocks.show(free), "pcent": _percent(disk.used, free), "itotal": number(inodes),
        "iused": number(disk.inodes_used), "iavail": number(inodes - disk.inodes_used),
        "ipcent": _percent(disk.inodes_used, inodes - disk.inodes_used),
    }  # fmt: skip
    return values[name]


def _percent(used: int, free: int) -> str:
    return f"{-(-used * 100 // (used + free))}%" if used + free else "-"


async def _print(command: Command, given: Given, disks: list[Disk], fields: list[str], blocks: BlockSize) -> None:
    rows = [_titles(given, fields, blocks)] + [[_value(disk, name, blocks) for name in fields] for disk in disks]
    least = {"source": 14, "size": 5, "used": 5, "avail": 5, "pcent": 4, "itotal": 5, "iused": 5, "iavail": 5, "ipcent": 4, "fstype": 4}
    widths = [max(least.get(name, 0), *(len(row[i]) for row in rows)) for i, name in enumerate(fields)]
    for row in rows:
        cells = []
        for i, (name, text) in enumerate(zip(fields, row, strict=True)):
            last = i == len(fields) - 1
            cells.append(text if last and name in LEFT else text.ljust(widths[i]) if name in LEFT else text.rjust(widths[i]))
        await command.sys.stdout.print(" ".join(cells))
