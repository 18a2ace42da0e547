"""Rectangles in stored pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.errors import RegionError
from workbench.core.region import MOST_POINTS, SMALLEST_SIDE, Points, Region, Shape, bounds_of, clipped


def _region(x: int, y: int, width: int, height: int) -> Region:
    return Region("id", "R1", x, y, width, height)


def test_slices_cut_rows_by_y_and_columns_by_x() -> None:
    array = np.arange(60).reshape(6, 10)
    cut = array[_region(3, 1, 4, 2).slices]
    assert cut.tolist() == [[13, 14, 15, 16], [23, 24, 25, 26]]


def test_a_moved_region_keeps_its_name() -> None:
    moved = _region(0, 0, 20, 20).moved_to(5, 6, 30, 40)
    assert (moved.id, moved.name, moved.box) == ("id", "R1", (5, 6, 30, 40))


@pytest.mark.parametrize("box", [(0, 0, 100, 80), (84, 64, 16, 16), (0, 0, 16, 16)])
def test_what_is_inside_is_accepted(box: tuple[int, int, int, int]) -> None:
    _region(*box).check_inside(100, 80)


@pytest.mark.parametrize(
    "box", [(-1, 0, 20, 20), (0, -1, 20, 20), (81, 0, 20, 20), (0, 61, 20, 20), (0, 0, 101, 80)]
)
def test_what_reaches_outside_is_refused(box: tuple[int, int, int, int]) -> None:
    with pytest.raises(RegionError, match="reaches outside the picture of 100 × 80 pixels"):
        _region(*box).check_inside(100, 80)


@pytest.mark.parametrize("size", [(SMALLEST_SIDE - 1, 50), (50, SMALLEST_SIDE - 1), (0, 0), (-5, 50)])
def test_what_is_too_small_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(RegionError, match="draw it larger"):
        _region(0, 0, *size).check_inside(100, 80)


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ((10.4, 20.6, 30, 10), (10, 21, 30, 10)),
        ((50, 40, -20, -10), (30, 30, 20, 10)),  # drawn from the lower right
        ((-10, -10, 30, 30), (0, 0, 20, 20)),
        ((90, 70, 30, 30), (90, 70, 10, 10)),
        ((200, 200, 10, 10), (200, 200, 0, 0)),
    ],
)
def test_a_drawn_rectangle_is_cut_to_the_picture(
    drawn: tuple[float, float, float, float], expected: tuple[int, int, int, int]
) -> None:
    assert clipped(*drawn, (100, 80)) == expected


_number = st.floats(-500, 500)


@given(_number, _number, _number, _number)
def test_whatever_is_drawn_lies_inside_or_is_empty(x: float, y: float, width: float, height: float) -> None:
    left, top, wide, high = clipped(x, y, width, height, (100, 80))
    assert wide >= 0
    assert high >= 0
    if wide and high:
        assert left >= 0
        assert top >= 0
        assert left + wide <= 100
        assert top + high <= 80


def test_an_ellipse_covers_pi_quarters_of_its_bounds() -> None:
    inside = Region("id", "R1", 5, 9, 400, 300, Shape.ELLIPSE).inside()

    assert inside.shape == (300, 400)
    assert inside.mean() == pytest.approx(np.pi / 4, abs=2e-3)
    assert not inside[0, 0]
    assert inside[150, 200]


def test_a_polygon_covers_the_pixels_inside_its_outline() -> None:
    outline = ((10.0, 20.0), (50.0, 20.0), (10.0, 60.0))
    inside = Region("id", "R1", 10, 20, 40, 40, Shape.POLYGON, outline).inside()

    assert inside[2, 2]
    assert not inside[38, 38]
    assert inside.mean() == pytest.approx(0.5, abs=0.03)


def test_an_outline_moves_and_stretches_with_its_bounds() -> None:
    outline = ((10.0, 20.0), (50.0, 20.0), (10.0, 60.0))
    moved = Region("id", "R1", 10, 20, 40, 40, Shape.POLYGON, outline).moved_to(0, 0, 80, 20)

    assert moved.points == ((0.0, 0.0), (80.0, 0.0), (0.0, 20.0))


TRIANGLE = ((10.0, 20.0), (50.0, 20.0), (10.0, 60.0))


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        (TRIANGLE[:2], "has 2 corners"),
        (TRIANGLE * MOST_POINTS, "and 10000 at most"),
        ((*TRIANGLE[:2], (9.0, 60.0)), "leaves the region's own bounds"),
        ((*TRIANGLE[:2], (10.0, 60.1)), "leaves the region's own bounds"),
        ((*TRIANGLE[:2], (10.0, float("nan"))), "leaves the region's own bounds"),
        ((*TRIANGLE[:2], (30.0, 21.0)), "holds 20 pixels, too few"),
    ],
)
def test_outlines_that_enclose_nothing_of_use_are_refused(points: Points, sentence: str) -> None:
    region = Region("id", "R1", 10, 20, 40, 40, Shape.POLYGON, points)
    with pytest.raises(RegionError, match=sentence):
        region.check_inside(100, 80)


@pytest.mark.parametrize("shape", [Shape.POLYGON, Shape.FREEHAND])
def test_a_triangle_is_accepted_and_its_mask_is_counted_in(shape: Shape) -> None:
    region = Region("id", "R1", 10, 20, 40, 40, shape, TRIANGLE)
    region.check_inside(100, 80)
    assert region.mask is not None
    assert _region(0, 0, 20, 20).mask is None


def test_bounds_hold_all_of_an_outline() -> None:
    assert bounds_of(TRIANGLE) == (10, 20, 40, 40)
    assert bounds_of(((10.2, 3.0), (11.9, 7.1), (15.0, 4.0))) == (10, 3, 5, 5)
