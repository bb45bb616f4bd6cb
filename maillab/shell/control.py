"""How control leaves a command other than by its end: loops, functions, errors and interrupts."""

from __future__ import annotations


class Control(Exception):
    """Base of what unwinds the runner on purpose."""


class LoopExit(Control):
    """break and continue: `levels` loops are concerned, `again` tells continue."""

    def __init__(self, levels: int, again: bool, status: int = 0) -> None:
        super().__init__()
        self.levels = levels
        self.again = again
        self.status = status


class FunctionReturn(Control):
    """return from a function or a sourced file."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class ShellExit(Control):
    """exit, errexit and fatal errors: the shell ends (its EXIT trap runs)."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class OutOfMemory(ShellExit):
    """A text grew beyond what the shell's memory holds: bash says so and dies with status 2, wherever it stands."""

    def __init__(self, size: int) -> None:
        super().__init__(2)
        self.message = f"xrealloc: cannot allocate {size} bytes"


class Discard(Control):
    """An error already reported: the rest of the line is dropped, the shell goes on with the next one."""

    def __init__(self, status: int = 1) -> None:
        super().__init__()
        self.status = status


class Interrupted(Control):
    """SIGINT at an interactive shell: back to the prompt."""


class ShellError(Exception):
    """An error to be reported with the shell's prefix. `fatal`: a shell that is not interactive ends with `status`."""

    def __init__(self, message: str, status: int = 1, fatal: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.fatal = fatal


class RedirectError(ShellError):
    """A redirection that cannot be made: the command is not run."""
