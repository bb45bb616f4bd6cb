from maillab.lessons.check import Fail, check, hint


def limit(lab, name):
    text = lab.postconf(name)
    return int(text) if text.isdigit() else -1


@hint
def message_above_mailbox(lab):
    return 0 < limit(lab, "mailbox_size_limit") < limit(lab, "message_size_limit")


@check
def quote_arrived(lab):
    lab.wait(75)  # master starts a daemon that died again after a minute
    if "Subject: Devis\n" not in lab.mailbox("jules"):
        queue = lab.run("mailq").lines
        waiting = any("jules@" in line for line in queue)
        raise Fail("still-waiting" if waiting else "lost", queue[:4], lab.log("fatal")[-1:])


@check
def mailbox_bounded(lab):
    lab.delivered("jules", "jules@ploplo.fr")
    lab.run("head -c 5000000 /dev/zero | tr '\\0' x | fold -w 72 >> /var/mail/jules")
    marker = f"full-{lab.world.now}"
    lab.send("jules@ploplo.fr", subject=marker)
    if f"Subject: {marker}\n" in lab.run("tail -30 /var/mail/jules").out:
        raise Fail("no-bound", f"mailbox_size_limit = {limit(lab, 'mailbox_size_limit')}")
