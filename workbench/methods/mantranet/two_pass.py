"""The same answer as the whole-image graph at any size, in memory bounded by the tile.

Pass A takes tiles through the extractor and gathers the global statistics; pass B takes the features tile by
tile through the anomaly network with those statistics.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.core.heatmap import Response
from workbench.core.method import OnProgress, OnTile
from workbench.methods.mantranet.configuration import EXTRACTOR_HALO
from workbench.methods.mantranet.feature_store import FeatureReader, FeatureStore, MemoryStore
from workbench.methods.mantranet.planning import feature_work, response_work
from workbench.methods.mantranet.runtime import Runtime
from workbench.methods.mantranet.statistics import RunningStatistics, Scale
from workbench.methods.mantranet.tiles import Slices, Tile, nearest_first, tiles

PROVISIONAL = 0.1
"""Share of the work done that may go into parts of the map that are drawn before the statistics are known."""

EARLY_TILE = 128
"""Largest side in pixels of such a part: a whole tile and its halo would seldom be cheap enough."""

Point = tuple[int, int]


@dataclass(frozen=True)
class Watch:
    """Who looks at a run.

    Attributes:
        on_progress: after each tile; may raise to stop.
        on_tile: with each part of the map.
        focus: (x, y) near which tiles come first, and provisional parts before the final ones; it changes
            nothing in the response.
        rates: operations a second of each pass where they are known, so that progress goes with the clock.
    """

    on_progress: OnProgress = lambda done, total, fraction: None
    on_tile: OnTile = lambda x, y, response, provisional: None
    focus: Point | None = None
    rates: tuple[float, float] | None = None


def analyse(
    pixels: npt.NDArray[np.uint8],
    runtime: Runtime,
    tile: int,
    watch: Watch | None = None,
    store: FeatureStore | None = None,
) -> Response:
    """Response of a whole picture, or of a crop taken for a whole picture.

    Args:
        pixels: (height, width, 3) uint8 RGB in stored orientation; never resampled.
        runtime: computes the tiles.
        tile: side of a tile in pixels, without its halo.
        watch: who is told.
        store: for the features; memory if None.

    Returns:
        (height, width) float32 in 0..1; the same for every tile size but for rounding.
    """
    height, width = pixels.shape[:2]
    shape = height, width, runtime.configuration.outlier_filters
    return _Run(pixels, runtime, tile, watch or Watch(), store or MemoryStore(shape)).response()


def respond(features: FeatureReader, runtime: Runtime, scale: Scale, tile: int, watch: Watch) -> Response:
    """Pass B over the whole picture, with its statistics.

    Args:
        features: of the whole picture.
        runtime: computes the tiles.
        scale: mean and divisor of each channel.
        tile: side of a tile in pixels, without its halo.
        watch: who is told.
    """
    height, width, _ = features.shape
    parts = tiles(height, width, tile, runtime.configuration.anomaly_halo)
    report = _Report(((1.0, parts),), watch.on_progress)
    return _respond(features, runtime, scale, parts, watch, report)


class _Run:
    """One analysis."""

    def __init__(
        self,
        pixels: npt.NDArray[np.uint8],
        runtime: Runtime,
        tile: int,
        watch: Watch,
        store: FeatureStore,
    ) -> None:
        height, width = pixels.shape[:2]
        self._pixels, self._runtime, self._watch, self._store = pixels, runtime, watch, store
        self._first = tiles(height, width, tile, EXTRACTOR_HALO)
        self._second = tiles(height, width, tile, runtime.configuration.anomaly_halo)
        self._found: dict[int, RunningStatistics] = {}
        early = tiles(height, width, min(tile, EARLY_TILE), runtime.configuration.anomaly_halo)
        self._early = [early[i] for i in nearest_first(early, watch.focus)] if watch.focus else []
        first, second = watch.rates or (1.0, 1.0)
        costs = feature_work(runtime.configuration) / first, response_work(runtime.configuration) / second
        self._report = _Report(tuple(zip(costs, (self._first, self._second), strict=True)), watch.on_progress)

    def response(self) -> Response:
        """Both passes."""
        for number in nearest_first(self._first, self._watch.focus):
            part = self._first[number]
            features = self._runtime.features(self._pixels[part.window])[part.inner]
            self._store.write(part.core, features)
            self._found[number] = RunningStatistics(features.shape[2])
            self._found[number].add(features)
            self._draw_provisionally()
            self._report.done(0, part)
        statistics = self._statistics()
        self._store.complete(statistics)
        scale = statistics.scale(self._runtime.min_std)
        return _respond(self._store, self._runtime, scale, self._second, self._watch, self._report, 1)

    def _statistics(self) -> RunningStatistics:
        """Of the tiles done, merged row by row: in whatever order they came, the sums are the same."""
        merged = RunningStatistics(self._store.shape[2])
        for _, part in sorted(self._found.items()):
            merged.merge(part)
        return merged

    def _draw_provisionally(self) -> None:
        """The part next to the focus, with statistics so far: if its features are there and it is cheap."""
        if not self._early or len(self._found) == len(self._first):
            return
        part = self._early[0]
        if not self._report.affords(1, part, PROVISIONAL) or not self._is_there(part.window):
            return
        del self._early[0]
        self._report.extra(1, part)
        scale = self._statistics().scale(self._runtime.min_std)
        response = self._runtime.response(self._store.read(part.window), *scale)[part.inner]
        self._watch.on_tile(part.core[1].start, part.core[0].start, response, True)

    def _is_there(self, window: Slices) -> bool:
        """Whether all tiles of pass A that reach into a window are done."""
        return all(
            number in self._found for number, part in enumerate(self._first) if _overlap(part.core, window)
        )


def _respond(
    features: FeatureReader,
    runtime: Runtime,
    scale: Scale,
    parts: Sequence[Tile],
    watch: Watch,
    report: "_Report",
    stage: int = 0,
) -> Response:
    response = np.empty(features.shape[:2], np.float32)
    for number in nearest_first(parts, watch.focus):
        part = parts[number]
        response[part.core] = runtime.response(features.read(part.window), *scale)[part.inner]
        watch.on_tile(part.core[1].start, part.core[0].start, response[part.core], False)
        report.done(stage, part)
    return response


class _Report:
    """Turns finished tiles into progress, weighted by the pixels looked at and the cost of each in a pass.

    Args:
        passes: cost of a pixel (in any unit) and tiles of each pass.
        on_progress: is told.
    """

    def __init__(self, passes: Sequence[tuple[float, Sequence[Tile]]], on_progress: OnProgress) -> None:
        self._costs = [cost for cost, _ in passes]
        self._total = sum(len(parts) for _, parts in passes)
        self._work = sum(cost * _pixels(part) for cost, parts in passes for part in parts)
        self._done, self._worked, self._extra = 0, 0.0, 0.0
        self._on_progress = on_progress

    def done(self, stage: int, part: Tile) -> None:
        """A tile of a pass is done."""
        self._done += 1
        self._worked += self._costs[stage] * _pixels(part)
        self._on_progress(self._done, self._total, self._worked / self._work)

    def affords(self, stage: int, part: Tile, share: float) -> bool:
        """Whether a tile out of turn would keep such tiles within a share of the work done."""
        return self._extra + self._costs[stage] * _pixels(part) <= share * self._worked

    def extra(self, stage: int, part: Tile) -> None:
        """A tile out of turn is done."""
        self._extra += self._costs[stage] * _pixels(part)


def _overlap(a: Slices, b: Slices) -> bool:
    return all(s.start < t.stop and t.start < s.stop for s, t in zip(a, b, strict=True))


def _pixels(part: Tile) -> int:
    rows, columns = part.window
    return int((rows.stop - rows.start) * (columns.stop - columns.start))
