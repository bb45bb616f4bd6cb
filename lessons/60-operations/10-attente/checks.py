from maillab.lessons.check import Fail, check, hint


def received(lab):
    return lab.mailbox("roderick", host="orange")


@hint
def needs_flush(lab):
    return not lab.postconf("relayhost") and "roderick@" in lab.run("mailq").out


@hint
def forgot_reload(lab):
    return lab.log("relais.ploplo.fr") and not lab.postconf("relayhost") and not lab.history("reload|restart")


@check
def invoices(lab):
    lab.wait(5)
    text = received(lab)
    missing = [subject for subject in ("Facture-un", "Facture-deux") if f"Subject: {subject}\n" not in text]
    if missing:
        queue = lab.run("mailq").lines
        waiting = any("roderick@" in line for line in queue)
        raise Fail("still-waiting" if waiting else "lost", missing, queue[:6])
    if any(text.count(f"Subject: {subject}\n") > 1 for subject in ("Facture-un", "Facture-deux")):
        raise Fail("twice")


@check
def new_mail_leaves(lab):
    marker = f"new-{lab.world.now}"
    lab.run(f"echo bonjour | mail -s {marker} roderick@orange.fr", user="julien")
    lab.wait(15)
    if marker not in received(lab):
        raise Fail("new-mail-waits", lab.log("roderick@.*status=")[-1:])
