"""A case that another window has open: said as long as it is shown, and nothing seems to be changed."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, two_spots

from workbench.casefile.store import CaseStore
from workbench.gui.main_window import MainWindow


@pytest.fixture
def reader(opened: MainWindow, put_map: PutMap, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """The window shows a case with a run and a region; something else has it open for writing."""
    put_map(opened, two_spots())
    opened.session.add_region(100, 50, 80, 60)
    with qtbot.waitSignal(opened.session.saved):
        opened.save_case(tmp_path / "a.case")
    opened.session.cases.start_new()
    opened.actions_by_name["tool_rectangle"].trigger()
    with CaseStore.open(tmp_path / "a.case"):
        with qtbot.waitSignals([opened.session.saved, opened.session.findings_changed]):
            opened.open_case(tmp_path / "a.case")
        qtbot.waitUntil(lambda: opened.session.picture is not None and opened.session.layer is not None)
    while opened.message_bar.isVisible():
        opened.message_bar.dismiss()
    return opened


def test_read_only_is_said_all_the_time(reader: MainWindow) -> None:
    assert "a.case, read-only" in reader.status_label.text()
    assert "a.case (read-only)" in reader.windowTitle()
    reader.session.cases.start_new()
    assert "read-only" not in reader.status_label.text() + reader.windowTitle()
    assert reader.actions_by_name["case_details"].isEnabled()


def test_the_threshold_in_sight_is_that_of_the_case(reader: MainWindow) -> None:
    assert reader.session.analysis is not None
    kept = reader.session.analysis.threshold.value
    reader.threshold_number.setValue(0.87)
    assert reader.session.analysis.threshold.value == kept
    assert reader.session.threshold == kept
    assert reader.stage.overlay.threshold == kept
    assert reader.threshold_number.value() == round(kept, 3)
    assert "reading only" in reader.message_bar.text


def test_nothing_is_offered_that_would_be_discarded(reader: MainWindow) -> None:
    assert reader.session.item is not None
    reader.session.choose_region(reader.session.item.regions[0].id)
    assert reader.actions_by_name["tool_select"].isChecked()
    for name in (
        "tool_rectangle",
        "analyse",
        "analyse_region",
        "add_region",
        "rename_region",
        "delete_region",
    ):
        assert not reader.actions_by_name[name].isEnabled()
    reader.analyse()
    assert not reader.session.runs.busy
    assert reader.actions_by_name["export_report"].isEnabled()


def typing_over_begins(qtbot: QtBot, window: MainWindow) -> bool:
    table = window.regions_table
    window.parts.tabs.setCurrentWidget(window.parts.regions)
    place = table.visualItemRect(table.item(0, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    return table.findChild(QLineEdit) is not None


def test_names_of_regions_are_not_typed_over(reader: MainWindow, qtbot: QtBot) -> None:
    assert not typing_over_begins(qtbot, reader)


def test_names_of_regions_are_typed_over_in_a_case_of_ones_own(opened: MainWindow, qtbot: QtBot) -> None:
    opened.session.add_region(100, 50, 80, 60)
    assert typing_over_begins(qtbot, opened)


def test_regions_can_be_picked_but_not_moved(reader: MainWindow, qtbot: QtBot) -> None:
    item, canvas = reader.session.item, reader.stage.overlay
    assert item is not None
    before = item.regions[0]
    centre = canvas.screen_rect(QRect(*before.box)).center().toPoint()
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=centre)
    assert reader.session.region == before
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    start = canvas.screen_rect(QRect(*before.box)).center()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start.toPoint())
    qtbot.mouseMove(canvas, (start + QPointF(40, 30)).toPoint())
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=(start + QPointF(40, 30)).toPoint())
    assert reader.session.region == before
    assert not reader.message_bar.isVisible()


def test_a_case_that_is_open_here_is_not_opened_again(
    opened: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(opened.session.saved):
        opened.save_case(tmp_path / "a.case")
    opened.open_case(tmp_path / "a.case")
    qtbot.waitUntil(lambda: opened.session.tasks.waiting == 0)
    assert not opened.session.document.read_only
    assert opened.message_bar.text == ""
