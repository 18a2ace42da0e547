"""The live preview with the real worker: it follows the hand, is marked, and the strict crop replaces it."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot
from test_regions import draw, on_screen
from window_helpers import PutMap, two_spots

from workbench.core.analysis import Kind
from workbench.core.region import Region
from workbench.gui.main_window import MainWindow

LONG = 90_000


@pytest.fixture
def analysed(opened: MainWindow, qtbot: QtBot) -> MainWindow:
    """The whole picture is analysed, so its features are kept."""
    with qtbot.waitSignal(opened.session.analysis_finished, timeout=LONG):
        opened.analyse()
    return opened


def test_the_map_follows_the_hand_and_the_strict_crop_replaces_it(analysed: MainWindow, qtbot: QtBot) -> None:
    session, stage = analysed.session, analysed.stage
    previews = session.preview.previews
    canvas = stage.overlay
    analysed.actions_by_name["tool_rectangle"].trigger()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=on_screen(canvas, 64, 48).toPoint())
    with qtbot.waitSignal(previews.changed, timeout=LONG):
        for side in range(24, 120, 8):
            qtbot.mouseMove(canvas, on_screen(canvas, 64 + side, 48 + side).toPoint())
    assert canvas.badge == "PREVIEW"
    assert stage.legend.remark == "preview"
    assert "Preview" in analysed.parts.regions.guide.text
    assert "(preview)" in stage.numbers_at(70, 55)
    end = on_screen(canvas, 64 + 128, 48 + 96).toPoint()
    with qtbot.waitSignal(session.analysis_finished, timeout=LONG):
        qtbot.mouseMove(canvas, end)
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
    run = session.analysis
    assert run is not None
    assert run.kind is Kind.REGION
    assert run.region == session.region
    assert run.preview_difference is not None
    assert 0 < run.preview_difference < 1
    assert previews.shown is None
    assert canvas.badge == ""
    assert f"{run.preview_difference:.3f}" in analysed.parts.regions.guide.text


def test_the_difference_is_that_of_the_two_maps(analysed: MainWindow, qtbot: QtBot) -> None:
    session = analysed.session
    seen = []
    session.preview.previews.changed.connect(lambda: seen.append(session.preview.previews.shown))
    with qtbot.waitSignal(session.analysis_finished, timeout=LONG):
        draw(qtbot, analysed, (96, 64, 160, 128))
    run, last = session.analysis, next(shown for shown in reversed(seen) if shown is not None)
    assert run is not None
    assert run.region is not None
    assert last.region.box == run.region.box
    strict = session.document.maps.get_map(run.map_sha256).response
    assert run.preview_difference == pytest.approx(float(np.abs(last.response - strict).max()))


def test_arrow_keys_preview_and_run_once_the_hand_rests(analysed: MainWindow, qtbot: QtBot) -> None:
    session = analysed.session
    session.add_region(96, 64, 128, 96)
    with qtbot.waitSignal(session.analysis_finished, timeout=LONG):
        for _ in range(3):
            qtbot.keyClick(analysed.stage.overlay, Qt.Key.Key_Right)
    item = session.item
    assert item is not None
    assert [a.region.x if a.region else None for a in item.analyses] == [None, 99]


def test_without_features_there_is_a_quiet_note(opened: MainWindow, qtbot: QtBot) -> None:
    canvas = opened.stage.overlay
    opened.actions_by_name["tool_rectangle"].trigger()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=on_screen(canvas, 64, 48).toPoint())
    qtbot.mouseMove(canvas, on_screen(canvas, 160, 150).toPoint())
    qtbot.mouseMove(canvas, on_screen(canvas, 180, 150).toPoint())
    assert "Analyse the whole picture (A) first" in opened.parts.regions.guide.text
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=on_screen(canvas, 180, 150).toPoint())
    assert not opened.session.runs.busy
    assert opened.message_bar.text == ""


def test_a_preview_that_failed_says_why_and_the_next_gesture_tries_again(
    analysed: MainWindow, photo: Path, qtbot: QtBot
) -> None:
    session, previews = analysed.session, analysed.session.preview.previews
    first = session.engine.client.process_id
    assert first is not None
    os.kill(first, signal.SIGKILL)  # the next worker has to open the file, which is not there
    qtbot.waitUntil(lambda: session.engine.client.process_id not in (first, None), timeout=LONG)
    assert session.item is not None
    photo.unlink()
    file = session.document.readable(session.item).path
    away = file.rename(file.with_suffix(".away"))  # the case's copy
    region = Region("", "", 64, 48, 96, 80)
    with qtbot.waitSignal(previews.settled, timeout=LONG):
        session.preview.drag(region)
    assert "not kept" not in previews.note
    assert "chelsea" in previews.note
    session.preview.drag(replace(region, x=72))
    assert not previews.waiting  # not once more for each move of the hand
    session.preview.drag(None)
    away.rename(file)
    with qtbot.waitSignal(previews.settled, timeout=LONG):
        session.preview.drag(region)
    assert previews.note == ""
    assert previews.shown is not None


def test_escape_gives_up_the_region_and_its_preview(analysed: MainWindow, qtbot: QtBot) -> None:
    canvas, session = analysed.stage.overlay, analysed.session
    analysed.actions_by_name["tool_rectangle"].trigger()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=on_screen(canvas, 64, 48).toPoint())
    with qtbot.waitSignal(session.preview.previews.changed, timeout=LONG):
        qtbot.mouseMove(canvas, on_screen(canvas, 120, 100).toPoint())
        qtbot.mouseMove(canvas, on_screen(canvas, 170, 150).toPoint())
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=on_screen(canvas, 170, 150).toPoint())
    assert session.preview.previews.shown is None
    assert canvas.badge == ""
    item = session.item
    assert item is not None
    assert item.regions == ()
    assert len(item.analyses) == 1


def test_a_preview_comes_while_a_run_is_under_way(analysed: MainWindow, qtbot: QtBot) -> None:
    session, canvas = analysed.session, analysed.stage.overlay
    kept = []
    session.preview.previews.changed.connect(lambda: kept.append(session.runs.busy))
    analysed.analyse()
    analysed.actions_by_name["tool_rectangle"].trigger()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=on_screen(canvas, 64, 48).toPoint())
    with qtbot.waitSignal(session.preview.previews.changed, timeout=LONG):
        qtbot.mouseMove(canvas, on_screen(canvas, 120, 100).toPoint())
        qtbot.mouseMove(canvas, on_screen(canvas, 170, 150).toPoint())
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert kept[0]


def test_nothing_is_started_once_the_window_is_closed(opened: MainWindow) -> None:
    session = opened.session
    session.add_region(96, 64, 128, 96)
    opened.close()
    session.running.analyse(session.region)  # as a region that rests just then would
    assert session.engine.client.process_id is None


def test_a_run_is_told_what_is_looked_at(opened: MainWindow, qtbot: QtBot) -> None:
    viewport = opened.stage.viewport
    viewport.zoom_to(4.0)
    viewport.centre = QPointF(300, 90)
    opened.analyse()
    run = opened.session.runs.current
    assert run is not None
    assert run.request.focus == (300, 90)
    with qtbot.waitSignal(opened.session.analysis_stopped, timeout=LONG):
        opened.cancel()


def test_in_a_comparison_the_preview_stands_beside_the_whole_picture(
    analysed: MainWindow, put_map: PutMap, qtbot: QtBot
) -> None:
    session, stage = analysed.session, analysed.stage
    session.add_region(96, 64, 128, 96)
    put_map(analysed, two_spots(96, 128), session.region)
    analysed.actions_by_name["compare"].trigger()
    qtbot.waitUntil(lambda: "difference" in stage.numbers_at(100, 70))
    canvas = stage.overlay
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=on_screen(canvas, 160, 110).toPoint())
    with qtbot.waitSignal(session.preview.previews.changed, timeout=LONG):
        qtbot.mouseMove(canvas, on_screen(canvas, 180, 120).toPoint())
        qtbot.mouseMove(canvas, on_screen(canvas, 200, 130).toPoint())
    assert stage.plain.has_map
    assert canvas.badge == "PREVIEW"
    assert "(preview)" in stage.numbers_at(200, 130)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert "difference" in stage.numbers_at(100, 70)
