import re

from maillab.lessons.check import Fail, check, hint


def box(lab):
    return lab.mailbox("jules")


@hint
def waits_for_flush(lab):
    return lab.run("stat -c %U /var/mail/jules").out.strip() == "jules" and "jules@" in lab.run("mailq").out


@check
def waiting_arrived(lab):
    lab.wait(2)
    text = box(lab)
    missing = [subject for subject in ("Nouvelles", "Mardi", "Mercredi") if f"Subject: {subject}\n" not in text]
    if "Nouvelles" in missing:
        raise Fail("old-mail-lost")
    if missing:
        queue = lab.run("mailq").lines
        in_queue = any("jules@" in line for line in queue)
        raise Fail("still-waiting" if in_queue else "waiting-lost", queue[:6])


@check
def private(lab):
    if not lab.exists("/var/mail/jules"):
        raise Fail("old-mail-lost")
    owner, mode = lab.run("stat -c '%U %a' /var/mail/jules").out.split()
    if owner != "jules":
        raise Fail("other-owner", f"{owner} {mode}")
    if int(mode, 8) & 0o007:
        raise Fail("open-to-all", f"{owner} {mode}")


@check
def counted(lab):
    answer = lab.read("/root/nombre").split()
    if not answer:
        raise Fail("no-answer")
    real = len(re.findall(r"^From ", box(lab), re.M))
    if not answer[0].isdigit() or not 3 <= int(answer[0]) <= real:
        raise Fail("miscounted", f"{answer[0]}", f"grep -c '^From ' /var/mail/jules: {real}")


@check
def jules_gets_mail(lab):
    lab.delivered("jules", "jules@ploplo.fr")
