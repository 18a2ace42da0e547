"""Cut-outs as a forger makes them: along the outline of something that stands out from its surroundings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.training.masks import Mask
    from workbench.training.photos import Picture

_WORKING_SIDE = 96
"""Pixels; outlines are found on a reduced copy: as exact as a hand is, in 20 milliseconds."""

_TRIED = 40
_ROUNDS = 3
_LEAST_RANGE = 8
"""Grey levels; with less there is nothing to outline."""

_SOLID = 0.6
"""Least share of its convex hull that a cut-out fills: things, not branches and gaps between them."""

_IN_FOCUS = 1.1
"""Least detail inside a cut-out, as a multiple of that around it: people cut out what is in focus."""

Box = tuple[int, int, int, int]
"""(x, y, width, height) in pixels of the reduced copy."""


def object_mask(picture: Picture, rng: np.random.Generator, share: float) -> Mask | None:
    """Outline something in a square picture that covers very roughly `share` of it.

    The box that differs most from its surroundings in colour and detail, cut out by GrabCut (Rother,
    Kolmogorov and Blake, 2004).

    Returns:
        Mask (side, side), or None where nothing stands out.
    """
    side = picture.shape[0]
    small = np.asarray(
        cv2.resize(picture, (_WORKING_SIDE, _WORKING_SIDE), interpolation=cv2.INTER_AREA), np.uint8
    )
    if int(small.max()) - int(small.min()) < _LEAST_RANGE:
        return None
    mask = _cut_out(small, _salient_box(small, rng, share))
    if not 0.3 * share < float(mask.mean()) < 0.6 or not _is_a_thing(small, mask):
        return None
    smooth = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.8)
    return np.asarray(cv2.resize(smooth, (side, side), interpolation=cv2.INTER_LINEAR) > 0.5, np.bool_)


def calm_shift(host: Picture, mask: Mask, rng: np.random.Generator, tried: int) -> tuple[int, int]:
    """Return (rows, columns) by which to move a cut-out so that it lies wholly inside, over few details.

    Of `tried` places the calmest is taken: the more, the calmer.
    People put things in front of a wall, a road or the sky more often than into a crowd.
    """
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    side = mask.shape[0]
    detail = cv2.integral(_detail(host))
    best, least = (0, 0), np.inf
    for _ in range(tried):
        top = int(rng.integers(side - (rows[-1] - rows[0])))
        left = int(rng.integers(side - (columns[-1] - columns[0])))
        bottom, right = top + rows[-1] - rows[0] + 1, left + columns[-1] - columns[0] + 1
        total = detail[bottom, right] - detail[top, right] - detail[bottom, left] + detail[top, left]
        if total < least:
            best, least = (top - int(rows[0]), left - int(columns[0])), float(total)
    return best


def _salient_box(small: Picture, rng: np.random.Generator, share: float) -> Box:
    """Of some random boxes, the one whose inside differs most from a frame around it."""
    channels = np.dstack([cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.float32), 4 * _detail(small)])
    integral = cv2.integral(channels)
    candidates = [_random_box(rng, share) for _ in range(_TRIED)]
    return max(candidates, key=lambda box: _contrast(integral, box))


def _widened(box: Box) -> Box:
    """The box with a frame around it, as far as the picture reaches."""
    x, y, width, height = box
    margin = max(4, (width + height) // 6)
    left, top = max(0, x - margin), max(0, y - margin)
    right, bottom = min(_WORKING_SIDE, x + width + margin), min(_WORKING_SIDE, y + height + margin)
    return left, top, right - left, bottom - top


def _cut_out(small: Picture, box: Box) -> Mask:
    """What GrabCut finds in the box, whose middle third is taken for granted; in one piece, without holes."""
    x, y, width, height = box
    labels = np.full(small.shape[:2], cv2.GC_BGD, np.uint8)
    labels[y : y + height, x : x + width] = cv2.GC_PR_FGD
    labels[y + height // 3 : y + height - height // 3, x + width // 3 : x + width - width // 3] = cv2.GC_FGD
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)  # it clusters colours from random starts
    cv2.grabCut(small, labels, None, *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    return _largest((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD))


def _is_a_thing(small: Picture, mask: Mask) -> bool:
    outlines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = sum(cv2.contourArea(cv2.convexHull(outline)) for outline in outlines)
    rim, frame = (cv2.dilate(mask.astype(np.uint8), np.ones((k, k), np.uint8)) > 0 for k in (5, 13))
    around = frame & ~rim  # the rim itself holds the outline, the strongest edge there is
    if not around.any():
        return False
    detail = _detail(small)
    in_focus = float(detail[mask].mean()) > _IN_FOCUS * float(detail[around].mean())
    return in_focus and float(mask.sum()) > _SOLID * hull


def _random_box(rng: np.random.Generator, share: float) -> Box:
    ratio = float(np.exp(rng.uniform(-0.6, 0.6)))
    length = _WORKING_SIDE * np.sqrt(1.5 * share)
    width = int(np.clip(length * ratio**0.5, 10, _WORKING_SIDE - 8))
    height = int(np.clip(length / ratio**0.5, 10, _WORKING_SIDE - 8))
    x = int(rng.integers(2, _WORKING_SIDE - width - 1))
    y = int(rng.integers(2, _WORKING_SIDE - height - 1))
    return x, y, width, height


def _contrast(integral: NDArray[np.float64], box: Box) -> float:
    inside, area = _sums(integral, box)
    around, whole = _sums(integral, _widened(box))
    difference = inside / area - (around - inside) / max(whole - area, 1)
    # More detail inside than outside counts, less does not: what is pasted is what is in focus.
    return float(np.abs(difference[:3]).sum() + difference[3])


def _sums(integral: NDArray[np.float64], box: Box) -> tuple[NDArray[np.float64], int]:
    x, y, width, height = box
    corners = integral[y + height, x + width] - integral[y, x + width] - integral[y + height, x]
    return corners + integral[y, x], width * height


def _detail(picture: Picture) -> NDArray[np.float32]:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return np.asarray(np.abs(cv2.Laplacian(grey, cv2.CV_32F)), np.float32)


def _largest(region: Mask) -> Mask:
    """The largest connected part, its holes filled."""
    count, labels, figures, _ = cv2.connectedComponentsWithStats(region.astype(np.uint8))
    if count < 2:
        return np.zeros_like(region)
    part = (labels == 1 + int(figures[1:, cv2.CC_STAT_AREA].argmax())).astype(np.uint8)
    outlines, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(cv2.drawContours(part, outlines, -1, 1, cv2.FILLED) > 0, np.bool_)
