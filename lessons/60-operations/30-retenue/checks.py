import re

from maillab.lessons.check import Fail, check, hint

GOOD = ("Contrat", "Reunion", "Kermesse")


def queued(lab):
    """The queue: {identifier: subject}."""
    found = {}
    for line in lab.run("mailq").lines:
        if entry := re.match(r"([0-9A-Za-z]+)[*!#]?\s+\d+ ", line):
            subject = re.search(r"^Subject: (.*)$", lab.run(f"postcat -q {entry[1]}").out, re.M)
            found[entry[1]] = subject[1] if subject else "?"
    return found


def held(lab):
    return [line for line in lab.run("mailq").lines if re.match(r"[0-9A-Za-z]+!", line)]


@hint
def flush_is_not_release(lab):
    return lab.history(r"postqueue -[fi]") and held(lab)


@hint
def released_only(lab):
    return lab.history("postsuper.*-H") and not held(lab) and queued(lab)


@check
def good_mail_arrived(lab):
    lab.wait(3)
    text = lab.mailbox("jules")
    missing = [subject for subject in GOOD if f"Subject: {subject}\n" not in text]
    if missing:
        waiting = queued(lab)
        there = all(subject in waiting.values() for subject in missing)
        raise Fail("good-waits" if there else "good-lost", missing, [f"{key} {value}" for key, value in waiting.items()])


@check
def lottery_gone(lab):
    lab.wait(3)
    if "Subject: Loterie" in lab.mailbox("jules"):
        raise Fail("lottery-delivered")
    waiting = [f"{key} {value}" for key, value in queued(lab).items() if value.startswith("Loterie")]
    if waiting:
        raise Fail("lottery-waits", waiting)
