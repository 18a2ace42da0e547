"""Patches for the head of families: where which family of manipulations was applied, and whether it shows."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workbench.core.families import FAMILIES
from workbench.training.history import random_compression
from workbench.training.manipulations import UNTOUCHED, Manipulation, all_manipulations, apply
from workbench.training.masks import drawn_mask
from workbench.training.photos import draw_patch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.training.photos import Photo, Picture

FAINT = len(FAMILIES)
"""Added to the family where the manipulation hardly changed anything: not trained on, and measured apart."""

LEAST_CHANGE = 2.0
"""Grey levels (root mean square) below which a change is faint; PSNR 42, about JPEG at quality 93."""

COMPRESSION = FAMILIES.index("compression")

_WHOLE = 0.5
_COMPRESSED = 0.35
_MOST_REGIONS = 4

Truth = NDArray[np.int16]
"""Height x width: the family 0..7, and `FAINT` more where it is faint."""


def family_patch(photos: Sequence[Photo], rng: np.random.Generator, side: int) -> tuple[Picture, Truth]:
    """Make a patch of up to four regions, or a whole with up to three in it, each of another family.

    Families are drawn alike, and within one its operations, and then their strengths. A third of the patches
    are compressed as a whole afterwards: what was untouched is then of the family of compression.
    """
    original = draw_patch(photos, rng, side)
    result, truth = original, np.full((side, side), UNTOUCHED, np.int16)
    for number in range(int(rng.integers(1, _MOST_REGIONS + 1))):
        family = int(rng.integers(len(FAMILIES)))
        if number == 0 and rng.random() < _WHOLE:
            mask = np.ones((side, side), np.bool_)
        else:
            mask = drawn_mask(rng, side, float(rng.uniform(0.1, 0.5)))
        changed = apply(_drawn(family, rng), original, rng) if family else original
        result = np.where(mask[..., None], changed, result)
        truth[mask] = family + FAINT * (family > 0 and change(original, changed, mask) < LEAST_CHANGE)
    return (result, truth) if rng.random() >= _COMPRESSED else _compressed(result, truth, rng)


def change(before: Picture, after: Picture, mask: NDArray[np.bool_]) -> float:
    """Root mean square of the difference inside a mask, in grey levels."""
    apart = after[mask].astype(np.float32) - before[mask]
    return float(np.sqrt(np.mean(apart * apart)))


def _compressed(picture: Picture, truth: Truth, rng: np.random.Generator) -> tuple[Picture, Truth]:
    result = random_compression(picture, rng, 70, 100)
    faint = change(picture, result, np.ones(truth.shape, np.bool_)) < LEAST_CHANGE
    family = UNTOUCHED if faint else COMPRESSION
    return result, np.where(truth == UNTOUCHED, np.int16(family), truth)


@cache
def _operations(family: int) -> tuple[tuple[Manipulation, ...], ...]:
    """The leaves of a family 1..7, by operation."""
    named: dict[str, list[Manipulation]] = {}
    for leaf in all_manipulations():
        if leaf.family == family:
            named.setdefault(leaf.name, []).append(leaf)
    return tuple(tuple(leaves) for leaves in named.values())


def _drawn(family: int, rng: np.random.Generator) -> Manipulation:
    operations = _operations(family)
    strengths = operations[int(rng.integers(len(operations)))]
    return strengths[int(rng.integers(len(strengths)))]
