from maillab.lessons.check import Fail, check, hint


def answered(lab, person):
    reply = lab.rcpt(f"{person}@ploplo.fr")
    if not reply:
        raise Fail("no-smtpd", lab.log("fatal")[-2:])
    if reply.startswith("4"):
        raise Fail("only-put-off", reply)
    return reply.startswith("250")


def kept_promise(lab, person):
    """Refused at once, or accepted and then found in somebody's mailbox."""
    if not answered(lab, person):
        return
    marker = f"promise-{person}-{lab.world.now}"
    lab.send(f"{person}@ploplo.fr", subject=marker)
    if not lab.run(f"grep -rlsF {marker} /var/mail /home /root").out:
        raise Fail("promise-broken", lab.log(rf"to=<{person}@.*status=|fatal")[-2:])


def others_live(lab):
    for person in ("julien", "jules"):
        if not answered(lab, person):
            raise Fail("others-refused", person)
        lab.delivered(person, f"{person}@ploplo.fr")


@hint
def forgot_postmap(lab):
    text = lab.read("/etc/postfix/mesusers").split()
    known = lab.run("postmap -q davy hash:/etc/postfix/mesusers").out.strip()
    return bool(known) and "davy" not in text


@hint
def forgot_newaliases(lab):
    return "davy" in lab.read("/etc/aliases") and not lab.run("postmap -q davy hash:/etc/aliases").out.strip()


@check
def davy(lab):
    kept_promise(lab, "davy")
    others_live(lab)


@check
def roderick(lab):
    kept_promise(lab, "roderick")
    others_live(lab)
