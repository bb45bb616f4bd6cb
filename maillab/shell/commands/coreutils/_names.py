"""The parts of file names, as basename(3) and dirname(3) see them."""

from __future__ import annotations


def base_name(path: str) -> str:
    """The last component without trailing slashes (`/` for the root, "" for "")."""
    stripped = path.rstrip("/")
    return stripped.rpartition("/")[2] if stripped else path[:1]


def dir_name(path: str) -> str:
    """All but the last component (`.` when there is none)."""
    head = path.rstrip("/").rpartition("/")[0]
    return head.rstrip("/") or ("/" if path.startswith("/") else ".")


def join(directory: str, name: str) -> str:
    """A name below a directory, as GNU's programs compose it."""
    return directory + name if directory.endswith("/") else f"{directory}/{name}"
