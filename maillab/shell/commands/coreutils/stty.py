r"""stty - change and print terminal line settings

Usage: stty [-F DEVICE | --file=DEVICE] [SETTING]...
  or:  stty [-F DEVICE | --file=DEVICE] [-a|--all]
  or:  stty [-F DEVICE | --file=DEVICE] [-g|--save]
Print or change terminal characteristics.

Mandatory arguments to long options are mandatory for short options too.
  -a, --all          print all current settings in human-readable form
  -g, --save         print all current settings in a stty-readable form
  -F, --file=DEVICE  open and use the specified DEVICE instead of stdin
      --help        display this help and exit
      --version     output version information and exit

Optional - before SETTING indicates negation.  An * marks non-POSIX
settings.  The underlying system defines which settings are available.

Special characters:
 * discard CHAR  CHAR will toggle discarding of output
   eof CHAR      CHAR will send an end of file (terminate the input)
   eol CHAR      CHAR will end the line
 * eol2 CHAR     alternate CHAR for ending the line
   erase CHAR    CHAR will erase the last character typed
   intr CHAR     CHAR will send an interrupt signal
   kill CHAR     CHAR will erase the current line
 * lnext CHAR    CHAR will enter the next character quoted
   quit CHAR     CHAR will send a quit signal
 * rprnt CHAR    CHAR will redraw the current line
   start CHAR    CHAR will restart the output after stopping it
   stop CHAR     CHAR will stop the output
   susp CHAR     CHAR will send a terminal stop signal
 * swtch CHAR    CHAR will switch to a different shell layer
 * werase CHAR   CHAR will erase the last word typed

Special settings:
   N             set the input and output speeds to N bauds
 * cols N        tell the kernel that the terminal has N columns
 * columns N     same as cols N
 * [-]drain      wait for transmission before applying settings (on by default)
   ispeed N      set the input speed to N
 * line N        use line discipline N
   min N         with -icanon, set N characters minimum for a completed read
   ospeed N      set the output speed to N
 * rows N        tell the kernel that the terminal has N rows
 * size          print the number of rows and columns according to the kernel
   speed         print the terminal speed
   time N        with -icanon, set read timeout of N tenths of a second

Control settings:
   [-]clocal     disable modem control signals
   [-]cread      allow input to be received
 * [-]crtscts    enable RTS/CTS handshaking
   csN           set character size to N bits, N in [5..8]
   [-]cstopb     use two stop bits per character (one with '-')
   [-]hup        send a hangup signal when the last process closes the tty
   [-]hupcl      same as [-]hup
   [-]parenb     generate parity bit in output and expect parity bit in input
   [-]parodd     set odd parity (or even parity with '-')
 * [-]cmspar     use "stick" (mark/space) parity

Input settings:
   [-]brkint     breaks cause an interrupt signal
   [-]icrnl      translate carriage return to newline
   [-]ignbrk     ignore break characters
   [-]igncr      ignore carriage return
   [-]ignpar     ignore characters with parity errors
 * [-]imaxbel    beep and do not flush a full input buffer on a character
   [-]inlcr      translate newline to carriage return
   [-]inpck      enable input parity checking
   [-]istrip     clear high (8th) bit of input characters
 * [-]iutf8      assume input characters are UTF-8 encoded
 * [-]iuclc      translate uppercase characters to lowercase
 * [-]ixany      let any character restart output, not only start character
   [-]ixoff      enable sending of start/stop characters
   [-]ixon       enable XON/XOFF flow control
   [-]parmrk     mark parity errors (with a 255-0-character sequence)
   [-]tandem     same as [-]ixoff

Output settings:
 * bsN           backspace delay style, N in [0..1]
 * crN           carriage return delay style, N in [0..3]
 * ffN           form feed delay style, N in [0..1]
 * nlN           newline delay style, N in [0..1]
 * [-]ocrnl      translate carriage return to newline
 * [-]ofdel      use delete characters for fill instead of NUL characters
 * [-]ofill      use fill (padding) characters instead of timing for delays
 * [-]olcuc      translate lowercase characters to uppercase
 * [-]onlcr      translate newline to carriage return-newline
 * [-]onlret     newline performs a carriage return
 * [-]onocr      do not print carriage returns in the first column
   [-]opost      postprocess output
 * tabN          horizontal tab delay style, N in [0..3]
 * tabs          same as tab0
 * -tabs         same as tab3
 * vtN           vertical tab delay style, N in [0..1]

Local settings:
   [-]crterase   echo erase characters as backspace-space-backspace
 * crtkill       kill all line by obeying the echoprt and echoe settings
 * -crtkill      kill all line by obeying the echoctl and echok settings
 * [-]ctlecho    echo control characters in hat notation ('^c')
   [-]echo       echo input characters
 * [-]echoctl    same as [-]ctlecho
   [-]echoe      same as [-]crterase
   [-]echok      echo a newline after a kill character
 * [-]echoke     same as [-]crtkill
   [-]echonl     echo newline even if not echoing other characters
 * [-]echoprt    echo erased characters backward, between '\' and '/'
 * [-]extproc    enable "LINEMODE"; useful with high latency links
 * [-]flusho     discard output
   [-]icanon     enable special characters: erase, kill, werase, rprnt
   [-]iexten     enable non-POSIX special characters
   [-]isig       enable interrupt, quit, and suspend special characters
   [-]noflsh     disable flushing after interrupt and quit special characters
 * [-]prterase   same as [-]echoprt
 * [-]tostop     stop background jobs that try to write to the terminal
 * [-]xcase      with icanon, escape with '\' for uppercase characters

Combination settings:
 * [-]LCASE      same as [-]lcase
   cbreak        same as -icanon
   -cbreak       same as icanon
   cooked        same as brkint ignpar istrip icrnl ixon opost isig
                 icanon, eof and eol characters to their default values
   -cooked       same as raw
   crt           same as echoe echoctl echoke
   dec           same as echoe echoctl echoke -ixany intr ^c erase 0177
                 kill ^u
 * [-]decctlq    same as [-]ixany
   ek            erase and kill characters to their default values
   evenp         same as parenb -parodd cs7
   -evenp        same as -parenb cs8
 * [-]lcase      same as xcase iuclc olcuc
   litout        same as -parenb -istrip -opost cs8
   -litout       same as parenb istrip opost cs7
   nl            same as -icrnl -onlcr
   -nl           same as icrnl -inlcr -igncr onlcr -ocrnl -onlret
   oddp          same as parenb parodd cs7
   -oddp         same as -parenb cs8
   [-]parity     same as [-]evenp
   pass8         same as -parenb -istrip cs8
   -pass8        same as parenb istrip cs7
   raw           same as -ignbrk -brkint -ignpar -parmrk -inpck -istrip
                 -inlcr -igncr -icrnl -ixon -ixoff -icanon -opost
                 -isig -iuclc -ixany -imaxbel -xcase min 1 time 0
   -raw          same as cooked
   sane          same as cread -ignbrk brkint -inlcr -igncr icrnl
                 icanon iexten echo echoe echok -echonl -noflsh
                 -ixoff -iutf8 -iuclc -ixany imaxbel -xcase -olcuc -ocrnl
                 opost -ofill onlcr -onocr -onlret nl0 cr0 tab0 bs0 vt0 ff0
                 isig -tostop -ofdel -echoprt echoctl echoke -extproc -flusho,
                 all special characters to their default values

Handle the tty line connected to standard input.  Without arguments,
prints baud rate, line discipline, and deviations from stty sane.  In
settings, CHAR is taken literally, or coded as in ^c, 0x37, 0177 or
127; special values ^- or undef used to disable special characters.

BUGS
    What the simulated terminals do not have (speed, parity, flow control, delays) is shown with its usual value; changing it is refused.
    Saved settings (-g) hold only what the terminals have.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import TRY_HELP, Given, gnu
from maillab.sim.host.errno import SysError
from maillab.sim.host.tty import Termios

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/bin/stty"}
AUTHORS = "David MacKenzie"
OPTIONS = gnu("-a,--all -g,--save -F,--file=")
CHARACTERS = (
    "intr", "quit", "erase", "kill", "eof", "eol", "eol2", "swtch", "start", "stop", "susp", "rprnt", "werase", "lnext", "discard",
)  # fmt: skip
MODES = (
    ("-parenb", "-parodd", "-cmspar", "cs8", "-hupcl", "-cstopb", "cread", "-clocal", "-crtscts"),
    (
        "-ignbrk", "-brkint", "-ignpar", "-parmrk", "-inpck", "-istrip", "-inlcr", "-igncr", "icrnl", "ixon", "-ixoff", "-iuclc", "-ixany",
        "-imaxbel", "-iutf8",
    ),
    (
        "opost", "-olcuc", "-ocrnl", "onlcr", "-onocr", "-onlret", "-ofill", "-ofdel", "nl0", "cr0", "tab0", "bs0", "vt0", "ff0",
    ),
    (
        "isig", "icanon", "iexten", "echo", "echoe", "echok", "-echonl", "-noflsh", "-xcase", "-tostop", "-echoprt", "echoctl", "echoke",
        "-flusho", "-extproc",
    ),
)  # fmt: skip
FLAGS = tuple(entry.name for entry in fields(Termios) if entry.name != "cc")
ALIASES = {"crterase": "echoe", "ctlecho": "echoctl"}
SANE = Termios()
COMBINATIONS = ("sane", "raw", "cooked", "cbreak", "nl", "ek")


async def main(sys: Process, argv: list[str]) -> int:
    words, settings = _split(argv)
    command = Command(sys, words, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    if given.has("all") and given.has("save"):
        await command.die("the options for verbose and stty-readable output styles are\nmutually exclusive")
    if given.has("all", "save") and settings:
        await command.die("when specifying an output style, modes may not be set")
    name = given.last("file")
    fd = 0
    try:
        if name is not None:
            fd = sys.open(name, "r+n")
        termios = sys.tcgetattr(fd)
    except SysError as error:
        await command.die(command.odd(name or "standard input") if name else command.file("standard input"), error)
    if not settings:
        await _show(command, given, fd, termios)
        return 0
    await _apply(command, fd, termios, settings)
    return command.status


def _split(argv: list[str]) -> tuple[list[str], list[str]]:
    """Options and settings of a command line, where `-echo` is a setting."""
    options, settings = [argv[0]], []
    rest = argv[1:]
    while rest:
        word = rest.pop(0)
        if word in ("-a", "-g", "-ag", "-ga", "--all", "--save", "--help", "--version") or word.startswith(("--file=", "--")):
            options.append(word)
        elif word.startswith("-F"):
            options += [word] + ([rest.pop(0)] if word == "-F" and rest else [])
        else:
            settings.append(word)
    return options, settings


def visible(byte: int) -> str:
    """A control character as stty shows it."""
    if byte == 0:
        return "<undef>"
    meta, byte = ("M-", byte - 128) if byte >= 128 else ("", byte)
    return meta + ("^?" if byte == 127 else f"^{chr(byte + 64)}" if byte < 32 else chr(byte))


def _value(mode: str, termios: Termios) -> str:
    """A mode as it stands now."""
    name = mode.removeprefix("-")
    if name not in FLAGS:
        return mode
    return name if getattr(termios, name) else f"-{name}"


async def _show(command: Command, given: Given, fd: int, termios: Termios) -> None:
    out = command.sys.stdout
    if given.has("save"):
        bits = sum(bool(getattr(termios, name)) << at for at, name in enumerate(FLAGS))
        await out.print(":".join(f"{number:x}" for number in (bits, *(termios.cc[name] for name in sorted(termios.cc)))))
        return
    if not given.has("all"):
        await _show_changes(command, termios)
        return
    rows, columns = command.sys.winsize(fd)
    parts = [f"{name} = {visible(termios.cc.get(name, 0))};" for name in CHARACTERS]
    parts += [f"{name} = {termios.cc[name]};" for name in ("min", "time")]
    await _wrap(command, [f"speed 38400 baud; rows {rows}; columns {columns}; line = 0;"])
    await _wrap(command, parts)
    for group in MODES:
        await _wrap(command, [_value(mode, termios) for mode in group])


async def _show_changes(command: Command, termios: Termios) -> None:
    await command.sys.stdout.print("speed 38400 baud; line = 0;")
    changed = [f"{name} = {visible(termios.cc.get(name, 0))};" for name in CHARACTERS if termios.cc.get(name, 0) != SANE.cc.get(name, 0)]
    if changed:
        await _wrap(command, changed)
    for group in (("-brkint", "-imaxbel"), *MODES):
        different = [_value(mode, termios) for mode in group if _value(mode, termios) != mode or len(group) == 2]
        if different:
            await _wrap(command, different)


async def _wrap(command: Command, words: list[str]) -> None:
    """Words filled into lines of the terminal's width."""
    width = command.sys.winsize(1)[1] if command.sys.isatty(1) else 0
    line = ""
    for word in words:
        if line and len(line) + 1 + len(word) >= (width or 80):
            await command.sys.stdout.print(line)
            line = ""
        line += f" {word}" if line else word
    await command.sys.stdout.print(line)


