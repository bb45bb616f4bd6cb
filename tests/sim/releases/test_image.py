"""Disks built from the releases' data."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from maillab.sim import releases
from maillab.sim.host.accounts import parse_group, parse_passwd, parse_shadow
from maillab.sim.host.inode import Inode
from maillab.sim.releases.index import programs


class Disk:
    """An image, looked at by paths (links followed on the way, not at the end)."""

    def __init__(self, inodes: Mapping[int, Inode]):
        self.inodes = inodes

    def find(self, path: str) -> Inode | None:
        found, here = self.inodes[2], ""
        parts = path.strip("/").split("/")
        for depth, part in enumerate(parts):
            number = (found.entries or {}).get(part)
            if number is None:
                return None
            found, here = self.inodes[number], f"{here}/{part}"
            if found.target and depth < len(parts) - 1:
                target = found.target if found.target.startswith("/") else f"{here.rpartition('/')[0]}/{found.target}"
                below = self.find(target)
                if below is None:
                    return None
                found = below
        return found

    def text(self, path: str) -> str:
        found = self.find(path)
        assert found is not None, path
        return bytes(found.data).decode()


@pytest.fixture(scope="module", params=["L0", "P1", "C1", "D1", "H1", "hardy"])
def disk(request: pytest.FixtureRequest) -> Disk:
    return Disk(releases.build_preset(releases.preset(request.param), programs()))


def test_accounts_agree(disk: Disk) -> None:
    users = parse_passwd(disk.text("/etc/passwd").encode())
    groups = {group.gid for group in parse_group(disk.text("/etc/group").encode())}
    shadow = [entry.name for entry in parse_shadow(disk.text("/etc/shadow").encode())]
    assert [user.name for user in users] == shadow
    assert all(user.gid in groups for user in users)
    assert len({user.uid for user in users}) == len(users)


def test_modes(disk: Disk) -> None:
    for path, mode in {"/tmp": 0o41777, "/var/mail": 0o42775, "/etc/shadow": 0o100640, "/root": 0o40700, "/dev/null": 0o20666}.items():
        found = disk.find(path)
        assert found is not None and found.mode == mode, path
    su = disk.find("/bin/su")
    assert su is not None and su.mode == 0o104755


def test_every_link_of_a_run_level_leads_to_a_script(disk: Disk) -> None:
    for level in "0123456S":
        folder = disk.find(f"/etc/rc{level}.d")
        for name in (folder.entries or {}) if folder else {}:
            script = disk.find(f"/etc/init.d/{name[3:]}")
            assert script is not None and script.mode & 0o111, name


def test_dpkg_knows_what_is_installed(disk: Disk) -> None:
    status = disk.text("/var/lib/dpkg/status")
    for block in status.strip().split("\n\n"):
        name = block.split("\n")[0].removeprefix("Package: ")
        assert "\nStatus: install ok installed\n" in block
        assert disk.text(f"/var/lib/dpkg/info/{name}.list").startswith("/.\n")


def test_links_of_bookworm_and_queue_of_postfix() -> None:
    disk = Disk(releases.build_preset(releases.preset("P1"), programs()))
    assert disk.find("/bin/ls") is disk.find("/usr/bin/ls")
    queue = disk.find("/var/spool/postfix/maildrop")
    assert queue is not None and queue.mode == 0o41730
    postdrop = next(group.gid for group in parse_group(disk.text("/etc/group").encode()) if group.name == "postdrop")
    assert queue.gid == postdrop
    assert disk.find("/etc/postfix/main.cf") is None
    assert disk.text("/usr/share/postfix/main.cf.dist").count("\n") == 693


def test_the_built_postfix_has_its_own_layout() -> None:
    disk = Disk(releases.build_preset(releases.preset("H1"), programs()))
    assert disk.text("/etc/postfix/main.cf").count("\n") == 651
    assert disk.find("/usr/lib/postfix/master") is not None
    assert "Package: postfix\n" not in disk.text("/var/lib/dpkg/status")


def test_images_are_built_once() -> None:
    preset = releases.preset("L0")
    assert releases.build_preset(preset, programs()) is releases.build_preset(preset, programs())
