"""What passes between the window and the worker; every message is a frozen value that pickles."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workbench.core.analysis import AnalysisRequest, Outcome
from workbench.core.families import FamilyMap
from workbench.core.method import Plan
from workbench.core.search import SearchParameters, SearchResult


@dataclass(frozen=True)
class Analyse:
    """To the worker: run this."""

    request: AnalysisRequest


@dataclass(frozen=True)
class Preview:
    """To the worker: the map of `request.region` from cached features, as soon as the tile at hand is done.

    The newest preview replaces older ones that wait; those are answered with `Cancelled`. Where no features
    of this picture and these weights are cached the answer is `Failed`.
    """

    request: AnalysisRequest


@dataclass(frozen=True, eq=False)
class Previewed:
    """Response (height, width) float32 of a region, from features of the whole picture: not of record."""

    request_id: str
    response: npt.NDArray[np.float32]


@dataclass(frozen=True)
class SearchRegions:
    """To the worker: look through the windows of the whole picture (`request.region` is None).

    Runs on cached features and makes them first where there are none; answered with `Progress`, then
    `Searched`.
    """

    request: AnalysisRequest
    parameters: SearchParameters | None = None


@dataclass(frozen=True)
class Searched:
    """Every window tried and the suggestions."""

    request_id: str
    result: SearchResult


@dataclass(frozen=True)
class MapFamilies:
    """To the worker: which family of manipulations the traces at each pixel resemble most.

    Of the whole picture or of `request.region`; answered with `Progress`, then `FamiliesMapped`, or with
    `Failed` where no head belongs to the weights.
    """

    request: AnalysisRequest


@dataclass(frozen=True, eq=False)
class FamiliesMapped:
    """The map of families of a request."""

    request_id: str
    families: FamilyMap


@dataclass(frozen=True)
class Inspect:
    """To the worker: check a weight file in the authors' layout against a variant 0..4."""

    request_id: str
    path: Path
    variant: int


@dataclass(frozen=True)
class Inspected:
    """The file fits; `origin` says what it is, `configuration` names its network."""

    request_id: str
    configuration: str
    origin: str


@dataclass(frozen=True)
class Cancel:
    """To the worker: stop this request between two tiles, or do not begin it."""

    request_id: str


@dataclass(frozen=True)
class Stop:
    """To the worker: finish."""


@dataclass(frozen=True)
class Ready:
    """The runtime is imported; `runtime` names it for the status bar."""

    runtime: str


@dataclass(frozen=True)
class Planned:
    """Before the first tile: what the run is expected to take."""

    request_id: str
    plan: Plan


@dataclass(frozen=True)
class Progress:
    """After each tile: done and total tiles of both passes, and the estimated seconds left."""

    request_id: str
    done: int
    total: int
    seconds_left: float | None


@dataclass(frozen=True, eq=False)
class Tile:
    """A finished part of the map, at (x, y) in the map's own frame; (height, width) float32.

    `provisional` parts rest on the statistics so far and are replaced by final ones.
    """

    request_id: str
    x: int
    y: int
    response: npt.NDArray[np.float32]
    provisional: bool = False


@dataclass(frozen=True, eq=False)
class Finished:
    """The map of record."""

    request_id: str
    outcome: Outcome


@dataclass(frozen=True)
class Cancelled:
    """The request was stopped; nothing was kept of it."""

    request_id: str


@dataclass(frozen=True)
class Failed:
    """The request could not be carried out; `sentence` is for the user."""

    request_id: str
    sentence: str


ToWorker = Analyse | Preview | SearchRegions | MapFamilies | Inspect | Cancel | Stop
FromWorker = (
    Ready
    | Inspected
    | Planned
    | Progress
    | Tile
    | Finished
    | Previewed
    | Searched
    | FamiliesMapped
    | Cancelled
    | Failed
)
