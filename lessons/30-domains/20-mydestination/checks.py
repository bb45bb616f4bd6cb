from maillab.lessons.check import Fail, check, hint

SERVER = "192.0.2.10"


def listed(lab, host="mail"):
    return lab.run("postconf -hx mydestination", host=host).out.replace(",", " ").split()


def arrives(lab, address):
    """Write to toto from outside; the server's last reply and whether he got it."""
    before = lab.mailbox("toto")
    reply = lab.send(address, sender="roderick@orange.fr", host="orange", to=SERVER)
    return reply, lab.mailbox("toto") != before


@hint
def wrong_host(lab):
    return "titi.fr" in listed(lab, "orange")


@check
def titi_arrives(lab):
    reply, arrived = arrives(lab, "toto@titi.fr")
    if not arrived:
        if "titi.fr" in listed(lab) and reply[:1] in ("4", "5"):
            raise Fail("not-reloaded", reply)
        if reply[:1] != "2":
            raise Fail("refused", reply)
        loops = lab.log("loops back to myself")[-1:]
        if loops:
            raise Fail("loops", loops)
        raise Fail("lost", lab.log("status=")[-1:])
    stranger = lab.rcpt("jules@wanadoo.fr", host="orange", to=SERVER)
    if stranger.startswith("2"):
        raise Fail("accepts-all", stranger)


@check
def ploplo_still_arrives(lab):
    reply, arrived = arrives(lab, "toto@titi.fr")
    if not arrived:
        raise Fail("refused", reply)
    for address in ("toto@ploplo.fr", "toto@localhost"):
        if not arrives(lab, address)[1]:
            raise Fail("old-domain-lost", address)
