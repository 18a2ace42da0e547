"""Regions: drawn, moved, resized, named, deleted, undone; always in stored pixels."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, open_and_wait, two_spots

from workbench.gui.canvas import Canvas
from workbench.gui.main_window import MainWindow
from workbench.gui.viewport import CLOSEST


def drag(qtbot: QtBot, canvas: Canvas, start: QPointF, end: QPointF) -> None:
    first, last = start.toPoint(), end.toPoint()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=first)
    qtbot.mouseMove(canvas, (first + last) / 2)
    qtbot.mouseMove(canvas, last)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=last)


def on_screen(canvas: Canvas, x: float, y: float) -> QPointF:
    return canvas.stored_to_screen().map(QPointF(x, y))


def draw(qtbot: QtBot, window: MainWindow, box: tuple[int, int, int, int]) -> None:
    canvas = window.stage.overlay
    window.actions_by_name["tool_rectangle"].trigger()
    x, y, width, height = box
    drag(qtbot, canvas, on_screen(canvas, x, y), on_screen(canvas, x + width, y + height))
    window.actions_by_name["tool_select"].trigger()


def only_box(window: MainWindow) -> tuple[int, int, int, int]:
    item = window.session.item
    assert item is not None
    (region,) = item.regions
    return region.box


def near(box: tuple[int, int, int, int], expected: tuple[int, int, int, int]) -> bool:
    """Within what a screen dot is wide."""
    return all(abs(a - b) <= 2 for a, b in zip(box, expected, strict=True))


def test_drawing_names_and_selects(opened: MainWindow, qtbot: QtBot) -> None:
    draw(qtbot, opened, (100, 50, 80, 60))
    assert near(only_box(opened), (100, 50, 80, 60))
    assert opened.session.region is not None
    assert opened.session.region.name == "R1"
    assert opened.actions_by_name["analyse_region"].isEnabled()


def test_moving_and_resizing_by_hand(opened: MainWindow, qtbot: QtBot) -> None:
    opened.session.add_region(100, 50, 80, 60)
    canvas = opened.stage.overlay
    drag(qtbot, canvas, on_screen(canvas, 140, 80), on_screen(canvas, 170, 100))
    assert near(only_box(opened), (130, 70, 80, 60))
    corner = canvas.screen_rect(QRect(*only_box(opened))).bottomRight()
    drag(qtbot, canvas, corner, on_screen(canvas, 260, 200))
    assert near(only_box(opened), (130, 70, 130, 130))


def test_a_region_is_kept_inside_while_moved(opened: MainWindow, qtbot: QtBot) -> None:
    opened.session.add_region(20, 20, 80, 60)
    canvas = opened.stage.overlay
    drag(qtbot, canvas, on_screen(canvas, 60, 50), on_screen(canvas, -50, -40))
    assert only_box(opened) == (0, 0, 80, 60)


def test_arrow_keys_move_by_one_and_eight(opened: MainWindow, qtbot: QtBot) -> None:
    opened.session.add_region(100, 50, 80, 60)
    canvas = opened.stage.overlay
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert only_box(opened) == (101, 58, 80, 60)
    qtbot.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert only_box(opened) == (101, 58, 81, 60)


def test_a_row_of_arrow_keys_is_one_undo(opened: MainWindow, qtbot: QtBot) -> None:
    opened.session.add_region(100, 50, 80, 60)
    for _ in range(5):
        qtbot.keyClick(opened.stage.overlay, Qt.Key.Key_Right)
    opened.actions_by_name["undo"].trigger()
    assert only_box(opened) == (100, 50, 80, 60)
    opened.actions_by_name["redo"].trigger()
    assert only_box(opened) == (105, 50, 80, 60)


def test_arrows_point_as_seen_on_a_turned_picture(window: MainWindow, turned: Path, qtbot: QtBot) -> None:
    open_and_wait(qtbot, window, turned)
    window.session.add_region(100, 50, 80, 60)
    qtbot.keyClick(window.stage.overlay, Qt.Key.Key_Right)
    assert only_box(window) == (100, 49, 80, 60)  # right on the screen is up in the stored frame


def test_drawing_on_a_turned_picture_gives_stored_numbers(
    window: MainWindow, turned: Path, qtbot: QtBot
) -> None:
    open_and_wait(qtbot, window, turned)
    draw(qtbot, window, (301, 106, 121, 86))
    assert only_box(window) == (304, 104, 120, 88)  # a JPEG: on its blocks
    seen = window.stage.overlay.screen_rect(QRect(*only_box(window)))
    assert seen.height() > seen.width()  # 120 x 88 stored stands upright on the screen


def test_too_small_is_refused_with_a_sentence(opened: MainWindow, qtbot: QtBot) -> None:
    opened.session.add_region(100, 50, 15, 60)
    assert opened.session.item is not None
    assert opened.session.item.regions == ()
    assert "at least 16" in opened.message_bar.text
    assert opened.message_bar.isVisible()


def test_numbers_can_be_typed_and_nonsense_is_put_back(opened: MainWindow) -> None:
    opened.session.add_region(100, 50, 80, 60)
    table = opened.regions_table
    table.item(0, 1).setText("33")
    assert only_box(opened) == (33, 50, 80, 60)
    table.item(0, 0).setText("wombat")
    assert opened.session.region is not None
    assert opened.session.region.name == "wombat"
    table.item(0, 3).setText("9999")
    assert only_box(opened) == (33, 50, 80, 60)
    assert table.item(0, 3).text() == "80"
    assert "outside" in opened.message_bar.text


def test_deleting_keeps_runs_and_names(opened: MainWindow, put_map: PutMap, qtbot: QtBot) -> None:
    opened.session.add_region(100, 50, 80, 60)
    put_map(opened, two_spots(60, 80), opened.session.region)
    qtbot.keyClick(opened.stage.overlay, Qt.Key.Key_Delete)
    assert opened.session.item is not None
    assert opened.session.item.regions == ()
    assert len(opened.session.item.analyses) == 1
    opened.session.add_region(10, 10, 40, 40)
    assert opened.session.region is not None
    assert opened.session.region.name == "R2"


def test_undo_of_a_region_does_not_lose_a_later_run(opened: MainWindow, put_map: PutMap) -> None:
    opened.session.add_region(100, 50, 80, 60)
    run = put_map(opened, two_spots())
    opened.actions_by_name["undo"].trigger()
    assert opened.session.item is not None
    assert opened.session.item.regions == ()
    assert opened.session.item.analyses == (run,)


def test_region_map_is_a_layer_of_its_own_in_its_place(opened: MainWindow, put_map: PutMap) -> None:
    put_map(opened, two_spots())
    opened.session.add_region(100, 50, 80, 60)
    put_map(opened, np.full((60, 80), 0.9, np.float32), opened.session.region)
    texts = [opened.layers_list.item(row).text() for row in range(opened.layers_list.count())]
    assert [text.split(" · ")[0] for text in texts][:3] == ["Picture alone", "Whole picture", "R1"]
    assert "response 0.900" in opened.stage.numbers_at(100, 50)
    assert "response –" in opened.stage.numbers_at(99, 50)
    opened.layers_list.setCurrentRow(1)
    assert "response 0.100" in opened.stage.numbers_at(100, 50)


def test_a_region_by_keyboard_alone(opened: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(opened.stage.overlay, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    x, y, width, height = only_box(opened)
    seen = opened.stage.overlay.visible_stored_box()
    assert seen.contains(QRect(x, y, width, height))
    qtbot.keyClick(opened.stage.overlay, Qt.Key.Key_Left)
    assert only_box(opened) == (x - 1, y, width, height)


def test_click_on_empty_ground_deselects_and_drag_pans(opened: MainWindow, qtbot: QtBot) -> None:
    opened.session.add_region(100, 50, 80, 60)
    canvas = opened.stage.overlay
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=on_screen(canvas, 300, 250).toPoint())
    assert opened.session.region is None
    before = opened.stage.viewport.centre
    start = on_screen(canvas, 300, 250)
    drag(qtbot, canvas, start, start + QPointF(QPoint(40, 10)))
    assert opened.stage.viewport.centre != before
    assert QRectF(canvas.rect()).contains(on_screen(canvas, 225, 150))


@pytest.mark.parametrize("corner", [(451, 300), (0, 0), (451, 0), (225, 150)])
def test_a_region_added_by_key_is_inside_the_picture(opened: MainWindow, corner: tuple[int, int]) -> None:
    viewport = opened.stage.viewport
    viewport.zoom_to(CLOSEST)
    viewport.centre = QPointF(*corner)
    opened.actions_by_name["add_region"].trigger()
    x, y, width, height = only_box(opened)
    assert opened.message_bar.text == ""
    assert (width, height) == (16, 16)
    assert abs(x + width / 2 - corner[0]) <= 16
    assert abs(y + height / 2 - corner[1]) <= 16
