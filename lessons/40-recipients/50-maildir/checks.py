from maillab.lessons.check import Fail, check, hint


def as_maildir(lab, user):
    """Send a message and say which file of its own it got."""
    marker = f"maildir-{lab.world.now}"
    reply = lab.send(f"{user}@ploplo.fr", subject=marker)
    if not reply.startswith("250"):
        raise Fail("not-accepted", reply or "(no answer)")
    found = lab.run(f"grep -rlsF {marker} /home/{user} /var/mail /var/spool/mail").lines
    if not found:
        raise Fail("refused-by-local", lab.log(rf"to=<{user}@.*status=|fatal")[-2:])
    if not any("/new/" in path for path in found):
        raise Fail("one-file-only", found)


@hint
def file_in_the_way(lab):
    return lab.log(r"(Not a directory|File exists|Is a directory)")


@hint
def no_slash(lab):
    home = lab.postconf("home_mailbox")
    return home and not home.endswith("/")


@hint
def forgot_reload(lab):
    wanted = lab.postconf("home_mailbox").endswith("/") or lab.postconf("mail_spool_directory").endswith("/")
    return wanted and lab.history("postconf|vi|sed") and not lab.history("reload|restart|stop")


def keeps_memories(lab, user="julien"):
    text = lab.mailbox(user) + lab.run("cat /var/mail/julien* /home/julien/*box* 2>/dev/null").out
    text += lab.run("find /home/julien /var/mail -type f -exec cat {} +").out
    for subject in ("Souvenir-un", "Souvenir-deux"):
        if subject not in text:
            raise Fail("memories-lost", subject)


@check
def julien(lab):
    keeps_memories(lab)
    as_maildir(lab, "julien")


@check
def jules(lab):
    as_maildir(lab, "jules")


@check
def memories(lab):
    keeps_memories(lab)
    files = lab.run("grep -rlsE '^Subject: Souvenir-(un|deux)' /home/julien /var/mail").lines
    singles = [path for path in files if "/new/" in path or "/cur/" in path]
    if not singles:
        raise Fail("not-converted", files)
    owners = lab.run("stat -c '%U %n' " + " ".join(f"'{path}'" for path in singles)).lines
    if any(not line.startswith("julien ") for line in owners):
        raise Fail("not-his", owners)
    if len(singles) < 2:
        raise Fail("in-one-piece", singles)
    glued = lab.run("grep -lE '^From ' " + " ".join(f"'{path}'" for path in singles)).lines
    if glued:
        raise Fail("mbox-line-left", glued)
