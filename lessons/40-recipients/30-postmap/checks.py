import re

from maillab.lessons.check import Fail, check, hint

TEXT = "/etc/postfix/mesusers"


def reply_for(lab, person):
    reply = lab.rcpt(f"{person}@ploplo.fr")
    if not reply:
        raise Fail("no-smtpd", lab.log("fatal")[-2:])
    if reply.startswith("4"):
        raise Fail("table-broken", reply, lab.log("warning|error|fatal")[-2:])
    return reply


def gets_mail(lab, person):
    reply = reply_for(lab, person)
    if not reply.startswith("250"):
        written = re.search(rf"^{person}\s+\S", lab.read(TEXT), re.M)
        raise Fail("written-not-compiled" if written else "not-known", reply)
    lab.delivered(person, f"{person}@ploplo.fr")


@hint
def reload_is_not_postmap(lab):
    stale = lab.history(r"reload|restart") and not lab.newer(f"{TEXT}.db", TEXT)
    return stale and lab.rcpt("jules@ploplo.fr").startswith("550")


@hint
def indented(lab):
    return re.search(r"^[ \t]+\w", lab.read(TEXT), re.M)


@hint
def no_value(lab):
    return re.search(r"^\w+[ \t]*$", lab.read(TEXT), re.M)


@check
def jules(lab):
    gets_mail(lab, "jules")
    gets_mail(lab, "julien")


@check
def toto(lab):
    gets_mail(lab, "toto")


@check
def roderick(lab):
    if reply_for(lab, "roderick").startswith("250"):
        raise Fail("still-known", lab.run("postmap -q roderick hash:/etc/postfix/mesusers").out)
