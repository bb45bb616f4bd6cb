"""Enhanced status codes and the options of RFC 3461."""

from __future__ import annotations

import pytest

from maillab.sim.mail import dsn


@pytest.mark.parametrize(("text", "code", "rest"), [
    ("5.7.1 pas de sous-domaine", "5.7.1", "pas de sous-domaine"), ("domaine ferme", "5.0.0", "domaine ferme"),
    ("4.2.0", "4.2.0", ""), ("3.1.1 no", "5.0.0", "3.1.1 no"), (" 5.1.1000 no", "5.0.0", "5.1.1000 no")])
def test_split(text: str, code: str, rest: str) -> None:
    assert dsn.split(text, "5.0.0") == (code, rest)


@pytest.mark.parametrize(("text", "mask"), [
    ("never", 1), ("SUCCESS,FAILURE,DELAY", 14), ("NEVER,SUCCESS", 0), ("SUCCESS,SUCCESS", 0), ("toujours", 0)])
def test_notify(text: str, mask: int) -> None:
    assert dsn.notify_mask(text) == mask


def test_soft_bounce_changes_both_codes() -> None:
    told = dsn.Dsn("5.1.1", "no", "failed", "smtp", "550 5.1.1 no").soft()
    assert (told.status, told.diagnostic_text) == ("4.1.1", "450 4.1.1 no")
