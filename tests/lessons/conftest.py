"""A tiny course in a temporary folder."""

from __future__ import annotations

from pathlib import Path

import pytest

FILES = {
    "lesson.toml": '[world]\nrelease = "bookworm"\n\n[world.hosts.mail]\nfqdn = "mail.ploplo.fr"\n',
    "fr.md": "# Titre\n\nProse.\n\n## Checks\n\n- `named`: Nommée\n\n## Reasons\n\n- `other-name`: Autre nom\n\n## Hints\n\n- `typo`: Faute\n",
    "en.md": "# Title\n\nProse.\n\n## Checks\n\n- `named`: Named\n\n## Reasons\n\n- `other-name`: Other name\n\n## Hints\n\n- `typo`: A typo\n",
    "checks.py": '''from maillab.lessons.check import Fail, check, hint


@check
def named(lab):
    name = lab.run("hostname").out.strip()
    if name != "relais":
        raise Fail("other-name", name)


@hint
def typo(lab):
    return lab.run("hostname").out.strip() == "relai"
''',
    "solution.console": "$ echo je cherche\n$ hostname relais\n",
    "wrong/typo.console": "# fails: named other-name\n# hint: typo\n$ hostname relai\n",
}


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "lessons"
    for name, text in FILES.items():
        path = root / "10-names" / "10-hostname" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "10-names" / "chapter.toml").write_text('[title]\nfr = "Noms"\nen = "Names"\n')
    for language in ("fr", "en"):
        (root / f"reasons.{language}.md").write_text("- `not-accepted`: x\n- `not-delivered`: x\n")
    monkeypatch.setenv("MAILLAB_LESSONS", str(root))
    return root
