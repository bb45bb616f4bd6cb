"""Running a file in the current shell: source, startup files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.control import FunctionReturn, ShellExit
from maillab.shell.reading import run_text
from maillab.shell.state import Frame
from maillab.sim.host.stdio import decode

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DEPTH_MAX = 100


async def run_file(sh: Shell, path: str, arguments: list[str] | None = None) -> int:
    """Run a file's commands here; `arguments` replace the positional parameters meanwhile. Raises SysError."""
    text = decode(sh.sys.slurp(path))
    state = sh.state
    if sum(frame.function == "source" for frame in state.frames) >= DEPTH_MAX:
        await sh.report(f"{path}: maximum source nesting level exceeded ({DEPTH_MAX})")
        raise ShellExit(1)
    positional = state.positional
    if arguments:
        state.positional = arguments
    state.frames.append(Frame("source", path, state.line))
    state.trace_level += 1
    try:
        return await run_text(sh, text, name=path)
    except FunctionReturn as returned:
        return returned.status
    finally:
        state.trace_level -= 1
        frame = state.frames.pop()
        state.line = frame.called_from
        if arguments:
            state.positional = positional
