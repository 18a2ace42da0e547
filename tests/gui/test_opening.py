"""Opening: dialog, drop, recent, bad files, several pictures; numbers under the pointer; the record."""

from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from window_helpers import open_and_wait

from workbench.gui.main_window import MainWindow


def texts_of_record(window: MainWindow) -> str:
    tree = window.parts.record.tree
    lines = []
    for number in range(tree.topLevelItemCount()):
        top = tree.topLevelItem(number)
        assert top is not None
        lines.append(top.text(0))
        lines += [f"{top.child(i).text(0)}: {top.child(i).text(1)}" for i in range(top.childCount())]
    return "\n".join(lines)


def test_a_picture_is_seen_before_any_engine_runs(opened: MainWindow) -> None:
    assert opened.session.engine.client.process_id is None
    image = opened.stage.overlay.composed()
    canvas = opened.stage.overlay
    dot = canvas.stored_to_screen().map(QPointF(200.5, 100.5)).toPoint()
    shown = np.array(image.pixelColor(dot).getRgb()[:3], int)
    assert np.abs(shown - skimage.data.chelsea()[100, 200]).max() < 40


def test_several_pictures_stand_in_the_list(opened: MainWindow, turned: Path, qtbot: QtBot) -> None:
    open_and_wait(qtbot, opened, turned)
    view = opened.parts.evidence.list
    rows = [view.model().index(row, 0) for row in range(view.model().rowCount())]
    assert [row.data().split("\n")[0] for row in rows] == ["chelsea.png", "turned.jpg"]
    assert not rows[1].data(Qt.ItemDataRole.DecorationRole).isNull()
    view.setCurrentIndex(rows[0])
    assert opened.session.item is not None
    assert opened.session.item.name == "chelsea.png"
    opened.actions_by_name["next_picture"].trigger()
    assert opened.session.item.name == "turned.jpg"


def test_the_same_file_twice_is_one_picture(opened: MainWindow, photo: Path) -> None:
    opened.open_paths([photo])
    assert len(opened.session.document.case.items) == 1


def test_drop(window: MainWindow, photo: Path, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo))])
    event = QDropEvent(
        QPointF(300, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(window.session.picture_opened):
        window.dropEvent(event)
    assert event.isAccepted()


def test_dialog_and_recent(
    window: MainWindow, photo: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(photo)], ""))
    with qtbot.waitSignal(window.session.picture_opened):
        window.actions_by_name["open"].trigger()
    assert [action.text() for action in window.parts.recent.actions()] == [str(photo)]


def test_a_bad_file_ends_in_a_sentence(opened: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    bad = tmp_path / "<b>bad.jpg"
    bad.write_bytes(b"no picture at all")
    before = opened.session.document.case
    with qtbot.waitSignal(opened.session.failed):
        opened.open_paths([bad])
    assert opened.session.document.case == before
    assert opened.message_bar.isVisible()
    assert opened.message_bar.label.textFormat() is Qt.TextFormat.PlainText
    assert opened.message_bar.text.endswith(".")
    with qtbot.waitSignal(opened.session.failed):
        opened.open_paths([tmp_path / "missing.png"])
    assert len(opened.message_bar.messages) == 2
    opened.actions_by_name["dismiss"].trigger()
    assert "bad" in opened.message_bar.text
    opened.actions_by_name["dismiss"].trigger()
    assert not opened.message_bar.isVisible()


def test_numbers_are_stored_ones_on_a_turned_picture(window: MainWindow, turned: Path, qtbot: QtBot) -> None:
    open_and_wait(qtbot, window, turned)
    stored = np.asarray(Image.open(turned))
    canvas = window.stage.overlay
    assert canvas.frame.displayed_size == (427, 640)
    # Stored (x, y) is displayed at (height - y, x): turned by 90 degrees to the right.
    point = canvas.displayed_to_screen().map(QPointF(427 - 100.5, 300.5))
    assert canvas.stored_pixel_at(point) == (300, 100)
    qtbot.mouseMove(canvas, point.toPoint())
    red, green, blue = (int(v) for v in stored[100, 300])
    line = window.stage.numbers_at(300, 100)
    assert line == f"x   300  y   100   R {red:>3} G {green:>3} B {blue:>3}   response –"
    shown = np.array(canvas.composed().pixelColor(point.toPoint()).getRgb()[:3], int)
    assert np.abs(shown - stored[100, 300]).max() < 40


def test_the_pointer_line_follows_the_pointer(opened: MainWindow, qtbot: QtBot) -> None:
    canvas = opened.stage.overlay
    qtbot.mouseMove(canvas, canvas.stored_to_screen().map(QPointF(120.5, 80.5)).toPoint())
    qtbot.waitUntil(lambda: opened.stage.readout.text().startswith("x "))
    red, green, blue = skimage.data.chelsea()[80, 120]
    assert f"R {red:>3} G {green:>3} B {blue:>3}" in opened.stage.readout.text()


def test_single_pixels_are_not_smoothed(opened: MainWindow) -> None:
    opened.stage.viewport.zoom_to(32.0, QPointF(200, 100))
    image = opened.stage.overlay.composed()
    canvas = opened.stage.overlay
    for x in (198, 200, 203):
        for part in (0.1, 0.5, 0.9):
            dot = canvas.stored_to_screen().map(QPointF(x + part, 100.5)).toPoint()
            assert image.pixelColor(dot).getRgb()[:3] == tuple(int(v) for v in skimage.data.chelsea()[100, x])


def test_record_shows_file_decoding_and_jpeg(window: MainWindow, turned: Path, qtbot: QtBot) -> None:
    open_and_wait(qtbot, window, turned)
    assert window.session.item is not None
    record = texts_of_record(window)
    assert window.session.item.sha256 in record
    assert "Stored size: 640 × 427" in record
    assert "Estimated quality: 71" in record
    assert "turned by 90° to the right" in record
    assert "Quantisation table 0" in record
    assert "quality 71: expect weak response" in window.parts.method.text.toPlainText()


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 700), (40_000, 3), (33, 20)])
def test_odd_shapes_are_drawn_at_every_zoom(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, width: int, height: int
) -> None:
    path = tmp_path / "odd.png"
    Image.fromarray(np.full((height, width, 3), 77, np.uint8)).save(path)
    open_and_wait(qtbot, window, path)
    canvas = window.stage.overlay
    for scale in (None, 1.0, 64.0, 0.02):
        window.stage.viewport.fit() if scale is None else window.stage.viewport.zoom_to(scale)
        middle = canvas.displayed_to_screen().map(window.stage.viewport.centre)
        image, x, y = canvas.composed(), int(middle.x()), int(middle.y())
        near = {image.pixelColor(x + dx, y + dy).red() for dx in (-1, 0) for dy in (-1, 0)}
        assert 77 in near or scale in {None, 0.02}  # one pixel may lie between two dots
    assert f"{width} × {height}" in window.parts.evidence.model.index(0, 0).data()
