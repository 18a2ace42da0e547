"""What the screen shows is what the arrays hold: frames, pyramids, tiles, undo."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF

from workbench.core.analysis import new_id
from workbench.core.findings import find
from workbench.core.frame import displayed
from workbench.core.overlay import levels
from workbench.core.settings import Settings, Theme
from workbench.gui import layers
from workbench.gui.frame import Frame
from workbench.gui.pyramid import MapPyramid, PicturePyramid
from workbench.gui.render import Renderer, View


@pytest.mark.parametrize("orientation", range(1, 9))
def test_points_turn_as_arrays_do(orientation: int) -> None:
    stored = np.arange(5 * 7).reshape(5, 7)
    shown = displayed(stored, orientation)
    frame = Frame(7, 5, orientation)
    assert frame.displayed_size == (shown.shape[1], shown.shape[0])
    for y in range(5):
        for x in range(7):
            at = frame.to_displayed.map(QPointF(x + 0.5, y + 0.5))
            assert shown[int(at.y()), int(at.x())] == stored[y, x]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_boxes_go_there_and_back(orientation: int) -> None:
    frame = Frame(70, 50, orientation)
    box = QRectF(3, 7, 20, 11)
    back = frame.stored_box(frame.to_displayed.mapRect(box))
    assert (back.x(), back.y(), back.width(), back.height()) == (3, 7, 20, 11)


@given(st.integers(300, 1400), st.integers(300, 1400), st.integers(0, 10_000))
def test_a_small_peak_never_vanishes_when_zoomed_out(height: int, width: int, place: int) -> None:
    response = np.full((height, width), 0.1, np.float32)
    y, x = place % height, (place * 7) % width
    response[y, x] = 0.9
    pyramid = MapPyramid(response)
    for level, peaks in enumerate(pyramid.peaks):
        assert peaks[y >> level, x >> level] == np.float32(0.9)
        assert (peaks > 0.5).sum() == 1


def test_tiles_make_the_same_pyramid_as_the_whole_map() -> None:
    response = np.random.default_rng(1).random((700, 1101), dtype=np.float32)
    whole = MapPyramid(response, (10, 20))
    tiled = MapPyramid.empty((10, 20, 1101, 700))
    assert tiled.at(15, 25) is None
    for y in range(0, 700, 256):
        for x in range(0, 1101, 256):
            tiled.add_tile(x, y, response[y : y + 256, x : x + 256])
    for made, expected in zip(tiled.peaks, whole.peaks, strict=True):
        np.testing.assert_array_equal(made, expected)
    for made, expected in zip(tiled.means, whole.means, strict=True):
        assert np.abs(made.astype(int) - expected).max() <= 1
    assert tiled.at(15, 25) == pytest.approx(float(response[5, 5]))
    assert tiled.at(9, 25) is None


def test_only_finished_tiles_cover_the_picture() -> None:
    pixels = np.full((64, 96, 3), 200, np.uint8)
    layer = MapPyramid.empty((0, 0, 96, 64))
    layer.add_tile(0, 0, np.full((64, 32), 0.2, np.float32))
    view = View(96, 64, (1, 0, 0, 0, 1, 0))
    renderer = Renderer()
    base = renderer.picture(view, PicturePyramid(pixels), (0, 0, 0))
    image = renderer.overlaid(base, view, layer, 0.5, 1.0)
    assert (image[:, 32:] == 200).all()
    assert (image[:, :32] != 200).any(axis=2).all()


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_one_to_one_shows_the_very_pixels(orientation: int) -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    frame = Frame(60, 40, orientation)
    back = frame.to_stored
    width, height = frame.displayed_size
    view = View(width, height, (back.m11(), back.m21(), back.dx(), back.m12(), back.m22(), back.dy()))
    shown = Renderer().picture(view, PicturePyramid(pixels), (0, 0, 0))
    np.testing.assert_array_equal(shown, displayed(pixels, orientation))


def test_display_levels_are_those_of_the_exhibits() -> None:
    response = np.linspace(0, 1, 100_000, dtype=np.float32).reshape(100, 1000)
    assert np.abs(MapPyramid(response).means[0].astype(int) - levels(response)).max() <= 1


def test_the_share_at_once_is_that_of_the_findings() -> None:
    response = np.random.default_rng(3).random((300, 400), dtype=np.float32)
    layer = layers.finished(new_id(), "Whole picture", response, (0, 0))
    for step in (0, 1, 333, 500, 999, 1000):
        exact = find(response, step / 1000).share
        assert layer.share_above(step / 1000) == pytest.approx(exact, abs=1e-4)


def test_settings_go_to_text_and_back() -> None:
    settings = Settings("Ö", "Labor", theme=Theme.DARK).with_recent(Path("/a")).with_recent(Path("/b"))
    assert Settings.from_json(settings.to_json()) == settings
    assert settings.recent == ("/b", "/a")
    assert settings.with_recent(Path("/a")).recent == ("/a", "/b")


@pytest.mark.parametrize("text", ["[]", "{", '{"theme": "pink"}', '{"examiner": 3}', '{"recent": "x"}'])
def test_nonsense_is_no_settings(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of json's and ours
        Settings.from_json(text)
