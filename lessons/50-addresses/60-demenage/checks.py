from maillab.lessons.check import Fail, check, hint


def answer(lab, person):
    reply = lab.rcpt(f"{person}@ploplo.fr")
    if not reply:
        raise Fail("no-smtpd", lab.log("fatal")[-2:])
    if reply.startswith("4"):
        raise Fail("put-off", reply, lab.log("error|warning|fatal")[-2:])
    return reply


@hint
def no_database(lab):
    path = lab.postconf("relocated_maps").partition(":")[2]
    return path and lab.exists(path) and not lab.newer(f"{path}.db", path)


@hint
def sender_side(lab):
    return lab.run("postmap -q maurice@orange.fr $(postconf -h relocated_maps)").out.strip()


@check
def maurice_moved(lab):
    reply = answer(lab, "maurice")
    if reply.startswith("250"):
        raise Fail("still-accepted", reply)
    if "5.1.6" not in reply:
        raise Fail("only-unknown", reply)
    if "maurice@orange.fr" not in reply:
        raise Fail("other-address", reply)


@check
def others(lab):
    moved = answer(lab, "maurice")
    if "5.1.6" not in moved:
        raise Fail("only-unknown", moved)
    lab.delivered("julien", "julien@ploplo.fr")
    unknown = answer(lab, "personne")
    if "5.1.1" not in unknown:
        raise Fail("others-moved", unknown)
