"""Regions of any shape: drawn and changed by mouse and keys, snapped, copied, brought in and written out."""

import json
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot
from test_regions import drag, draw, near, on_screen, only_box
from window_helpers import PutMap, open_and_wait, two_spots

from workbench.core.region import Region, Shape
from workbench.gui.canvas import Canvas
from workbench.gui.main_window import MainWindow

CORNERS = ((60, 40), (200, 60), (180, 180), (80, 160))


@pytest.fixture
def free(opened: MainWindow) -> MainWindow:
    """No grid: numbers are those of the hand."""
    if opened.actions_by_name["snap"].isChecked():
        opened.actions_by_name["snap"].trigger()
    return opened


def only_region(window: MainWindow) -> Region:
    item = window.session.item
    assert item is not None
    (region,) = item.regions
    return region


def click(qtbot: QtBot, canvas: Canvas, x: float, y: float) -> None:
    place = on_screen(canvas, x, y).toPoint()
    qtbot.mouseMove(canvas, place)
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place)


def draw_polygon(qtbot: QtBot, window: MainWindow, corners: tuple[tuple[int, int], ...] = CORNERS) -> None:
    window.actions_by_name["tool_polygon"].trigger()
    for x, y in corners:
        click(qtbot, window.stage.overlay, x, y)
    qtbot.keyClick(window.stage.overlay, Qt.Key.Key_Return)
    window.actions_by_name["tool_select"].trigger()


def test_an_ellipse_is_counted_inside_its_shape(free: MainWindow, qtbot: QtBot) -> None:
    free.actions_by_name["tool_ellipse"].trigger()
    canvas = free.stage.overlay
    drag(qtbot, canvas, on_screen(canvas, 100, 50), on_screen(canvas, 200, 130))
    region = only_region(free)
    assert region.shape is Shape.ELLIPSE
    assert near(region.box, (100, 50, 100, 80))
    assert region.inside().mean() == pytest.approx(0.785, abs=0.02)


def test_a_polygon_corner_by_corner(free: MainWindow, qtbot: QtBot) -> None:
    draw_polygon(qtbot, free)
    region = only_region(free)
    assert region.shape is Shape.POLYGON
    assert near(region.box, (60, 40, 140, 140))
    assert len(region.points) == 4
    for (x, y), (wanted_x, wanted_y) in zip(region.points, CORNERS, strict=True):
        assert abs(x - wanted_x) <= 1
        assert abs(y - wanted_y) <= 1


def test_the_first_corner_closes_a_polygon_and_backspace_takes_one_back(
    free: MainWindow, qtbot: QtBot
) -> None:
    canvas = free.stage.overlay
    free.actions_by_name["tool_polygon"].trigger()
    for x, y in (*CORNERS, (300, 250)):
        click(qtbot, canvas, x, y)
    qtbot.keyClick(canvas, Qt.Key.Key_Backspace)
    click(qtbot, canvas, *CORNERS[0])
    assert len(only_region(free).points) == 4


def test_escape_gives_a_polygon_up_and_not_the_run(free: MainWindow, qtbot: QtBot) -> None:
    canvas = free.stage.overlay
    free.actions_by_name["cancel"].setEnabled(True)  # as while a run is under way
    stopped: list[bool] = []
    free.actions_by_name["cancel"].triggered.connect(lambda: stopped.append(True))
    free.actions_by_name["tool_polygon"].trigger()
    click(qtbot, canvas, *CORNERS[0])
    click(qtbot, canvas, *CORNERS[1])
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.mouse.corners == []
    assert stopped == []
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert stopped == [True]


def test_freehand_keeps_to_the_hand_with_few_points(free: MainWindow, qtbot: QtBot) -> None:
    canvas = free.stage.overlay
    free.actions_by_name["tool_freehand"].trigger()
    way = [(100, 60), (220, 60), (220, 160), (100, 160)]
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=on_screen(canvas, *way[0]).toPoint())
    for (x0, y0), (x1, y1) in zip(way, (*way[1:], way[0]), strict=True):
        for step in range(1, 21):
            share = step / 20
            qtbot.mouseMove(
                canvas, on_screen(canvas, x0 + (x1 - x0) * share, y0 + (y1 - y0) * share).toPoint()
            )
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=on_screen(canvas, *way[0]).toPoint())
    region = only_region(free)
    assert region.shape is Shape.FREEHAND
    assert near(region.box, (100, 60, 120, 100))
    assert 4 <= len(region.points) <= 12


