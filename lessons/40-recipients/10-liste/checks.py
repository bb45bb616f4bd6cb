from maillab.lessons.check import Fail, check, hint

DATABASE = "/etc/postfix/mesusers.db"


@hint
def forgot_postmap(lab):
    return lab.exists("/etc/postfix/mesusers") and not lab.exists(DATABASE)


@hint
def forgot_reload(lab):
    return "passwd" not in lab.postconf("local_recipient_maps") and lab.rcpt("www-data@ploplo.fr").startswith("250")


@hint
def shell_ate_dollar(lab):
    value = lab.postconf("local_recipient_maps")
    return "mesusers" in value and "alias" not in value


def somebody_answers(lab):
    if not lab.connects(25):
        raise Fail("no-smtpd", lab.log("fatal")[-2:])


def people_get_mail(lab):
    for user in ("julien", "roderick"):
        reply = lab.rcpt(f"{user}@ploplo.fr")
        if not reply.startswith("250"):
            raise Fail("person-refused", reply, lab.log("warning|fatal")[-2:])
        lab.delivered(user, f"{user}@ploplo.fr")
    reply = lab.rcpt("postmaster@ploplo.fr")
    if not reply.startswith("250"):
        raise Fail("postmaster-refused", reply)


@check
def services_refused(lab):
    somebody_answers(lab)
    for account in ("www-data", "games"):
        reply = lab.rcpt(f"{account}@ploplo.fr")
        if reply.startswith("250"):
            raise Fail("service-accepted", reply)
        if not reply.startswith("550"):
            raise Fail("not-refused-for-good", reply, lab.log("warning|fatal")[-2:])


@check
def people_accepted(lab):
    somebody_answers(lab)
    people_get_mail(lab)
    if lab.rcpt("games@ploplo.fr").startswith("250"):
        raise Fail("everybody-accepted")
