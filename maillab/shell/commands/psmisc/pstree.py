"""pstree - the processes as a tree

SYNOPSIS
    pstree [-p] [-a] [-c] [-u] [-n] [PID|USER]

DESCRIPTION
    Equal children without children are shown once, with their number, unless -c or -p keeps them apart.

BUGS
    Other options are refused; lines are not cut.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell import proc
from maillab.shell.options import Given, posix
from maillab.shell.proc import ProcessInfo
from maillab.sim.host.accounts import getpwnam, user_name

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"psmisc": "/usr/bin/pstree"}

OPTIONS = posix("pacunAUlV", permute=True)


class Tree:
    """The processes by parent, and how to name them."""

    def __init__(self, sys: Process, given: Given) -> None:
        self.sys = sys
        self.given = given
        self.children: dict[int, list[ProcessInfo]] = {}
        self.all = proc.processes(sys)
        known = {p.pid for p in self.all}
        for p in self.all:
            self.children.setdefault(p.ppid if p.ppid in known else 0, []).append(p)

    def label(self, p: ProcessInfo, above: ProcessInfo | None) -> str:
        """The name with what the options add in parentheses."""
        extra = [str(p.pid)] if self.given.has("p") else []
        if self.given.has("u") and above is not None and above.euid != p.euid:
            extra.append(user_name(self.sys, p.euid))
        if self.given.has("a"):
            return " ".join([p.comm + "".join(f",{word}" for word in extra), *p.argv[1:]])
        return p.comm + (f"({','.join(extra)})" if extra else "")

    def lines(self, p: ProcessInfo, above: ProcessInfo | None = None) -> list[str]:
        """The tree below a process: the first line begins with its label."""
        label = self.label(p, above)
        below = [self.lines(child, p) for child in self._sorted(self.children.get(p.pid, []))]
        groups = self._grouped(below)
        if self.given.has("a"):
            return [label, *self._rows(groups, "", down=True)]
        if not groups:
            return [label]
        if len(groups) == 1:
            first, *rest = groups[0]
            return [f"{label}---{first}", *(" " * (len(label) + 3) + line for line in rest)]
        rows = self._rows(groups, " " * len(label), down=False)
        return [label + rows[0][len(label):], *rows[1:]]

    def _sorted(self, children: list[ProcessInfo]) -> list[ProcessInfo]:
        return children if self.given.has("n") else sorted(children, key=lambda p: (p.comm, p.pid))

    def _grouped(self, below: list[list[str]]) -> list[list[str]]:
        if self.given.has("c", "p", "a"):
            return below
        out: list[tuple[list[str], int]] = []
        for block in below:
            if out and out[-1][0] == block:
                out[-1] = (block, out[-1][1] + 1)
            else:
                out.append((block, 1))
        return [block if count == 1 else self._counted(block, count) for block, count in out]

    @staticmethod
    def _counted(block: list[str], count: int) -> list[str]:
        head = f"{count}*["
        lines = [head + block[0], *(" " * len(head) + line for line in block[1:])]
        return [*lines[:-1], lines[-1] + "]"]

    @staticmethod
    def _rows(groups: list[list[str]], indent: str, *, down: bool) -> list[str]:
        rows = []
        for i, block in enumerate(groups):
            last = i == len(groups) - 1
            mark = "  `-" if last else "  |-" if down or i else "-+-"
            mark = mark if down else {"  `-": " `-", "  |-": " |-"}.get(mark, mark)
            rest = "    " if last and down else "  | " if down else "   " if last else " | "
            rows += [indent + mark + block[0], *(indent + rest + line for line in block[1:])]
        return rows


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, hint="")
    if given.has("V"):
        await sys.stderr.print("pstree (PSmisc) 23.6")
        return 0
    tree = Tree(sys, given)
    roots = tree.children.get(0, [])
    if given.operands:
        word = given.operands[0]
        user = getpwnam(sys, word)
        if not word.isdigit() and user is None:
            await sys.stderr.print(f"No such user name: {word}")
            return 1
        by_pid = {p.pid: p for p in tree.all}
        roots = [p for p in tree.all if p.pid == int(word)] if user is None else [
            p for p in tree.all if p.euid == user.uid and (p.ppid not in by_pid or by_pid[p.ppid].euid != user.uid)]
    for root in roots:
        for line in tree.lines(root):
            await sys.stdout.print(line)
    return 0 if roots else 1
