"""The threshold: table, contours, legend and case follow it."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, two_spots

from workbench.core.heatmap import histogram
from workbench.core.overlay import CONTOUR_COLOUR
from workbench.gui.main_window import MainWindow


def cells(table: QTableView, row: int) -> list[str]:
    model = table.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def set_threshold(qtbot: QtBot, window: MainWindow, value: float) -> None:
    window.threshold_number.setValue(value)
    session = window.session
    qtbot.waitUntil(lambda: session.findings is not None and session.findings.threshold == value)


def test_table_follows_threshold(opened: MainWindow, put_map: PutMap, qtbot: QtBot) -> None:
    put_map(opened, two_spots())
    set_threshold(qtbot, opened, 0.5)
    assert opened.findings_table.model().rowCount() == 2
    assert cells(opened.findings_table, 0) == ["1", "800", "0.6", "200", "100", "40", "20", "0.900", "0.900"]
    set_threshold(qtbot, opened, 0.7)
    assert opened.findings_table.model().rowCount() == 1


def test_slider_number_and_histogram_agree(opened: MainWindow, put_map: PutMap, qtbot: QtBot) -> None:
    put_map(opened, two_spots())
    with qtbot.waitSignal(opened.session.findings_changed):
        opened.threshold_slider.setValue(730)
    assert opened.threshold_number.value() == 0.73
    assert opened.stage.legend.threshold == 0.73
    assert opened.session.analysis is not None
    assert opened.session.analysis.threshold.value == 0.73
    assert opened.session.analysis.threshold.source == "set by the examiner"
    assert "0.730" in opened.parts.response.source.text()


def test_dragging_commits_once_the_hand_lets_go(opened: MainWindow, put_map: PutMap, qtbot: QtBot) -> None:
    analysis = put_map(opened, two_spots())
    slider = opened.threshold_slider
    slider.setSliderDown(True)
    for step in range(600, 700, 10):
        slider.setValue(step)
    assert opened.session.analysis == analysis
    slider.setSliderDown(False)
    assert opened.session.analysis.threshold.value == 0.69
    assert opened.session.document.undo_stack.count() == 1


def test_undo_brings_the_threshold_back_everywhere(opened: MainWindow, put_map: PutMap, qtbot: QtBot) -> None:
    analysis = put_map(opened, two_spots())
    set_threshold(qtbot, opened, 0.8)
    opened.actions_by_name["undo"].trigger()
    assert opened.threshold_number.value() == round(analysis.threshold.value, 3)
    assert opened.session.analysis == analysis


def test_default_button_restores_the_card(opened: MainWindow, put_map: PutMap, qtbot: QtBot) -> None:
    analysis = put_map(opened, two_spots())
    set_threshold(qtbot, opened, 0.83)
    qtbot.mouseClick(opened.parts.response.reset, Qt.MouseButton.LeftButton)
    assert opened.session.analysis is not None
    assert opened.session.analysis.threshold == analysis.threshold


def test_nothing_found_is_no_acquittal(opened: MainWindow, put_map: PutMap, qtbot: QtBot) -> None:
    put_map(opened, two_spots())
    set_threshold(qtbot, opened, 0.95)
    expected = "No response above the threshold; this does not show that the picture is genuine."
    assert opened.parts.findings.summary.text() == expected


def test_majority_in_a_region_is_called_inversion(opened: MainWindow, put_map: PutMap, qtbot: QtBot) -> None:
    opened.session.add_region(10, 10, 60, 40)
    response = np.full((40, 60), 0.9, np.float32)
    response[:10] = 0.1
    put_map(opened, response, opened.session.region)
    set_threshold(qtbot, opened, 0.5)
    assert "covers more than half of this region" in opened.parts.findings.warning.text()
    assert opened.parts.findings.summary.text().startswith("In region R1 ")


def test_legend_is_never_stretched(opened: MainWindow, put_map: PutMap) -> None:
    put_map(opened, two_spots() * np.float32(0.1))
    assert opened.stage.legend.range == (0.0, 1.0)
    low = opened.stage.overlay.composed().pixelColor(400, 300)
    put_map(opened, two_spots())
    assert opened.stage.legend.range == (0.0, 1.0)
    assert opened.stage.overlay.composed().pixelColor(400, 300) != low


def test_contour_is_drawn_at_the_threshold(opened: MainWindow, put_map: PutMap, qtbot: QtBot) -> None:
    put_map(opened, two_spots())
    set_threshold(qtbot, opened, 0.5)
    canvas = opened.stage.overlay

    def contour_dots() -> int:
        image = canvas.composed()
        bits = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        rgb = bits[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
        return int((rgb == CONTOUR_COLOUR).all(axis=2).sum())

    both = contour_dots()
    set_threshold(qtbot, opened, 0.7)
    one = contour_dots()
    set_threshold(qtbot, opened, 0.95)
    assert both > one > 0 == contour_dots()


def test_selecting_a_finding_marks_and_shows_it(opened: MainWindow, put_map: PutMap, qtbot: QtBot) -> None:
    put_map(opened, two_spots())
    set_threshold(qtbot, opened, 0.5)
    opened.actions_by_name["next_finding"].trigger()
    box = opened.stage.overlay.finding
    assert box is not None
    assert (box.x(), box.y(), box.width(), box.height()) == (200, 100, 40, 20)
    assert opened.stage.overlay.visible_stored_box().contains(box)
    assert opened.stage.viewport.scale > 1


def test_keys_move_the_threshold(opened: MainWindow, put_map: PutMap, qtbot: QtBot) -> None:
    put_map(opened, two_spots())
    set_threshold(qtbot, opened, 0.5)
    qtbot.keyClick(opened, Qt.Key.Key_BracketRight)
    assert opened.threshold_number.value() == 0.51


def test_many_findings_need_no_scrolling_sideways(opened: MainWindow, put_map: PutMap, qtbot: QtBot) -> None:
    response = np.full((300, 451), 0.1, np.float32)
    for x in range(0, 440, 20):
        for y in range(0, 290, 20):
            response[y : y + 10, x : x + 10] = 0.9
    put_map(opened, response)
    set_threshold(qtbot, opened, 0.5)
    table = opened.findings_table
    qtbot.waitUntil(table.verticalScrollBar().isVisible)
    assert (opened.width(), opened.height()) == (1366, 768)
    assert not table.horizontalScrollBar().isVisible()
    assert table.horizontalHeader().length() <= table.viewport().width()
    widest = QFontMetrics(table.font()).horizontalAdvance("0.900")
    assert table.columnWidth(8) > widest + 4


def test_every_pixel_is_counted_once() -> None:
    response = np.linspace(0, 1, 300 * 451, dtype=np.float32).reshape(300, 451)
    counts = histogram(response, 1000)
    assert counts.sum() == response.size
    assert counts[500:].sum() == (response >= 0.5).sum()
    assert counts[-1] == (response >= np.float32(0.999)).sum()
