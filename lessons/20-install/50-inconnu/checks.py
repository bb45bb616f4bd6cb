import re

from maillab.lessons.check import Fail, check, hint


def unused(lab):
    result = lab.run("postconf -n")
    return re.findall(r"unused parameter: (\S+?)=", result.out + result.err)


@hint
def another_typo(lab):
    return any(name != "mydestnation" for name in unused(lab))


@check
def domain_accepted(lab):
    if not lab.running("master"):
        raise Fail("stopped", lab.log("fatal")[-2:])
    before = lab.mailbox("toto")
    lab.send("toto@ploplo.fr")
    if lab.mailbox("toto") == before:
        raise Fail("not-listed", lab.run("postconf mydestination").out.strip())


@check
def nothing_unused(lab):
    if unused(lab):
        raise Fail("unused-left", unused(lab))
