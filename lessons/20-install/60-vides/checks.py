from maillab.lessons.check import Fail, check, hint

FATAL = ("myhostname", "inet_interfaces", "queue_directory")


def complaint(lab):
    """The last fatal line of a `postfix check`, which speaks to the log when it has no terminal."""
    return lab.log("fatal")[-1:] if lab.run("postfix check").status else []


def empty_values(lab):
    return [name for name in FATAL if not lab.postconf(name)]


@hint
def no_settings_left(lab):
    return not lab.run("postconf -n").out.strip()


@hint
def one_after_the_other(lab):
    return 0 < len(empty_values(lab)) < len(FATAL)


@check
def starts(lab):
    if complaint(lab) and empty_values(lab):
        raise Fail("still-empty", complaint(lab))
    if not lab.connects(25):
        raise Fail("stopped", lab.log("fatal")[-1:])


@check
def settings_kept(lab):
    if not lab.run("postconf -n").out.strip():
        raise Fail("emptied", lab.run("ls -l /etc/postfix/main.cf").out.strip())
    if not lab.connects(25):
        raise Fail("stopped", complaint(lab))
    if "ploplo.fr" not in lab.run("postconf -hx mydestination").out.replace(",", " ").split():
        raise Fail("domain-lost", lab.run("postconf mydestination").out.strip())
    lab.delivered("toto", "toto@ploplo.fr")
