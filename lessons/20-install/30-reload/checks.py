from maillab.lessons.check import Fail, check, hint


def listed(lab):
    return lab.run("postconf -hx mydestination").out.replace(",", " ").split()


def applied(lab):
    try:
        lab.delivered("toto", "toto@ploplo.fr")
    except Fail:
        return False
    return True


@hint
def forgot_reload(lab):
    return "ploplo.fr" in listed(lab) and lab.running("master") and not applied(lab)


@check
def ploplo_accepted(lab):
    if "ploplo.fr" not in listed(lab):
        raise Fail("not-listed", lab.run("postconf mydestination").out.strip())
    if lab.running("master") and not applied(lab):
        raise Fail("not-reloaded", lab.log(r"to=<toto@ploplo.fr>|NOQUEUE")[-1:])
    lab.delivered("toto", "toto@ploplo.fr")


@check
def host_kept(lab):
    names = listed(lab)
    if "ploplo.fr" not in names:
        raise Fail("not-listed", lab.run("postconf mydestination").out.strip())
    if "localhost" not in names:
        raise Fail("host-lost", lab.run("postconf mydestination").out.strip())
    if "mail.ploplo.fr" not in names:
        raise Fail("shell-ate-it", lab.run("postconf mydestination").out.strip())
    lab.delivered("toto", "toto@localhost")
