"""Two worlds in one process, equal in all inode numbers and times but not in contents: neither sees anything of the other."""

from __future__ import annotations

from maillab.lessons.lab import Lab
from maillab.lessons.worldfile import HostSpec, WorldSpec

LINES = [
    "cat /etc/aliases; id {user}; postconf mydestination",
    "echo hello | mail -s greeting boss",
    "cat /var/mail/{user}; ls -i /etc/aliases.db /etc/passwd /etc/postfix/main.cf",
]


def lab_of(user: str, domain: str) -> Lab:
    boot = [
        "cp /usr/share/postfix/main.cf.debian /etc/postfix/main.cf",
        f"postconf -e mydestination=localhost,mail.{domain} myhostname=mail.{domain} compatibility_level=3.6",
        f"useradd -m {user}; echo 'boss: {user}' > /etc/aliases; newaliases",
        "/etc/init.d/postfix start",
    ]
    return Lab(WorldSpec(image="P1", hosts={"mail": HostSpec(f"mail.{domain}", "192.0.2.1", boot=boot)}))


def step(lab: Lab, user: str, line: str) -> None:
    lab.type("mail/0", line.format(user=user).encode() + b"\r")
    lab.run(5)


def test_worlds_side_by_side_live_as_they_would_alone() -> None:
    alone = lab_of("davy", "titi.fr")
    for line in LINES:
        step(alone, "davy", line)
    one, two = lab_of("toto", "lolo.fr"), lab_of("davy", "titi.fr")
    for line in LINES:
        step(one, "toto", line)
        step(two, "davy", line)
    shown = [bytes(lab.terminal("mail/0").output).decode() for lab in (one, two)]
    assert "Delivered-To: boss@mail.lolo.fr" in shown[0] and "davy" not in shown[0]
    assert "Delivered-To: boss@mail.titi.fr" in shown[1] and "toto" not in shown[1]
    assert [line for line in shown[0].split("\n") if "aliases.db" in line][1:] == [
        line for line in shown[1].split("\n") if "aliases.db" in line
    ][1:]
    assert two.session.world.digest() == alone.session.world.digest()
