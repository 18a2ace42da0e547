"""Regions while they are drawn and changed by hand: shapes in stored pixels, kept inside the picture.

A region under the hand is a `Region` like any other; a new one has no id yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPolygonF

from workbench.core.region import Points, Region, Shape, clipped
from workbench.core.region_guidance import GRID, snapped

FEWEST_CORNERS = 3
MOST_HANDLES = 60
"""Corners above which a shape is changed by its bounds: handles would cover it."""
_SIDES = ((-1, -1), (0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0))
"""Which way each of the eight handles pulls, clockwise from the upper left corner of the stored frame."""


@dataclass(frozen=True)
class Ground:
    """Where regions may lie.

    Attributes:
        width, height: of the picture, stored pixels.
        snap: whether borders move to the lines of the 8×8 grid.
    """

    width: int
    height: int
    snap: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """(width, height)."""
        return self.width, self.height


def has_corners(region: Region) -> bool:
    """Whether a region is changed corner by corner."""
    return FEWEST_CORNERS <= len(region.points) <= MOST_HANDLES


def box_between(shape: Shape, start: QPointF, end: QPointF, ground: Ground, *, square: bool) -> Region | None:
    """A rectangle or an ellipse from one corner to the opposite one, or None while it has no area."""
    across, down = end.x() - start.x(), end.y() - start.y()
    if square:
        side = max(abs(across), abs(down))
        across, down = (side if across >= 0 else -side), (side if down >= 0 else -side)
    box = clipped(start.x(), start.y(), across, down, ground.size)
    if min(box[2:]) < 1:
        return None
    return Region("", "", *(snapped(box, ground.size) if ground.snap else box), shape)


def outlined(shape: Shape, points: Sequence[QPointF], ground: Ground, like: Region | None = None) -> Region:
    """A region with this outline; its bounds are the pixels, or the blocks, that the outline touches."""
    inside = tuple(
        (
            round(min(max(p.x(), 0.0), float(ground.width)), 2),
            round(min(max(p.y(), 0.0), float(ground.height)), 2),
        )
        for p in points
    )
    box = _bounds(inside, ground)
    made = like or Region("", "", 0, 0, 1, 1)
    return replace(made, x=box[0], y=box[1], width=box[2], height=box[3], shape=shape, points=inside)


def _bounds(points: Points, ground: Ground) -> tuple[int, int, int, int]:
    corners = np.array(points)
    step = GRID if ground.snap else 1
    x0, y0 = (np.floor(corners.min(axis=0) / step) * step).astype(int)
    x1, y1 = (np.ceil(corners.max(axis=0) / step) * step).astype(int)
    x1, y1 = min(int(x1), ground.width), min(int(y1), ground.height)
    return int(x0), int(y0), max(1, x1 - int(x0)), max(1, y1 - int(y0))


def moved(region: Region, step: QPointF, ground: Ground) -> Region:
    """The region moved by stored pixels, as far as the picture reaches."""
    x = min(max(region.x + round(step.x()), 0), ground.width - region.width)
    y = min(max(region.y + round(step.y()), 0), ground.height - region.height)
    if ground.snap:
        x = _on_grid(x, ground.width - region.width)
        y = _on_grid(y, ground.height - region.height)
    return region.moved_to(x, y, region.width, region.height)


def _on_grid(position: int, last: int) -> int:
    nearest = round(position / GRID) * GRID
    return nearest if nearest <= last else max(0, last // GRID * GRID)


def resized(region: Region, handle: int, step: QPointF, ground: Ground) -> Region:
    """The region with one of the eight handles of its bounds pulled by stored pixels."""
    right, down = _SIDES[handle]
    left, top = region.x, region.y
    far, bottom = left + region.width, top + region.height
    x0 = left + step.x() if right < 0 else left
    x1 = far + step.x() if right > 0 else far
    y0 = top + step.y() if down < 0 else top
    y1 = bottom + step.y() if down > 0 else bottom
    box = clipped(x0, y0, x1 - x0, y1 - y0, ground.size)
    if min(box[2:]) < 1:
        return region
    return region.moved_to(*(snapped(box, ground.size) if ground.snap else box))


def with_corner_at(region: Region, corner: int, place: QPointF, ground: Ground) -> Region:
    """The region with one corner somewhere else."""
    points = [QPointF(*p) for p in region.points]
    points[corner] = place
    return outlined(region.shape, points, ground, region)


def with_corner_added(region: Region, place: QPointF, ground: Ground) -> tuple[Region, int]:
    """The region with a corner more, on the edge that is nearest, and the number of that corner."""
    points = [QPointF(*p) for p in region.points]
    edges = range(len(points))
    nearest = min(edges, key=lambda i: _distance(place, points[i], points[(i + 1) % len(points)]))
    points.insert(nearest + 1, place)
    return outlined(region.shape, points, ground, region), nearest + 1


def without_corner(region: Region, corner: int, ground: Ground) -> Region:
    """The region without one corner; the last three stay."""
    if len(region.points) <= FEWEST_CORNERS:
        return region
    points = [QPointF(*p) for i, p in enumerate(region.points) if i != corner]
    return outlined(region.shape, points, ground, region)


def _distance(place: QPointF, start: QPointF, end: QPointF) -> float:
    edge, to = end - start, place - start
    length = QPointF.dotProduct(edge, edge)
    share = min(max(QPointF.dotProduct(to, edge) / length, 0.0), 1.0) if length else 0.0
    apart = to - edge * share
    return QPointF.dotProduct(apart, apart)


def simplified(points: Sequence[QPointF], tolerance: float) -> list[QPointF]:
    """A drawn line with no more points than it takes to stay within `tolerance` stored pixels of it."""
    line = np.array([(p.x(), p.y()) for p in points], np.float32).reshape(-1, 1, 2)
    kept = cv2.approxPolyDP(line, tolerance, closed=True).reshape(-1, 2)
    return [QPointF(float(x), float(y)) for x, y in kept]


def reshaped(region: Region, shape: Shape) -> Region:
    """The same bounds with another shape; an outline begins as the corners of what was there."""
    if shape in {Shape.RECTANGLE, Shape.ELLIPSE}:
        return replace(region, shape=shape, points=())
    if region.points:
        return replace(region, shape=shape)
    x, y, width, height = (float(v) for v in region.box)
    if region.shape is Shape.ELLIPSE:
        turns = np.arange(16) * (np.pi / 8)
        around = zip(np.cos(turns), np.sin(turns), strict=True)
        points = tuple((x + width / 2 * (1 + float(c)), y + height / 2 * (1 + float(s))) for c, s in around)
    else:
        points = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    return replace(region, shape=shape, points=points)


def path_of(region: Region) -> QPainterPath:
    """The outline in stored points."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    if region.points:
        path.addPolygon(QPolygonF([QPointF(*p) for p in region.points]))
        path.closeSubpath()
    elif region.shape is Shape.ELLIPSE:
        path.addEllipse(QRectF(*region.box))
    else:
        path.addRect(QRectF(*region.box))
    return path


def box_handles(region: Region) -> list[QPointF]:
    """The eight handles of the bounds, in stored points, clockwise from the upper left corner."""
    x, y, width, height = region.box
    middle = QPointF(x + width / 2, y + height / 2)
    return [middle + QPointF(right * width / 2, down * height / 2) for right, down in _SIDES]


def handles_of(region: Region) -> list[QPointF]:
    """What the hand can take hold of: the corners of an outline, else the handles of the bounds."""
    return [QPointF(*p) for p in region.points] if has_corners(region) else box_handles(region)
