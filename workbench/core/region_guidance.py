"""Advice while a region is drawn and after it was analysed: pure rules and their sentences.

All coordinates are of the stored frame. A JPEG that was cropped or turned without loss was written anew, so
the grid of its blocks begins at (0, 0) of the stored frame, whatever an earlier grid was.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from workbench.core.decode import DecodeRecord
from workbench.core.findings import mask_of
from workbench.core.heatmap import Response, histogram
from workbench.core.limits import MAJORITY, widest_window
from workbench.core.region import SMALLEST_SIDE
from workbench.core.search import Box

GRID = 8
"""Side in pixels of the blocks of JPEG."""
_BINS = 256
_APART = 0.8
"""Share of the variance that two parts must explain to be two; those of an even ramp explain 0.75."""
_LEAST_STEP = 0.1
"""Difference of two parts' mean response that counts."""


class Advice(Enum):
    """What a hint is about."""

    TOO_SMALL = "too small"
    SMALL = "small"
    OFF_GRID = "off the grid"
    MOSTLY_BRIGHT = "mostly bright"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True)
class Hint:
    """A piece of advice and its sentence."""

    advice: Advice
    sentence: str


NOT_COMPARABLE = Hint(
    Advice.NOT_COMPARABLE,
    "Levels of a region are not comparable with those of the whole picture: each is measured against its "
    "own surroundings.",
)
OFF_GRID = Hint(
    Advice.OFF_GRID,
    "This region does not begin and end on the 8 × 8 blocks of the JPEG. Blocks that its border cuts may "
    "respond; snap it to the grid.",
)
MOSTLY_BRIGHT = Hint(
    Advice.MOSTLY_BRIGHT,
    "The brightest part covers more than half of this region: the rest may be what was edited. Enlarge the "
    "region, so that it holds more of the surroundings.",
)


def hints_for_box(box: Box, decode: DecodeRecord, configuration: str) -> tuple[Hint, ...]:
    """What to say of a region while it is drawn.

    Args:
        box: bounding rectangle.
        decode: of the picture.
        configuration: of the network, whose widest window decides what is small.
    """
    width, height = box[2:]
    size, useful = f"A region of {width} × {height} pixels", smallest_useful_side(configuration)
    if min(width, height) < SMALLEST_SIDE:
        least = f"{SMALLEST_SIDE} × {SMALLEST_SIDE}"
        return (Hint(Advice.TOO_SMALL, f"{size} can't be analysed: at least {least} are needed."),)
    found = []
    if min(width, height) < useful:
        sentence = f"{size} says little: at least {useful} × {useful} give each place its surroundings."
        found.append(Hint(Advice.SMALL, sentence))
    if has_grid(decode) and box != snapped(box, (decode.width, decode.height)):
        found.append(OFF_GRID)
    return tuple(found)


def hints_for_run(response: Response, threshold: float) -> tuple[Hint, ...]:
    """What to say of the map of a region: all of the analysed rectangle, whatever the region's shape."""
    return (MOSTLY_BRIGHT, NOT_COMPARABLE) if is_mostly_bright(response, threshold) else (NOT_COMPARABLE,)


def smallest_useful_side(configuration: str) -> int:
    """Pixels: twice the network's widest window, so that most places have a full window around them."""
    return 2 * widest_window(configuration)


def has_grid(decode: DecodeRecord) -> bool:
    """Whether regions snap to the grid unless the user says otherwise: the file is a JPEG."""
    return decode.jpeg is not None


def snapped(box: Box, picture: tuple[int, int], grid: int = GRID) -> Box:
    """The box with each side moved to the nearest line of the grid, or to the picture's border.

    Args:
        box: any rectangle.
        picture: (width, height); a last block that is cut off by the border ends there.
        grid: side of the blocks in pixels; lines are at its multiples.

    Returns:
        A box inside the picture; at least two blocks a side where the picture has them.
    """
    x, y, width, height = box
    left, right = _snapped_span(x, x + width, picture[0], grid)
    top, bottom = _snapped_span(y, y + height, picture[1], grid)
    return left, top, right - left, bottom - top


def _snapped_span(start: int, end: int, length: int, grid: int) -> tuple[int, int]:
    first, last = _nearest_line(start, length, grid), _nearest_line(end, length, grid)
    if last - first >= min(2 * grid, length):
        return first, last
    first = min(first, max(0, (length - 2 * grid) // grid * grid))
    return first, min(first + 2 * grid, length)


def _nearest_line(position: int, length: int, grid: int) -> int:
    position = min(max(position, 0), length)
    below = position // grid * grid
    return min((below, min(below + grid, length), length), key=lambda line: (abs(line - position), line))


def enlarged(box: Box, picture: tuple[int, int], factor: float = 2.0) -> Box:
    """The box with its sides times `factor` about its centre, cut to the picture (width, height)."""
    x, y, width, height = box
    across, down = round(width * (factor - 1) / 2), round(height * (factor - 1) / 2)
    left, top = max(0, x - across), max(0, y - down)
    right, bottom = min(picture[0], x + width + across), min(picture[1], y + height + down)
    return left, top, right - left, bottom - top


def is_mostly_bright(response: Response, threshold: float) -> bool:
    """Whether the brightest part covers more than half of a map, so that the rest may be what was edited.

    It does if more than half of the pixels exceed the threshold. It also does, at whatever level, if the map
    falls into a bright and a dark part that are apart, and the bright one is the larger. The parts are those
    of Otsu's threshold (1979), the cut that explains most of the variance; they are apart if they explain
    more than four fifths of it and their means differ by at least 0.1.

    Args:
        response: (height, width) float32, of all that was analysed.
        threshold: 0..1.
    """
    if np.count_nonzero(mask_of(response, threshold)) > MAJORITY * response.size:
        return True
    share, step, explained = two_parts(response)
    return share > MAJORITY and step >= _LEAST_STEP and explained > _APART


def two_parts(response: Response) -> tuple[float, float, float]:
    """Cut a map in two by Otsu's threshold, on 256 levels of 0..1.

    Returns:
        Share of the pixels in the brighter part, difference of the parts' means, and share of the variance
        that the cut explains; zeros for a map of one level.
    """
    counts = histogram(response, _BINS).astype(np.float64)
    levels = (np.arange(_BINS) + 0.5) / _BINS
    below, total = np.cumsum(counts), counts.sum()
    above = total - below
    low, high = _means(np.cumsum(counts * levels), below, (counts * levels).sum(), above)
    between = below * above * (high - low) ** 2 / total**2
    cut = int(np.argmax(between))
    mean = (counts * levels).sum() / total
    variance = (counts * (levels - mean) ** 2).sum() / total
    if between[cut] == 0:
        return 0.0, 0.0, 0.0
    return float(above[cut] / total), float(high[cut] - low[cut]), float(between[cut] / variance)


def _means(
    sums: npt.NDArray[np.float64],
    below: npt.NDArray[np.float64],
    total: float,
    above: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Mean level below and above each cut; the same where one side is empty."""
    empty = (below == 0) | (above == 0)
    low, high = sums / np.maximum(below, 1), (total - sums) / np.maximum(above, 1)
    return np.where(empty, 0, low), np.where(empty, 0, high)
