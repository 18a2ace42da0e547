"""A region search: which windows were looked at and which places are suggested for a strict run."""

from dataclasses import dataclass

from workbench.core.analysis import Provenance, WeightsUsed

Box = tuple[int, int, int, int]
"""(x, y, width, height) in pixels of the stored frame."""

MOST_SUGGESTIONS = 8


@dataclass(frozen=True)
class SearchParameters:
    """What a search depends on besides the picture and the weights; all of it stands in the record.

    Attributes:
        sides: of the square windows, in pixels, from large to small.
        overlap: share of a window's side that the next one covers again, 0..1.
        threshold: response that counts as one, 0..1.
        smallest_area: pixels; smaller places are not suggested.
        most: suggestions at most.
    """

    sides: tuple[int, ...]
    overlap: float
    threshold: float
    smallest_area: int
    most: int = MOST_SUGGESTIONS


@dataclass(frozen=True)
class Suggestion:
    """A place that responds in a window run and not in the whole-image run.

    Attributes:
        rank: 1 is the strongest.
        score: what the order follows; of use within one search only.
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
        accepted: (rank, region id) of each suggestion that became a region.
    """

    id: str
    weights: WeightsUsed
    by: str
    result: SearchResult
    accepted: tuple[tuple[int, str], ...] = ()
