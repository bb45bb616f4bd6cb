"""Accounts are made, changed and removed in the files."""

from __future__ import annotations

from tests.shell.commands.conftest import Lab

FOLDER = "maillab.shell.commands.passwd."


def run(lab: Lab, *argv: str, stdin: bytes = b"") -> tuple[str, int]:
    found = lab.run(FOLDER + argv[0], list(argv), stdin)
    return found.stdout + found.stderr, found.status


def furnish(lab: Lab) -> None:
    def files(sys) -> None:  # type: ignore[no-untyped-def]
        sys.spew("/etc/shadow", b"root:*:20000:0:99999:7:::\ntoto:!:20000:0:99999:7:::\n", mode=0o640)
        sys.spew("/etc/gshadow", b"root:*::\nmail:*::toto\ntoto:!::\n", mode=0o640)

    lab.setup(files)


def test_useradd_groupadd_usermod_userdel(lab: Lab) -> None:
    furnish(lab)
    assert run(lab, "useradd", "-M", "-s", "/bin/sh", "jules")[1] == 0
    assert b"jules:x:1001:1001::/home/jules:/bin/sh\n" in lab.read("/etc/passwd")
    assert run(lab, "useradd", "jules") == ("useradd: user 'jules' already exists\n", 9)
    assert run(lab, "groupadd", "equipe") == ("", 0)
    assert b"equipe:x:1002:\n" in lab.read("/etc/group")
    assert run(lab, "usermod", "-aG", "mail,equipe", "jules") == ("", 0)
    assert b"mail:x:8:toto,jules\n" in lab.read("/etc/group")
    assert run(lab, "usermod", "-l", "julien", "jules") == ("", 0)
    assert b"mail:x:8:toto,julien\n" in lab.read("/etc/group")
    assert run(lab, "gpasswd", "-d", "julien", "mail") == ("Removing user julien from group mail\n", 0)
    assert run(lab, "userdel", "julien") == ("", 0)
    assert b"julien" not in lab.read("/etc/passwd") + lab.read("/etc/shadow") + lab.read("/etc/group")
    assert run(lab, "userdel", "julien") == ("userdel: user 'julien' does not exist\n", 6)


def test_passwords(lab: Lab) -> None:
    furnish(lab)
    assert run(lab, "passwd", "-S", "toto")[0].startswith("toto L ")
    assert run(lab, "chpasswd", "-c", "SHA512", stdin=b"toto:secret\n") == ("", 0)
    assert b"toto:$6$" in lab.read("/etc/shadow")
    assert run(lab, "passwd", "-l", "toto")[1] == 0
    assert b"toto:!$6$" in lab.read("/etc/shadow")
    assert run(lab, "passwd", "-d", "toto") == ("passwd: password changed.\n", 0)
    assert run(lab, "passwd", "-S", "toto")[0].startswith("toto NP ")
    assert run(lab, "chage", "-M", "90", "toto") == ("", 0)
    assert "Maximum number of days between password change\t\t: 90\n" in run(lab, "chage", "-l", "toto")[0]
