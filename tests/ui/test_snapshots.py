"""Pictures of the screens: fixed size, fixed clock, fixed seed. `pytest --snapshot-update` draws them anew."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.ui.conftest import FIRST, SECOND, Stage


class SvgExtension(SingleFileSnapshotExtension):
    """One .svg a picture."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(SvgExtension)


async def test_the_index(stage: Stage, picture: SnapshotAssertion) -> None:
    stage.app.progress.passed[FIRST] = "2026-01-01"
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert stage.app.export_screenshot() == picture


async def test_a_lesson(stage: Stage, picture: SnapshotAssertion) -> None:
    async with stage.app.run_test(size=(80, 24), notifications=False) as pilot:
        stage.app.open_lesson(FIRST)
        await pilot.pause()
        stage.screen.views[0].send(b"hostname relais; ls -d / /etc\r")
        stage.wait(1.5)
        await pilot.pause()
        assert stage.app.export_screenshot() == picture


async def test_a_wide_lesson_with_two_hosts(stage: Stage, picture: SnapshotAssertion) -> None:
    async with stage.app.run_test(size=(150, 40)) as pilot:
        stage.app.open_lesson(SECOND)
        await pilot.pause()
        stage.screen.views[0].send(b"printf '\\033[1;32mgreen\\033[0m\\n'\r")
        stage.wait(1.5)
        await pilot.pause()
        assert stage.app.export_screenshot() == picture
