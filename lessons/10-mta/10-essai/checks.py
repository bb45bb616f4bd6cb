from maillab.lessons.check import Fail, check


@check
def host_named(lab):
    name = lab.run("hostname").out.strip()
    if name != "relais":
        raise Fail("other-name", name)
