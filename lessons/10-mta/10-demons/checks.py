from maillab.lessons.check import Fail, check, hint


def waiting(lab):
    return lab.run("find /var/spool/postfix/maildrop -type f").lines


@hint
def nobody_picks_up(lab):
    return waiting(lab) and not lab.running("master")


@check
def postfix_runs(lab):
    if not lab.running("master"):
        raise Fail("not-started", lab.log("fatal")[-2:])


@check
def first_message(lab):
    lab.wait(3)
    if lab.mailbox("toto"):
        return
    if waiting(lab):
        raise Fail("waits-in-maildrop", waiting(lab))
    sent = lab.log(r"status=sent")
    raise Fail("other-mailbox" if sent else "no-message", sent[-2:])
