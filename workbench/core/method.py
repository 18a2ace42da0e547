"""What the engine asks of an analysis method; it finds one by an import string and knows no more of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from workbench.core.heatmap import Response

OnProgress = Callable[[int, int, float], None]
"""Called after each tile with tiles done, tiles in all, and the fraction of the work done, 0..1."""
OnTile = Callable[[int, int, Response], None]
"""Called with x, y and the response of each finished part of the map."""


@dataclass(frozen=True)
class Plan:
    """What an analysis is expected to take.

    Attributes:
        tile: side of a tile in pixels, without its halo.
        memory: bytes of the whole process at its peak.
        disk: bytes of the scratch file, 0 if everything stays in memory.
        seconds: wall-clock time, roughly: by the rate at which the network ran when it was loaded.
    """

    tile: int
    memory: int
    disk: int
    seconds: float


class LoadedMethod(Protocol):
    """A method with its weights in memory."""

    runtime: str
    precision: str

    def plan(self, height: int, width: int, tile: int | None = None, memory: int | None = None) -> Plan:
        """What a picture of this size will take, with tiles and memory (bytes) as asked, or as is best.

        Raises:
            EngineError: memory or disk are too small.
        """

    def analyse(
        self, pixels: npt.NDArray[np.uint8], plan: Plan, on_progress: OnProgress, on_tile: OnTile
    ) -> Response:
        """Response (height, width) float32 in 0..1 of an RGB picture (height, width, 3).

        Raises:
            AnalysisCancelled: by `on_progress`, to stop between two tiles.
        """


class Method(Protocol):
    """A method as its module offers it."""

    def warm_up(self, runtime: str) -> str:
        """Import one of `analysis.RUNTIMES`, which takes seconds, and name it."""

    def load(self, weights: Path, configuration: str, runtime: str, precision: str) -> LoadedMethod:
        """Build the network and read its weights."""

    def inspect(self, weights: Path, variant: int) -> tuple[str, str]:
        """Check a file in the authors' layout; (name of the configuration, what the file is)."""
