"""A long story in two hosts, told in one interpreter; prints what must be the same in every other: `python -m tests.story.determinism_story`.

Mail between the hosts, bash scripts, mail that is deferred while hours pass, a resize, a second terminal.
"""

from __future__ import annotations

import zlib

from maillab.lessons.journal import Header
from maillab.lessons.lab import Lab
from maillab.lessons.worldfile import HostSpec, WorldSpec

BOOT = [
    "cp /usr/share/postfix/main.cf.debian /etc/postfix/main.cf",
    "postconf -e inet_interfaces=all mydomain=ploplo.fr myhostname=$(hostname).ploplo.fr maximal_queue_lifetime=1h compatibility_level=3.6",
    "postconf -e 'mydestination = $myhostname, localhost'",
    "newaliases",
    "useradd -m toto",
    "/etc/init.d/postfix start",
]
SCRIPT = r"""cat > /root/count.sh <<'END'
declare -A seen
for word in $(cut -d: -f1,7 /etc/passwd | tr ':/' '  '); do
    (( seen[$word]++ ))
done
for word in "${!seen[@]}"; do printf '%s %d\n' "$word" "${seen[$word]}"; done | sort -k2nr -k1 | head -n 7 > /tmp/words
while read -r word count; do echo "$count times $word"; done < /tmp/words
echo $RANDOM $((RANDOM % 100)) $$ > /tmp/chance
END"""
PARTS: list[tuple[str, str, float]] = [
    ("a/0", SCRIPT, 1),
    ("a/0", "bash /root/count.sh | mail -s words toto@b.ploplo.fr", 5),
    ("b/0", "cat /var/mail/toto; mailq; ls -l /var/spool/postfix/*", 2),
    ("b/0", "for n in 1 2 3; do echo message $n | mail -s \"number $n\" toto@a.ploplo.fr & done; wait", 5),
    ("a/0", "postconf -e 'defer_transports = smtp'; postfix reload; for n in {1..5}; do echo later | sendmail toto@b.ploplo.fr; done", 1800),
    ("a/0", "mailq; postconf -X defer_transports; postfix reload", 2),
    ("a/0", "postfix flush", 60),
    ("b/0", "postfix stop", 3),
    ("a/0", "echo lost | mail -s lost toto@b.ploplo.fr", 3 * 3600),
    ("a/0", "mailq; tail -n 20 /var/log/mail.log; cat /var/mail/root", 1),
]


def world() -> WorldSpec:
    """Two hosts with Postfix running."""
    hosts = {"a": HostSpec("a.ploplo.fr", "192.0.2.1", boot=BOOT), "b": HostSpec("b.ploplo.fr", "192.0.2.2", boot=BOOT)}
    return WorldSpec(image="P1", hosts=hosts, dns=["host-record=a.ploplo.fr,192.0.2.1", "host-record=b.ploplo.fr,192.0.2.2"])


def tell() -> Lab:
    """Live the story."""
    lab = Lab(world(), Header(rows=40, cols=120))
    for terminal, line, seconds in PARTS:
        lab.type(terminal, line.encode() + b"\r")
        lab.run(seconds)
    lab.resize("a/0", 30, 100)
    second = lab.open("a")
    lab.run(1)
    lab.type(second, b"stty size; tty; ps aux; kill -TERM $(cat /var/spool/postfix/pid/master.pid)\r")
    lab.type("a/0", b"stty size; sleep 100 &\r")
    lab.run(30)
    return lab


def summary(lab: Lab) -> str:
    """The digest of the world, the number of traps, and checksums of the screens and of the journal."""
    world = lab.session.world
    screens = [zlib.crc32(bytes(terminal.output)) for group in lab.session.terminals.values() for terminal in group]
    bugs = [repr(bug.error) for bug in world.bugs]
    return f"{world.digest()} {world.kernel.steps} {world.now} {screens} {zlib.crc32(lab.journal.text().encode())} {bugs}"


if __name__ == "__main__":
    print(summary(tell()))
