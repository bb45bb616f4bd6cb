"""What a lesson's `checks.py` is written with: `@check`, `@hint` and `Fail`. No human language here: reasons are keys.

    from maillab.lessons.check import Fail, check, hint

    @check
    def answers(lab):
        if not lab.connects(25):
            raise Fail("nobody-listens", lab.log(r"fatal")[-3:])

    @hint
    def forgot_newaliases(lab):
        return lab.exists("/etc/aliases") and not lab.exists("/etc/aliases.db")
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from maillab.lessons.probe import Probe

CheckFunction = Callable[["Probe"], None]
HintFunction = Callable[["Probe"], Any]


class Fail(Exception):
    """A check says no, for a reason (a key with a sentence in each language) and with evidence (lines to show)."""

    def __init__(self, reason: str, *evidence: object):
        super().__init__(reason)
        self.reason = reason
        self.evidence = [line for item in evidence for line in (item if isinstance(item, (list, tuple)) else [str(item)])]


def key(function: Callable[..., Any]) -> str:
    """The key of a check or hint: its name with dashes."""
    return function.__name__.replace("_", "-")


def check(function: CheckFunction) -> CheckFunction:
    """Mark a function as a check: returns when all is well, raises Fail otherwise. Checks run in the order of the file."""
    function.maillab_role = "check"  # type: ignore[attr-defined]
    return function


def hint(function: HintFunction) -> HintFunction:
    """Mark a function as a hint: true when the state it was written for is there."""
    function.maillab_role = "hint"  # type: ignore[attr-defined]
    return function
