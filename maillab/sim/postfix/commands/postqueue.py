"""postqueue - Postfix queue control

SYNOPSIS
    postqueue [-v] [-c config_dir] -f | -i queue_id | -j | -p | -s site

DESCRIPTION
    -f  try all deferred mail again
    -i  try one message again
    -j  list the queue, one JSON object a message
    -p  list the queue as mailq does
    -s  try again all mail for a site of fast_flush_domains

    When the mail system is down the superuser's listing is made without it.

CONFIGURATION PARAMETERS
    authorized_flush_users, authorized_mailq_users, enable_long_queue_ids, fast_flush_domains

BUGS
    -v is accepted once and adds nothing to the listing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from maillab.sim.host import accounts
from maillab.sim.host.errno import SysError
from maillab.sim.kernel.calendar import strftime
from maillab.sim.mail.address import valid_hostname, valid_literal
from maillab.sim.postfix.lib import attr, flush_clnt, queue_id
from maillab.sim.postfix.lib.command import options_or_usage, run_command
from maillab.sim.postfix.lib.mail_trigger import mail_trigger
from maillab.sim.postfix.lib.match_list import MatchFailure, MatchList
from maillab.sim.postfix.lib.msg import Fatal, Msg
from maillab.sim.postfix.lib.params import Params
from maillab.sim.postfix.lib.vstream import Closed, Stream, TimedOut

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"postfix": "/usr/sbin/postqueue"}

EX_USAGE, EX_UNAVAILABLE, EX_NOPERM = 64, 69, 77
FLUSH_ALL = b"FDAI"
USAGE = "usage: postqueue -f | postqueue -i queueid | postqueue -j | postqueue -p | postqueue -s site"
OLD_USAGE = "usage: postqueue -f | postqueue -i queueid | postqueue -p | postqueue -s site"
REASON_WIDTH = 76
MARKS = {"active": "*", "hold": "!"}


def _usage(log: Msg, params: Params | None = None) -> None:
    raise Fatal(OLD_USAGE if params is not None and params.version < (3, 1) else USAGE, EX_USAGE)


async def main(sys: Process, argv: list[str]) -> int:
    async def body(log: Msg) -> int:
        return await _run(sys, argv, log)

    return await run_command(sys, argv, body)


async def _run(sys: Process, argv: list[str], log: Msg) -> int:
    try:
        options, operands = options_or_usage(log, argv, "c:fi:jps:v", USAGE)
    except Fatal as failure:
        failure.status = EX_USAGE
        raise
    chosen = {letter: value for letter, value in options if letter in "fijps"}
    if len(chosen) != 1 or operands:
        _usage(log)
    folder = dict(options).get("c")
    params = await Params.read(sys, log, (), folder or None)
    sys.chdir(params["queue_directory"])
    letter, value = next(iter(chosen.items()))
    if letter in "jp":
        await _authorize(sys, log, params, "authorized_mailq_users", "view the mail queue")
        return await _show(sys, log, params, letter == "j")
    await _authorize(sys, log, params, "authorized_flush_users", "flush the mail queue")
    if letter == "f":
        return await _flush_all(sys, log, params)
    return await (_flush_file if letter == "i" else _flush_site)(sys, log, params, value)


async def _authorize(sys: Process, log: Msg, params: Params, parameter: str, what: str) -> None:
    """Only listed users may. Raises Fatal."""
    name = accounts.user_name(sys, sys.uid)
    if params.version < (2, 3) or sys.uid == 0:
        return
    try:
        allowed = await MatchList(sys, log, params, parameter, params[parameter]).match(name)
    except MatchFailure:
        allowed = False
    if not allowed:
        raise Fatal(f"User {name}({sys.uid}) is not allowed to {what}", EX_NOPERM)


# --- listings

async def _show(sys: Process, log: Msg, params: Params, as_json: bool) -> int:
    pid = 0
    try:
        stream = await attr.connect(sys, f"public/{params['showq_service_name']}")
    except SysError as error:
        if sys.euid != 0 and sys.uid != 0 and error.name == "EACCES":
            raise Fatal(f"Connect to the {params['mail_name']} {params['showq_service_name']} service: {error}", 75) from error
        if sys.uid != 0:
            raise Fatal("Queue report unavailable - mail system is down", EX_UNAVAILABLE) from error
        log.warning("Mail system is down -- accessing queue directly"
                    + (f" (Connect to the {params['mail_name']} {params['showq_service_name']} service: {error})"
                       if params.version >= (3, 1) else ""))
        await log.flush()
        pid, stream = _direct(sys, params)
    listing = _json if as_json else _listing
    await listing(sys, params, stream)
    stream.close()
    if pid:
        await sys.waitpid(pid)
    return 0


def _direct(sys: Process, params: Params) -> tuple[int, Stream]:
    """Run showq ourselves: (its process id, a stream from it)."""
    read_end, write_end = sys.pipe()
    null = sys.open("/dev/null", "rw")
    path = f"{params['daemon_directory']}/showq"
    pid = sys.spawn(path, ["showq", "-u", "-S"], fds={0: null, 1: write_end, 2: 2})
    sys.close(write_end)
    sys.close(null)
    return pid, Stream(sys, read_end)


async def _messages(stream: Stream) -> list[tuple[dict[str, str], list[dict[str, str]]]]:
    """All messages and their recipients. Raises Fatal when the list is cut short."""
    found: list[tuple[dict[str, str], list[dict[str, str]]]] = []
    while True:
        head = await _next(stream)
        if not head:
            return found
        recipients: list[dict[str, str]] = []
        while True:
            one = await _next(stream)
            if not one:
                break
            recipients.append(one)
        found.append((head, recipients))


async def _next(stream: Stream) -> dict[str, str]:
    try:
        return await attr.receive(stream)
    except (Closed, TimedOut) as error:
        raise Fatal("malformed showq server response") from error


async def _listing(sys: Process, params: Params, stream: Stream) -> None:
    """The listing of mailq."""
    long_names = params.version >= (2, 9) and params.boolean("enable_long_queue_ids")
    width, size_width, time_width = (17, 8, 19) if long_names else (11, 7, 20)
    count = total = 0
    try:
        while True:
            head = await _next(stream)
            if not head:
                break
            await sys.stdout.write("\n" if count else _heading(params, long_names))
            count += 1
            total += int(head["size"])
            mark = MARKS.get(head["queue_name"], "#" if head.get("forced_expire") == "1" else "")
            when = strftime("%a %b %e %H:%M:%S ", int(head["time"]) * 1_000_000)[:time_width]
            sender = head["sender"] or "MAILER-DAEMON"
            line = f"{head['queue_id'] + mark:<{width}} {int(head['size']):{size_width}} {when:{time_width}} {sender}\n"
            await sys.stdout.write(line)
            await _recipients(sys, stream, width + size_width + time_width + 3)
    finally:
        await sys.stdout.flush()
    if not count:
        await sys.stdout.write("Mail queue is empty\n")
    else:
        await sys.stdout.write(f"\n-- {total // 1024} Kbytes in {count} Request{'' if count == 1 else 's'}.\n")


def _heading(params: Params, long_names: bool) -> str:
    if long_names:
        return "----Queue ID----- --Size-- ---Arrival Time---- --Sender/Recipient------\n"
    blank = " " if params.version >= (2, 9) else ""
    return f"-Queue ID- {blank}--Size-- ----Arrival Time---- -Sender/Recipient-------\n"


async def _recipients(sys: Process, stream: Stream, indent: int) -> None:
    """The recipients of one message, each reason before those it is for."""
    last = ""
    while True:
        one = await _next(stream)
        if not one:
            return
        reason = one["reason"]
        if reason and reason != last:
            await sys.stdout.write(f"{' ' * max(0, REASON_WIDTH - len(reason))}({reason})\n")
        last = reason
        await sys.stdout.write(f"{' ' * indent}{one['recipient']}\n")


async def _json(sys: Process, params: Params, stream: Stream) -> None:
    """One object a message."""
    for head, recipients in await _messages(stream):
        listed = []
        for one in recipients:
            entry = {"address": one["recipient"]}
            if one["reason"]:
                entry["delay_reason"] = one["reason"]
            listed.append(entry)
        fact: dict[str, object] = {"queue_name": head["queue_name"], "queue_id": head["queue_id"],
                                   "arrival_time": int(head["time"]), "message_size": int(head["size"])}
        if params.version >= (3, 5):
            fact["forced_expire"] = head.get("forced_expire") == "1"
        fact |= {"sender": head["sender"] or "MAILER-DAEMON", "recipients": listed}
        await sys.stdout.write(json.dumps(fact, ensure_ascii=False) + "\n")


# --- flushes

async def _flush_all(sys: Process, log: Msg, params: Params) -> int:
    try:
        await mail_trigger(sys, f"public/{params['queue_service_name']}", FLUSH_ALL)
    except SysError as error:
        if error.name == "ENOENT":
            log.warning(f"unable to look up public/{params['queue_service_name']}: {error.strerror}")
        raise Fatal("Cannot flush mail queue - mail system is down", EX_UNAVAILABLE) from error
    return 0


async def _flush_site(sys: Process, log: Msg, params: Params, site: str) -> int:
    if not (valid_literal(site) or valid_hostname(site.removeprefix("@"))):
        raise Fatal(f"Cannot flush mail queue - invalid destination: \"{site[:100]}\"", EX_USAGE)
    status = await flush_clnt.send_site(sys, log, params, site)
    if status == flush_clnt.BAD:
        raise Fatal(f"Invalid request: \"{site}\"", EX_USAGE)
    if status == flush_clnt.FAIL:
        raise Fatal("Cannot flush mail queue - mail system is down", EX_UNAVAILABLE)
    if status == flush_clnt.DENY:
        raise Fatal(f"Flush service is not configured for destination \"{site}\"", EX_UNAVAILABLE)
    return 0


async def _flush_file(sys: Process, log: Msg, params: Params, name: str) -> int:
    if not queue_id.valid_id(name):
        raise Fatal(f"Cannot flush queue ID - invalid name: \"{name[:100]}\"", EX_USAGE)
    status = await flush_clnt.send_file(sys, params, name)
    if status == flush_clnt.BAD:
        raise Fatal(f"Invalid request: \"{name}\"", EX_USAGE)
    if status == flush_clnt.FAIL:
        raise Fatal("Cannot flush mail queue - mail system is down", EX_UNAVAILABLE)
    return 0
