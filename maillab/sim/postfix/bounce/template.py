"""template - the texts of bounce messages, built in or from bounce_template_file (bounce(5))"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg
    from maillab.sim.postfix.lib.params import Params

FAILURE, DELAY, SUCCESS, VERIFY = "failure", "delay", "success", "verify"
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}
BUILT_IN = "[built-in]"

_HEAD = "This is the mail system at host $myhostname.\n"
_SIGNATURE = "\n                   The mail system\n"
_HELP = """
For further assistance, please send mail to postmaster.

If you do so, please include this problem report. You can
delete your own text from the attached returned message.
"""


@dataclass(slots=True)
class Template:
    """One message of the mail system: its headers and its text."""

    kind: str
    origin: str
    subject: str
    postmaster_subject: str
    body: str
    charset: str = "us-ascii"
    sender: str = ""


def _built_in() -> dict[str, Template]:
    return {
        FAILURE: Template(FAILURE, BUILT_IN, "Undelivered Mail Returned to Sender", "Postmaster Copy: Undelivered Mail",
                          _HEAD + "\nI'm sorry to have to inform you that your message could not\n"
                          "be delivered to one or more recipients. It's attached below.\n" + _HELP + _SIGNATURE),
        DELAY: Template(DELAY, BUILT_IN, "Delayed Mail (still being retried)", "Postmaster Warning: Delayed Mail",
                        _HEAD + "\n" + "#" * 68 + "\n# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n"
                        + "#" * 68 + "\n\nYour message could not be delivered for more than $delay_warning_time_hours hour(s).\n"
                        "It will be retried until it is $maximal_queue_lifetime_days day(s) old.\n" + _HELP + _SIGNATURE),
        SUCCESS: Template(SUCCESS, BUILT_IN, "Successful Mail Delivery Report", "",
                          _HEAD + "\nYour message was successfully delivered to the destination(s)\n"
                          "listed below. If the message was delivered to mailbox you will\n"
                          "receive no further notifications. Otherwise you may still receive\n"
                          "notifications of mail delivery errors from other systems.\n" + _SIGNATURE),
        VERIFY: Template(VERIFY, BUILT_IN, "Mail Delivery Status Report", "",
                         _HEAD + "\nEnclosed is the mail delivery report that you requested.\n" + _SIGNATURE),
    }


def load(sys: Process, log: Msg, params: Params) -> dict[str, Template]:
    """The four templates of this configuration."""
    templates = _built_in()
    path = params["bounce_template_file"]
    if path:
        try:
            text = sys.slurp(path).decode("utf-8", "surrogateescape")
        except SysError as error:
            log.fatal(f"open {path}: {error}")
        for name, body in _here_documents(log, path, text):
            kind = name.removesuffix("_template")
            if kind in templates:
                templates[kind] = _parse(log, path, templates[kind], name, body)
    return templates


def _here_documents(log: Msg, path: str, text: str) -> list[tuple[str, str]]:
    """The `name = <<END ... END` assignments of a template file."""
    found: list[tuple[str, str]] = []
    lines = iter(text.split("\n"))
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        name, equals, value = (part.strip() for part in line.partition("="))
        if not equals or not value.startswith("<<"):
            log.warning(f"{path}: unknown template name: {name}" if equals else f"{path}: missing '=' after attribute name")
            continue
        end = value[2:].strip()
        body: list[str] = []
        for inner in lines:
            if inner == end:
                break
            body.append(inner)
        found.append((name, "\n".join(body) + "\n"))
    return found


def _parse(log: Msg, path: str, default: Template, name: str, text: str) -> Template:
    """A template of a file; the built-in one when it has an unknown header or no subject."""
    head, _, body = text.partition("\n\n")
    headers: dict[str, str] = {}
    for line in head.split("\n"):
        label, colon, value = line.partition(":")
        if not colon or label.lower() not in ("charset", "from", "subject", "postmaster-subject"):
            log.warning(f"{path}: unknown \"{label}\" header label in {name} template -- ignoring this template")
            return default
        headers[label.lower()] = value.strip()
    return Template(default.kind, path, headers.get("subject", default.subject),
                    headers.get("postmaster-subject", default.postmaster_subject), body,
                    headers.get("charset", default.charset), headers.get("from", ""))


def expand(log: Msg, params: Params, template: Template) -> list[str]:
    """The lines of the text with its $parameters replaced."""

    def value(match: re.Match[str]) -> str:
        return _parameter(log, params, template, match[1] or match[2] or match[3])

    text = re.sub(r"\$(?:\{(\w+)\}|\((\w+)\)|(\w+))", value, template.body)
    return text.removesuffix("\n").split("\n")


def _parameter(log: Msg, params: Params, template: Template, name: str) -> str:
    base, _, unit = name.rpartition("_")
    if unit not in UNITS or not base:
        return params[name]
    total = int(params.seconds(base))
    result = total // UNITS[unit]
    if total % UNITS[unit] * 2 >= UNITS[unit]:
        result += 1
    if result == 0 and total > 0:
        log.warning(f"{template.origin}: zero result in {template.kind} template conversion of parameter \"{name}\"")
        log.warning(f"please reduce time unit \"{unit}\" of \"{name}\" in {template.kind} template")
        log.warning("for instructions see the bounce(5) manual")
    return str(result)
