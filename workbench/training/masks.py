"""Masks of many shapes and sizes: where a generated forgery is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from workbench.training.objects import object_mask

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.training.photos import Picture

Mask = NDArray[np.bool_]
"""Height x width; true where edited."""

Alpha = NDArray[np.float32]
"""Height x width, 0 to 1: how much of the inserted picture shows."""


_OUTLINED = 0.7
_COLOURED = 0.1
_TRIED = 3
"""Times that something to cut out is looked for."""


def random_mask(rng: np.random.Generator, side: int, picture: Picture, share: float) -> Mask:
    """Draw a mask that covers about `share` of a square of that side.

    Most follow what `picture` (side x side x 3) shows, so that the border of the edit lies on real edges:
    things that stand out, as somebody cuts them out, or areas of one colour. The others are geometric. Never
    empty, never full.
    """
    choice = rng.random()
    if choice < _OUTLINED:
        for _ in range(_TRIED):
            outlined = object_mask(picture, rng, share)
            if outlined is not None:
                return outlined
    elif choice < _OUTLINED + _COLOURED:
        region = _colour_region(rng, side, picture, share)
        if 0.2 * share < float(region.mean()) < min(0.6, 3 * share):
            return region
    return drawn_mask(rng, side, share)


def drawn_mask(rng: np.random.Generator, side: int, share: float) -> Mask:
    """Draw a geometric mask that covers about `share` of a square of that side; never empty, never full."""
    shapes: tuple[Callable[[np.random.Generator, int, float], Mask], ...] = (_ellipse, _box, _star, _blob)
    mask = shapes[int(rng.choice(4, p=[0.25, 0.15, 0.35, 0.25]))](rng, side, share)
    if not mask.any() or mask.all():
        mask = np.zeros((side, side), np.bool_)
        mask[side // 3 : side // 2, side // 3 : side // 2] = True
    return mask


def soften(mask: Mask, sigma: float) -> Alpha:
    """Return the mask as transparency, its border blurred by that standard deviation in pixels (0: hard)."""
    alpha = mask.astype(np.float32)
    if sigma <= 0:
        return alpha
    return np.asarray(cv2.GaussianBlur(alpha, (0, 0), sigma), np.float32)


def blend(below: Picture, above: Picture, alpha: Alpha) -> Picture:
    """Lay one picture over another through a transparency; where it is 0 or 1 no pixel changes."""
    weight = alpha[..., None]
    mixed = below.astype(np.float32) * (1 - weight) + above.astype(np.float32) * weight
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8)


def _place(rng: np.random.Generator, side: int, radius: float) -> tuple[float, float]:
    """Return a centre that keeps at least half of a shape inside."""
    low = min(0.5 * side, 0.4 * radius)
    x, y = rng.uniform(low, side - low, 2)
    return float(x), float(y)


def _ellipse(rng: np.random.Generator, side: int, share: float) -> Mask:
    ratio = float(np.exp(rng.uniform(-0.8, 0.8)))
    radius = side * np.sqrt(share / np.pi)
    centre = _place(rng, side, radius)
    axes = (2 * radius * ratio**0.5, 2 * radius / ratio**0.5)
    return _filled(side, lambda canvas: cv2.ellipse(canvas, (centre, axes, rng.uniform(0, 180)), 1, -1))


def _box(rng: np.random.Generator, side: int, share: float) -> Mask:
    ratio = float(np.exp(rng.uniform(-0.9, 0.9)))
    length = side * np.sqrt(share)
    angle = rng.uniform(0, 90) if rng.random() < 0.5 else 0.0
    corners = cv2.boxPoints(
        (_place(rng, side, length / 2), (length * ratio**0.5, length / ratio**0.5), angle)
    )
    return _polygon(side, corners)


def _star(rng: np.random.Generator, side: int, share: float) -> Mask:
    """A closed outline whose distance from the centre is a sum of a few waves: from pebbles to hands."""
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    outline = np.ones_like(angles)
    for wave in range(1, 7):
        outline += rng.normal(0, 0.45 / wave) * np.cos(wave * angles + rng.uniform(0, 2 * np.pi))
    outline = np.maximum(outline, 0.15)
    radius = side * np.sqrt(share / (np.pi * float(np.mean(outline**2))))
    stretch = np.exp(rng.uniform(-0.4, 0.4))
    points = radius * outline[:, None] * np.stack([stretch * np.cos(angles), np.sin(angles) / stretch], -1)
    return _polygon(side, points + np.array(_place(rng, side, radius)))


def _blob(rng: np.random.Generator, side: int, share: float) -> Mask:
    """The largest values of smooth noise: one or several patches."""
    size = int(rng.integers(3, 8))
    noise = cv2.resize(rng.random((size, size), np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
    return np.asarray(noise > np.quantile(noise, 1 - share), np.bool_)


def _colour_region(rng: np.random.Generator, side: int, picture: Picture, share: float) -> Mask:
    """Connected pixels with colours near that of a random seed, as a magic wand picks them."""
    smooth = cv2.GaussianBlur(picture, (0, 0), 2.0).astype(np.float32)
    row, column = rng.integers(side // 8, side - side // 8, 2)
    distance = np.abs(smooth - smooth[row, column]).sum(axis=-1)
    near = (distance < np.quantile(distance, min(0.6, 1.6 * share))).astype(np.uint8)
    near[row, column] = 1
    _, labels = cv2.connectedComponents(near)
    region = (labels == labels[row, column]).astype(np.uint8)
    element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))
    closed = cv2.morphologyEx(cv2.morphologyEx(region, cv2.MORPH_CLOSE, element), cv2.MORPH_OPEN, element)
    return np.asarray(closed > 0, np.bool_)


def _filled(side: int, draw: Callable[[NDArray[np.uint8]], object]) -> Mask:
    canvas = np.zeros((side, side), np.uint8)
    draw(canvas)
    return canvas > 0


def _polygon(side: int, points: NDArray[np.floating]) -> Mask:
    corners = np.rint(points).astype(np.int32)
    return _filled(side, lambda canvas: cv2.fillPoly(canvas, [corners], 1))
