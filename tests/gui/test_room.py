"""Long names and values fit a small window: they are cut in their middle, and a tip has them whole."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, open_and_wait, two_spots

from workbench.core.heatmap import Response
from workbench.core.region import Region
from workbench.gui.main_window import MainWindow
from workbench.gui.report_dialog import ReportDialog

LONG = "a_very_long_name_of_a_photograph_" * 5 + ".jpg"


@pytest.fixture
def long(window: MainWindow, turned: Path, put_map: PutMap, qtbot: QtBot) -> MainWindow:
    """A turned picture with a long name, and runs of it as a whole and of a region."""
    open_and_wait(qtbot, window, turned.rename(turned.with_name(LONG)))
    put_map(window, bright_spot(427, 640))
    region = Region("r1", "R1", 100, 104, 512, 304)
    put_map(window, bright_spot(304, 512), region)
    QApplication.processEvents()
    return window


def bright_spot(height: int, width: int) -> Response:
    """One that exceeds the default threshold, whatever the weights that ship."""
    spots = two_spots(height, width)
    return np.where(spots > 0.8, np.float32(0.999), spots)


def test_runs_need_no_sideways_scrolling(long: MainWindow) -> None:
    table = long.parts.runs.table
    assert table.horizontalScrollBar().maximum() == 0
    assert table.textElideMode() is Qt.TextElideMode.ElideMiddle
    assert LONG in table.model().index(0, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert table.columnWidth(1) > 40


def test_long_values_of_the_record_are_cut_and_told_by_their_tip(long: MainWindow) -> None:
    long.parts.tabs.setCurrentWidget(long.parts.record)
    QApplication.processEvents()
    tree, item = long.parts.record.tree, long.session.item
    assert item is not None
    assert tree.horizontalScrollBar().maximum() == 0
    (row,) = tree.findItems("SHA-256", Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    assert item.sha256 in row.toolTip(1)


def test_boxes_of_a_turned_picture_are_said_to_be_of_stored_pixels(
    long: MainWindow, photo: Path, put_map: PutMap, qtbot: QtBot
) -> None:
    assert "x, y, w, h are pixels as they are stored" in long.parts.findings.summary.text()
    open_and_wait(qtbot, long, photo)
    put_map(long, two_spots())
    assert "stored" not in long.parts.findings.summary.text()


def test_the_report_dialog_tells_the_whole_name_and_folder(long: MainWindow, tmp_path: Path) -> None:
    dialog = ReportDialog(long.session, tmp_path, long)
    assert dialog.scope.itemText(0).endswith(".jpg")
    assert LONG in dialog.scope.toolTip()
    assert dialog.folder.text() in dialog.folder.toolTip()
    dialog.close()


def test_the_words_in_empty_fields_fit(long: MainWindow) -> None:
    field = long.parts.evidence.tags
    assert field.fontMetrics().horizontalAdvance(field.placeholderText()) < field.width() - 8
