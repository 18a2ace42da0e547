"""Two maps compared: the signed difference of a region's map and that of the whole picture.

Both stay on the fixed scale 0..1, so that their difference is on -1..1. Levels of a region are not comparable
with those of the whole picture; a difference shows where the two runs disagree, no more.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from workbench.core.analysis import Analysis, Kind
from workbench.core.case import Item
from workbench.gui.layers import Layer
from workbench.gui.pyramid import MapPyramid

Rgb = npt.NDArray[np.uint8]

_POSITIONS = (0.0, 0.25, 0.5, 0.75, 1.0)
_COLOURS = ((8, 48, 107), (66, 146, 198), (236, 236, 232), (230, 145, 56), (102, 37, 6))
"""From dark blue by a light grey to dark orange brown: told apart by every common colour vision, and in grey
print equally dark at both ends, which the sign on the legend resolves."""


@cache
def diverging_table() -> Rgb:
    """(256, 3) uint8 RGB; entry i stands for differences from 2 i/256 - 1 to 2 (i+1)/256 - 1."""
    at = (np.arange(256) + 0.5) / 256
    channels = np.array(_COLOURS, np.float64).T
    table = np.stack([np.interp(at, _POSITIONS, channel) for channel in channels], axis=1)
    made: Rgb = np.rint(table).astype(np.uint8)
    made.setflags(write=False)
    return made


@dataclass(frozen=True, eq=False)
class Pair:
    """Two finished layers of one picture, and their difference."""

    whole: Layer
    region: Layer
    difference: MapPyramid


def pair_of(whole: Layer, region: Layer) -> Pair:
    """Make a pair; takes a moment, so call it off the GUI thread."""
    return Pair(whole, region, difference(region, whole))


def difference(region: Layer, whole: Layer) -> MapPyramid:
    """The region's map minus that of the whole picture, over the region; -1..1 is kept as 0..1.

    Args:
        region: any finished layer that lies inside the other.
        whole: the finished layer of the whole picture.
    """
    x, y, width, height = region.pyramid.box
    part = whole.response[y : y + height, x : x + width]
    return MapPyramid((region.response - part + np.float32(1)) / np.float32(2), (x, y))


def signed(value: float) -> float:
    """A kept value as the difference that it stands for."""
    return 2 * value - 1


def partners(item: Item, run: Analysis | None, region_id: str) -> tuple[Analysis | None, Analysis | None]:
    """(whole, region): the runs that are set beside each other.

    Args:
        item: the picture.
        run: the run in sight, or None; it is one of the two.
        region_id: the selected region, for a run of the whole picture in sight.
    """
    sha256 = run.weights.sha256 if run else None
    same = [a for a in item.analyses if sha256 is None or a.weights.sha256 == sha256]
    regions = [a for a in same if a.region is not None]
    chosen = [a for a in regions if a.region is not None and a.region.id == region_id]
    if run is not None and run.region is not None:
        return _last([a for a in same if a.kind is Kind.WHOLE]), run
    whole = run or _last([a for a in same if a.kind is Kind.WHOLE])
    return whole, _last(chosen or regions)


def _last(runs: list[Analysis]) -> Analysis | None:
    return runs[-1] if runs else None