async def _apply(command: Command, fd: int, termios: Termios, settings: list[str]) -> None:
    """Carry out the settings, one after the other."""
    sys = command.sys
    rest = list(settings)
    while rest:
        word = rest.pop(0)
        name = ALIASES.get(word.removeprefix("-"), word.removeprefix("-"))
        if name in FLAGS:
            setattr(termios, name, not word.startswith("-"))
        elif name in COMBINATIONS:
            termios = _combination(termios, name, word.startswith("-"))
        elif word == "size":
            await sys.stdout.print(*sys.winsize(fd))
        elif word in ("rows", "cols", "columns", "min", "time") or word in CHARACTERS:
            if not rest:
                await command.usage(f"missing argument to {command.q(word)}")
            await _number_or_key(command, fd, termios, word, rest.pop(0))
        elif word == "speed":
            await sys.stdout.print("38400")
        elif not _restore(termios, word):
            await _unknown(command, word)
    sys.tcsetattr(fd, termios)


async def _unknown(command: Command, word: str) -> None:
    known = any(word.removeprefix("-") == mode.removeprefix("-") for group in MODES for mode in group)
    if known or word.isdigit():
        await command.die(f"{command.q(word)} is not simulated")
    await command.note(f"invalid argument {command.q(word)}")
    await command.sys.stderr.write(TRY_HELP.replace("{prog}", command.program))
    command.sys.exit(1)


