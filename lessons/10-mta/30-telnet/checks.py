import re

from maillab.lessons.check import Fail, check, hint

BY_SMTP = r"^\s+by \S+ \(Postfix\) with E?SMTP"
FROM_JULES = r"^Return-Path: <jules@titi\.fr>"


def messages(lab):
    lab.wait(3)
    return [text for text in re.split(r"(?m)^(?=From \S+  ?\w{3} )", lab.mailbox("toto")) if text.strip()]


def by_smtp(lab):
    return [text for text in messages(lab) if re.search(BY_SMTP, text, re.M)]


@hint
def lost_in_data(lab):
    return not by_smtp(lab) and lab.log(r"(lost connection|timeout) after DATA")


@check
def typed_message(lab):
    if by_smtp(lab):
        return
    if lab.log(r"(lost connection|timeout) after DATA"):
        raise Fail("no-dot", lab.log(r"after DATA")[-1:])
    if messages(lab):
        raise Fail("not-by-smtp", lab.log(r"pickup")[-1:])
    raise Fail("no-message", lab.log(r"reject|warning")[-2:])


@check
def envelope_sender(lab):
    found = by_smtp(lab)
    if any(re.search(FROM_JULES, text, re.M | re.I) for text in found):
        return
    if any(re.search(r"^From: .*jules@titi\.fr", text, re.M | re.I) for text in found):
        raise Fail("header-only")
    raise Fail("other-sender", re.findall(r"(?m)^Return-Path:.*$", "".join(found))[-1:])
