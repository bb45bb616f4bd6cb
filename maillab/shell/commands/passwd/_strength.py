"""What pam_unix objects to in a new password (its option `obscure`); texts of Linux-PAM 1.5 and of 0.99."""

from __future__ import annotations

MINIMUM = 6


def weakness(old: str, new: str, name: str, ancient: bool) -> str:
    """The complaint about a new password, "" when it will do."""
    if new == old:
        return "Password unchanged" if ancient else "The password has not been changed."
    if len(new) < MINIMUM:
        return "You must choose a longer password" + ("" if ancient else ".")
    if not old:
        return ""
    lower, before = new.lower(), old.lower()
    if lower == lower[::-1]:
        return "Bad: new password cannot be a palindrome"
    if lower == before:
        return "Bad: new and old password must differ by more than just case"
    if _similar(before, lower):
        return "Bad: new and old password are too similar"
    if _simple(new):
        return "Bad: new password is too simple"
    if lower in before + before:
        return "Bad: new password is just a wrapped version of the old one"
    return ""


def _similar(old: str, new: str) -> bool:
    if len(new) >= 8:
        return False
    common = sum(1 for char in new if char in old)
    return common * 2 > len(new)


def _simple(new: str) -> bool:
    """Too few kinds of characters for the length: 9 characters of one kind, 8 of two, 7 of three, 6 of four."""
    kinds = sum(
        (any(c.isdigit() for c in new), any(c.isupper() for c in new), any(c.islower() for c in new), any(not c.isalnum() for c in new))
    )
    return len(new) < 9 - (kinds - 1)