def test_corners_are_moved_added_and_removed_by_keys(free: MainWindow, qtbot: QtBot) -> None:
    draw_polygon(qtbot, free)
    canvas = free.stage.overlay
    before = only_region(free).points
    qtbot.keyClick(canvas, Qt.Key.Key_Period)
    qtbot.keyClick(canvas, Qt.Key.Key_Period)
    assert canvas.corner == 1
    qtbot.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    after = only_region(free).points
    assert after[1] == (before[1][0] + 8, before[1][1])
    assert (after[0], after[2], after[3]) == (before[0], before[2], before[3])
    qtbot.keyClick(canvas, Qt.Key.Key_Insert)
    assert len(only_region(free).points) == 5
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert len(only_region(free).points) == 4
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.corner == -1
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert free.session.item is not None
    assert free.session.item.regions == ()


def test_a_corner_is_dragged_and_added_by_double_click(free: MainWindow, qtbot: QtBot) -> None:
    draw_polygon(qtbot, free)
    canvas = free.stage.overlay
    x, y = only_region(free).points[2]
    drag(qtbot, canvas, on_screen(canvas, x, y), on_screen(canvas, 260, 220))
    moved = only_region(free)
    assert abs(moved.points[2][0] - 260) <= 1
    assert near(moved.box, (60, 40, 200, 180))
    middle = (QPointF(*moved.points[0]) + QPointF(*moved.points[1])) / 2
    place = on_screen(canvas, middle.x(), middle.y()).toPoint()
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=place)
    assert len(only_region(free).points) == 5


def test_a_shape_is_picked_where_it_is_and_not_in_its_bounds(free: MainWindow, qtbot: QtBot) -> None:
    free.session.regions.draw(Region("", "", 100, 50, 100, 80, Shape.ELLIPSE))
    free.session.choose_region("")
    canvas = free.stage.overlay
    click(qtbot, canvas, 103, 53)
    assert free.session.region is None
    click(qtbot, canvas, 150, 90)
    assert free.session.region is not None


def test_a_jpeg_snaps_to_its_blocks_unless_alt_is_held(
    window: MainWindow, turned: Path, qtbot: QtBot
) -> None:
    open_and_wait(qtbot, window, turned)
    assert window.actions_by_name["snap"].isChecked()
    draw(qtbot, window, (101, 53, 90, 70))
    assert all(value % 8 == 0 for value in only_box(window))
    canvas = window.stage.overlay
    start, end = on_screen(canvas, 140, 80).toPoint(), on_screen(canvas, 151, 93).toPoint()
    alt = Qt.KeyboardModifier.AltModifier
    canvas.mouse.press(QPointF(start), Qt.MouseButton.LeftButton, alt)
    canvas.mouse.move(QPointF(end), alt)
    canvas.mouse.release(QPointF(end), alt)
    assert any(value % 8 for value in only_box(window)[:2])
    assert "8 × 8 blocks" in window.parts.regions.guide.text
    window.parts.regions.guide.button.click()
    assert all(value % 8 == 0 for value in only_box(window))


