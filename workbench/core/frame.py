"""The stored frame and the displayed one: EXIF orientation turns what is shown, never what is analysed."""

from typing import Any

import numpy.typing as npt

Size = tuple[int, int]
Box = tuple[int, int, int, int]

_TURNED = (5, 6, 7, 8)
_INVERSE = {6: 8, 8: 6}


def inverse(orientation: int) -> int:
    """The orientation that undoes another one."""
    return _INVERSE.get(orientation, orientation)


def displayed(pixels: npt.NDArray[Any], orientation: int) -> npt.NDArray[Any]:
    """Turn an array (H, W, ...) by the EXIF orientation 1..8, as viewers show it; a view, no copy."""
    if orientation in _TURNED:
        pixels = pixels.swapaxes(0, 1)
    rows = slice(None, None, -1 if orientation in {3, 4, 7, 8} else 1)
    columns = slice(None, None, -1 if orientation in {2, 3, 6, 7} else 1)
    return pixels[rows, columns]


def displayed_size(size: Size, orientation: int) -> Size:
    """(width, height) as shown, of a picture stored as (width, height); the same function leads back."""
    return (size[1], size[0]) if orientation in _TURNED else size


def to_displayed_point(x: float, y: float, size: Size, orientation: int) -> tuple[float, float]:
    """Where a point of the stored frame is shown.

    Args:
        x: in pixels from the left *edge* of the picture: pixel 3 has its centre at 3.5.
        y: likewise from the upper edge.
        size: (width, height) as stored.
        orientation: EXIF tag 1..8.
    """
    return _map(x, y, size, orientation)


def to_stored_point(x: float, y: float, size: Size, orientation: int) -> tuple[float, float]:
    """Where a point of the displayed frame is stored; `size` is (width, height) as *stored*."""
    return _map(x, y, displayed_size(size, orientation), inverse(orientation))


def to_displayed_box(box: Box, size: Size, orientation: int) -> Box:
    """A box (x, y, width, height) of the stored frame as shown; `size` is (width, height) as stored."""
    return _box(box, size, orientation)


def to_stored_box(box: Box, size: Size, orientation: int) -> Box:
    """A box (x, y, width, height) drawn in the displayed frame as stored; `size` is that *stored*."""
    return _box(box, displayed_size(size, orientation), inverse(orientation))


def _map(x: float, y: float, size: Size, orientation: int) -> tuple[float, float]:
    """Turn a point as `displayed` turns an array of this size."""
    width, height = displayed_size(size, orientation)
    if orientation in _TURNED:
        x, y = y, x
    return (
        width - x if orientation in {2, 3, 6, 7} else x,
        height - y if orientation in {3, 4, 7, 8} else y,
    )


def _box(box: Box, size: Size, orientation: int) -> Box:
    x, y, width, height = box
    x0, y0 = _map(x, y, size, orientation)
    x1, y1 = _map(x + width, y + height, size, orientation)
    left, top = min(x0, x1), min(y0, y1)
    return round(left), round(top), round(abs(x1 - x0)), round(abs(y1 - y0))
