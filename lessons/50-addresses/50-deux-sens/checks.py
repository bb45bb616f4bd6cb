import re

from maillab.lessons.check import Fail, check, hint

OFFICIAL = "Julien.Pedrono@ploplo.fr"


def own_message(lab):
    marker = f"two-{lab.world.now}"
    lab.run(f"echo bonjour | mail -s {marker} toto", user="jpedrono")
    lab.wait(4)
    return next((text for text in re.split(r"^(?=From )", lab.mailbox("toto"), flags=re.M) if marker in text), "")


def official_out(lab):
    if not re.search(rf"^From:.*{OFFICIAL}", own_message(lab), re.M):
        raise Fail("rewriting-gone")


@hint
def forgot_newaliases(lab):
    return "edrono" in lab.read("/etc/aliases") and not lab.run("postmap -q julien.pedrono hash:/etc/aliases").out.strip()


@check
def both_arrive(lab):
    for address in (OFFICIAL, "jpedrono@ploplo.fr"):
        reply = lab.rcpt(address)
        if not reply.startswith("250"):
            raise Fail("refused", f"{address}: {reply}")
        marker = f"both-{lab.world.now}"
        lab.send(address, subject=marker)
        if marker not in lab.mailbox("jpedrono"):
            raise Fail("returned", lab.log("jpedrono|edrono.*status=")[-2:])


@check
def headers_official(lab):
    marker = f"head-{lab.world.now}"
    lab.run(f"echo bonjour | mail -s {marker} jpedrono", user="toto")
    lab.wait(4)
    text = lab.mailbox("jpedrono")
    if marker not in text:
        raise Fail("returned", lab.log("edrono.*status=")[-2:])
    message = next(part for part in re.split(r"^(?=From )", text, flags=re.M) if marker in part)
    if not re.search(rf"^To:.*{OFFICIAL}", message, re.M):
        raise Fail("to-shows-account", re.findall(r"^To:.*", message, re.M))
    official_out(lab)