def test_a_picture_that_is_no_jpeg_does_not_snap(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "plain.png"
    Image.fromarray(skimage.data.coffee()[:200, :300]).save(path)
    open_and_wait(qtbot, window, path)
    assert not window.actions_by_name["snap"].isChecked()


def test_a_region_is_copied_to_another_picture(free: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    draw_polygon(qtbot, free)
    first = only_region(free)
    free.actions_by_name["copy_region"].trigger()
    free.actions_by_name["paste_region"].trigger()
    assert free.session.item is not None
    assert len(free.session.item.regions) == 2
    path = tmp_path / "other.png"
    Image.fromarray(skimage.data.coffee()).save(path)
    open_and_wait(qtbot, free, path)
    qtbot.waitUntil(free.actions_by_name["paste_region"].isEnabled)
    free.actions_by_name["paste_region"].trigger()
    copied = only_region(free)
    assert copied.points == first.points
    assert copied.id != first.id
    free.actions_by_name["undo"].trigger()
    assert free.session.item.regions == ()


def test_a_copy_that_does_not_fit_is_refused_with_a_sentence(
    free: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    free.session.add_region(300, 200, 100, 80)
    free.actions_by_name["copy_region"].trigger()
    path = tmp_path / "small.png"
    Image.fromarray(skimage.data.coffee()[:100, :120]).save(path)
    open_and_wait(qtbot, free, path)
    qtbot.waitUntil(lambda: free.session.picture is not None)
    free.session.regions.paste()
    assert free.session.item is not None
    assert free.session.item.regions == ()
    assert "outside" in free.message_bar.text


@pytest.mark.parametrize("name", ["a.regions.json", "a.labelme.json"])
def test_regions_go_to_a_file_and_come_back(
    free: MainWindow, tmp_path: Path, qtbot: QtBot, name: str
) -> None:
    draw_polygon(qtbot, free)
    drawn, path = only_region(free), tmp_path / name
    with qtbot.waitSignal(free.session.regions.told):
        free.session.regions.export_file(path)
    assert json.loads(path.read_text("utf-8"))
    free.session.remove_region()
    free.session.regions.import_file(path)
    qtbot.waitUntil(lambda: free.session.item is not None and bool(free.session.item.regions))
    back = only_region(free)
    assert back.box == drawn.box
    np.testing.assert_allclose(back.points, drawn.points, atol=1e-3)


def test_a_file_without_regions_is_told_of(free: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "empty.json"
    with qtbot.waitSignal(free.session.regions.told):
        free.session.regions.export_file(path)
    with qtbot.waitSignal(free.session.regions.told):
        free.session.regions.import_file(path)
    assert free.message_bar.text == f"There are no regions in {path}, so nothing was imported."


def test_shape_colour_and_note_are_the_examiners(free: MainWindow, qtbot: QtBot) -> None:
    free.session.add_region(100, 50, 96, 80)
    panel = free.parts.regions
    free.parts.tabs.setCurrentWidget(panel)
    panel.shape.setCurrentIndex(panel.shape.findData(Shape.POLYGON))
    panel.shape.activated.emit(panel.shape.currentIndex())
    assert only_region(free).points == ((100, 50), (196, 50), (196, 130), (100, 130))
    panel.colour.setCurrentIndex(1)
    panel.colour.activated.emit(1)
    assert only_region(free).colour == "#e69f00"
    panel.note.setFocus()
    qtbot.keyClicks(panel.note, "lid of the cup")
    qtbot.keyClick(panel.note, Qt.Key.Key_Return)
    assert only_region(free).note == "lid of the cup"
    free.actions_by_name["undo"].trigger()
    assert only_region(free).note == ""
    assert panel.note.text() == ""


def test_advice_on_a_bright_region_offers_to_enlarge_it(free: MainWindow, put_map: PutMap) -> None:
    free.session.add_region(160, 96, 128, 96)
    response = two_spots(96, 128) * 0 + 0.9
    response[:20, :20] = 0.1
    put_map(free, response.astype("float32"), free.session.region)
    guide = free.parts.regions.guide
    free.parts.tabs.setCurrentWidget(free.parts.regions)
    assert "the rest may be what was edited" in guide.text
    assert "not comparable" in guide.text
    assert guide.button.isVisible()
    guide.button.click()
    x, y, width, height = only_box(free)
    assert width > 128
    assert height > 96
    assert x < 160
    assert y < 96


def test_a_square_with_shift(free: MainWindow, qtbot: QtBot) -> None:
    canvas = free.stage.overlay
    free.actions_by_name["tool_rectangle"].trigger()
    shift, end = Qt.KeyboardModifier.ShiftModifier, on_screen(canvas, 200, 130)
    canvas.mouse.press(on_screen(canvas, 100, 50), Qt.MouseButton.LeftButton, shift)
    canvas.mouse.move(end, shift)
    canvas.mouse.release(end, shift)
    _, _, width, height = only_box(free)
    assert width == height
