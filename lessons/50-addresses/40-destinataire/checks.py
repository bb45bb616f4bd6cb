from maillab.lessons.check import Fail, check, hint

NAMES = ("Julien.Pedrono@ploplo.fr", "julien.pedrono@ploplo.fr")


@hint
def backwards(lab):
    found = lab.run("postmap -q jpedrono@ploplo.fr $(postconf -h recipient_canonical_maps)").out
    return found.lower().startswith("julien.pedrono")


@hint
def no_table(lab):
    return lab.log(r"(open database|error: open|is unavailable).*(No such file|open)")


@check
def official_arrives(lab):
    for name in NAMES:
        reply = lab.rcpt(name)
        if not reply.startswith("250"):
            refused = reply.startswith("5")
            raise Fail("official-unknown" if refused else "no-answer", reply, lab.log("fatal|error")[-2:])
        lab.delivered("jpedrono", name)


@check
def account_arrives(lab):
    official = lab.rcpt(NAMES[0])
    if not official.startswith("250"):
        refused = official.startswith("5")
        raise Fail("official-unknown" if refused else "no-answer", official)
    lab.delivered("jpedrono", "jpedrono@ploplo.fr")
    if lab.rcpt("Julien.Personne@ploplo.fr").startswith("250"):
        raise Fail("anybody")
