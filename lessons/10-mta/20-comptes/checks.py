import re

from maillab.lessons.check import Fail, check, hint


def account(lab):
    return lab.run("id jules").status == 0


@hint
def bounced_before(lab):
    return account(lab) and not lab.mailbox("jules") and lab.log(r"to=<jules@.*status=bounced")


@check
def jules_exists(lab):
    if account(lab):
        return
    if re.search(r"^jules:", lab.read("/etc/passwd"), re.I | re.M):
        raise Fail("other-case", lab.run("tail -1 /etc/passwd").out)
    if lab.exists("/var/mail/jules"):
        raise Fail("file-without-account")
    raise Fail("no-account")


@check
def welcome(lab):
    lab.wait(3)
    if not lab.mailbox("jules").strip():
        raise Fail("not-welcomed", lab.log(r"to=<jules")[-2:])


@check
def jules_gets_mail(lab):
    lab.delivered("jules", "jules@ploplo.fr")
