"""Signals of Linux: numbers, names, texts and default actions (signal(7))."""

from __future__ import annotations

from typing import Final

NUMBERS: Final = {
    "HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "TRAP": 5, "ABRT": 6, "BUS": 7, "FPE": 8, "KILL": 9, "USR1": 10, "SEGV": 11, "USR2": 12,
    "PIPE": 13, "ALRM": 14, "TERM": 15, "STKFLT": 16, "CHLD": 17, "CONT": 18, "STOP": 19, "TSTP": 20, "TTIN": 21, "TTOU": 22, "URG": 23,
    "XCPU": 24, "XFSZ": 25, "VTALRM": 26, "PROF": 27, "WINCH": 28, "POLL": 29, "PWR": 30, "SYS": 31,
}  # fmt: skip
NAMES: Final = {number: name for name, number in NUMBERS.items()}
IGNORED: Final = frozenset({17, 18, 23, 28})
STOPPING: Final = frozenset({19, 20, 21, 22})
CORE: Final = frozenset({3, 4, 5, 6, 7, 8, 11, 24, 25, 31})
TEXT: Final = {
    1: "Hangup", 2: "Interrupt", 3: "Quit", 4: "Illegal instruction", 5: "Trace/breakpoint trap", 6: "Aborted", 7: "Bus error",
    8: "Floating point exception", 9: "Killed", 10: "User defined signal 1", 11: "Segmentation fault", 12: "User defined signal 2",
    13: "Broken pipe", 14: "Alarm clock", 15: "Terminated", 16: "Stack fault", 17: "Child exited", 18: "Continued",
    19: "Stopped (signal)", 20: "Stopped", 21: "Stopped (tty input)", 22: "Stopped (tty output)", 23: "Urgent I/O condition",
    24: "CPU time limit exceeded", 25: "File size limit exceeded", 26: "Virtual timer expired", 27: "Profiling timer expired",
    28: "Window changed", 29: "I/O possible", 30: "Power failure", 31: "Bad system call",
}  # fmt: skip
SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGKILL, SIGUSR1, SIGPIPE, SIGALRM, SIGTERM = 1, 2, 3, 6, 9, 10, 13, 14, 15
SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGXFSZ, SIGWINCH = 17, 18, 19, 20, 21, 22, 25, 28


class Killed(BaseException):
    """A fatal signal, thrown into a process at its trap."""

    def __init__(self, signal: int):
        super().__init__(signal)
        self.signal = signal


class Exit(BaseException):
    """exit(2): unwinds a program."""

    def __init__(self, code: int):
        super().__init__(code)
        self.code = code & 0xFF


class Status:
    """How a child ended (wait(2))."""

    __slots__ = ("code", "continued", "signal", "stopped")

    def __init__(
        self, code: int | None = None, signal: int | None = None, stopped: int | None = None, continued: bool = False
    ):
        self.code = code
        self.signal = signal
        self.stopped = stopped
        self.continued = continued

    @property
    def exited(self) -> bool:
        """It ended by exit."""
        return self.code is not None

    @property
    def core(self) -> bool:
        """It died of a signal that dumps core (no core is ever written: the limit is 0)."""
        return False

    @property
    def shell(self) -> int:
        """What `$?` becomes: the exit status, or 128 + the signal."""
        if self.code is not None:
            return self.code
        return 128 + (self.signal or self.stopped or 0)

    def __repr__(self) -> str:
        return f"Status(code={self.code}, signal={self.signal}, stopped={self.stopped})"
