"""Advice on regions: on the grid, large enough, not mostly bright."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from workbench.core.decode import DecodeRecord, decode
from workbench.core.region import SMALLEST_SIDE, Region
from workbench.core.region_guidance import (
    MOSTLY_BRIGHT,
    NOT_COMPARABLE,
    Advice,
    enlarged,
    has_grid,
    hints_for_box,
    hints_for_run,
    is_mostly_bright,
    smallest_useful_side,
    snapped,
    two_parts,
)
from workbench.core.wording import forbidden_in


def _decoded(form: str) -> DecodeRecord:
    stream = io.BytesIO()
    Image.new("RGB", (205, 131), "grey").save(stream, form)
    return decode(stream.getvalue(), "picture").record


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ((0, 0, 64, 64), (0, 0, 64, 64)),
        ((3, 5, 60, 62), (0, 8, 64, 56)),  # 3 is nearer to 0, 5 nearer to 8; 63 and 67 both to 64
        ((4, 12, 40, 40), (0, 8, 40, 40)),  # half way goes down
        ((100, 60, 104, 70), (96, 56, 109, 75)),  # 204 and 130 are nearer to the border than to a line
        ((-20, -9, 60, 30), (0, 0, 40, 24)),
        ((50, 50, 2, 2), (48, 48, 16, 16)),  # two blocks at least
        ((203, 129, 1, 1), (184, 112, 16, 16)),  # also in the corner
    ],
)
def test_sides_go_to_the_nearest_line_or_border(
    box: tuple[int, int, int, int], expected: tuple[int, int, int, int]
) -> None:
    assert snapped(box, (205, 131)) == expected


_side = st.integers(-50, 400)


@given(st.tuples(_side, _side, _side, _side), st.integers(16, 300), st.integers(16, 300))
def test_what_is_snapped_may_be_analysed_and_stays_snapped(
    box: tuple[int, int, int, int], width: int, height: int
) -> None:
    found = snapped(box, (width, height))
    Region("id", "R1", *found).check_inside(width, height)
    assert found[0] % 8 == found[1] % 8 == 0
    assert snapped(found, (width, height)) == found


@given(st.tuples(_side, _side, st.integers(16, 400), st.integers(16, 400)))
def test_snapping_moves_a_side_by_half_a_block_at_most(box: tuple[int, int, int, int]) -> None:
    x, y, _, height = snapped((abs(box[0]), abs(box[1]), *box[2:]), (2000, 2000))
    assert abs(x - abs(box[0])) <= 4
    assert abs(y + height - abs(box[1]) - box[3]) <= 4


def test_a_jpeg_has_a_grid() -> None:
    assert has_grid(_decoded("JPEG"))
    assert not has_grid(_decoded("PNG"))


def test_enlarging_doubles_about_the_centre_and_stops_at_the_border() -> None:
    assert enlarged((40, 40, 20, 10), (205, 131)) == (30, 35, 40, 20)
    assert enlarged((0, 100, 64, 31), (205, 131)) == (0, 84, 96, 47)
    assert enlarged((40, 40, 20, 10), (205, 131), 1.5) == (35, 38, 30, 14)


@pytest.mark.parametrize(
    ("box", "form", "advice"),
    [
        ((0, 0, 64, 64), "JPEG", []),
        ((0, 0, 15, 64), "JPEG", [Advice.TOO_SMALL]),
        ((0, 0, 64, 56), "PNG", [Advice.SMALL]),
        ((3, 0, 64, 64), "JPEG", [Advice.OFF_GRID]),
        ((3, 0, 64, 64), "PNG", []),
        ((3, 0, 40, 64), "JPEG", [Advice.SMALL, Advice.OFF_GRID]),
        ((136, 64, 69, 67), "JPEG", []),  # to the border, which no line meets
    ],
)
def test_advice_while_drawing(box: tuple[int, int, int, int], form: str, advice: list[Advice]) -> None:
    found = hints_for_box(box, _decoded(form), "compact-1")
    assert [hint.advice for hint in found] == advice
    assert not any(forbidden_in(hint.sentence) for hint in found)


def test_what_is_small_says_how_large_it_should_be() -> None:
    assert smallest_useful_side("compact-1") == 62
    assert smallest_useful_side("mantranet-0") == 126
    (small,) = hints_for_box((0, 0, 40, 100), _decoded("PNG"), "compact-1")
    assert "40 × 100 pixels says little: at least 62 × 62" in small.sentence
    (too_small,) = hints_for_box((0, 0, SMALLEST_SIDE - 1, 100), _decoded("PNG"), "compact-1")
    assert "15 × 100 pixels can't be analysed: at least 16 × 16" in too_small.sentence


def _map(share: float, bright: float, dark: float, noise: float = 0.02) -> np.ndarray:
    """A map whose upper rows are bright."""
    response = np.full((100, 80), dark)
    response[: round(100 * share)] = bright
    drawn = np.random.default_rng(0).normal(0, noise, response.shape)
    return np.clip(response + drawn, 0, 1).astype(np.float32)


@pytest.mark.parametrize(
    ("share", "bright", "dark", "expected"),
    [
        (0.6, 0.9, 0.1, True),  # above the threshold
        (0.4, 0.9, 0.1, False),
        (0.6, 0.3, 0.1, True),  # under the threshold, and yet most of it stands out from the rest
        (0.4, 0.3, 0.1, False),
        (0.6, 0.2, 0.15, False),  # hardly apart
        (1.0, 0.3, 0.3, False),  # one level everywhere: nothing stands out from anything
        (1.0, 0.9, 0.9, True),
    ],
)
def test_what_is_mostly_bright(share: float, bright: float, dark: float, expected: bool) -> None:
    response = _map(share, bright, dark)
    assert is_mostly_bright(response, 0.5) is expected
    assert (MOSTLY_BRIGHT in hints_for_run(response, 0.5)) is expected


def test_an_even_ramp_and_plain_noise_are_not_two_parts() -> None:
    ramp = np.linspace(0, 0.45, 10_000, dtype=np.float32).reshape(100, 100)
    assert two_parts(ramp) == pytest.approx((0.5, 0.225, 0.75), abs=0.01)
    assert not is_mostly_bright(ramp + np.float32(0.001), 0.9)
    assert not is_mostly_bright(_map(1, 0.3, 0.3, 0.1), 0.9)


def test_a_map_of_one_level_has_no_parts() -> None:
    assert two_parts(np.full((20, 20), 0.3, np.float32)) == (0, 0, 0)


def test_every_map_of_a_region_is_said_to_have_levels_of_its_own() -> None:
    assert hints_for_run(_map(0.1, 0.9, 0.1), 0.5) == (NOT_COMPARABLE,)
    assert not forbidden_in(NOT_COMPARABLE.sentence + MOSTLY_BRIGHT.sentence)
