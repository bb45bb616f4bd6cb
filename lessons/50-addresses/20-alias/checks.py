import re

from maillab.lessons.check import Fail, check, hint


def reach(lab, name, people):
    """Mail for `name` reaches each of `people`."""
    reply = lab.rcpt(f"{name}@ploplo.fr")
    if not reply:
        raise Fail("no-smtpd", lab.log("fatal")[-2:])
    if not reply.startswith("250"):
        raise Fail("alias-unknown", reply)
    marker = f"alias-{lab.world.now}"
    lab.send(f"{name}@ploplo.fr", subject=marker)
    copies = {person: lab.mailbox(person).count(f"Subject: {marker}\n") for person in people}
    loops = lab.log(r"unable to find primary alias|mail forwarding loop|alias (database )?loop|nesting")[-1:]
    missing = [person for person, count in copies.items() if not count]
    if missing and loops:
        raise Fail("loop", loops)
    if missing:
        raise Fail("somebody-missing", missing, lab.log(r"local.*status=")[-2:])


@hint
def forgot_newaliases(lab):
    written = re.findall(r"^([\w.-]+)\s*:", lab.read("/etc/aliases"), re.M)
    return any(lab.run(f"postmap -q {name.lower()} hash:/etc/aliases").status for name in written)


@hint
def indented(lab):
    return re.search(r"^[ \t]+[\w.-]+\s*:", lab.read("/etc/aliases"), re.M)


@hint
def postmap_instead(lab):
    return lab.run("postmap -q direction: hash:/etc/aliases").out.strip()


@check
def direction(lab):
    reach(lab, "direction", ["julien", "jules"])


@check
def root_is_read(lab):
    reach(lab, "root", ["toto"])
    reach(lab, "postmaster", ["toto"])


@check
def jules_keeps(lab):
    reach(lab, "jules", ["jules", "toto"])
