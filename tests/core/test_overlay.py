"""Pictures of a map: a fixed scale, one colour table, exact masks and outlines."""

import numpy as np
import pytest

from workbench.core.overlay import (
    CONTOUR_COLOUR,
    blend,
    colour_table,
    colourise,
    contours,
    levels,
    mask_image,
    overlay,
)


def test_levels_are_256_equal_steps_of_the_fixed_scale() -> None:
    response = np.array([[0, 1 / 256, 0.5, 255 / 256, 1]], np.float32)
    assert levels(response).tolist() == [[0, 1, 128, 255, 255]]


def test_colours_depend_on_the_response_alone() -> None:
    calm, wild = np.full((2, 2), 0.3, np.float32), np.array([[0.3, 0], [1, 0.3]], np.float32)
    assert np.array_equal(colourise(calm)[0, 0], colourise(wild)[0, 0])  # never autoscaled


def test_the_colour_table_is_magma_and_grows_brighter() -> None:
    table = colour_table()
    assert table.shape == (256, 3)
    assert table[0].tolist() == [0, 0, 4]
    assert table[255].tolist() == [252, 253, 191]
    brightness = table @ np.array([0.2126, 0.7152, 0.0722])
    assert (np.diff(brightness) > -1).all()
    assert not (table == CONTOUR_COLOUR).all(axis=1).any()


def test_blending_ends_at_the_picture_and_at_the_map() -> None:
    picture = np.full((2, 2, 3), 100, np.uint8)
    response = np.zeros((2, 2), np.float32)
    assert np.array_equal(blend(picture, response, 0), picture)
    assert np.array_equal(blend(picture, response, 1), colourise(response))
    assert blend(picture, response, 0.5)[0, 0].tolist() == pytest.approx([50, 50, 51.5], abs=0.5)


def test_the_mask_is_white_above_the_threshold_only() -> None:
    response = np.array([[0.4, 0.5, 0.6]], np.float32)
    assert mask_image(response, 0.5).tolist() == [[0, 0, 255]]


def test_contours_are_x_and_y_of_the_outermost_pixels() -> None:
    response = np.zeros((6, 8), np.float32)
    response[1:4, 2:7] = 0.9
    (outline,) = contours(response, 0.5)
    assert sorted(outline.tolist()) == [[2, 1], [2, 3], [6, 1], [6, 3]]
    assert contours(response, 0.95) == []


def test_a_hole_has_an_outline_of_its_own() -> None:
    response = np.full((7, 7), 0.9, np.float32)
    response[3, 3] = 0
    assert len(contours(response, 0.5)) == 2


def test_the_overlay_is_outlined_and_leaves_its_picture_alone() -> None:
    picture = np.full((6, 8, 3), 100, np.uint8)
    response = np.zeros((6, 8), np.float32)
    response[1:5, 2:7] = 0.9
    image = overlay(picture, response, 0.5, opacity=0)
    drawn = (image == CONTOUR_COLOUR).all(axis=2)
    border = np.zeros((6, 8), bool)
    border[1:5, 2:7] = True
    border[2:4, 3:6] = False
    assert np.array_equal(drawn, border)
    assert (image[~drawn] == 100).all()
    assert (picture == 100).all()
