from maillab.lessons.check import Fail, check, hint

SERVER = "192.0.2.10"


def words(lab, name):
    return lab.run(f"postconf -hx {name}").out.replace(",", " ").split()


def relay(lab):
    """Hand toto@titi.fr's mail to the server from outside; the last reply, and whether it reached either toto."""
    here, there = lab.mailbox("toto", "mail"), lab.mailbox("toto", "titi")
    reply = lab.send("toto@titi.fr", sender="roderick@orange.fr", host="orange", to=SERVER)
    return reply, lab.mailbox("toto", "mail") != here, lab.mailbox("toto", "titi") != there


@hint
def wrong_list(lab):
    return "titi.fr" in words(lab, "mydestination")


@check
def relayed(lab):
    reply, here, there = relay(lab)
    if there:
        return
    if here:
        raise Fail("kept-here", lab.log("status=sent")[-1:])
    if reply.startswith("2"):
        raise Fail("stuck", lab.log("to=<toto@titi.fr>")[-1:])
    if "titi.fr" in words(lab, "relay_domains"):
        raise Fail("not-reloaded", reply)
    raise Fail("refused", reply)


@check
def only_titi(lab):
    reply, _, there = relay(lab)
    if not there:
        raise Fail("refused", reply)
    stranger = lab.rcpt("jules@wanadoo.fr", host="orange", to=SERVER)
    if stranger.startswith("2"):
        raise Fail("accepts-all", stranger)
    before = lab.mailbox("toto")
    reply = lab.send("toto@ploplo.fr", sender="roderick@orange.fr", host="orange", to=SERVER)
    if lab.mailbox("toto") == before:
        raise Fail("own-lost", reply)
