"""The copy of a picture is damaged, the original still what it was: that is read, and it is said."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from workbench.casefile.store import CaseStore
from workbench.gui.main_window import MainWindow

LONG = 120_000
SAID = "The case's own copy of {} is damaged, so the original was read"


@pytest.fixture
def saved(opened: MainWindow, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    with qtbot.waitSignal(opened.session.saved):
        opened.save_case(tmp_path / "a.case")
    return opened


def _damage_copy(window: MainWindow) -> None:
    assert window.session.item is not None
    copy = window.session.document.readable(window.session.item).path
    copy.write_bytes(copy.read_bytes()[:-1] + b"x")


def test_a_run_goes_on_with_the_original_and_keeps_that_it_did(
    saved: MainWindow, photo: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    _damage_copy(saved)
    with qtbot.waitSignal(saved.session.analysis_finished, timeout=LONG):
        saved.analyse()
    assert SAID.format(photo.name) in saved.message_bar.text
    saved.session.cases.start_new()
    with CaseStore.open(tmp_path / "a.case", to_read=True) as store:
        (run,) = store.case.items[0].analyses
    assert run.provenance.from_original


def test_opening_says_so(saved: MainWindow, photo: Path, tmp_path: Path, qtbot: QtBot) -> None:
    _damage_copy(saved)
    saved.session.cases.start_new()
    assert saved.message_bar.text == ""
    with qtbot.waitSignal(saved.session.picture_opened):
        saved.open_case(tmp_path / "a.case")
    assert SAID.format(photo.name) in saved.message_bar.text
    assert saved.session.picture is not None
    assert saved.session.picture.evidence.path == photo


def test_with_both_damaged_nothing_is_analysed(saved: MainWindow, photo: Path, qtbot: QtBot) -> None:
    _damage_copy(saved)
    photo.write_bytes(photo.read_bytes() + b"x")
    with qtbot.waitSignal(saved.session.analysis_stopped, timeout=LONG):
        saved.analyse()
    assert "is damaged" in saved.message_bar.text
    assert saved.session.item is not None
    assert saved.session.item.analyses == ()
