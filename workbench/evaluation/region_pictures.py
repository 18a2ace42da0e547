"""Pictures with two edits, a strong and a weak one: a whole-image run may show the strongest only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from workbench.core.search import Box
from workbench.training.forgeries import copy_move, remove, splice
from workbench.training.history import compress, with_history
from workbench.training.manipulations import Manipulation, all_manipulations, apply
from workbench.training.masks import Mask, blend, random_mask, soften
from workbench.training.photos import Photo, Picture, draw_patch

STRENGTHS = ("strong", "weak")

Edit = Callable[[Picture, np.random.Generator], tuple[Picture, Mask]]

_STRONG_SHARE, _WEAK_SHARE = (0.02, 0.08), (0.015, 0.05)
_APART = 16
"""Pixels between the two edits at least."""
_LEAST_SIDE = 32
_WHOLE = 0.9
"""An edit is one piece: the largest connected part holds at least this share of it."""
_HOST_ALIGNED, _DONOR_ALIGNED = 0.75, 0.1

_STRONG = {
    "GaussianNoise": (16, 40), "UniformNoise": (24, 60), "GaussianBlur": (11, 40), "BoxBlur": (9, 30),
    "JPEGCompress": (10, 50), "MedianBlur": (9, 30),
}  # fmt: skip
_MILD = {
    "GaussianNoise": (3, 9), "UniformNoise": (5, 13), "GaussianBlur": (3, 5), "BoxBlur": (3, 3),
    "JPEGCompress": (60, 85), "MedianBlur": (3, 3),
}  # fmt: skip
"""Operations of the paper's figure and the range of strengths (as named there) that is strong or mild."""


@dataclass(frozen=True)
class TwoEdits:
    """A generated picture.

    Attributes:
        number: in the benchmark, from 0.
        original: (side, side, 3) uint8, unedited, saved as the edited one is.
        edited: the same with both edits.
        alone: the same with the weak edit only.
        masks: truth of the strong and the weak edit, (side, side) each; at least 16 pixels apart.
        kinds: what each edit is.
    """

    number: int
    original: Picture
    edited: Picture
    alone: Picture
    masks: tuple[Mask, Mask]
    kinds: tuple[str, str]


def make_pictures(photos: Sequence[Photo], count: int, seed: int, side: int) -> list[TwoEdits]:
    """Make the benchmark; each picture depends on the photographs, the seed and its number only."""
    return [two_edits(photos, seed, number, side) for number in range(count)]


def two_edits(photos: Sequence[Photo], seed: int, number: int, side: int) -> TwoEdits:
    """Make one picture with a strong edit and, elsewhere, a weak one of another kind."""
    rng = np.random.default_rng((seed, number))
    while True:
        host = with_history(lambda size: draw_patch(photos, rng, size), rng, side, _HOST_ALIGNED)
        kinds, edits = _draw_edits(photos, rng)
        empty = np.zeros((side, side), np.bool_)
        strong = _placed(edits[0], host, empty, rng)
        weak = strong and _placed(edits[1], host, strong[1], rng)
        if strong and weak:
            break
    quality = int(rng.integers(88, 101))
    chroma = int(rng.choice((0, 2)))

    def saved(picture: Picture) -> Picture:
        return picture if quality > 97 else compress(picture, quality, chroma)

    edited = np.where(_around(strong[1], _APART // 2)[..., None], strong[0], weak[0])
    pictures = saved(host), saved(edited), saved(weak[0])
    return TwoEdits(number, *pictures, (strong[1], weak[1]), kinds)


def _around(mask: Mask, pixels: int) -> Mask:
    """The mask widened by that many pixels: no soft border reaches farther."""
    element = np.ones((2 * pixels + 1, 2 * pixels + 1), np.uint8)
    return np.asarray(cv2.dilate(mask.astype(np.uint8), element) > 0)


def _draw_edits(
    photos: Sequence[Photo], rng: np.random.Generator
) -> tuple[tuple[str, str], tuple[Edit, Edit]]:
    """A strong edit (a splice, or a strong enhancement), and a weak one of another kind."""
    first: dict[str, Edit] = {
        "splicing": lambda host, rng: splice(
            host, _donor(photos, host, rng), _share(_STRONG_SHARE, rng), rng
        ),
        "strong enhancement": _enhancement(_STRONG, _STRONG_SHARE, rng),
    }
    second: dict[str, Edit] = {
        "copy-move": lambda host, rng: copy_move(host, _share(_WEAK_SHARE, rng), rng),
        "removal": lambda host, rng: remove(host, _share(_WEAK_SHARE, rng), rng),
        "mild enhancement": _enhancement(_MILD, _WEAK_SHARE, rng),
    }
    strong, weak = _one_of(tuple(first), rng), _one_of(tuple(second), rng)
    return (strong, weak), (first[strong], second[weak])


def _one_of(values: Sequence[Any], rng: np.random.Generator) -> Any:
    return values[int(rng.integers(len(values)))]


def _share(limits: tuple[float, float], rng: np.random.Generator) -> float:
    low, high = np.log(limits)
    return float(np.exp(rng.uniform(low, high)))


def _donor(photos: Sequence[Photo], host: Picture, rng: np.random.Generator) -> Picture:
    return with_history(lambda size: draw_patch(photos, rng, size), rng, host.shape[0], _DONOR_ALIGNED)


def _enhancement(
    strengths: dict[str, tuple[int, int]], share: tuple[float, float], rng: np.random.Generator
) -> Edit:
    low, high = strengths[name := _one_of(tuple(strengths), rng)]
    leaves = [m for m in all_manipulations() if m.name == name and low <= m.amount() <= high]
    chosen: Manipulation = _one_of(leaves, rng)

    def enhance(host: Picture, rng: np.random.Generator) -> tuple[Picture, Mask]:
        mask = random_mask(rng, host.shape[0], host, _share(share, rng))
        sigma = float(rng.choice((0.0, 0.8, 1.6)))
        return blend(host, apply(chosen, host, rng), soften(mask, sigma)), mask

    return enhance


def _placed(
    edit: Edit, host: Picture, taken: Mask, rng: np.random.Generator, tries: int = 20
) -> tuple[Picture, Mask] | None:
    """Make an edit until it is one piece, large enough, and apart from what is edited already."""
    near = _around(taken, _APART)
    for _ in range(tries):
        picture, mask = edit(host, rng)
        if not (mask & near).any() and _is_one_piece(mask):
            return picture, mask
    return None


def _is_one_piece(mask: Mask) -> bool:
    _, _, boxes, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    largest = boxes[1:, cv2.CC_STAT_AREA].max(initial=0)
    width, height = box_of(mask)[2:]
    return bool(largest > _WHOLE * mask.sum() and min(width, height) >= _LEAST_SIDE)


def box_of(mask: NDArray[np.bool_]) -> Box:
    """Bounding box of what is true, or an empty one at the origin."""
    if not mask.any():
        return 0, 0, 0, 0
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    x, y = int(columns[0]), int(rows[0])
    return x, y, int(columns[-1]) + 1 - x, int(rows[-1]) + 1 - y
