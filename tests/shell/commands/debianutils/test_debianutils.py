"""which and run-parts."""

from __future__ import annotations

from maillab.sim.host.process import Process
from tests.shell.commands.conftest import Lab

WHICH = "maillab.shell.commands.debianutils.which"
RUN_PARTS = "maillab.shell.commands.debianutils.run_parts"


def programs(sys: Process) -> None:
    for folder in ("/bin", "/usr", "/usr/bin", "/parts"):
        sys.mkdir(folder)
    for path in ("/bin/ls", "/usr/bin/ls", "/usr/bin/seul", "/parts/b", "/parts/a", "/parts/c.sh"):
        sys.spew(path, b"")
        sys.chmod(path, 0o755)
    sys.spew("/bin/texte", b"")


def test_which(lab: Lab) -> None:
    lab.setup(programs)
    assert lab.run(WHICH, ["which", "ls", "seul"]) == ("/bin/ls\n/usr/bin/seul\n", "", 0)
    assert lab.run(WHICH, ["which", "-a", "ls"]).stdout == "/bin/ls\n/usr/bin/ls\n"
    assert lab.run(WHICH, ["which", "texte", "cd"]) == ("", "", 1)
    assert lab.run(WHICH, ["which", "-x"]) == ("Usage: /usr/bin/which [-a] args\n", "Illegal option -x\n", 2)


def test_run_parts_lists_in_order(lab: Lab) -> None:
    lab.setup(programs)
    assert lab.run(RUN_PARTS, ["run-parts", "--test", "/parts"]).stdout == "/parts/a\n/parts/b\n"
    missing = lab.run(RUN_PARTS, ["run-parts", "nof"])
    assert missing.stderr == "run-parts: failed to open directory nof: No such file or directory\n"
