"""Findings on small maps whose components can be counted by eye."""

import numpy as np
import pytest

from workbench.core.findings import MOST_LISTED, SMALLEST_AREA, find, mask_of


def _map(picture: str) -> np.ndarray:
    """Digits are tenths of a response, dots nothing."""
    rows = [[0 if c == "." else int(c) / 10 for c in row] for row in picture.split()]
    return np.array(rows, np.float32)


def test_components_are_listed_with_their_figures_the_largest_first() -> None:
    found = find(_map("..... .9... ...78 ...66 ....."), 0.5, smallest_area=1)
    assert (found.components, found.area, found.share) == (2, 5, 5 / 25)
    first, second = found.listed
    assert (first.number, first.x, first.y, first.width, first.height, first.area) == (1, 3, 2, 2, 2, 4)
    assert first.share == 4 / 25
    assert first.mean == pytest.approx((0.7 + 0.8 + 0.6 + 0.6) / 4)
    assert first.max == np.float32(0.8)
    assert (second.number, second.x, second.y, second.width, second.height) == (2, 1, 1, 1, 1)
    assert second.mean == second.max == np.float32(0.9)


def test_corners_connect() -> None:
    assert find(_map("9.. .9. ..9"), 0.5, smallest_area=1).components == 1


def test_a_component_within_the_box_of_another_is_not_counted_to_it() -> None:
    found = find(_map("66666 6...6 6.9.6 6...6 66666"), 0.5, smallest_area=1)
    ring, dot = found.listed
    assert (ring.area, ring.width, ring.height) == (16, 5, 5)
    assert ring.max == np.float32(0.6)
    assert (dot.x, dot.y, dot.area) == (2, 2, 1)


def test_the_threshold_is_exceeded_strictly_and_in_float32() -> None:
    response = np.array([[0.3, np.nextafter(np.float32(0.3), np.float32(1))]], np.float32)
    assert mask_of(response, 0.3).tolist() == [[False, True]]
    assert find(response, 0.3).area == 1


def test_small_components_count_but_are_not_listed() -> None:
    response = np.zeros((40, 40), np.float32)
    response[0:8, 0:8] = 0.9  # exactly the smallest area
    response[20:27, 20:29] = 0.9  # 63 pixels
    assert SMALLEST_AREA == 64
    found = find(response, 0.5)
    assert (found.components, found.area) == (1, 127)
    assert [f.area for f in found.listed] == [64]


def test_boxes_are_moved_by_the_origin() -> None:
    (finding,) = find(_map("... .9. ..."), 0.5, (100, 200), smallest_area=1).listed
    assert (finding.x, finding.y) == (101, 201)


@pytest.mark.parametrize(("level", "area"), [(0.0, 0), (1.0, 12)])
def test_nothing_and_everything(level: float, area: int) -> None:
    found = find(np.full((3, 4), level, np.float32), 0.5, smallest_area=1)
    assert (found.area, found.share, found.components) == (area, area / 12, 1 if area else 0)


def test_more_than_the_most_are_counted_and_the_largest_listed() -> None:
    response = np.zeros((3, 2 * MOST_LISTED + 20), np.float32)
    response[1, ::2] = 0.9
    response[0, -2] = 0.9  # the last one has two pixels
    found = find(response, 0.5, smallest_area=1)
    assert found.components == MOST_LISTED + 10
    assert len(found.listed) == MOST_LISTED
    assert (found.listed[0].area, found.listed[0].x) == (2, 2 * MOST_LISTED + 18)
    assert [f.number for f in found.listed] == list(range(1, MOST_LISTED + 1))


def test_only_what_is_inside_the_shape_is_counted() -> None:
    response = _map("9999. 9...9 9..99 ....9")
    inside = np.array([[c == "x" for c in row] for row in ["xxx..", "xxx..", "xxx..", "....x"]])
    found = find(response, 0.5, (10, 20), smallest_area=1, inside=inside)
    assert (found.components, found.area, found.share) == (2, 6, 6 / 10)
    assert found.analysed_share == 10 / 20
    corner, dot = found.listed
    assert (corner.x, corner.y, corner.width, corner.height, corner.area) == (10, 20, 3, 3, 5)
    assert (corner.share, dot.share) == (5 / 10, 1 / 10)
    assert (dot.x, dot.y) == (14, 23)


def test_of_a_rectangle_both_shares_are_the_same() -> None:
    found = find(_map("99.. 9... ...."), 0.5)
    assert found.share == found.analysed_share == 3 / 12


def test_an_empty_shape_has_nothing_in_it() -> None:
    found = find(np.ones((4, 4), np.float32), 0.5, inside=np.zeros((4, 4), bool))
    assert (found.area, found.share, found.listed, found.analysed_share) == (0, 0, (), 1)
