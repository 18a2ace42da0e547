"""Maps compared: side by side, in turn and their signed difference; hatched tiles; what is not of record."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot
from window_helpers import PutMap, two_spots

from workbench.core.heatmap import Response
from workbench.gui.compare import diverging_table
from workbench.gui.layers import finished
from workbench.gui.main_window import MainWindow
from workbench.gui.pyramid import MapPyramid, PicturePyramid
from workbench.gui.render import Renderer, View
from workbench.gui.stage import Mode

BOX = 160, 96, 128, 96


@pytest.fixture
def region_map() -> Response:
    response = np.full((96, 128), 0.3, np.float32)
    response[:20, :20] = 0.8
    return response


@pytest.fixture
def both(opened: MainWindow, put_map: PutMap, region_map: Response) -> MainWindow:
    """Maps of the whole picture and of a region."""
    put_map(opened, two_spots())
    opened.session.add_region(*BOX)
    put_map(opened, region_map, opened.session.region)
    return opened


def seen(window: MainWindow, action: str, qtbot: QtBot) -> None:
    window.actions_by_name[action].trigger()
    qtbot.waitUntil(lambda: "difference" in window.stage.numbers_at(170, 100))


def test_both_maps_stand_side_by_side_on_one_scale(both: MainWindow, qtbot: QtBot) -> None:
    stage = both.stage
    seen(both, "compare", qtbot)
    assert stage.plain.isVisible()
    assert stage.plain.has_map
    assert stage.overlay.has_map
    assert stage.legend.range == (0, 1)
    numbers = stage.numbers_at(165, 99)
    assert "Whole picture 0.100" in numbers
    assert "R1 0.800" in numbers
    assert "difference +0.700" in numbers
    assert "R1 –" in stage.numbers_at(10, 10)
    stage.viewport.zoom_to(3.0, QPointF(200, 120))
    middle = QPointF(stage.plain.rect().center())
    assert stage.plain.stored_pixel_at(middle) == stage.overlay.stored_pixel_at(middle)


def test_the_difference_is_signed_and_has_a_legend_of_its_own(both: MainWindow, qtbot: QtBot) -> None:
    stage = both.stage
    seen(both, "difference", qtbot)
    assert stage.legend.range == (-1, 1)
    assert "difference −0.600" in stage.numbers_at(220, 119)
    assert stage.overlay.composed() is not None
    both.actions_by_name["single"].trigger()
    assert stage.legend.range == (0, 1)
    assert "difference" not in stage.numbers_at(170, 100)


def test_maps_blink_in_turn(both: MainWindow, qtbot: QtBot) -> None:
    seen(both, "blink_maps", qtbot)
    captions = set()
    for _ in range(2):
        captions.add(both.stage._captions[1].text())
        with qtbot.waitSignal(both.stage._blink.timeout):
            pass
    assert captions == {"Response: R1", "Response: Whole picture"}


def test_the_whole_picture_in_sight_is_compared_with_the_selected_region(
    both: MainWindow, qtbot: QtBot
) -> None:
    item = both.session.item
    assert item is not None
    both.session.choose_layer(item.analyses[0].id)
    seen(both, "compare", qtbot)
    assert "R1 0.800" in both.stage.numbers_at(165, 99)


def test_nothing_is_offered_without_two_maps(opened: MainWindow, put_map: PutMap) -> None:
    put_map(opened, two_spots())
    for name in ("compare", "blink_maps", "difference"):
        assert not opened.actions_by_name[name].isEnabled()


def test_leaving_the_picture_ends_the_comparison(both: MainWindow, qtbot: QtBot) -> None:
    seen(both, "compare", qtbot)
    both.session.cases.start_new()
    assert both.stage.mode is Mode.SINGLE


def test_the_diverging_map_is_told_apart_by_lightness_and_by_colour() -> None:
    table = diverging_table().astype(float)
    light = table @ (0.2126, 0.7152, 0.0722)
    middle = int(light.argmax())
    assert 126 <= middle <= 129
    assert (np.diff(light[:128]) > 0).all()
    assert (np.diff(light[128:]) < 0).all()
    blue, orange = table[:100], table[156:]
    assert (blue[:, 2] > blue[:, 0]).all()  # blue against red: what the common deficiencies keep
    assert (orange[:, 0] > orange[:, 2]).all()


def test_a_difference_over_a_picture_has_no_contours() -> None:
    pixels = np.full((64, 96, 3), 120, np.uint8)
    layer = MapPyramid(np.full((64, 96), 0.5, np.float32))
    view = View(96, 64, (1, 0, 0, 0, 1, 0))
    renderer = Renderer()
    base = renderer.picture(view, PicturePyramid(pixels), (0, 0, 0))
    image = renderer.overlaid(base, view, layer, None, 1.0)
    assert np.abs(image.astype(int) - diverging_table()[127]).max() <= 2


def test_provisional_tiles_are_hatched_until_final_ones_come() -> None:
    pixels = np.full((64, 96, 3), 200, np.uint8)
    layer = MapPyramid.empty((0, 0, 96, 64))
    tile = np.full((64, 96), 0.2, np.float32)
    view, renderer = View(96, 64, (1, 0, 0, 0, 1, 0)), Renderer()
    base = renderer.picture(view, PicturePyramid(pixels), (0, 0, 0))
    layer.add_tile(0, 0, tile, provisional=True)
    hatched = (renderer.overlaid(base, view, layer, 0.5, 1.0) == 200).all(axis=2)
    assert 0.4 < hatched.mean() < 0.6
    assert layer.has_provisional
    layer.add_tile(0, 0, tile)
    assert not (renderer.overlaid(base, view, layer, 0.5, 1.0) == 200).any()
    assert not layer.has_provisional


def test_the_legend_says_what_hatching_means(both: MainWindow) -> None:
    layer = finished("x", "Whole picture", two_spots(), (0, 0))
    layer.pyramid.covered = [((0, 0, 451, 300), True)]
    both.stage.show_layer(layer)
    assert "provisional" in both.stage.legend.remark
