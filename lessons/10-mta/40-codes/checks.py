from maillab.lessons.check import Fail, check, hint


def refused(lab, code):
    return lab.log(rf"NOQUEUE: reject: RCPT from .*: {code} ")


@hint
def relayed_outside(lab):
    return not refused(lab, 550) and lab.log(r"disconnect from .* rcpt=[1-9]")


@check
def told_to_wait(lab):
    if refused(lab, 450):
        return
    if lab.log(r"disconnect from .* mail=1 (?!.*rcpt)"):
        raise Fail("no-recipient", lab.log(r"disconnect from")[-1:])
    raise Fail("no-refusal", lab.log(r"NOQUEUE")[-2:])


@check
def told_never(lab):
    if refused(lab, 550):
        return
    if lab.log(r"status=bounced"):
        raise Fail("bounced-instead", lab.log(r"status=bounced")[-1:])
    raise Fail("no-refusal", lab.log(r"NOQUEUE")[-2:])
