"""Naming jobs: %1, %+, %-, %name, %?text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.control import ShellError

if TYPE_CHECKING:
    from maillab.shell.jobs import Job
    from maillab.shell.shell import Shell


def find_job(sh: Shell, spec: str) -> Job | None:
    """The job a specification means, or None. Raises ShellError when it is ambiguous."""
    text = spec.removeprefix("%")
    ranked = sh.jobs.ranked()
    if text in ("", "+", "%"):
        return ranked[0] if ranked else None
    if text == "-":
        return ranked[1] if len(ranked) > 1 else ranked[0] if ranked else None
    if text.isdigit():
        return sh.jobs.jobs.get(int(text))
    wanted = text[1:] if text.startswith("?") else text
    found = [
        job for job in ranked if (wanted in job.text if text.startswith("?") else job.text.startswith(wanted))
    ]  # fmt: skip
    if len(found) > 1:
        raise ShellError(f"{text}: ambiguous job spec")
    return found[0] if found else None


def named_job(sh: Shell, args: list[str]) -> Job:
    """The job of fg, bg and disown. Raises ShellError."""
    job = find_job(sh, args[0] if args else "%+")
    if job is None:
        if sh.dialect.is_dash:
            raise ShellError(f"No such job: {args[0]}" if args else "No current job", 2)
        raise ShellError(f"{args[0] if args else 'current'}: no such job")
    return job
