"""A region search: which windows were looked at and which places are suggested for a strict run."""

import math
from dataclasses import dataclass, replace
from typing import Self

from workbench.core.analysis import Provenance, WeightsUsed

Box = tuple[int, int, int, int]
"""(x, y, width, height) in pixels of the stored frame."""

COMMAND_LINE = "command line"
MOST_SUGGESTIONS = 8
LEAST_SCORE = 2.6
"""Suggestions a megapixel of unedited photographs, with the weights that ship: 0.3 of those that they were
trained on, 0.8 of others (docs/regions.md)."""
_SHARE = 0.4
"""Least side of a window, of the picture's shorter side."""
_OVERLAP = 0.25
"""What is no longer than a quarter of a window lies whole in one of them."""
_LEAST_SIDE = 96
"""Pixels; in smaller windows hardly a place has its surroundings."""
_SMALLEST_AREA = 256


@dataclass(frozen=True)
class SearchParameters:
    """What a search depends on besides the picture and the weights; all of it stands in the record.

    Attributes:
        sides: of the square windows, in pixels, from large to small.
        overlap: least share of a window's side that the next one covers again, 0..1.
        threshold: a place whose whole-image response exceeds it for the most part is shown already, 0..1.
        smallest_area: pixels; smaller places are not suggested.
        most: suggestions at most.
        least_score: places of a lower score are not suggested.
    """

    sides: tuple[int, ...]
    overlap: float
    threshold: float
    smallest_area: int
    most: int = MOST_SUGGESTIONS
    least_score: float = 0.0


def parameters_for(
    shape: tuple[int, int], threshold: float = 0.5, least_score: float = LEAST_SCORE
) -> SearchParameters:
    """The default parameters for a picture of (height, width).

    Windows of one size: a second, larger one found nothing more on photographs of the training part and took
    as long again. Together they hold 1.4 to 1.7 times the picture's pixels, so that pass B on them takes
    about as long as the whole-image analysis.

    Args:
        shape: of the picture.
        threshold: at which its whole-image run is seen.
        least_score: of what is suggested.
    """
    height, width = shape
    return SearchParameters(
        sides=(_cheapest_side(shape),),
        overlap=_OVERLAP,
        threshold=threshold,
        smallest_area=max(_SMALLEST_AREA, height * width // 4000),
        least_score=least_score,
    )


def windows_of(shape: tuple[int, int], parameters: SearchParameters) -> tuple[Box, ...]:
    """All windows of a search in a picture of (height, width), scale by scale, row by row, evenly spread."""
    return tuple(
        (x, y, side, side)
        for side in parameters.sides
        for y in _starts(shape[0], side, parameters.overlap)
        for x in _starts(shape[1], side, parameters.overlap)
    )


def _cheapest_side(shape: tuple[int, int]) -> int:
    """Of the sides from the least one to a fifth more, the one whose windows hold fewest pixels."""
    shorter = min(shape)
    least = min(shorter, max(_LEAST_SIDE, round(_SHARE * shorter)))
    sides = range(least, min(shorter, round(1.2 * least)) + 1, max(1, least // 64))

    def pixels(side: int) -> int:
        return len(_starts(shape[0], side, _OVERLAP)) * len(_starts(shape[1], side, _OVERLAP)) * side * side

    return min(sides, key=pixels)


def _starts(length: int, side: int, overlap: float) -> list[int]:
    """Where windows begin along an axis: as few as reach from border to border with that overlap at least."""
    rest = length - side
    if rest <= 0:
        return [0]
    steps = math.ceil(rest / (side * (1 - overlap)))
    return [round(step * rest / steps) for step in range(steps + 1)]


@dataclass(frozen=True)
class Suggestion:
    """A place that stands out in the runs of windows and is not shown by the whole-image run.

    Attributes:
        rank: 1 is the strongest.
        score: what the order follows (see `region_search`); no measure of anything else.
        box: the region to run again.
        window: number of the window (from 0) that showed it most clearly.
    """

    rank: int
    score: float
    box: Box
    window: int


@dataclass(frozen=True)
class SearchResult:
    """What the worker answers: every window tried, and a handful of suggestions."""

    parameters: SearchParameters
    windows: tuple[Box, ...]
    suggestions: tuple[Suggestion, ...]
    provenance: Provenance


@dataclass(frozen=True)
class Search:
    """A search as the case keeps it.

    Attributes:
        id: of the request.
        weights: which.
        by: the examiner's name in the settings at that time.
        result: parameters, all windows, suggestions, and how they were made.
        accepted: (rank, region id) of each suggestion that became a region, one that was deleted since too.
        accepted_by: `COMMAND_LINE`, which takes them all, or empty for the examiner, who chooses.
        dismissed: ranks of suggestions that the examiner put aside.
    """

    id: str
    weights: WeightsUsed
    by: str
    result: SearchResult
    accepted: tuple[tuple[int, str], ...] = ()
    accepted_by: str = ""
    dismissed: tuple[int, ...] = ()

    def with_accepted(self, rank: int, region_id: str) -> Self:
        """A suggestion became a region; it is not put aside any more."""
        others = tuple(pair for pair in self.accepted if pair[0] != rank)
        return replace(self.with_dismissed(rank, dismissed=False), accepted=(*others, (rank, region_id)))

    def with_dismissed(self, rank: int, *, dismissed: bool) -> Self:
        """Put a suggestion aside, or take it back."""
        ranks = {*self.dismissed, rank} if dismissed else {*self.dismissed} - {rank}
        return replace(self, dismissed=tuple(sorted(ranks)))
