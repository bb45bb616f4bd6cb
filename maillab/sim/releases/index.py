"""The programs of the whole project, for those who install packages in a running world."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import maillab
from maillab.sim.program import ProgramIndex

FOLDERS = ("shell/commands", "shell/bash", "sim/services", "sim/postfix")


@lru_cache(maxsize=1)
def programs() -> ProgramIndex:
    """All programs, found once."""
    here = Path(maillab.__file__).parent
    return ProgramIndex([(here / folder, "maillab." + folder.replace("/", ".")) for folder in FOLDERS if (here / folder).is_dir()])
