import re

from maillab.lessons.check import Fail, check, hint


def expanded(lab, name):
    return lab.run(f"postconf -hx {name}").out.strip()


@hint
def domain_twice(lab):
    domain = expanded(lab, "mydomain")
    return expanded(lab, "myorigin").endswith(f"{domain}.{domain}")


@hint
def shell_ate_it(lab):
    return expanded(lab, "myorigin") in ("", ".")


@check
def introduces_itself(lab):
    greeting = next(iter(lab.dialogue("QUIT")), "")
    if not greeting:
        raise Fail("nobody-answers", lab.log("fatal")[-2:])
    name = greeting.split()[1]
    if name.lower() == "smtp.ploplo.fr":
        return
    if expanded(lab, "myhostname") == "smtp.ploplo.fr":
        raise Fail("not-reloaded", greeting)
    if "." not in name:
        raise Fail("not-fqdn", greeting)
    raise Fail("other-name", greeting)


@check
def completes_addresses(lab):
    before = lab.mailbox("toto")
    lab.run("printf 'Subject: probe\\n\\nprobe\\n' | sendmail toto")
    lab.wait(5)
    sender = lab.log(r"qmgr.*from=<root@")[-1:]
    origin = re.search(r"from=<root@([^>]*)>", "".join(sender))
    if origin and origin[1] != "ploplo.fr":
        if origin[1] == expanded(lab, "myhostname") or origin[1] == "mail.localdomain":
            raise Fail("full-host", sender)
        raise Fail("other-origin", sender)
    if lab.mailbox("toto") == before:
        raise Fail("mail-lost", lab.log("status=|fatal")[-1:])
