"""POSIX regular expressions: see `maillab.sim.host.posix_regex`, where they live with the rest of the C library."""

from __future__ import annotations

from maillab.sim.host.posix_regex import *  # noqa: F403
