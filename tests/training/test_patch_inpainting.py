from __future__ import annotations

import cv2
import numpy as np
import pytest

from workbench.training.patch_inpainting import inpaint_by_patches


def texture(side: int = 96) -> np.ndarray:
    """Stripes with grain: diffusion would leave neither."""
    rows = np.arange(side)[:, None] // 6 % 2 * 90 + 70
    grain = np.random.default_rng(0).normal(0, 8, (side, side, 3))
    return np.clip(np.repeat(rows, side, 1)[..., None] + grain, 0, 255).astype(np.uint8)


def hole(side: int = 96) -> np.ndarray:
    return cv2.circle(np.zeros((side, side), np.uint8), (50, 44), 11, 1, -1).astype(bool)


def test_nothing_outside_the_hole_changes_and_the_input_stays() -> None:
    picture, mask = texture(), hole()
    before = picture.copy()
    painted = inpaint_by_patches(picture, mask, np.random.default_rng(1))
    assert painted.dtype == np.uint8
    assert np.array_equal(painted[~mask], picture[~mask])
    assert np.array_equal(picture, before)
    assert not np.array_equal(painted[mask], picture[mask])


def test_the_same_seed_paints_the_same() -> None:
    first, again, other = (
        inpaint_by_patches(texture(), hole(), np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_stripes_go_on_and_the_grain_stays() -> None:
    picture, mask = texture(), hole()
    painted = inpaint_by_patches(picture, mask, np.random.default_rng(3))
    diffused = cv2.inpaint(picture, mask.astype(np.uint8), 3, cv2.INPAINT_TELEA)
    error, smooth_error = (np.abs(p[mask].astype(int) - picture[mask]).mean() for p in (painted, diffused))
    assert error < 0.7 * smooth_error
    grain = [float(np.abs(np.diff(p.astype(int), axis=1))[mask[:, 1:]].mean()) for p in (painted, picture)]
    assert grain[0] == pytest.approx(grain[1], rel=0.2)


@pytest.mark.parametrize("corner", [(0, 0), (80, 80)])
def test_holes_at_the_border_are_filled(corner: tuple[int, int]) -> None:
    picture = np.full((96, 96, 3), 90, np.uint8)
    mask = np.zeros((96, 96), np.bool_)
    mask[corner[0] : corner[0] + 16, corner[1] : corner[1] + 16] = True
    picture[mask] = 255
    assert (inpaint_by_patches(picture, mask, np.random.default_rng(0)) == 90).all()


def test_no_hole_and_a_hole_that_leaves_too_little() -> None:
    picture = texture(40)
    none, most = np.zeros((40, 40), np.bool_), np.ones((40, 40), np.bool_)
    most[::5, ::5] = False
    assert np.array_equal(inpaint_by_patches(picture, none, np.random.default_rng(0)), picture)
    painted = inpaint_by_patches(picture, most, np.random.default_rng(0))
    assert np.array_equal(painted[~most], picture[~most])
