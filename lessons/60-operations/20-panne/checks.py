from maillab.lessons.check import Fail, check, hint


@hint
def pickup_missing(lab):
    return lab.connects(25) and not lab.running("pickup")


@check
def port_answers(lab):
    if not lab.running("master"):
        raise Fail("stopped", lab.log("fatal")[-2:])
    lab.wait(70)
    if not lab.connects(25):
        raise Fail("nobody-answers", lab.log("fatal|throttling")[-3:])
    lab.delivered("julien", "julien@ploplo.fr")


@check
def local_mail_leaves(lab):
    lab.wait(70)
    if "Subject: Appel\n" not in lab.mailbox("jules"):
        waiting = lab.run("find /var/spool/postfix/maildrop -type f").lines
        raise Fail("in-maildrop" if waiting else "call-lost", waiting, lab.log("fatal|throttling")[-2:])
    marker = f"local-{lab.world.now}"
    lab.run(f"echo bonjour | mail -s {marker} jules", user="julien")
    lab.wait(10)
    if marker not in lab.mailbox("jules"):
        raise Fail("local-mail-waits", lab.run("find /var/spool/postfix/maildrop -type f").lines)
