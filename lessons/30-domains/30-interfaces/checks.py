from maillab.lessons.check import Fail, check, hint

MAIL, BUREAU = "192.0.2.10", "192.0.2.20"


def wanted(lab, host):
    """The addresses main.cf asks for, as a word list."""
    return lab.run("postconf -hx inet_interfaces", host=host).out.replace(",", " ").split()


def public(lab, host, address):
    words = wanted(lab, host)
    return any(word in words for word in ("all", address, "$myhostname", f"{host}.ploplo.fr"))


def listens(lab, host, address):
    return any(line.split()[3] in (f"{address}:25", "0.0.0.0:25") for line in lab.run("netstat -tln | grep tcp", host=host).lines)


@hint
def restart_needed(lab):
    pairs = (("mail", MAIL), ("bureau", BUREAU))
    return any(lab.running("master", host) and public(lab, host, ip) != listens(lab, host, ip) for host, ip in pairs)


@check
def mail_reachable(lab):
    if not lab.running("master", "mail"):
        raise Fail("stopped", lab.log("fatal")[-1:])
    if not lab.connects(25, host="bureau", to=MAIL):
        if public(lab, "mail", MAIL):
            raise Fail("not-restarted", lab.log("warning.*inet_interfaces")[-1:])
        raise Fail("still-local", lab.run("postconf inet_interfaces").out.strip())
    if not lab.connects(25, host="mail"):
        raise Fail("local-lost", lab.run("netstat -tln | grep :25", host="mail").lines)
    lab.delivered("toto", "toto@ploplo.fr")


@check
def bureau_closed(lab):
    if not lab.running("master", "bureau"):
        raise Fail("stopped", lab.log("fatal", host="bureau")[-1:])
    if lab.connects(25, host="mail", to=BUREAU):
        if public(lab, "bureau", BUREAU):
            raise Fail("still-open", lab.run("postconf inet_interfaces", host="bureau").out.strip())
        raise Fail("not-restarted", lab.log("warning.*inet_interfaces", host="bureau")[-1:])
    before = lab.mailbox("toto", "mail")
    lab.run("printf 'Subject: probe\\n\\nprobe\\n' | sendmail toto@ploplo.fr", host="bureau")
    lab.wait(5)
    if lab.mailbox("toto", "mail") == before:
        raise Fail("not-sent", lab.log("status=", host="bureau")[-1:])
