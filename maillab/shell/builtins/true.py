"""true - Return a successful result."""

from maillab.shell.builtins.colon import run

DASH = True
SYNOPSIS = "true"

__all__ = ["run"]
