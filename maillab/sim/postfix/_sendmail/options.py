"""The command line of sendmail(1): options in the classic order, with the complaints of getopt(3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from maillab.sim.mail.tok822 import addresses
from maillab.sim.postfix._smtpd.envelope import NOTIFY, RETURN
from maillab.sim.postfix.lib.msg import Msg

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

WITH_ARGUMENT = "ABCFLNORVXbefhmopqr"
FLAGS = "GITUcintvx"
EX_TEMPFAIL = 75
DELIVER, ENQUEUE_SMTP, VERIFY, NEWALIASES, MAILQ, DAEMON, FLUSH = "m", "s", "v", "i", "p", "d", "q"


@dataclass
class Options:
    """What was asked for."""

    mode: str = DELIVER
    sender: str | None = None
    fullname: str | None = None
    extract: bool = False
    dots_end: bool = True
    notify: int = 0
    envelope_id: str = ""
    return_flags: int = 0
    encoding: str = ""
    verbose: int = 0
    site: str = ""
    queue_id: str = ""
    operands: list[str] = field(default_factory=list)
    explicit_mode: bool = False
    filtered: bool = False


async def parse(sys: Process, log: Msg, argv: list[str]) -> Options:
    """Read the command line. Raises Fatal."""
    options = Options()
    if log.spoken == "mailq":
        options.mode = MAILQ
    elif log.spoken == "newaliases":
        options.mode = NEWALIASES
    pairs, complaints, options.operands = _getopt(log.spoken, argv[1:])
    for complaint in complaints * 2:
        await sys.stderr.write(complaint)
    if complaints:
        log.fatal(f"usage: {log.spoken} [options]")
    for letter, value in pairs:
        if letter == "C":
            directory = value.rpartition("/")[0] if value.endswith("/main.cf") else value
            sys.env["MAIL_CONFIG"] = directory
        else:
            _apply(log, options, letter, value)
    if options.extract and options.mode not in (DELIVER, VERIFY):
        log.fatal("-t can be used only in delivery mode")
    return options


def _getopt(program: str, words: list[str]) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """(options with their arguments, complaints, operands). `-q` may stand without argument; the first operand ends the options."""
    pairs: list[tuple[str, str]] = []
    complaints: list[str] = []
    words = list(words)
    while words and words[0].startswith("-") and words[0] != "-":
        word = words.pop(0)
        if word == "--":
            break
        at = 1
        while at < len(word):
            letter = word[at]
            at += 1
            if letter in FLAGS:
                pairs.append((letter, ""))
            elif letter not in WITH_ARGUMENT:
                complaints.append(f"{program}: invalid option -- '{letter}'\n")
                return pairs, complaints, words
            else:
                value, at = word[at:], len(word)
                if not value and letter == "q":
                    pairs.append(("q", ""))
                elif not value and not words:
                    complaints.append(f"{program}: option requires an argument -- '{letter}'\n")
                else:
                    pairs.append((letter, value or words.pop(0)))
    return pairs, complaints, words


def _apply(log: Msg, options: Options, letter: str, value: str) -> None:
    if letter in "fr":
        options.sender = _sender(log, value)
    elif letter == "F":
        options.fullname = value
    elif letter == "t":
        options.extract = True
    elif letter == "i":
        options.dots_end = False
    elif letter == "I":
        options.mode = NEWALIASES
    elif letter == "v":
        options.verbose += 1
    elif letter == "G":
        options.filtered = True
    elif letter == "b":
        _mode(log, options, value)
    elif letter == "q":
        _queue(options, value)
    elif letter == "o":
        _set(log, options, value)
    elif letter in "NRVB":
        _dsn(log, options, letter, value)
    elif letter == "X":
        log.fatal(f"unsupported: -X{value}")
    elif letter == "A" and value[:1] not in ("c", "m"):
        log.fatal(f"unsupported: -A{value}")


def _sender(log: Msg, value: str) -> str:
    found = addresses(value)
    if not value:
        return ""
    if len(found) != 1:
        log.warning(f"-f option specified malformed sender: {value}")
    return found[0] if found else ""


def _mode(log: Msg, options: Options, value: str) -> None:
    letter = value[:1]
    if letter in ("d", "l"):
        options.mode = DAEMON
    elif letter in (DELIVER, ENQUEUE_SMTP, VERIFY, NEWALIASES, MAILQ):
        options.mode = letter
    elif letter == "a":
        log.fatal("unsupported: -ba")
    elif letter == "h":
        log.fatal("unsupported: -bh")
    else:
        log.fatal(f"unsupported: -b{value}")


def _queue(options: Options, value: str) -> None:
    if value[:1].isdigit():
        return
    if value.startswith("R"):
        options.site = value[1:]
    elif value.startswith("I"):
        options.queue_id = value[1:]
    options.mode = FLUSH


def _set(log: Msg, options: Options, value: str) -> None:
    """-o: the options of old sendmails."""
    if value.startswith("i"):
        options.dots_end = False
    elif value.startswith("r"):
        options.sender = _sender(log, value[1:])


def _dsn(log: Msg, options: Options, letter: str, value: str) -> None:
    if letter == "N":
        mask = 0
        for word in value.split(","):
            if word.upper() not in NOTIFY:
                log.warning(f'unknown DSN NOTIFY command value "{word}" in "{value}"')
                mask = 0
                break
            mask |= NOTIFY[word.upper()]
        if not mask:
            log.warning("bad -N option value -- ignored")
        options.notify = mask
    elif letter == "R":
        options.return_flags = RETURN.get(value.upper(), 0)
        if not options.return_flags:
            log.warning("bad -R option value -- ignored")
    elif letter == "V":
        options.envelope_id = value
    elif value.upper() in ("8BITMIME", "7BIT"):
        options.encoding = "8bit" if value.upper() == "8BITMIME" else "7bit"
    else:
        log.fatal("-B option needs 8BITMIME or 7BIT")
