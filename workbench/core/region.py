"""A region of a picture, in stored pixels."""

from dataclasses import dataclass, replace
from typing import Self

from workbench.core.errors import RegionError

SMALLEST_SIDE = 16
"""Pixels; below it the local windows of the network hold next to nothing but the region's own border."""


@dataclass(frozen=True)
class Region:
    """A named rectangle in the stored frame: x to the right, y down, origin in the upper left corner.

    Attributes:
        id: unique within a case and never used again, so that records stay unambiguous.
        name: what the examiner calls it, `R1` at first.
        x, y: pixel of the upper left corner.
        width, height: in pixels.
    """

    id: str
    name: str
    x: int
    y: int
    width: int
    height: int

    @property
    def box(self) -> tuple[int, int, int, int]:
        """(x, y, width, height)."""
        return self.x, self.y, self.width, self.height

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an array (H, W, ...)."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    def moved_to(self, x: int, y: int, width: int, height: int) -> Self:
        """The same region elsewhere or of another size."""
        return replace(self, x=x, y=y, width=width, height=height)

    def check_inside(self, width: int, height: int) -> None:
        """Refuse a region that is not wholly inside a picture or is too small.

        Raises:
            RegionError: with a sentence.
        """
        if self.width < SMALLEST_SIDE or self.height < SMALLEST_SIDE:
            raise RegionError(
                f"Region {self.name} is {self.width} × {self.height} pixels. The network compares each place "
                f"with its surroundings and needs at least {SMALLEST_SIDE} × {SMALLEST_SIDE}; draw it larger."
            )
        if self.x < 0 or self.y < 0 or self.x + self.width > width or self.y + self.height > height:
            raise RegionError(
                f"Region {self.name} ({self.x}, {self.y}, {self.width}, {self.height}) reaches outside the "
                f"picture of {width} × {height} pixels. Move it or make it smaller."
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
