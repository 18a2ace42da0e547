"""What the patches say of themselves: families, how often, and whether a change can be seen."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.core.families import FAMILIES
from workbench.training import family_patches
from workbench.training.family_patches import FAINT, LEAST_CHANGE, change, family_patch
from workbench.training.photos import Photo


@pytest.fixture(scope="module")
def truths() -> np.ndarray:
    rng = np.random.default_rng(0)
    photos = [Photo("noise.png", rng.integers(0, 255, (200, 200, 3)).astype(np.uint8))]
    return np.stack([family_patch(photos, np.random.default_rng([1, i]), 48)[1] for i in range(150)])


def test_every_family_is_drawn_about_as_often(truths: np.ndarray) -> None:
    counts = np.bincount(truths.ravel() % FAINT, minlength=len(FAMILIES)) / truths.size
    assert counts.min() > 0.04
    for name in ("untouched", "compression"):  # left over, and laid over a third of the patches
        assert counts[FAMILIES.index(name)] > 0.1


def test_whole_patches_and_regions_are_changed(truths: np.ndarray) -> None:
    kinds = [len(np.unique(truth)) for truth in truths]
    assert min(kinds) == 1
    assert max(kinds) > 2


def test_a_change_that_nobody_sees_is_marked(photos: list[Photo], monkeypatch: pytest.MonkeyPatch) -> None:
    seen = [family_patch(photos, np.random.default_rng([2, i]), 48)[1] for i in range(20)]
    monkeypatch.setattr(family_patches, "LEAST_CHANGE", 256.0)
    faint = [family_patch(photos, np.random.default_rng([2, i]), 48)[1] for i in range(20)]
    for before, after in zip(seen, faint, strict=True):
        assert not np.any((after > 0) & (after < FAINT)), "all changes are faint now"
        assert np.array_equal(before == 0, after == 0) or np.any(before == family_patches.COMPRESSION)


def test_change_is_the_root_mean_square_inside_the_mask() -> None:
    before = np.zeros((4, 4, 3), np.uint8)
    after, mask = before.copy(), np.zeros((4, 4), np.bool_)
    after[:2] = 6
    mask[1:3] = True
    assert change(before, after, mask) == pytest.approx(6 / 2**0.5)
    assert change(before, before, mask) == 0.0 < LEAST_CHANGE
