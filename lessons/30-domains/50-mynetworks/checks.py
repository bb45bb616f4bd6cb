from maillab.lessons.check import Fail, check, hint

SERVER = "192.0.2.10"


def relays(lab, host, to=SERVER):
    return lab.rcpt("jules@wanadoo.fr", sender="julien@ploplo.fr", host=host, to=to)


def bad_entries(lab):
    return lab.log("(non-null host address bits|bad net/mask pattern|bad address pattern)")[-1:]


@hint
def host_bits(lab):
    return not relays(lab, "bureau").startswith("2") and lab.log("non-null host address bits")


@check
def office_relays(lab):
    reply = relays(lab, "bureau")
    if not reply.startswith("2"):
        if bad_entries(lab):
            raise Fail("bad-network", bad_entries(lab))
        if "192.0.2.16/28" in lab.run("postconf -hx mynetworks").out:
            raise Fail("not-reloaded", reply)
        raise Fail("denied", reply)
    reply = relays(lab, "atelier")
    if not reply.startswith("2"):
        raise Fail("one-host-only", reply)


@check
def others_refused(lab):
    reply = relays(lab, "bureau")
    if not reply.startswith("2"):
        raise Fail("denied", reply)
    if relays(lab, "voisin").startswith("2"):
        raise Fail("too-wide", lab.run("postconf mynetworks").out.strip())
    own = relays(lab, "mail", "127.0.0.1")
    if not own.startswith("2"):
        raise Fail("local-lost", own)
