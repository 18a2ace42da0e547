from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from workbench.methods.cfa import imbalance, missing_interpolation
from workbench.methods.ela import error_level
from workbench.methods.noise import block_levels, diagonal_subband, merged, noise_level

METHODS = (error_level, noise_level, missing_interpolation)


def noisy(deviation: float, side: int = 160, seed: int = 0) -> np.ndarray:
    """A slope with noise: no texture, so that all that is fine is the noise."""
    slope = np.linspace(60, 180, side)[None, :, None]
    values = slope + np.random.default_rng(seed).normal(0, deviation, (side, side, 3))
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


@pytest.fixture
def part() -> np.ndarray:
    mask = np.zeros((160, 160), np.bool_)
    mask[48:112, 64:128] = True
    return mask


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", [(160, 160), (61, 83), (200, 34), (9, 12)])
def test_maps_have_the_picture_s_size_and_the_scale_of_responses(
    method: Callable[[np.ndarray], np.ndarray], shape: tuple[int, int]
) -> None:
    picture = np.random.default_rng(1).integers(0, 255, (*shape, 3)).astype(np.uint8)
    before = picture.copy()
    response = method(picture)
    assert response.shape == shape
    assert response.dtype == np.float32
    assert response.min() >= 0
    assert response.max() <= 1
    assert np.array_equal(picture, before)


def test_error_level_is_high_where_compression_changes_more(part: np.ndarray) -> None:
    picture = noisy(0)
    picture[part] = np.random.default_rng(0).integers(0, 255, (int(part.sum()), 3))
    assert roc_auc_score(part.ravel(), error_level(picture).ravel()) > 0.95


@pytest.mark.parametrize("deviation", [3.0, 6.0, 10.0])
def test_noise_is_measured_in_grey_levels(deviation: float) -> None:
    grey = noisy(deviation, 512)[..., 0]
    levels = block_levels(diagonal_subband(grey))
    assert np.median(levels) == pytest.approx(deviation, rel=0.1)


def test_a_part_with_more_noise_stands_out(part: np.ndarray) -> None:
    picture = noisy(2)
    picture[part] = noisy(6, seed=5)[part]
    assert roc_auc_score(part.ravel(), noise_level(picture).ravel()) > 0.9


def test_like_neighbours_become_one_region_and_unlike_ones_stay_apart() -> None:
    levels = np.array([[1.0, 1.05, 4.0], [1.02, 1.01, 4.04]], np.float32)
    result = merged(levels)
    assert result[:, :2] == pytest.approx(1.02)
    assert result[:, 2] == pytest.approx(4.02)


def interpolated(green: np.ndarray, parity: int) -> np.ndarray:
    """Green as a camera makes it: every second pixel is the mean of its four neighbours."""
    cross = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], np.float32) / 4
    rows, columns = np.indices(green.shape)
    return np.where((rows + columns) % 2 == parity, green, cv2.filter2D(green, -1, cross))


@pytest.mark.parametrize("parity", [0, 1])
def test_a_part_without_the_camera_s_interpolation_stands_out(part: np.ndarray, parity: int) -> None:
    green = noisy(6)[..., 1].astype(np.float32)
    picture = np.repeat(np.rint(interpolated(green, parity))[..., None], 3, -1).astype(np.uint8)
    assert imbalance(picture[..., 1].astype(np.float32)).mean() > 0.5
    picture[part] = noisy(6, seed=3)[part]
    assert roc_auc_score(part.ravel(), missing_interpolation(picture).ravel()) > 0.85
