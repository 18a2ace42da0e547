from __future__ import annotations

import numpy as np
import pytest

from workbench.training.masks import blend, random_mask, soften
from workbench.training.photos import Photo


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3])
def test_masks_cover_about_the_share_asked_for(photos: list[Photo], share: float) -> None:
    patch = np.ascontiguousarray(photos[0].pixels[:128, :128])
    covered = [random_mask(np.random.default_rng(i), 128, patch, share).mean() for i in range(60)]
    assert 0.5 * share < float(np.median(covered)) < 1.5 * share
    assert all(0 < value < 0.75 for value in covered)


def test_masks_differ_and_are_reproducible(photos: list[Photo]) -> None:
    patch = np.ascontiguousarray(photos[0].pixels[:64, :64])
    masks = [random_mask(np.random.default_rng(i), 64, patch, 0.1) for i in (1, 1, 2)]
    assert np.array_equal(masks[0], masks[1])
    assert not np.array_equal(masks[0], masks[2])


def test_blending_touches_nothing_outside_a_hard_mask() -> None:
    below, above = np.full((20, 20, 3), 10, np.uint8), np.full((20, 20, 3), 200, np.uint8)
    mask = np.zeros((20, 20), np.bool_)
    mask[5:9, 5:9] = True
    mixed = blend(below, above, soften(mask, 0))
    assert (mixed[mask] == 200).all()
    assert (mixed[~mask] == 10).all()


def test_soft_borders_mix() -> None:
    mask = np.zeros((40, 40), np.bool_)
    mask[:, 20:] = True
    alpha = soften(mask, 2.0)
    assert alpha.dtype == np.float32
    assert 0.4 < float(alpha[20, 19:21].mean()) < 0.6
    assert alpha[20, 0] == pytest.approx(0)
    assert alpha[20, 39] == pytest.approx(1)
