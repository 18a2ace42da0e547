"""Regions as LabelMe's JSON has them (shapes with labels and points), in the frame as displayed.

LabelMe turns a picture by its EXIF orientation before it shows it, so its coordinates are turned here. They
are pixels from the picture's edge: (0, 0) is the corner of the first pixel, as in `Region.points`.
"""

import math
from collections.abc import Sequence
from typing import Any

from workbench.core.analysis import new_id
from workbench.core.errors import RegionError
from workbench.core.frame import Size, displayed_size, to_displayed_point, to_stored_point
from workbench.core.region import MOST_POINTS, Points, Region, Shape, bounds_of
from workbench.core.text import storable, visible

_VERSION = "5.5.0"
"""Of LabelMe's format, as its file says."""
_CORNERS = 72
"""Corners of the polygon that stands for an ellipse."""
_LARGEST = 1_000_000
"""Pixels; no coordinate of a picture is larger."""


def to_labelme(regions: Sequence[Region], picture: str, size: Size, orientation: int) -> dict[str, Any]:
    """The content of a LabelMe file.

    Args:
        regions: of the picture.
        picture: its file name.
        size: (width, height) as stored.
        orientation: EXIF tag 1..8.
    """
    width, height = displayed_size(size, orientation)
    return {
        "version": _VERSION,
        "flags": {},
        "shapes": [_shape(region, size, orientation) for region in regions],
        "imagePath": picture,
        "imageData": None,
        "imageHeight": height,
        "imageWidth": width,
    }


def _shape(region: Region, size: Size, orientation: int) -> dict[str, Any]:
    rectangle = region.shape is Shape.RECTANGLE
    corners = _opposite_corners(region) if rectangle else outline(region)
    points = [to_displayed_point(x, y, size, orientation) for x, y in corners]
    return {
        "label": storable(region.name),
        "points": [[round(x, 3), round(y, 3)] for x, y in points],
        "group_id": None,
        "description": storable(region.note),
        "shape_type": "rectangle" if rectangle else "polygon",
        "flags": {},
        "mask": None,
    }


def _opposite_corners(region: Region) -> Points:
    x, y, width, height = region.box
    return (float(x), float(y)), (float(x + width), float(y + height))


def outline(region: Region) -> Points:
    """Corners of any region, in pixels of the stored frame; an ellipse becomes a polygon of 72."""
    x, y, width, height = region.box
    if region.shape is Shape.RECTANGLE:
        return (float(x), float(y)), (float(x + width), float(y)), *_lower_corners(region)
    if region.shape is not Shape.ELLIPSE:
        return region.points
    turns = (2 * math.pi * i / _CORNERS for i in range(_CORNERS))
    return tuple((x + width / 2 * (1 + math.cos(t)), y + height / 2 * (1 + math.sin(t))) for t in turns)


def _lower_corners(region: Region) -> Points:
    x, y, width, height = region.box
    return (float(x + width), float(y + height)), (float(x), float(y + height))


def from_labelme(
    data: dict[str, Any], shapes: Sequence[Any], size: Size, orientation: int
) -> tuple[tuple[Region, ...], str, Size]:
    """Regions of a LabelMe file, the name of its picture and the picture's stored size by the file.

    Args:
        data: the whole file.
        shapes: its list of shapes.
        size: (width, height) as stored, of the picture at hand.
        orientation: EXIF tag 1..8 of the picture at hand.

    Raises:
        ValueError: the file is not as LabelMe writes it.
        RegionError: the file is of another size, or a shape is of a kind that encloses nothing.
    """
    shown = _whole(data, "imageWidth"), _whole(data, "imageHeight")
    if shown != displayed_size(size, orientation):
        wanted = displayed_size(size, orientation)
        raise RegionError(
            f"Its shapes were drawn on a picture of {shown[0]} × {shown[1]} pixels as displayed, and this "
            f"one has {wanted[0]} × {wanted[1]}. Open the picture that they belong to."
        )
    regions = tuple(_region(shape, number, size, orientation) for number, shape in enumerate(shapes, start=1))
    return regions, _text(data, "imagePath", "the file"), size


def _region(shape: Any, number: int, size: Size, orientation: int) -> Region:
    where = f"shape {number}"
    if not isinstance(shape, dict):
        raise ValueError(f"{where} is no object")
    kind, name = _text(shape, "shape_type", where) or "polygon", _text(shape, "label", where)
    points = tuple(to_stored_point(x, y, size, orientation) for x, y in _points(shape, where))
    note = _text(shape, "description", where)
    if kind == "polygon" and len(points) >= 3:
        return Region(new_id(), name, *bounds_of(points), Shape.POLYGON, points, note=note)
    if kind == "rectangle" and len(points) == 2:
        return Region(new_id(), name, *_rounded(points), note=note)
    if kind == "circle" and len(points) == 2:
        return Region(new_id(), name, *_rounded(_around(*points)), Shape.ELLIPSE, note=note)
    raise RegionError(
        f"Its shape {number} ({visible(name, 40)}) is a {visible(kind, 20)} with {len(points)} points. Only "
        "rectangles, polygons and circles can be regions; remove it there and import again."
    )


def _around(centre: tuple[float, float], edge: tuple[float, float]) -> Points:
    radius = math.dist(centre, edge)
    return (centre[0] - radius, centre[1] - radius), (centre[0] + radius, centre[1] + radius)


def _rounded(points: Points) -> tuple[int, int, int, int]:
    """Whole-pixel bounds of two opposite corners."""
    (x0, x1), (y0, y1) = (sorted(round(value) for value in axis) for axis in zip(*points, strict=True))
    return x0, y0, x1 - x0, y1 - y0


def _points(shape: dict[str, Any], where: str) -> list[tuple[float, float]]:
    points = shape.get("points")
    if not isinstance(points, list) or len(points) > MOST_POINTS:
        raise ValueError(f"{where} has no list of at most {MOST_POINTS} points")
    if not all(isinstance(point, list) and len(point) == 2 for point in points):
        raise ValueError(f"{where} has a point that is not a pair of numbers")
    return [(_number(x, where), _number(y, where)) for x, y in points]


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _LARGEST:
        raise ValueError(f"{where} has a coordinate that is no number of pixels")
    return round(float(value), 3)


def _whole(data: dict[str, Any], key: str) -> int:
    value = data.get(key)
    if type(value) is not int or not 0 < value <= _LARGEST:
        raise ValueError(f"{key} is no size in pixels")
    return value


def _text(data: dict[str, Any], key: str, where: str) -> str:
    value = data.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key} of {where} is no text")
    return storable(value or "")
