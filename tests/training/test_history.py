from __future__ import annotations

import cv2
import numpy as np
import pytest

from workbench.training.history import GRID, compress, draw_offset, publish, with_history
from workbench.training.photos import Photo, Picture


def blockiness(picture: Picture, offset: int) -> float:
    """Steps across columns that start a block of a grid at `offset`, over those of all columns."""
    steps = np.abs(np.diff(picture[..., 1].astype(np.float32), axis=1)).mean(axis=0)
    return float(steps[(offset - 1) % GRID :: GRID].mean() / steps.mean())


@pytest.fixture
def smooth() -> Picture:
    rng = np.random.default_rng(3)
    noise = rng.integers(0, 255, (24, 24, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(noise, (192, 192), interpolation=cv2.INTER_CUBIC), np.uint8)


def test_lower_quality_loses_more(smooth: Picture) -> None:
    errors = [np.abs(compress(smooth, q, 2).astype(int) - smooth).mean() for q in (95, 80, 50)]
    assert errors == sorted(errors)


def test_other_tables_give_another_picture(smooth: Picture) -> None:
    standard, flat, steep = (compress(smooth, 75, 0, tilt) for tilt in (0.0, -1.0, 0.8))
    assert not np.array_equal(standard, flat)
    assert not np.array_equal(flat, steep)


def test_compression_leaves_its_grid(smooth: Picture) -> None:
    crushed = compress(smooth, 20, 0)
    assert blockiness(crushed, 0) > 1.15 > blockiness(crushed, 4)


def test_aligned_history_starts_its_grid_at_the_corner(smooth: Picture) -> None:
    def source(side: int) -> Picture:
        return np.ascontiguousarray(smooth[:side, :side])

    offsets = [draw_offset(np.random.default_rng(i), aligned=1.0) for i in range(5)]
    assert offsets == [(0, 0)] * 5
    anywhere = {draw_offset(np.random.default_rng(i), aligned=0.0) for i in range(200)}
    assert len(anywhere) > 40
    assert with_history(source, np.random.default_rng(0), 160, 1.0).shape == (160, 160, 3)


def test_publishing_keeps_the_size_and_depends_on_the_seed(photos: list[Photo]) -> None:
    picture = np.ascontiguousarray(photos[1].pixels[:100, :90])
    results = [publish(picture, np.random.default_rng(i)) for i in range(40)]
    assert {result.shape for result in results} == {picture.shape}
    untouched = sum(np.array_equal(result, picture) for result in results)
    assert 1 <= untouched <= 18
    assert np.array_equal(publish(picture, np.random.default_rng(3)), results[3])
