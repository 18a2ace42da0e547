"""A region of a picture, in stored pixels."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

import numpy as np
import numpy.typing as npt

from workbench.core.errors import RegionError
from workbench.core.text import visible

SMALLEST_SIDE = 16
"""Pixels; below it the local windows of the network hold next to nothing but the region's own border."""

LEAST_INSIDE = 64
"""Pixels that a shape must hold: of fewer, shares would mean nothing."""
MOST_POINTS = 10_000
"""Corners of one outline: more than a hand draws."""
_SLACK = 0.01
"""Pixels by which a corner may lie outside the bounds: moving and stretching round."""

Points = tuple[tuple[float, float], ...]
"""Corners (x, y) in pixels of the stored frame; pixel (0, 0) covers 0..1 in both directions."""


class Shape(StrEnum):
    """How a region was drawn."""

    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    POLYGON = "polygon"
    FREEHAND = "freehand"


@dataclass(frozen=True)
class Region:
    """A named part of a picture in the stored frame: x to the right, y down, origin in the upper left corner.

    The network analyses the bounding rectangle; findings are counted inside the shape.

    Attributes:
        id: unique within a case and never used again, so that records stay unambiguous.
        name: what the examiner calls it, `R1` at first.
        x, y: pixel of the upper left corner of the bounding rectangle.
        width, height: of the bounding rectangle, in pixels.
        shape: rectangle or ellipse inside these bounds, or the outline `points`.
        points: outline of a polygon or a freehand shape, closed by itself; empty for the others.
        colour: `#rrggbb`, or empty for the program's own.
        note: the examiner's words on it.
    """

    id: str
    name: str
    x: int
    y: int
    width: int
    height: int
    shape: Shape = Shape.RECTANGLE
    points: Points = ()
    colour: str = ""
    note: str = ""

    @property
    def box(self) -> tuple[int, int, int, int]:
        """(x, y, width, height)."""
        return self.x, self.y, self.width, self.height

    @property
    def _shown(self) -> str:
        """The name in a sentence: it may come from a file."""
        return visible(self.name, 60)

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an array (H, W, ...)."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    def inside(self) -> npt.NDArray[np.bool_]:
        """Mask (height, width) of the bounds: true for pixels whose centre is inside the shape."""
        if self.shape is Shape.RECTANGLE:
            return np.ones((self.height, self.width), np.bool_)
        if self.shape is Shape.ELLIPSE:
            rows = (np.arange(self.height)[:, None] + 0.5) * 2 / self.height - 1
            columns = (np.arange(self.width)[None] + 0.5) * 2 / self.width - 1
            return np.asarray(rows**2 + columns**2 <= 1)
        return _inside_outline(np.array(self.points) - (self.x, self.y), self.height, self.width)

    @property
    def mask(self) -> npt.NDArray[np.bool_] | None:
        """`inside`, or None for a rectangle, whose every pixel is inside."""
        return None if self.shape is Shape.RECTANGLE else self.inside()

    def moved_to(self, x: int, y: int, width: int, height: int) -> Self:
        """The same region elsewhere or of another size; an outline is moved and stretched with its bounds."""
        across, down = width / max(self.width, 1), height / max(self.height, 1)
        points = tuple((x + (px - self.x) * across, y + (py - self.y) * down) for px, py in self.points)
        return replace(self, x=x, y=y, width=width, height=height, points=points)

    def check_inside(self, width: int, height: int) -> None:
        """Refuse a region that is not wholly inside a picture or is too small.

        Raises:
            RegionError: with a sentence.
        """
        if self.width < SMALLEST_SIDE or self.height < SMALLEST_SIDE:
            raise RegionError(
                f"Region {self._shown} is {self.width} × {self.height} pixels. The network compares each "
                f"place with its surroundings and needs at least {SMALLEST_SIDE} × {SMALLEST_SIDE}; draw it "
                "larger."
            )
        if self.x < 0 or self.y < 0 or self.x + self.width > width or self.y + self.height > height:
            raise RegionError(
                f"Region {self._shown} ({self.x}, {self.y}, {self.width}, {self.height}) reaches outside the "
                f"picture of {width} × {height} pixels. Move it or make it smaller."
            )
        if self.shape is not Shape.RECTANGLE:
            self._check_shape()

    def _check_shape(self) -> None:
        if self.shape is not Shape.ELLIPSE:
            self._check_outline()
        inside = int(np.count_nonzero(self.inside()))
        if inside < LEAST_INSIDE:
            raise RegionError(
                f"The shape of region {self._shown} holds {inside} pixels, too few to count anything in; at "
                f"least {LEAST_INSIDE} are needed. Draw it larger."
            )

    def _check_outline(self) -> None:
        if not 3 <= len(self.points) <= MOST_POINTS:
            raise RegionError(
                f"The outline of region {self._shown} has {len(self.points)} corners. It needs at least 3 "
                f"and {MOST_POINTS} at most; draw it again."
            )
        corners = np.array(self.points) - (self.x, self.y)
        within = (corners >= -_SLACK) & (corners <= np.array((self.width, self.height)) + _SLACK)
        if not within.all():  # nor is what is no number
            raise RegionError(
                f"The outline of region {self._shown} leaves the region's own bounds. Draw it again."
            )


def clipped(
    x: float, y: float, width: float, height: float, picture: tuple[int, int]
) -> tuple[int, int, int, int]:
    """Whole-pixel (x, y, width, height) of a drawn rectangle, cut to a picture of (width, height)."""
    left, right = sorted((x, x + width))
    top, bottom = sorted((y, y + height))
    x0, y0 = max(0, round(left)), max(0, round(top))
    x1, y1 = min(picture[0], round(right)), min(picture[1], round(bottom))
    return x0, y0, max(0, x1 - x0), max(0, y1 - y0)


def bounds_of(points: Points) -> tuple[int, int, int, int]:
    """The smallest whole-pixel (x, y, width, height) around an outline."""
    (left, top), (right, bottom) = np.floor(np.min(points, axis=0)), np.ceil(np.max(points, axis=0))
    return int(left), int(top), int(right - left), int(bottom - top)


def _inside_outline(points: npt.NDArray[np.float64], height: int, width: int) -> npt.NDArray[np.bool_]:
    """Even-odd rule at pixel centres: each edge turns all pixels to its right inside out."""
    turns = np.zeros((height, width + 1), np.uint8)
    centres = np.arange(height) + 0.5
    for (x0, y0), (x1, y1) in zip(points, np.roll(points, -1, axis=0), strict=True):
        crossed = np.flatnonzero((centres > y0) != (centres > y1))
        x = x0 + (centres[crossed] - y0) * (x1 - x0) / (y1 - y0 or 1)
        turns[crossed, np.clip(np.ceil(x - 0.5), 0, width).astype(np.intp)] ^= 1
    return np.asarray(np.bitwise_xor.accumulate(turns, axis=1)[:, :width] > 0)
