import re

from maillab.lessons.check import Fail, check, hint

OFFICIAL = "Julien.Pedrono@ploplo.fr"


def written(lab, user):
    """What toto sees of a message that somebody writes: (From:, Return-Path:)."""
    marker = f"canon-{lab.world.now}"
    lab.run(f"echo bonjour | mail -s {marker} toto", user=user)
    lab.wait(4)
    message = next((text for text in re.split(r"^(?=From )", lab.mailbox("toto"), flags=re.M) if marker in text), "")
    if not message:
        raise Fail("nothing-arrives", lab.log(r"status=|fatal|error|warning")[-3:])
    header = re.search(r"^From:.*?([\w.+-]+@[\w.-]+)", message, re.M)
    envelope = re.search(r"^Return-Path: <(.*)>", message, re.M)
    return (header[1] if header else "", envelope[1] if envelope else "")


def maps(lab):
    return [name for name in ("canonical_maps", "sender_canonical_maps", "recipient_canonical_maps") if lab.postconf(name)]


@hint
def not_compiled(lab):
    paths = re.findall(r"hash:(\S+)", " ".join(lab.postconf(name) for name in maps(lab)))
    return any(not lab.newer(f"{path}.db", path) for path in paths if lab.exists(path))


@hint
def forgot_reload(lab):
    return maps(lab) and lab.history("postconf|vi|sed") and not lab.history("reload|restart|stop")


@check
def leaves_official(lab):
    header, envelope = written(lab, "jpedrono")
    if header != OFFICIAL:
        raise Fail("other-case" if header.lower() == OFFICIAL.lower() else "not-rewritten", header)
    if envelope != OFFICIAL:
        raise Fail("envelope-forgotten", envelope)
    reply = lab.rcpt("jpedrono@ploplo.fr")
    if not reply.startswith("250"):
        raise Fail("reception-broken", reply)
    marker = f"in-{lab.world.now}"
    lab.send("jpedrono@ploplo.fr", subject=marker)
    if marker not in lab.mailbox("jpedrono"):
        raise Fail("reception-broken", lab.log("status=bounced")[-2:])
    other, _ = written(lab, "toto")
    if other != "toto@ploplo.fr":
        raise Fail("others-too", other)
