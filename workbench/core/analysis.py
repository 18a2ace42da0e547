"""What is asked of a method, and what came out."""

import uuid
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from workbench.core.heatmap import Heatmap, Mask, Statistics, statistics
from workbench.core.region import Region
from workbench.core.weights import Threshold, WeightsCard

METHOD = "ManTra-Net"
CITATION = (
    "Y. Wu, W. AbdAlmageed, P. Natarajan: ManTra-Net: Manipulation Tracing Network for Detection and "
    "Localization of Image Forgeries With Anomalous Features. CVPR 2019."
)

RUNTIMES = ("auto", "openvino", "tensorflow", "torch", "jax")
"""What can run a network; "auto" is the fastest that is installed."""
PRECISIONS = ("float32", "bfloat16")
"""float32 is the precision of record; bfloat16 is faster on some CPUs and for previews only."""


class Kind(StrEnum):
    """What an analysis looked at."""

    WHOLE = "whole"
    REGION = "region"


@dataclass(frozen=True)
class AnalysisRequest:
    """Some 200 bytes that tell the worker what to do; it opens the files itself.

    Attributes:
        id: of this request, and of the analysis that comes of it.
        path, sha256: the evidence file, and the hash it must still have.
        region: analyse only these pixels (strict crop), or the whole picture if None.
        weights_path, weights_sha256, configuration: the network.
        tile: side of a tile in pixels, or None to choose by memory.
        memory: bytes that the worker may take, or None for the default.
        runtime, precision: of `RUNTIMES` and `PRECISIONS`.
        focus: (x, y) that the viewer looks at, in the stored frame: tiles near it come first.
        keep_features: of a whole picture on the disk, for previews and region searches.
        original: read in place of `path`, a case's copy, where that is damaged and this has the hash.
    """

    id: str
    path: Path
    sha256: str
    region: Region | None
    weights_path: Path
    weights_sha256: str
    configuration: str
    tile: int | None = None
    memory: int | None = None
    runtime: str = "auto"
    precision: str = "float32"
    focus: tuple[int, int] | None = None
    keep_features: bool = True
    original: Path | None = None


@dataclass(frozen=True)
class Provenance:
    """How a map was made, enough to make it again.

    Attributes:
        runtime: name and version of what ran the network, backend and device included.
        precision: of `PRECISIONS`: what the runtime says that it computed in, not what it was asked for.
        tile: side of the tiles in pixels.
        seconds: wall-clock time of the analysis, without previews that were answered in between.
        started: ISO 8601 with UTC offset.
        decoded_sha256: of the whole decoded RGB array that the worker saw.
        flags: (variable, value) of the worker's environment that bear on exact repetition; none in old cases.
        from_original: whether the original was read, as the case's own copy was damaged.
    """

    runtime: str
    precision: str
    tile: int
    seconds: float
    started: str
    decoded_sha256: str
    flags: tuple[tuple[str, str], ...] = ()
    from_original: bool = False


@dataclass(frozen=True)
class WeightsUsed:
    """Which weights made a map: copied into the analysis so that it stays true when cards change."""

    name: str
    sha256: str
    configuration: str
    licence: str
    origin: str


@dataclass(frozen=True)
class Analysis:
    """One run, kept for ever; its map lies in the store under `map_sha256`.

    Attributes:
        id: of the run.
        kind: whole picture or region.
        region: as it was when the run was started.
        weights: which.
        provenance: how.
        by: the examiner's name in the settings at that time.
        threshold: at present; part of the examiner's view, so it may be set anew.
        map_sha256, map_shape: of the map, (height, width).
        statistics: of the map, inside the region's shape.
        preview_difference: largest absolute difference between the preview that was shown of this region and
            this map, or None where no preview was shown.
        note: the examiner's words on this run.
    """

    id: str
    kind: Kind
    region: Region | None
    weights: WeightsUsed
    provenance: Provenance
    by: str
    threshold: Threshold
    map_sha256: str
    map_shape: tuple[int, int]
    statistics: Statistics
    preview_difference: float | None = None
    note: str = ""

    @property
    def origin(self) -> tuple[int, int]:
        """(x, y) of the map's upper left pixel in the whole picture."""
        return (self.region.x, self.region.y) if self.region else (0, 0)

    @property
    def inside(self) -> Mask | None:
        """Mask of the map's pixels that findings are counted among, or None for all of them."""
        return self.region.mask if self.region else None

    @property
    def title(self) -> str:
        """`Whole picture` or the region's name."""
        return self.region.name if self.region else "Whole picture"


@dataclass(frozen=True)
class Outcome:
    """What the worker sends back."""

    heatmap: Heatmap
    provenance: Provenance


def new_id() -> str:
    """A fresh identifier: 12 hexadecimal digits."""
    return uuid.uuid4().hex[:12]


def request_for(path: Path, sha256: str, region: Region | None, card: WeightsCard) -> AnalysisRequest:
    """Ask for the whole picture, or for a region of it."""
    return AnalysisRequest(
        id=new_id(),
        path=path,
        sha256=sha256,
        region=region,
        weights_path=card.path,
        weights_sha256=card.sha256,
        configuration=card.configuration,
    )


def analysis_of(
    request: AnalysisRequest, outcome: Outcome, card: WeightsCard, by: str, threshold: Threshold | None = None
) -> Analysis:
    """What is kept of a finished request; the threshold is the card's unless given."""
    return Analysis(
        id=request.id,
        kind=Kind.REGION if request.region else Kind.WHOLE,
        region=request.region,
        weights=WeightsUsed(card.name, card.sha256, card.configuration, card.licence, card.origin),
        provenance=outcome.provenance,
        by=by,
        threshold=threshold or card.threshold,
        map_sha256=outcome.heatmap.sha256,
        map_shape=outcome.heatmap.shape,
        statistics=statistics(outcome.heatmap.response, request.region.mask if request.region else None),
    )
