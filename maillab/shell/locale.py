"""The character set a process speaks: LC_ALL, LC_CTYPE and LANG of its environment, as setlocale(3) reads them.

The simulated hosts carry the locales C, POSIX and C.UTF-8 (`locale -a`); any other name falls back to C.
"""

from __future__ import annotations

from collections.abc import Mapping


def is_utf8(env: Mapping[str, str]) -> bool:
    """Does LC_CTYPE of this environment name C.UTF-8 (the only installed locale with more than ASCII)?"""
    name = env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or "C"
    return name.lower().replace("-", "") == "c.utf8"
