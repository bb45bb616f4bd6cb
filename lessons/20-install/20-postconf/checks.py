import re

from maillab.lessons.check import Fail, check, hint

DEFAULT, OLD = "10240000", "600"


def announced(lab):
    """The limit that the smtpd of now announces; None when nobody answers."""
    replies = lab.dialogue("EHLO probe", "QUIT")
    found = re.search(r"^250[- ]SIZE ?(\d*)", replies[1], re.M) if len(replies) > 1 else None
    return found and found[1]


@hint
def forgot_reload(lab):
    return lab.postconf("message_size_limit") != OLD and announced(lab) == OLD


@hint
def domain_lost(lab):
    return "ploplo.fr" not in lab.postconf("mydestination").replace(",", " ").split()


@check
def default_limit(lab):
    limit = announced(lab)
    if limit == DEFAULT:
        return
    if limit is None:
        raise Fail("nobody-answers", lab.log("fatal")[-2:])
    written = lab.postconf("message_size_limit")
    if limit == OLD and written == DEFAULT:
        raise Fail("not-reloaded", f"SIZE {limit}")
    if limit == OLD and written == OLD:
        raise Fail("still-limited", f"SIZE {limit}")
    raise Fail("other-limit", f"SIZE {limit}", f"message_size_limit = {written}")


@check
def long_letter(lab):
    lab.delivered("toto", "toto@ploplo.fr", body="\n".join(["Une page entière pour toi."] * 60))
