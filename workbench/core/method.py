"""What the engine asks of an analysis method; it finds one by an import string and knows no more of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from workbench.core.families import FamilyMap
from workbench.core.heatmap import Response
from workbench.core.search import Box, SearchParameters, Suggestion

OnProgress = Callable[[int, int, float], None]
"""Called after each tile with tiles done, tiles in all, and the fraction of the work done, 0..1."""
OnTile = Callable[[int, int, Response, bool], None]
"""Called with x, y and the response of a part of the map, and whether it is provisional: made with statistics
so far, to be replaced."""
OnStep = Callable[[], None]
"""Called between two steps of something short; may raise to stop it."""


@dataclass(frozen=True)
class Plan:
    """What an analysis is expected to take.

    Attributes:
        tile: side of a tile in pixels, without its halo.
        memory: bytes of the whole process at its peak.
        disk: bytes of features written to the disk, 0 if everything stays in memory.
        seconds: wall-clock time, roughly: by the rate at which the network ran when it was loaded.
        kept: bytes of `disk` that stay there after the run, for previews and region searches.
        limit: bytes of memory that the process may take.
    """

    tile: int
    memory: int
    disk: int
    seconds: float
    kept: int = 0
    limit: int = 0


@dataclass(frozen=True)
class Whole:
    """Says that pixels are a whole picture, so that its features are worth keeping.

    Attributes:
        decoded_sha256: of the pixels, by which the features are found again.
    """

    decoded_sha256: str


class LoadedMethod(Protocol):
    """A method with its weights in memory."""

    runtime: str
    precision: str

    def plan(
        self,
        height: int,
        width: int,
        tile: int | None = None,
        memory: int | None = None,
        whole: Whole | None = None,
    ) -> Plan:
        """What a picture of this size will take, with tiles and memory (bytes) as asked, or as is best.

        Raises:
            EngineError: memory or disk are too small.
        """

    def analyse(
        self,
        pixels: npt.NDArray[np.uint8],
        plan: Plan,
        on_progress: OnProgress,
        on_tile: OnTile,
        whole: Whole | None = None,
        focus: tuple[int, int] | None = None,
    ) -> Response:
        """Response (height, width) float32 in 0..1 of an RGB picture (height, width, 3).

        Args:
            pixels: a whole picture, or a crop that is taken for one.
            plan: from `plan`.
            on_progress: after each tile.
            on_tile: with each finished or provisional part of the map.
            whole: where these are whole pictures; their features are kept for `preview` and `search`.
            focus: (x, y) near which tiles come first; it changes nothing in the response.

        Raises:
            AnalysisCancelled: by `on_progress`, to stop between two tiles.
        """

    def preview(self, whole: Whole, box: Box, on_step: OnStep) -> Response:
        """Response (height, width) float32 of a part of a picture, from the kept features of the whole.

        Raises:
            EngineError: there are none.
        """

    def search(
        self,
        pixels: npt.NDArray[np.uint8],
        plan: Plan,
        on_progress: OnProgress,
        whole: Whole,
        parameters: SearchParameters | None = None,
    ) -> tuple[SearchParameters, tuple[Box, ...], tuple[Suggestion, ...]]:
        """Parameters used, every window tried, and suggestions, on kept features, which are made if need be.

        Raises:
            AnalysisCancelled: by `on_progress`.
        """


class Method(Protocol):
    """A method as its module offers it."""

    def map_families(
        self,
        pixels: npt.NDArray[np.uint8],
        weights: tuple[Path, str],
        runtime: str,
        on_progress: OnProgress,
    ) -> FamilyMap:
        """Families of manipulations (see `core.families`) by a weight file and its configuration.

        Raises:
            WeightsError: no head belongs to these weights.
            AnalysisCancelled: by `on_progress`.
        """

    def warm_up(self, runtime: str) -> str:
        """Import one of `analysis.RUNTIMES`, which takes seconds, and name it."""

    def load(self, weights: Path, configuration: str, runtime: str, precision: str) -> LoadedMethod:
        """Build the network and read its weights."""

    def inspect(self, weights: Path, variant: int) -> tuple[str, str]:
        """Check a file in the authors' layout; (name of the configuration, what the file is)."""
