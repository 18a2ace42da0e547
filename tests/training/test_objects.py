from __future__ import annotations

import numpy as np

from workbench.training.objects import calm_shift, object_mask
from workbench.training.photos import Photo


def _disc_on_a_wall() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A speckled disc on a nearly plain ground, 160 x 160."""
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[:160, :160]
    picture = rng.normal(180, 1, (160, 160, 3))
    disc = (rows - 90) ** 2 + (columns - 70) ** 2 < 30**2
    picture[disc] = rng.normal((60, 90, 40), 6, (int(disc.sum()), 3))
    return np.clip(picture, 0, 255).astype(np.uint8)


def test_what_stands_out_is_cut_out_along_its_outline() -> None:
    picture = _disc_on_a_wall()
    disc = picture[..., 0] < 120
    overlaps = []
    for seed in range(20):
        mask = object_mask(picture, np.random.default_rng(seed), 0.11)
        if mask is not None:
            overlaps.append((mask & disc).sum() / (mask | disc).sum())
    assert len(overlaps) >= 10
    assert np.median(overlaps) > 0.8


def test_nothing_stands_out_of_a_plain_wall() -> None:
    assert object_mask(np.full((96, 96, 3), 128, np.uint8), np.random.default_rng(1), 0.1) is None


def test_the_same_seed_gives_the_same_outline(photos: list[Photo]) -> None:
    patch = np.ascontiguousarray(photos[0].pixels[:128, :128])
    outlined = 0
    for seed in range(6):
        one, other = (object_mask(patch, np.random.default_rng(seed), 0.15) for _ in range(2))
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            outlined += 1
            assert np.array_equal(one, other)
    assert outlined


def test_a_cut_out_is_moved_wholly_inside_and_to_a_calm_place() -> None:
    rng = np.random.default_rng(0)
    host = np.full((120, 120, 3), 128, np.uint8)
    host[:, 60:] = rng.integers(0, 256, (120, 60, 3))
    mask = np.zeros((120, 120), np.bool_)
    mask[70:100, 80:110] = True
    shifts = [calm_shift(host, mask, np.random.default_rng(seed), tried=5) for seed in range(40)]
    for rows, columns in shifts:
        assert -70 <= rows <= 20
        assert -80 <= columns <= 10
    assert np.mean([columns <= -50 for _, columns in shifts]) > 0.7
