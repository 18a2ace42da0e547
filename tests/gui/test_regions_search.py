"""The region search with the real worker: suggestions are shown, accepted, dismissed, and kept."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, open_and_wait, two_spots

from workbench.casefile.store import CaseStore
from workbench.cli.example import make_example
from workbench.core.analysis import Kind
from workbench.core.search import parameters_for
from workbench.gui.main_window import MainWindow
from workbench.gui.search_panel import SIDE

LONG = 120_000


@pytest.fixture
def searched(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """The example of the demo, searched for places that stand out little, too, so that there are some."""
    open_and_wait(qtbot, window, make_example(tmp_path).picture)
    assert window.session.item is not None
    decode = window.session.item.decode
    easy = replace(parameters_for((decode.height, decode.width)), least_score=0.3)
    with qtbot.waitSignal(window.session.search.searches.finished, timeout=LONG):
        window.session.search.start(easy)
    return window


def test_a_search_is_kept_and_its_suggestions_become_regions(searched: MainWindow, qtbot: QtBot) -> None:
    session, panel = searched.session, searched.parts.search
    item = session.item
    assert item is not None
    (search,) = item.searches
    found = search.result.suggestions
    assert search.by == "A. Examiner"
    assert 1 <= len(found) <= 8
    assert panel.list.count() == len(found)
    assert (
        f"{len(search.result.windows)} windows tried, {len(found)} suggested, 0 accepted"
        in panel.summary.text()
    )
    assert searched.stage.overlay.suggestions == found
    drawn = panel.list.item(0).icon().pixmap(SIDE, SIDE).toImage()
    assert drawn.pixelColor(drawn.rect().center()).alpha() == 255  # there is a picture of it

    panel.list.setCurrentRow(0)
    assert searched.stage.overlay.suggestion == 1
    with qtbot.waitSignal(session.analysis_finished, timeout=LONG):
        qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    item = session.item
    assert item is not None
    (region,) = item.regions
    assert region.box == found[0].box
    assert item.searches[0].accepted == ((1, region.id),)
    assert item.analyses[-1].kind is Kind.REGION
    assert item.analyses[-1].region == region
    assert "1 accepted" in panel.summary.text()
    assert "accepted as R1" in panel.list.item(0).text()
    searched.actions_by_name["undo"].trigger()
    assert session.item is not None
    assert session.item.regions == ()
    assert [kept.accepted for kept in session.item.searches] == [()]
    assert "0 accepted" in panel.summary.text()
    searched.actions_by_name["redo"].trigger()
    assert session.item.searches[0].accepted == ((1, region.id),)
    assert session.item.regions == (region,)


def test_accepting_is_one_line_of_the_log_and_one_state_on_the_disk(
    searched: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    session = searched.session
    with qtbot.waitSignal(session.saved):
        searched.save_case(tmp_path / "a.case")
    with qtbot.waitSignal(session.analysis_finished, timeout=LONG):
        session.search.accept(1)
    session.cases.start_new()
    with CaseStore.open(tmp_path / "a.case") as store:
        (item,) = store.case.items
        lines = [line for line in store.log() if line.action in ("region drawn", "region search")]
    ((rank, region_id),) = item.searches[0].accepted
    assert (rank, region_id) == (1, item.regions[0].id)
    assert lines[-1].action == "region drawn"
    assert lines[-1].detail["search"] == item.searches[0].id
    assert lines[-1].detail["rank"] == 1


def test_a_suggestion_whose_region_is_deleted_is_open_again(searched: MainWindow, qtbot: QtBot) -> None:
    session, panel = searched.session, searched.parts.search
    with qtbot.waitSignal(session.analysis_finished, timeout=LONG):
        session.search.accept(1)
    assert session.item is not None
    accepted = session.item.searches[0].accepted
    searched.actions_by_name["delete_region"].trigger()
    assert session.item.searches[0].accepted == accepted  # it was, and the run on it is kept
    assert len(session.item.analyses) == 1
    assert "1 accepted" in panel.summary.text()
    assert "accepted; its region was deleted" in panel.list.item(0).text()
    searched.actions_by_name["undo"].trigger()
    assert session.item.searches[0].accepted == accepted
    assert "accepted as R1" in panel.list.item(0).text()
    searched.actions_by_name["redo"].trigger()
    session.search.accept(1)
    assert session.item.searches[0].accepted == ((1, session.item.regions[0].id),)
    assert session.item.regions[0].name == "R2"


def test_a_dismissed_suggestion_stays_listed_and_dismissed(
    searched: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    session, panel, folder = searched.session, searched.parts.search, tmp_path / "a.case"
    with qtbot.waitSignal(session.saved):
        searched.save_case(folder)
    count = panel.list.count()
    panel.list.setCurrentRow(count - 1)
    searched.actions_by_name["dismiss_suggestion"].trigger()
    assert panel.list.count() == count
    assert "dismissed" in panel.list.item(count - 1).text()
    session.cases.start_new()
    with qtbot.waitSignal(session.saved):
        searched.open_case(folder)
    assert "dismissed" in panel.list.item(count - 1).text()
    assert [line.action for line in CaseStore.open(folder, to_read=True).log()].count(
        "suggestion dismissed"
    ) == 1

    panel.list.setCurrentRow(count - 1)
    searched.actions_by_name["dismiss_suggestion"].trigger()
    assert "dismissed" not in panel.list.item(count - 1).text()
    searched.actions_by_name["undo"].trigger()
    assert "dismissed" in panel.list.item(count - 1).text()
    session.search.accept(count)  # it was not put aside for good
    assert session.item is not None
    assert session.item.searches[0].dismissed == ()
    searched.actions_by_name["undo"].trigger()
    assert session.item.searches[0].dismissed == (count,)


def test_windows_are_drawn_only_when_asked_for(searched: MainWindow) -> None:
    assert searched.stage.overlay.windows == ()
    searched.parts.search.windows.click()
    item = searched.session.item
    assert item is not None
    assert searched.stage.overlay.windows == item.searches[0].result.windows
    searched.parts.tabs.setCurrentWidget(searched.parts.findings)
    assert searched.stage.overlay.windows == ()
    assert searched.stage.overlay.suggestions == ()


def test_a_search_reads_the_copy_in_the_case_when_the_original_is_gone(
    opened: MainWindow, photo: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    session = opened.session
    with qtbot.waitSignal(session.saved):
        opened.save_case(tmp_path / "a.case")
    photo.unlink()
    with qtbot.waitSignal(session.search.searches.finished, timeout=LONG):
        opened.actions_by_name["search_regions"].trigger()
    assert session.item is not None
    assert len(session.item.searches) == 1


def test_a_search_takes_the_chosen_score_and_the_threshold_of_the_whole_run(
    opened: MainWindow, put_map: PutMap, qtbot: QtBot
) -> None:
    session = opened.session
    put_map(opened, two_spots())
    session.settle_threshold(0.7)
    opened.parts.search.least_score.setValue(0.4)
    with qtbot.waitSignal(session.search.searches.finished, timeout=LONG):
        opened.actions_by_name["search_regions"].trigger()
    assert session.item is not None
    parameters = session.item.searches[-1].result.parameters
    assert (parameters.least_score, parameters.threshold) == (0.4, 0.7)


def test_a_search_can_be_stopped(opened: MainWindow, qtbot: QtBot) -> None:
    session = opened.session
    with qtbot.waitSignal(session.search.searches.stopped, timeout=LONG):
        opened.actions_by_name["search_regions"].trigger()
        assert opened.progress_bar.isVisible()
        assert not opened.actions_by_name["analyse"].isEnabled()
        opened.actions_by_name["cancel"].trigger()
    assert session.item is not None
    assert session.item.searches == ()
    assert not opened.progress_bar.isVisible()
    assert opened.actions_by_name["analyse"].isEnabled()
