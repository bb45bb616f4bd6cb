"""The bounce templates as `postconf -t` (as they are) and `postconf -b` (with their parameters expanded) print them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix.bounce.template import Template, expand, load

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg
    from maillab.sim.postfix.lib.params import Params

SENDER = "Mail Delivery System <MAILER-DAEMON>"


def shown(sys: Process, log: Msg, params: Params, path: str, *, expanded: bool) -> str:
    """All four templates, from the template file when there is one. Raises Fatal."""
    if path:
        params.override("bounce_template_file", path)
    return "\n".join(_one(log, params, template, expanded) for template in load(sys, log, params).values())


def _one(log: Msg, params: Params, template: Template, expanded: bool) -> str:
    if expanded:
        text = "\n".join(expand(log, params, template))
        return f"expanded_{template.kind}_text = <<EOF\n{text}\nEOF\n"
    head = f"Charset: {template.charset}\nFrom: {template.sender or SENDER}\nSubject: {template.subject}\n"
    if template.postmaster_subject:
        head += f"Postmaster-Subject: {template.postmaster_subject}\n"
    return f"{template.kind}_template = <<EOF\n{head}\n{template.body.removesuffix(chr(10))}\nEOF\n"
