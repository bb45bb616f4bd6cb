"""ed: a script and what GNU ed 1.19 prints for it."""

from __future__ import annotations

from maillab.lessons.lab import Lab
from maillab.lessons.probe import Probe
from maillab.lessons.worldfile import WorldSpec

SCRIPT = (
    "H\n,n\n1,2p\n/th/\ns/e/E/gp\n=\nf\nq\nu\n2l\n$\n1k a\n1ka\n'ap\nm0\n,p\ng/e/s//X/\n,p\nw\nz\n5p\nr nofile\n"
    "a\nnew\n.\n1,2j\n1t$\n,p\n2i\nin\n.\n.c\nchg\n.\n"
    ",n\nv/X/d\n,p\nw g\nQ\n"
)
PRINTED = """\
14
1\tone
2\ttwo
3\tthree
one
two
three
thrEE
3
e
?
Warning: buffer modified
two$
three
?
Invalid command suffix
one
one
two
three
onX
two
thrXe
14
?
Invalid address
?
Invalid address
?
Cannot open input file
onXtwo
thrXe
new
onXtwo
1\tonXtwo
2\tchg
3\tthrXe
4\tnew
5\tonXtwo
onXtwo
thrXe
onXtwo
20
"""


def test_a_script() -> None:
    probe = Probe(Lab(WorldSpec(packages=["ed"])))
    probe.run(f"printf 'one\\ntwo\\nthree\\n' > e; cat > script <<'END'\n{SCRIPT}END\n")
    result = probe.run("ed e < script")
    assert result.out == PRINTED
    assert result.err == "nofile: No such file or directory\n"
