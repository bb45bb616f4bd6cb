from maillab.lessons.check import Fail, check, hint

BANNER = "220 mail.ploplo.fr ESMTP Postfix"


def greeting(lab):
    return next(iter(lab.dialogue("QUIT")), "")


@hint
def still_a_space(lab):
    return "mydestination" in lab.postconf("smtpd_banner")


@check
def starts(lab):
    parsed = lab.run("postconf -n")
    if parsed.status:
        raise Fail("not-parsed", parsed.err.strip())
    if not greeting(lab):
        raise Fail("stopped", lab.log("fatal")[-2:])


@check
def clean_banner(lab):
    said = greeting(lab)
    if not said:
        raise Fail("stopped")
    if " = " in said:
        raise Fail("glued", said)
    if said != BANNER:
        raise Fail("other-banner", said)


@check
def three_domains(lab):
    for domain in ("ploplo.fr", "titi.fr", "localhost"):
        before = lab.mailbox("toto")
        lab.send(f"toto@{domain}")
        if lab.mailbox("toto") == before:
            raise Fail("domain-missing", domain)
