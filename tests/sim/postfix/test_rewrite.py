"""The rewrite service, compared with the answers of trivial-rewrite 3.7.11."""

from __future__ import annotations

import pytest

from maillab.sim.postfix._trivial_rewrite.rewrite import Rewriter


class Settings(dict[str, str]):
    """Parameters as text, of a Postfix 3.7 with today's defaults."""

    version = (3, 7, 11)
    compat_level = (3, 6, 0)

    @property
    def settings(self) -> dict[str, str]:
        return self

    def boolean(self, name: str) -> bool:
        return self[name] == "yes"


def rewriter(**more: str) -> Rewriter:
    settings = Settings(
        swap_bangpath="yes",
        allow_percent_hack="yes",
        append_at_myorigin="yes",
        append_dot_mydomain="no",
        remote_header_rewrite_domain="domain.invalid",
        myorigin="ploplo.fr",
        mydomain="ploplo.fr",
    )
    settings.update(more)
    return Rewriter(settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("toto", "toto@ploplo.fr"),
        ("toto@", "toto@"),
        ("@a", '""@a'),
        ("@a:b@c", "b@c"),
        ("@a,@b:c@d", "c@d"),
        ("a!b", "b@a"),
        ("a!b@c", "a!b@c"),
        ("a%b", "a@b"),
        ("a%b@c", "a%b@c"),
        ("a b@c", '"a b"@c'),
        ("a@b.", "a@b"),
        ("a@b..", "a@b.."),
        ("a@.", "a@."),
        ("a!b!c", "b!c@a"),
        ("a%b%c", "a%b@c"),
        ("a!b%c", "b%c@a"),
        ("[1.2.3.4]", '"[1.2.3.4]"@ploplo.fr'),
        ("a@[", "a@[]"),
        ("a\\@b@c", '"a@b"@c'),
        ('"a"@b', "a@b"),
        ("a;b", '"a;b"@ploplo.fr'),
        ("|x", "|x@ploplo.fr"),
        ('"a%b"@ploplo.fr', "a%b@ploplo.fr"),
        ("a (x) b@c", '"a (x) b"@c'),
        (".", '"."@ploplo.fr'),
        ("", ""),
    ],
)
def test_local(given: str, expected: str) -> None:
    assert rewriter().rewrite("local", given) == expected


def test_mydomain_is_appended() -> None:
    assert rewriter(append_dot_mydomain="yes").rewrite("local", "toto@mail") == "toto@mail.ploplo.fr"


def test_remote() -> None:
    assert rewriter().rewrite("remote", "toto") == "toto@domain.invalid"
