"""File modes, measured with chmod of coreutils 9.1 (umask 022)."""

import pytest

from maillab.shell.modes import mode_string, parse_mode


@pytest.mark.parametrize(
    ("text", "old", "directory", "new"),
    [
        ("644", 0o4755, False, 0o644),
        ("755", 0o2777, True, 0o2755),
        ("00755", 0o2777, True, 0o755),
        ("+x", 0o644, False, 0o755),
        ("+w", 0o444, False, 0o644),
        ("g=u", 0o750, False, 0o770),
        ("u=rwX,go=rX", 0o600, False, 0o644),
        ("a+X", 0o700, True, 0o711),
        ("o+w,u-x", 0o770, False, 0o672),
    ],
)
def test_change(text: str, old: int, directory: bool, new: int) -> None:
    change = parse_mode(text)
    assert change is not None and change(old, directory, 0o022) == new


@pytest.mark.parametrize("text", ["800", "abc", "u+y", "u+4", "17777"])
def test_invalid(text: str) -> None:
    assert parse_mode(text) is None


def test_mode_string() -> None:
    assert mode_string(0o4662, "-") == "-rwSrw--w-" and mode_string(0o1777, "d") == "drwxrwxrwt"
