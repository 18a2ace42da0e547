"""Orientation: boxes and points go where the pixels go."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from workbench.core.evidence import (
    displayed,
    displayed_size,
    to_displayed_box,
    to_displayed_point,
    to_stored_box,
    to_stored_point,
)

ORIENTATIONS = range(1, 9)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_displayed_agrees_with_what_viewers_do(orientation: int, photo: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "turned.png"
    exif = Image.Exif()
    exif[274] = orientation
    Image.fromarray(photo).save(path, exif=exif)
    with Image.open(path) as image:
        as_viewers = np.asarray(ImageOps.exif_transpose(image))
    assert np.array_equal(displayed(photo, orientation), as_viewers)


@given(
    st.integers(1, 8),
    st.integers(1, 9),
    st.integers(1, 9),
    st.integers(0, 8),
    st.integers(0, 8),
    st.integers(1, 9),
    st.integers(1, 9),
)
def test_a_box_encloses_the_same_pixels_in_both_frames(
    orientation: int, width: int, height: int, x: int, y: int, w: int, h: int
) -> None:
    x, y = min(x, width - 1), min(y, height - 1)
    box = (x, y, min(w, width - x), min(h, height - y))
    stored = np.zeros((height, width), np.uint8)
    stored[y : y + box[3], x : x + box[2]] = 1
    dx, dy, dw, dh = to_displayed_box(box, (width, height), orientation)
    shown = displayed(stored, orientation)
    assert shown[dy : dy + dh, dx : dx + dw].all()
    assert shown.sum() == dw * dh
    assert to_stored_box((dx, dy, dw, dh), (width, height), orientation) == box


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_points_lead_there_and_back(orientation: int) -> None:
    size = (7, 4)
    marked = np.zeros((4, 7))
    marked[1, 5] = 1
    x, y = to_displayed_point(5.5, 1.5, size, orientation)
    assert displayed(marked, orientation)[int(y), int(x)] == 1
    assert to_stored_point(x, y, size, orientation) == (5.5, 1.5)


def test_displayed_size_is_swapped_by_quarter_turns_only() -> None:
    assert [displayed_size((3, 2), o) for o in ORIENTATIONS] == [(3, 2)] * 4 + [(2, 3)] * 4


def test_displayed_copies_nothing_and_keeps_further_axes() -> None:
    pixels = np.zeros((2, 3, 5))
    assert displayed(pixels, 6).shape == (3, 2, 5)
    assert np.shares_memory(displayed(pixels, 7), pixels)
