"""true - succeed"""

from maillab.shell.builtins.colon import run

DASH = True
SYNOPSIS = "true"
HELP = """\
    Return a successful result.
    
    Exit Status:
    Always succeeds.
"""

__all__ = ["run"]
