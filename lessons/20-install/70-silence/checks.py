from maillab.lessons.check import Fail, check, hint


@hint
def compiled_by_postmap(lab):
    return "postmaster:" in lab.run("postmap -s hash:/etc/aliases").out


@check
def speaks(lab):
    if not lab.running("master"):
        raise Fail("stopped", lab.log("fatal")[-1:])
    if lab.connects(25):
        return
    if not lab.exists("/etc/aliases.db"):
        raise Fail("database-missing", lab.log("fatal: open database")[-1:])
    raise Fail("not-a-database", lab.log("fatal")[-1:])


@check
def alias_works(lab):
    try:
        lab.delivered("toto", "postmaster")
    except Fail:
        raise Fail("no-alias", lab.log("fatal|status=")[-1:]) from None
