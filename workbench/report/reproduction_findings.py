"""Findings of a record against a new map, where the map that they were read from is not at hand."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from workbench.core.findings import MOST_LISTED, SMALLEST_AREA, Finding, mask_of
from workbench.core.heatmap import Mask, Response
from workbench.core.region import Region

_ROUNDING = 1e-6


@dataclass(frozen=True)
class NewMap:
    """A map that was made again.

    Attributes:
        response: (height, width).
        region: that it is of, or None for the whole picture.
        threshold: at which the record's findings were read.
        tolerance: largest difference of a response from the one of record.
    """

    response: Response
    region: Region | None
    threshold: float
    tolerance: float

    @property
    def inside(self) -> Mask | None:
        """Where pixels are counted."""
        return self.region.mask if self.region else None

    @property
    def origin(self) -> tuple[int, int]:
        """(x, y) of the map's upper left pixel in the whole picture."""
        return (self.region.x, self.region.y) if self.region else (0, 0)


def misfits(stated: Sequence[Finding], now: NewMap) -> list[str]:
    """What no map within the tolerance of the new one could have shown; empty if the findings may be of one.

    A place of such a map lies within one that the new map shows at a threshold lower by the tolerance
    (outer), and holds those that it shows at one higher by it (inner): so box, area and highest response of
    each are bounded.
    """
    margin = now.tolerance + _ROUNDING
    outer, inner = _places(now, now.threshold - margin), _places(now, now.threshold + margin)
    found = [f"place {place.number} is not there" for place in stated if not _lies_in_one(place, outer)]
    found += [
        f"the highest response of place {place.number} is another one"
        for place in stated
        if place.max > _highest(place, now) + margin
    ]
    holder = np.zeros(len(inner.boxes), np.int32)
    holder[inner.labels] = outer.labels  # each inner place lies in one outer place
    smallest = stated[-1].area if len(stated) >= MOST_LISTED else SMALLEST_AREA - 1  # the list was cut
    for label in range(1, len(inner.boxes)):
        x, y, width, height, area = (int(value) for value in inner.boxes[label])
        if area <= smallest:
            continue
        highest = inner.highest(label, now)
        core = Finding(0, x, y, width, height, area, 0.0, 0.0, highest - margin)
        if not any(_is_between(core, place, outer.boxes[holder[label]]) for place in stated):
            found.append(f"the place at ({x}, {y}) is not as it is now")
    return found


@dataclass(frozen=True, eq=False)
class _Places:
    """Connected places above a level; label 0 is what is not above it.

    Attributes:
        labels: (height, width).
        boxes: (n, 5) x, y, width, height, area by label, in the whole picture's frame.
    """

    labels: npt.NDArray[np.int32]
    boxes: npt.NDArray[np.int32]

    def highest(self, label: int, now: NewMap) -> float:
        """Highest response of a place."""
        x, y, width, height, _ = self.boxes[label] - np.array([*now.origin, 0, 0, 0])
        window = slice(y, y + height), slice(x, x + width)
        return float(now.response[window][self.labels[window] == label].max())


def _places(now: NewMap, level: float) -> _Places:
    mask = mask_of(now.response, level, now.inside).astype(np.uint8)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    moved = boxes + np.array([*now.origin, 0, 0, 0], np.int32)
    return _Places(np.asarray(labels, np.int32), np.asarray(moved, np.int32))


def _lies_in_one(place: Finding, outer: _Places) -> bool:
    x, y, width, height, area = outer.boxes[1:].T
    holds = (x <= place.x) & (y <= place.y) & (area >= place.area)
    reaches = (x + width >= place.x + place.width) & (y + height >= place.y + place.height)
    return bool((holds & reaches).any())


def _highest(place: Finding, now: NewMap) -> float:
    """Of the new map within a place's box."""
    x, y = place.x - now.origin[0], place.y - now.origin[1]
    part = now.response[max(0, y) : max(0, y + place.height), max(0, x) : max(0, x + place.width)]
    return float(part.max(initial=0))


def _is_between(core: Finding, place: Finding, around: npt.NDArray[np.int32]) -> bool:
    """Whether a place holds what is surely of it, and lies in what is the most that it may be."""
    x, y, width, height, area = (int(value) for value in around)
    return (
        x <= place.x <= core.x
        and y <= place.y <= core.y
        and core.x + core.width <= place.x + place.width <= x + width
        and core.y + core.height <= place.y + place.height <= y + height
        and core.area <= place.area <= area
        and core.max <= place.max
    )
