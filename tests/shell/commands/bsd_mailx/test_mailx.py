"""bsd-mailx 8.1.2: mailboxes, message lists, leaving."""

from __future__ import annotations

from maillab.shell.commands.bsd_mailx._messages import NEW, READ, parse, skin
from tests.shell.commands.conftest import Lab, Result

MODULE = "maillab.shell.commands.bsd_mailx.bsd_mailx"
RC = "set ask askcc append dot save crt\nignore Received Message-Id Status Return-Path\n"


def letter(number: int, status: str = "") -> str:
    return (
        f"From root@ploplo.fr  Sun Nov 22 15:38:31 2026\nReturn-Path: <root@ploplo.fr>\nTo: toto@ploplo.fr\nSubject: sujet {number}\n"
        f"From: Root <root@ploplo.fr>\n{status}\nligne {number}\n\n"
    )


BOX = letter(1) + letter(2, "Status: RO\n") + letter(3, "Status: O\n")


def mail(lab: Lab, typed: str, *argv: str, box: str | None = BOX) -> Result:
    files = {"/etc/mail.rc": RC} | ({"/var/mail/root": box} if box is not None else {})
    return lab.run(MODULE, ["mail", *argv], stdin=typed.encode(), files=files, env={"HOME": "/root"})


def test_parse() -> None:
    messages = parse(BOX.encode())
    assert [message.flags for message in messages] == [NEW, READ, 0]
    assert parse(b"From nobody\n\nno mailbox\n") == [] and parse(b"julien\n") == []
    assert skin('"Doe, John" <j@x> (him), Toto <t@y>') == "j@x, t@y"


def test_headers_and_counts(lab: Lab) -> None:
    lines = mail(lab, "x\n").stdout.splitlines()
    assert lines[1] == '"/var/mail/root": 3 messages 1 new 2 unread'
    assert lines[2] == ">N  1 root@ploplo.fr     Sun Nov 22 15:38    8/150   sujet 1"
    assert lines[4].startswith(" U  3 ")


def test_read_messages_go_to_mbox_and_the_rest_stays(lab: Lab) -> None:
    result = mail(lab, "p 1\nd 2\nq\n")
    assert result.stdout.endswith("ligne 1\n\nSaved 1 message in /root/mbox\nHeld 1 message in /var/mail/root\n")
    assert "Return-Path" not in result.stdout
    assert lab.read("/root/mbox").decode() == letter(1, "Status: RO\n")
    assert lab.read("/var/mail/root").decode() == letter(3, "Status: O\n")


def test_exit_changes_nothing(lab: Lab) -> None:
    mail(lab, "d *\nx\n")
    assert lab.read("/var/mail/root").decode() == BOX


def test_bad_lists(lab: Lab) -> None:
    shown = mail(lab, "9\np :q\np zorro\npasla\nx\n").stdout.splitlines()[-4:]
    assert shown == [
        "9: Invalid message number",
        'Unknown colon modifier ":q"',
        "No applicable messages from {zorro}",
        'Unknown command: "pasla"',
    ]


def test_no_mail_and_errors(lab: Lab) -> None:
    assert mail(lab, "", box=None).stderr == "No mail for root\n"
    assert mail(lab, "", "-u", "inconnu").stderr == 'mail: "inconnu" is not a user of this system\n'
    assert mail(lab, "", "-f", "pasla").stderr == "mail: pasla: No such file or directory\n"
    assert mail(lab, "q\n", "-f", "/etc/passwd").stdout.endswith('"/etc/passwd": 0 messages\n')


def test_settings(lab: Lab) -> None:
    typed = "alias amis toto jules\nalias amis\nalias zz\nunset foo\necho a b\nversion\nretain\nx\n"
    assert mail(lab, typed).stdout.splitlines()[5:] == [
        "amis\t jules toto",
        '"zz": not a group',
        '"foo": undefined variable',
        "a b",
        "Version 8.1.2 01/15/2001",
        "No fields currently being retained.",
    ]


def test_every_command_is_listed(lab: Lab) -> None:
    shown = mail(lab, "list\nx\n").stdout.splitlines()[5:]
    assert shown[0] == "Commands are:" and shown[1] == "next, alias, print, type, Type, Print, visual, top, touch, preserve, "
    assert shown[-1].startswith("saveignore, savediscard, saveretain") and shown[-1].endswith("inc, new")
