"""Filters of coreutils: what they print, measured with version 9.1."""

from __future__ import annotations

import shlex

import pytest

from tests.shell.commands.conftest import Lab

FILES = {"n": "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", "v": "a\n\nb\n", "s": "sans fin", "k": "b 3\na 1\nc 2\na 10\n", "t": "a\tb\nc\td\n"}


@pytest.mark.parametrize(
    ("line", "stdout"),
    [
        ("cat -A v t", "a$\n$\nb$\na^Ib$\nc^Id$\n"),
        ("cat -n s v", "     1\tsans fina\n     2\t\n     3\tb\n"),
        ("head -n -8 n", "1\n2\n"),
        ("head -2 n v", "==> n <==\n1\n2\n\n==> v <==\na\n\n"),
        ("tail -n +9 n", "9\n10\n"),
        ("tail -c 3 n", "10\n"),
        ("wc n v", "10 10 21 n\n 3  2  5 v\n13 12 26 total\n"),
        ("sort -k2n k", "a 1\nc 2\nb 3\na 10\n"),
        ("sort -k1,1 -k2nr k", "a 10\na 1\nb 3\nc 2\n"),
        ("cut -f2 t", "b\nd\n"),
        ("cut -c1,3 --output-delimiter=: s", "s:n\n"),
        ("paste -sd, n", "1,2,3,4,5,6,7,8,9,10\n"),
        ("seq -w 8 10", "08\n09\n10\n"),
        ("printf %5.1f%%\\n 12.345 99", " 12.3%\n 99.0%\n"),
        ("od -An -tx1 v", " 61 0a 0a 62 0a\n"),
        ("md5sum v", "3b89023ba6b3412d0f14ed0ae351b868  v\n"),
        ("expr 7 / 2", "3\n"),
        ("fmt -w 20 s", "sans fin\n"),
        ("factor 60", "60: 2 2 3 5\n"),
    ],
)
def test_prints(lab: Lab, line: str, stdout: str) -> None:
    argv = shlex.split(line.replace("\\n", "\\\\n"))
    result = lab.run(f"maillab.shell.commands.coreutils.{argv[0]}", argv, files=FILES)
    assert (result.stdout, result.stderr, result.status) == (stdout, "", 0)


@pytest.mark.parametrize(
    ("line", "stderr", "status"),
    [
        ("cat pasla", "cat: pasla: No such file or directory\n", 1),
        ("head -n x n", "head: invalid number of lines: 'x'\n", 1),
        ("sort pasla", "sort: cannot read: pasla: No such file or directory\n", 2),
        ("cut -f 3-1 n", "cut: invalid decreasing range\nTry 'cut --help' for more information.\n", 1),
        ("ls pasla", "ls: cannot access 'pasla': No such file or directory\n", 2),
        ("sleep", "sleep: missing operand\nTry 'sleep --help' for more information.\n", 1),
    ],
)
def test_refuses(lab: Lab, line: str, stderr: str, status: int) -> None:
    argv = line.split()
    result = lab.run(f"maillab.shell.commands.coreutils.{argv[0]}", argv, files=FILES)
    assert (result.stdout, result.stderr, result.status) == ("", stderr, status)
