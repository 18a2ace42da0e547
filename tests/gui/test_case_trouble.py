"""Trouble with the case: saved or left at a bad moment, a disk that refuses, text that only memory holds."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, two_spots

from workbench.casefile.connection import DATABASE
from workbench.casefile.store import CaseStore
from workbench.core.case import CaseDetails
from workbench.gui.main_window import MainWindow


def save(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    with qtbot.waitSignal(window.session.saved):
        window.save_case(folder)


def let_threads_finish() -> None:
    """Their answers then wait for the event loop, in the order of asking."""
    time.sleep(0.5)


def refuse_writing(folder: Path) -> None:
    """From now on the disk refuses every line of the log."""
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        database.execute("CREATE TRIGGER full BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'no room'); END")


def test_a_run_that_ends_while_the_case_is_saved_is_kept(
    opened: MainWindow, put_map: PutMap, tmp_path: Path
) -> None:
    opened.save_case(tmp_path / "a.case")
    let_threads_finish()  # written, but the window has not heard of it
    run = put_map(opened, two_spots())
    assert opened.session.document.folder == tmp_path / "a.case"
    opened.session.document.close()
    with CaseStore.open(tmp_path / "a.case") as store:
        assert store.case.items[0].analyses == (run,)
        assert store.get_map(run.map_sha256).shape == (300, 451)


def test_a_case_left_while_it_is_saved_is_whole_and_the_new_one_is_its_own(
    opened: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    left = opened.session.document.case
    opened.save_case(tmp_path / "left.case")
    opened.session.cases.start_new()
    qtbot.waitUntil(lambda: opened.session.tasks.waiting == 0)
    assert opened.session.document.folder is None
    assert opened.message_bar.text == ""
    with CaseStore.open(tmp_path / "left.case") as store:
        assert store.case == left
        assert not store.read_only


def test_undo_and_case_stay_together_where_the_disk_refuses(
    opened: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    document = opened.session.document
    opened.session.add_region(100, 50, 80, 60)
    opened.session.add_region(10, 10, 40, 40)
    save(qtbot, opened, tmp_path / "a.case")
    opened.actions_by_name["undo"].trigger()
    refuse_writing(tmp_path / "a.case")
    before, index = document.case, document.undo_stack.index()
    for name in ("undo", "redo"):
        opened.actions_by_name[name].trigger()
        assert document.case is before
        assert document.undo_stack.index() == index
        assert "no room" in opened.message_bar.text
        opened.message_bar.dismiss()
    assert opened.actions_by_name["undo"].isEnabled()
    assert opened.actions_by_name["redo"].isEnabled()


@pytest.mark.parametrize("details", [CaseDetails(question="Cut?"), CaseDetails(interpretation="Mine.")])
def test_typed_text_is_not_lost_by_a_slip(window: MainWindow, details: CaseDetails) -> None:
    window.session.document.set_details(details)
    window.actions_by_name["quit"].trigger()
    assert window.isVisible()
    assert "not saved" in window.message_bar.text


def test_an_untouched_case_is_left_without_a_word(window: MainWindow) -> None:
    window.session.document.set_details(CaseDetails(question="Cut?"))
    window.actions_by_name["undo"].trigger()
    window.actions_by_name["quit"].trigger()
    assert not window.isVisible()
    assert window.message_bar.text == ""
