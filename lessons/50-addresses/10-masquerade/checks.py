import re

from maillab.lessons.check import Fail, check, hint


def seen(lab, sender=""):
    """What jules sees of a message that toto writes: (the address in From:, the envelope sender)."""
    marker = f"mask-{lab.world.now}"
    option = f"-r {sender} " if sender else ""
    lab.run(f"echo masque | mail -s {marker} {option}jules", user="toto")
    lab.wait(4)
    message = next((text for text in re.split(r"^(?=From )", lab.mailbox("jules"), flags=re.M) if marker in text), "")
    if not message:
        raise Fail("nothing-arrives", lab.log(r"status=|fatal|warning")[-3:])
    header = re.search(r"^From:.*?([\w.+-]+@[\w.-]+)", message, re.M)
    envelope = re.search(r"^Return-Path: <(.*)>", message, re.M)
    return (header[1] if header else "", envelope[1] if envelope else "")


@hint
def forgot_reload(lab):
    return lab.postconf("masquerade_domains") and lab.history("postconf|vi|sed") and not lab.history("reload|restart|stop")


@hint
def order(lab):
    words = re.split(r"[\s,]+", lab.postconf("masquerade_domains"))
    plain = [at for at, word in enumerate(words) if word == "ploplo.fr" or word == "$mydomain"]
    excepted = [at for at, word in enumerate(words) if word.startswith("!")]
    return plain and excepted and min(plain) < max(excepted)


@check
def masked(lab):
    header, envelope = seen(lab)
    if header != "toto@ploplo.fr":
        host_shows = header.endswith("@mail.ploplo.fr")
        raise Fail("host-shows" if host_shows else "other-address", header)
    if envelope != "toto@ploplo.fr":
        raise Fail("envelope-shows", envelope)
    origin = lab.postconf("myorigin")
    if origin in ("$mydomain", "ploplo.fr"):
        raise Fail("origin-changed", f"myorigin = {origin}")


@check
def info_kept(lab):
    header, _ = seen(lab, "toto@info.ploplo.fr")
    if header != "toto@info.ploplo.fr":
        raise Fail("info-masked", header)
    header, _ = seen(lab, "toto@compta.ploplo.fr")
    if header != "toto@ploplo.fr":
        raise Fail("too-many-exceptions", header)
