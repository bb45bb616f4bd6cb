from maillab.lessons.check import Fail, check, hint


def write(lab, recipient):
    lab.run(f"printf 'Subject: probe\\n\\nprobe\\n' | sendmail -f toto@ploplo.fr {recipient}")
    lab.wait(8)


def outside(lab):
    """Write to roderick; what he received, "" when nothing."""
    before = lab.mailbox("roderick", "orange")
    write(lab, "roderick@orange.fr")
    return lab.mailbox("roderick", "orange").removeprefix(before)


@hint
def wrong_host(lab):
    return lab.postconf("relayhost", "passerelle") and not lab.postconf("relayhost", "mail")


@check
def by_the_gateway(lab):
    got = outside(lab)
    if "by passerelle.ploplo.fr" in got:
        return
    if got:
        raise Fail("not-by-gateway")
    last = lab.log("to=<roderick@orange.fr>")[-1:]
    text = "".join(last)
    if "loops back" in text:
        raise Fail("loops", last)
    if "smtp.orange.fr" in text and "said:" in text:
        named = lab.postconf("relayhost")
        if named and "orange" not in named:
            raise Fail("not-reloaded", last)
        raise Fail("refused-direct", last)
    if "status=deferred" in text or "status=bounced" in text:
        raise Fail("relay-unreachable", last)
    raise Fail("not-arrived", last)


@check
def local_stays(lab):
    if "by passerelle.ploplo.fr" not in outside(lab):
        raise Fail("not-arrived", lab.log("to=<roderick@orange.fr>")[-1:])
    before = lab.mailbox("toto")
    write(lab, "toto@ploplo.fr")
    if lab.mailbox("toto") == before:
        raise Fail("local-lost", lab.log("to=<toto@ploplo.fr>")[-1:])
