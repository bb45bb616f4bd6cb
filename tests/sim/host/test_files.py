"""Files: permissions, links, setgid directories, disks that fill up, copy-on-write."""

from __future__ import annotations

import pytest

from maillab.sim.host.errno import SysError
from maillab.sim.host.fs import ROOT, Filesystem
from maillab.sim.host.process import Process
from tests.sim.conftest import Small


def refused(name: str, call: object, *args: object) -> None:
    assert callable(call)
    with pytest.raises(SysError) as error:
        call(*args)
    assert error.value.name == name


def test_open_write_read_append_and_truncate(small: Small) -> None:
    async def body(sys: Process) -> bytes:
        sys.spew("/tmp/f", b"one\n")
        fd = sys.open("/tmp/f", "a")
        await sys.write(fd, b"two\n")
        sys.close(fd)
        fd = sys.open("/tmp/f", "r+")
        sys.lseek(fd, 4)
        assert await sys.read(fd) == b"two\n"
        assert await sys.read(fd) == b""
        sys.ftruncate(fd, 5)
        refused("EEXIST", sys.open, "/tmp/f", "x")
        refused("ENOENT", sys.open, "/tmp/g")
        refused("EISDIR", sys.open, "/tmp", "w")
        refused("ENOTDIR", sys.open, "/tmp/f/x")
        return sys.slurp("/tmp/f")

    assert small.run(body) == b"one\nt"


def test_ordinary_users_are_held_back(small: Small) -> None:
    async def root(sys: Process) -> None:
        sys.mkdir("/home/davy", 0o700)
        sys.spew("/home/davy/secret", b"s", mode=0o600)
        sys.spew("/etc/shared", b"s", mode=0o640)
        sys.chown("/etc/shared", 0, 8)

    async def user(sys: Process) -> None:
        refused("EACCES", sys.slurp, "/home/davy/secret")
        refused("EACCES", sys.slurp, "/etc/shared")
        refused("EACCES", sys.spew, "/etc/new", b"")
        refused("EPERM", sys.chown, "/etc/shared", 1000, -1)
        refused("EPERM", sys.chmod, "/etc/shared", 0o777)
        sys.spew("/tmp/mine", b"")
        refused("EPERM", sys.chown, "/tmp/mine", 0, -1)

    async def other(sys: Process) -> None:
        refused("EPERM", sys.unlink, "/tmp/mine")

    small.run(root)
    small.run(user, uid=1000)
    small.run(other, uid=1001)


def test_a_setgid_directory_gives_its_group(small: Small) -> None:
    async def body(sys: Process) -> tuple[int, int]:
        sys.mkdir("/home/mail")
        sys.chown("/home/mail", 0, 8)
        sys.chmod("/home/mail", 0o2775)
        sys.spew("/home/mail/toto", b"")
        sys.mkdir("/home/mail/d")
        return sys.stat("/home/mail/toto").gid, sys.stat("/home/mail/d").perms & 0o2000

    assert small.run(body) == (8, 0o2000)


def test_links(small: Small) -> None:
    async def body(sys: Process) -> None:
        sys.spew("/tmp/f", b"x")
        sys.link("/tmp/f", "/tmp/hard")
        sys.symlink("f", "/tmp/soft")
        sys.symlink("loop", "/tmp/loop")
        assert sys.stat("/tmp/f").nlink == 2
        assert sys.lstat("/tmp/soft").kind == "l" and sys.stat("/tmp/soft").kind == "-"
        refused("ELOOP", sys.slurp, "/tmp/loop")
        sys.unlink("/tmp/f")
        refused("ENOENT", sys.slurp, "/tmp/soft")
        assert sys.slurp("/tmp/hard") == b"x"
        assert sys.realpath("/tmp/../tmp/./hard") == "/tmp/hard"

    small.run(body)


def test_an_unlinked_file_lives_until_its_last_close(small: Small) -> None:
    async def body(sys: Process) -> bytes:
        fd = sys.open("/tmp/f", "w+")
        sys.unlink("/tmp/f")
        await sys.write(fd, b"still here")
        sys.lseek(fd, 0)
        return await sys.read(fd)

    assert small.run(body) == b"still here"


def test_rename_checks_kinds_and_cycles(small: Small) -> None:
    async def body(sys: Process) -> None:
        sys.mkdir("/tmp/d")
        sys.mkdir("/tmp/d/e")
        sys.spew("/tmp/f", b"x")
        refused("EINVAL", sys.rename, "/tmp/d", "/tmp/d/e/d")
        refused("EISDIR", sys.rename, "/tmp/f", "/tmp/d")
        refused("ENOTDIR", sys.rename, "/tmp/d", "/tmp/f")
        refused("ENOTEMPTY", sys.rmdir, "/tmp/d")
        sys.rename("/tmp/f", "/tmp/d/f")
        assert sorted(sys.listdir("/tmp/d")) == ["e", "f"]

    small.run(body)


def test_a_chroot_is_the_whole_world(small: Small) -> None:
    async def body(sys: Process) -> None:
        sys.mkdir("/tmp/jail")
        sys.spew("/etc/hosts", b"outside")
        sys.chroot("/tmp/jail")
        sys.chdir("/")
        refused("ENOENT", sys.slurp, "/etc/hosts")
        refused("ENOENT", sys.slurp, "/../../etc/hosts")
        assert sys.getcwd() == "/"

    small.run(body)


def test_a_disk_fills_up_and_frees_again() -> None:
    fs = Filesystem(lambda: 0, capacity=10_000)
    inode = fs.create(ROOT, "f", 0o100644, 0, 0)
    assert fs.write(inode.ino, 0, b"x" * 12_000) == 10_000
    with pytest.raises(SysError) as error:
        fs.write(inode.ino, 10_000, b"y")
    assert error.value.name == "ENOSPC"
    fs.unlink(ROOT, "f")
    assert fs.used == 0


def test_quota() -> None:
    fs = Filesystem(lambda: 0)
    fs.quota[1000] = 100
    inode = fs.create(ROOT, "f", 0o100644, 1000, 0)
    fs.write(inode.ino, 0, b"x" * 100)
    with pytest.raises(SysError) as error:
        fs.write(inode.ino, 100, b"y")
    assert error.value.name == "EDQUOT"


def test_hosts_share_an_image_and_change_only_their_own() -> None:
    base = Filesystem(lambda: 0)
    base.write(base.create(ROOT, "f", 0o100644, 0, 0).ino, 0, b"base")
    image = base.freeze()
    one, two = Filesystem(lambda: 1, image), Filesystem(lambda: 1, image)
    ino = one.lookup(ROOT, "f")
    assert ino is not None
    one.write(ino, 0, b"mine")
    one.create(ROOT, "g", 0o100644, 0, 0)
    assert two.read(ino, 0, 10) == b"base"
    assert two.lookup(ROOT, "g") is None
    two.unlink(ROOT, "f")
    assert one.read(ino, 0, 10) == b"mine"
