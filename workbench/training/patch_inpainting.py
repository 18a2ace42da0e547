"""Removal by copying patches from around the hole, as editors' content-aware fills do.

After A. Criminisi, P. Pérez, K. Toyama: Region Filling and Object Removal by Exemplar-Based Image Inpainting.
IEEE Transactions on Image Processing 13 (2004): the hole is filled patch by patch from its border inwards,
where much is known and edges run into the hole first; each patch is the most similar one of the genuine
pixels around. What is painted keeps the grain of the picture, unlike what diffusion paints.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from workbench.training.masks import Mask
from workbench.training.photos import Picture

Plane = NDArray[np.float32]

_HALVES = (4, 5, 3)
_REACH = 44
_NEARLY_BEST = 1.1
_SLACK = 6.0
_TELEA_RADIUS = 3.0


def inpaint_by_patches(picture: Picture, mask: Mask, rng: np.random.Generator) -> Picture:
    """Paint over a part with patches of the rest.

    Args:
        picture: height x width x 3, uint8.
        mask: height x width, true where to paint.
        rng: draws the side of the patches (7, 9 or 11 pixels) and which of the nearly best ones is taken.

    Returns:
        A new picture; pixels outside the mask are unchanged. A hole that leaves no whole patch of the picture
        is painted by diffusion (Telea) instead.
    """
    if not mask.any():
        return picture.copy()
    first = int(rng.choice(_HALVES))
    for half in (first, *range(first - 1, 0, -1)):
        sources = _sources(mask, half)
        if sources.any():
            return _Filling(picture, mask, sources, half).run(rng)
    painted = cv2.inpaint(picture, mask.astype(np.uint8), _TELEA_RADIUS, cv2.INPAINT_TELEA)
    return np.asarray(painted, np.uint8)


def _sources(mask: Mask, half: int) -> Mask:
    """Centres of patches that lie in the picture and hold no pixel of the hole."""
    side = 2 * half + 1
    hole = np.pad(mask, half, constant_values=True)
    free = cv2.boxFilter(hole.astype(np.float32), -1, (side, side), normalize=False) < 0.5
    return np.asarray(free[half:-half, half:-half], np.bool_)


@dataclass
class _Filling:
    """A picture while its hole is being filled; all planes have a border of `half` pixels around it."""

    picture: Picture
    mask: Mask
    sources: Mask
    half: int
    values: Plane = field(init=False)
    squares: Plane = field(init=False)
    unknown: Mask = field(init=False)
    inside: Mask = field(init=False)
    trust: Plane = field(init=False)

    def __post_init__(self) -> None:
        ring = (self.half, self.half)
        self.values = np.pad(self.picture, (ring, ring, (0, 0)), mode="symmetric").astype(np.float32)
        self.unknown = np.pad(self.mask, ring)
        # The border counts as known with no trust: never compared, never the reason to go first.
        self.trust = np.pad((~self.mask).astype(np.float32), ring)
        self.inside = np.pad(np.ones_like(self.mask), ring)
        self.sources = np.pad(self.sources, ring)
        self.squares = np.square(self.values).sum(axis=-1)

    def run(self, rng: np.random.Generator) -> Picture:
        """Fill patch by patch until nothing is unknown."""
        while self.unknown.any():
            row, column, trust = self._next_place()
            self._copy(row, column, self._source(row, column, rng), trust)
        half = self.half
        filled = np.rint(self.values[half:-half, half:-half]).astype(np.uint8)
        return np.asarray(np.where(self.mask[..., None], filled, self.picture), np.uint8)

    def _next_place(self) -> tuple[int, int, float]:
        """Centre of the patch to fill next and how far it is to be trusted: the paper's priority."""
        rows, columns = np.nonzero(self.unknown)
        around = self.half + 1
        top, left = max(rows.min() - around, 0), max(columns.min() - around, 0)
        part = (slice(top, rows.max() + around + 1), slice(left, columns.max() + around + 1))
        unknown = self.unknown[part].astype(np.float32)
        side = 2 * self.half + 1
        trust = cv2.boxFilter(self.trust[part], -1, (side, side), borderType=cv2.BORDER_REPLICATE)
        front = (cv2.dilate(1 - unknown, np.ones((3, 3), np.uint8)) > 0) & self.unknown[part]
        priority = np.where(front, trust * (_edges_in(self.values[part], unknown) + 1), -1)
        row, column = np.unravel_index(int(priority.argmax()), priority.shape)
        return int(row) + top, int(column) + left, float(trust[row, column])

    def _source(self, row: int, column: int, rng: np.random.Generator) -> tuple[int, int]:
        """Centre of one of the patches most like what is known of the patch to fill."""
        window = self._window(row, column)
        here = self._patch(row, column)
        known = (~self.unknown[here] & self.inside[here]).astype(np.float32)
        part = self.values[window]
        distance = cv2.filter2D(self.squares[window], -1, known)
        for channel in range(3):
            kernel = np.ascontiguousarray(-2 * known * self.values[here][..., channel])
            distance += cv2.filter2D(np.ascontiguousarray(part[..., channel]), -1, kernel)
        distance += float((known * self.squares[here]).sum())
        distance = np.where(self._whole(window), distance, np.inf)
        close = np.flatnonzero(distance <= distance.min() * _NEARLY_BEST + _SLACK * known.sum())
        best = close[np.argpartition(distance.flat[close], min(3, len(close) - 1))[:3]]
        found = np.unravel_index(int(best[int(rng.integers(len(best)))]), distance.shape)
        return int(found[0]) + window[0].start, int(found[1]) + window[1].start

    def _window(self, row: int, column: int) -> tuple[slice, slice]:
        """Where to look: near by, or anywhere if nothing near is whole."""
        reach = _REACH
        while True:
            window = (
                slice(max(row - reach, 0), min(row + reach + 1, self.unknown.shape[0])),
                slice(max(column - reach, 0), min(column + reach + 1, self.unknown.shape[1])),
            )
            if self._whole(window).any():
                return window
            reach *= 2

    def _whole(self, window: tuple[slice, slice]) -> Mask:
        """Sources whose patches lie in the window, too."""
        half = self.half
        whole = np.zeros_like(self.sources[window])
        whole[half:-half, half:-half] = self.sources[window][half:-half, half:-half]
        return whole

    def _copy(self, row: int, column: int, source: tuple[int, int], trust: float) -> None:
        here, there = self._patch(row, column), self._patch(*source)
        gap = self.unknown[here]
        self.values[here][gap] = self.values[there][gap]
        self.squares[here][gap] = self.squares[there][gap]
        self.trust[here][gap] = trust
        self.unknown[here][gap] = False

    def _patch(self, row: int, column: int) -> tuple[slice, slice]:
        return (
            slice(row - self.half, row + self.half + 1),
            slice(column - self.half, column + self.half + 1),
        )


def _edges_in(values: Plane, unknown: Plane) -> Plane:
    """How strongly edges run into the hole: the isophote times the normal of the hole's border."""
    known = cv2.erode(1 - unknown, np.ones((3, 3), np.uint8))
    grey = values.mean(axis=-1)
    down, right = (cv2.Sobel(grey, cv2.CV_32F, 1 - axis, axis) * known for axis in (1, 0))
    # A front pixel itself is unknown: it takes the strongest edge of its neighbours.
    down, right = (cv2.boxFilter(edge, -1, (5, 5)) for edge in (down, right))
    soft = cv2.GaussianBlur(unknown, (5, 5), 0)
    normal_down, normal_right = cv2.Sobel(soft, cv2.CV_32F, 0, 1), cv2.Sobel(soft, cv2.CV_32F, 1, 0)
    length = np.hypot(normal_down, normal_right) + np.float32(1e-3)
    return np.asarray(np.abs(right * normal_down - down * normal_right) / length, np.float32)
