from maillab.lessons.check import Fail, check, hint


def made_by_installer(lab):
    return "mailbox_size_limit" in lab.run("postconf -n").out


@hint
def wrong_answer(lab):
    return made_by_installer(lab)


@hint
def stopped(lab):
    return lab.exists("/etc/postfix/main.cf") and lab.exists("/etc/aliases.db") and not lab.running("master")


@check
def installed(lab):
    if not lab.exists("/usr/sbin/postfix"):
        raise Fail("not-installed")


@check
def blank_configuration(lab):
    if not lab.exists("/etc/postfix/main.cf"):
        raise Fail("no-main-cf")
    if made_by_installer(lab):
        raise Fail("made-by-installer", lab.run("postconf -n mailbox_size_limit relayhost").lines)


@check
def answers(lab):
    if not lab.connects(25):
        raise Fail("nobody-answers", lab.log("fatal")[-2:])


@check
def delivers(lab):
    lab.run("printf 'Subject: probe\\n\\nprobe\\n' | sendmail toto")
    lab.wait(5)
    if lab.mailbox("toto"):
        return
    if lab.log("alias database unavailable"):
        raise Fail("aliases-not-compiled", lab.log("alias database unavailable")[-1:])
    raise Fail("mail-lost", lab.log("status=|fatal")[-2:])
