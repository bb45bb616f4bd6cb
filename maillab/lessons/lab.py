"""A lab: a session whose every input is written to a journal. Its replica, rebuilt from the journal, can be disturbed freely."""

from __future__ import annotations

from collections.abc import Callable

import maillab
from maillab.lessons.errors import MaillabError
from maillab.lessons.journal import Entry, Header, Journal
from maillab.lessons.session import Session, Terminal
from maillab.lessons.worldfile import WorldSpec
from maillab.sim.world import SECOND

STEP_BUDGET = 50_000_000


class BudgetExceeded(Exception):
    """A replay needed more steps than it was given: something in the lab runs away."""


class Lab:
    """Where a trainee works: inputs go in by `type`, `resize`, `open`; time passes by `run`."""

    def __init__(self, spec: WorldSpec, header: Header | None = None):
        self.spec = spec
        header = header or Header()
        header.version = maillab.__version__
        self.journal = Journal(header)
        self.session = Session(spec, rows=header.rows, cols=header.cols)
        self.written: Callable[[Entry], None] = lambda entry: None
        """Called with each input as it is recorded (the saver listens)."""

    @property
    def now(self) -> int:
        """Microseconds of virtual time."""
        return self.session.world.now

    def terminal(self, name: str) -> Terminal:
        """The terminal `host/number`."""
        host, _, number = name.rpartition("/")
        group = self.session.terminals.get(host, [])
        if not number.isdigit() or int(number) >= len(group):
            raise MaillabError("journal", 0, f"no terminal {name!r} in this world", "use the world that the journal was recorded in")
        return group[int(number)]

    def names(self) -> list[str]:
        """The names of all terminals."""
        return [f"{host}/{n}" for host, group in self.session.terminals.items() for n in range(len(group))]

    # --- inputs -----------------------------------------------------------------------------------------------------

    def type(self, terminal: str, data: bytes) -> None:
        """Keys pressed on a terminal."""
        self._record(terminal, "type", data.decode("utf-8", "surrogateescape"))

    def resize(self, terminal: str, rows: int, cols: int) -> None:
        """The window of a terminal changed."""
        tty = self.terminal(terminal).tty
        if (tty.rows, tty.cols) != (rows, cols):
            self._record(terminal, "resize", [rows, cols])

    def open(self, host: str) -> str:
        """A further terminal on a host; its name."""
        number = len(self.session.terminals[host])
        self._record(f"{host}/{number}", "open", number)
        return f"{host}/{number}"

    def mark_time(self) -> None:
        """Write down that the clock has come to here, so that a saved lab resumes at this moment."""
        if self.now > self.journal.end():
            self._record("", "time", 0)

    def _record(self, terminal: str, kind: str, value: object) -> None:
        self.session.world.run_until(self.now)
        entry = Entry(self.now, terminal, kind, value)
        self.apply(entry)
        self.journal.entries.append(entry)
        self.written(entry)

    def apply(self, entry: Entry) -> None:
        """Carry out an input, without recording it."""
        if entry.kind == "type":
            self.terminal(entry.terminal).prompt = None
            self.terminal(entry.terminal).tty.type(entry.value.encode("utf-8", "surrogateescape"))
        elif entry.kind == "resize":
            rows, cols = (max(1, min(1000, int(size))) for size in entry.value[:2])
            self.terminal(entry.terminal).tty.resize(rows, cols)
        elif entry.kind == "open":
            host = entry.terminal.rpartition("/")[0]
            if host not in self.session.terminals:
                raise MaillabError("journal", 0, f"no host {host!r} in this world", "use the world that the journal was recorded in")
            tty = self.session.terminals[host][0].tty if self.session.terminals[host] else None
            self.session.open_terminal(host, tty.rows if tty else 24, tty.cols if tty else 80)

    # --- time -------------------------------------------------------------------------------------------------------

    def run(self, seconds: float, stop: Callable[[], bool] | None = None) -> bool:
        """Let virtual time pass."""
        return self.session.world.run(seconds, stop)

    # --- replay -----------------------------------------------------------------------------------------------------

    def replica(self) -> Lab:
        """The same lab at the same moment, built anew."""
        copy = replay(self.spec, self.journal)
        copy.session.world.run_until(self.now)
        return copy

    def undo(self, lines: int) -> Lab:
        """The lab as it was before the last lines typed."""
        return replay(self.spec, self.journal.before(lines))


def replay(spec: WorldSpec, journal: Journal, budget: int | None = None) -> Lab:
    """Rebuild a lab from its journal. Raises BudgetExceeded, MaillabError (an input that does not fit the world)."""
    lab = Lab(spec, journal.header)
    world = lab.session.world
    for entry in journal.entries:
        left = None if budget is None else max(1, budget - world.kernel.steps)
        world.run_until(entry.when, budget=left)
        if world.now < entry.when or (budget is not None and world.kernel.steps >= budget):
            raise BudgetExceeded(f"{world.kernel.steps} steps by {world.now / SECOND:.0f} s of virtual time")
        lab.apply(entry)
        lab.journal.entries.append(entry)
    return lab
