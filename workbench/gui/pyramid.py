"""Pictures and maps at halved sizes, so that drawing costs what the screen shows and not what the file holds.

Everything here is in the stored frame. A cell of level k covers 2**k by 2**k pixels exactly: odd sizes are
completed by repeating the last row or column, so that no level is shifted against another.
"""

from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from workbench.core.evidence import Pixels
from workbench.core.heatmap import Response

SMALLEST_LEVEL = 256
"""Pixels of the longer side below which no further level is made."""

Box = tuple[int, int, int, int]
"""(x, y, width, height)."""
Covered = tuple[Box, bool]
"""A tile's box, and whether the tile is provisional."""
Cells = TypeVar("Cells", npt.NDArray[np.uint8], npt.NDArray[np.float32])


def _even(array: Cells) -> Cells:
    """Repeat the last row and column where a size is odd."""
    down, right = array.shape[0] % 2, array.shape[1] % 2
    if not down and not right:
        return array
    whole: Cells = cv2.copyMakeBorder(array, 0, down, 0, right, cv2.BORDER_REPLICATE)
    return whole


def _mean_half(array: Cells) -> Cells:
    even = _even(array)
    size = even.shape[1] // 2, even.shape[0] // 2
    half: Cells = cv2.resize(even, size, interpolation=cv2.INTER_AREA)
    return half


def _peak_half(array: Response) -> Response:
    even = _even(array)
    rows = np.maximum(even[::2], even[1::2])
    return np.maximum(rows[:, ::2], rows[:, 1::2])


def _grey(response: Response) -> npt.NDArray[np.uint8]:
    """0..1 to 0..255; like core.overlay.levels but ten times as fast, for display only."""
    grey: npt.NDArray[np.uint8] = cv2.convertScaleAbs(response, alpha=256, beta=-0.5)
    return grey


def _level_count(height: int, width: int) -> int:
    count = 1
    while max(height, width) >> count >= SMALLEST_LEVEL:
        count += 1
    return count


def _halved(size: tuple[int, int], level: int) -> tuple[int, int]:
    for _ in range(level):
        size = (size[0] + 1) // 2, (size[1] + 1) // 2
    return size


class PicturePyramid:
    """The picture and its halved versions, (h, w, 3) uint8 each."""

    def __init__(self, pixels: Pixels) -> None:
        self.levels = [pixels]
        for _ in range(_level_count(*pixels.shape[:2]) - 1):
            self.levels.append(_mean_half(self.levels[-1]))

    @property
    def box(self) -> Box:
        """(0, 0, width, height) of the picture."""
        height, width = self.levels[0].shape[:2]
        return 0, 0, width, height


class MapPyramid:
    """A map, and for each level its mean (for the colour) and its peak (for the contour).

    The peak is kept apart so that a small area above the threshold never vanishes when zoomed out.

    Attributes:
        box: (x, y, width, height) of the map within the picture.
        means: uint8 0..255 for looking up colours.
        peaks: float32; level 0 is the response itself.
        covered: boxes that hold tiles, in the picture's frame, in the order in which they came, and whether
            each is provisional; None when all is finished.
        version: counts the changes.
    """

    def __init__(self, response: Response, origin: tuple[int, int] = (0, 0)) -> None:
        height, width = response.shape
        self.box: Box = (*origin, width, height)
        self.covered: list[Covered] | None = None
        self.version = 0
        self.means = [_grey(response)]
        self.peaks = [response]
        for _ in range(_level_count(height, width) - 1):
            self.means.append(_mean_half(self.means[-1]))
            self.peaks.append(_peak_half(self.peaks[-1]))

    @classmethod
    def empty(cls, box: Box) -> "MapPyramid":
        """A map of which no tile is finished; memory is touched only as tiles come."""
        self = cls.__new__(cls)
        size = box[3], box[2]
        sizes = [_halved(size, level) for level in range(_level_count(*size))]
        self.box, self.covered, self.version = box, [], 0
        self.means = [np.zeros(s, np.uint8) for s in sizes]
        self.peaks = [np.zeros(s, np.float32) for s in sizes]
        return self

    def add_tile(self, x: int, y: int, tile: Response, *, provisional: bool = False) -> None:
        """Take in a tile at (x, y) of the map's own frame; it replaces what was there."""
        height, width = tile.shape
        self.peaks[0][y : y + height, x : x + width] = tile
        self.means[0][y : y + height, x : x + width] = _grey(tile)
        x0, y0, x1, y1 = x, y, x + width, y + height
        for level in range(1, len(self.peaks)):
            x0, y0, x1, y1 = x0 // 2, y0 // 2, (x1 + 1) // 2, (y1 + 1) // 2
            below = slice(2 * y0, 2 * y1), slice(2 * x0, 2 * x1)
            self.peaks[level][y0:y1, x0:x1] = _peak_half(self.peaks[level - 1][below])
            self.means[level][y0:y1, x0:x1] = _mean_half(self.means[level - 1][below])
        if self.covered is not None:
            tile_box = x + self.box[0], y + self.box[1], width, height
            self.covered = [(box, early) for box, early in self.covered if not _holds(tile_box, box)]
            self.covered.append((tile_box, provisional))
        self.version += 1

    @property
    def has_provisional(self) -> bool:
        """Whether any tile in sight may rest on statistics so far."""
        return any(provisional for _, provisional in self.covered or ())

    def at(self, x: int, y: int) -> float | None:
        """The response at a pixel of the picture, or None where there is none (yet)."""
        if not _within(self.box, x, y):
            return None
        if self.covered is not None and not any(_within(box, x, y) for box, _ in self.covered):
            return None
        return float(self.peaks[0][y - self.box[1], x - self.box[0]])


def _holds(box: Box, other: Box) -> bool:
    across = box[0] <= other[0] and other[0] + other[2] <= box[0] + box[2]
    return across and box[1] <= other[1] and other[1] + other[3] <= box[1] + box[3]


def _within(box: Box, x: int, y: int) -> bool:
    return box[0] <= x < box[0] + box[2] and box[1] <= y < box[1] + box[3]