def _combination(termios: Termios, name: str, off: bool) -> Termios:
    if name == "sane" or (name == "raw" and off) or (name == "cooked" and not off):
        return Termios() if name == "sane" else _cooked(termios)
    if name in ("raw", "cooked"):
        return termios.raw()
    if name == "cbreak":
        termios.icanon = off
    elif name == "nl":
        termios.icrnl = termios.onlcr = off
    else:
        termios.cc["erase"], termios.cc["kill"] = SANE.cc["erase"], SANE.cc["kill"]
    return termios


def _cooked(termios: Termios) -> Termios:
    termios.icanon = termios.isig = termios.icrnl = termios.ixon = termios.opost = True
    return termios


async def _number_or_key(command: Command, fd: int, termios: Termios, name: str, text: str) -> None:
    if name in CHARACTERS:
        termios.cc[name] = _key(text)
        return
    if not text.isdigit():
        await command.usage(f"invalid integer argument: {command.q(text)}")
    if name in ("min", "time"):
        termios.cc[name] = int(text)
        return
    rows, columns = command.sys.winsize(fd)
    command.sys.set_winsize(fd, *((int(text), columns) if name == "rows" else (rows, int(text))))


def _key(text: str) -> int:
    """`^C`, `^?`, `undef`, `^-`, a character or a number."""
    if text in ("^-", "undef"):
        return 0
    if text.startswith("^") and len(text) > 1:
        return 127 if text[1] == "?" else ord(text[1].upper()) & 31
    return ord(text) if len(text) == 1 else int(text, 0) if text[:1].isdigit() else ord(text[:1] or "\0")


def _restore(termios: Termios, text: str) -> bool:
    """Settings that -g printed; False when it is no such text."""
    try:
        numbers = [int(part, 16) for part in text.split(":")]
    except ValueError:
        return False
    if len(numbers) != len(termios.cc) + 1:
        return False
    for at, name in enumerate(FLAGS):
        setattr(termios, name, bool(numbers[0] >> at & 1))
    termios.cc.update(zip(sorted(termios.cc), numbers[1:], strict=True))
    return True
