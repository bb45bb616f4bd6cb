from maillab.lessons.check import Fail, check, hint

SERVER = "192.0.2.10"


def relays(lab):
    """The reply to a stranger who writes to another stranger."""
    return lab.rcpt("victime@wanadoo.fr", sender="gagnant@loto.fr", host="pirate", to=SERVER)


def trusted(lab):
    return lab.run("postconf -hx mynetworks").out.replace(",", " ").split()


@hint
def forgot_reload(lab):
    return "0.0.0.0/0" not in trusted(lab) and "192.0.2.0/24" not in trusted(lab) and relays(lab).startswith("2")


@check
def strangers_refused(lab):
    reply = relays(lab)
    if not reply.startswith("2"):
        if not lab.connects(25, host="pirate", to=SERVER):
            raise Fail("deaf")
        return
    if "192.0.2.0/24" in trusted(lab):
        raise Fail("neighbour", reply)
    if "0.0.0.0/0" not in trusted(lab):
        raise Fail("not-reloaded", reply)
    raise Fail("still-open", reply)


@check
def service_continues(lab):
    if relays(lab).startswith("2"):
        raise Fail("still-open")
    before = lab.mailbox("toto")
    reply = lab.send("toto@ploplo.fr", host="pirate", to=SERVER)
    if lab.mailbox("toto") == before:
        raise Fail("deaf", reply)
    own = lab.rcpt("victime@wanadoo.fr")
    if not own.startswith("2"):
        raise Fail("local-lost", own)
