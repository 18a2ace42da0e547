"""The same answer as the whole-image graph at any size, in memory bounded by the tile.

Pass A takes tiles through the extractor and gathers the global statistics; pass B takes the features tile by
tile through the anomaly network with those statistics.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workbench.core.heatmap import Response
from workbench.core.method import OnProgress, OnTile
from workbench.methods.mantranet.configuration import EXTRACTOR_HALO
from workbench.methods.mantranet.feature_store import FeatureStore, feature_store
from workbench.methods.mantranet.planning import feature_work, response_work
from workbench.methods.mantranet.runtime import Runtime
from workbench.methods.mantranet.statistics import RunningStatistics
from workbench.methods.mantranet.tiles import Tile, tiles


def analyse(
    pixels: npt.NDArray[np.uint8],
    runtime: Runtime,
    tile: int,
    on_progress: OnProgress = lambda done, total, fraction: None,
    on_tile: OnTile = lambda x, y, response, provisional: None,
    scratch: Path | None = None,
) -> Response:
    """Response of a whole picture, or of a crop taken for a whole picture.

    Args:
        pixels: (height, width, 3) uint8 RGB in stored orientation; never resampled.
        runtime: computes the tiles.
        tile: side of a tile in pixels, without its halo.
        on_progress: after each tile; may raise to stop.
        on_tile: with each finished part of the map.
        scratch: folder of a file for the features, or None to keep them in memory.

    Returns:
        (height, width) float32 in 0..1; the same for every tile size but for rounding.
    """
    height, width = pixels.shape[:2]
    channels = runtime.configuration.outlier_filters
    first = tiles(height, width, tile, EXTRACTOR_HALO)
    second = tiles(height, width, tile, runtime.configuration.anomaly_halo)
    costs = feature_work(runtime.configuration), response_work(runtime.configuration)
    report = _Report((first, second), costs, on_progress)
    with feature_store((height, width, channels), scratch) as store:
        statistics = _extract(pixels, runtime, first, store, lambda part: report.done(part, costs[0]))
        mean = statistics.mean.astype(np.float32)
        divisor = np.maximum(statistics.deviation, runtime.min_std.astype(np.float64) + 1e-6)
        scale = mean, divisor.astype(np.float32)
        response = np.empty((height, width), np.float32)
        for part in second:
            response[part.core] = runtime.response(store.read(part.window), *scale)[part.inner]
            on_tile(part.core[1].start, part.core[0].start, response[part.core], False)
            report.done(part, costs[1])
        return response


def _extract(
    pixels: npt.NDArray[np.uint8],
    runtime: Runtime,
    parts: Sequence[Tile],
    store: FeatureStore,
    done: Callable[[Tile], None],
) -> RunningStatistics:
    statistics = RunningStatistics(runtime.configuration.outlier_filters)
    for part in parts:
        features = runtime.features(pixels[part.window])[part.inner]
        store.write(part.core, features)
        statistics.add(features)
        done(part)
    return statistics


class _Report:
    """Turns finished tiles into progress, weighted by the pixels looked at and the cost of each in a pass."""

    def __init__(
        self, passes: Sequence[Sequence[Tile]], costs: Sequence[int], on_progress: OnProgress
    ) -> None:
        self._total = sum(map(len, passes))
        self._work = sum(
            cost * _pixels(part) for parts, cost in zip(passes, costs, strict=True) for part in parts
        )
        self._done = self._worked = 0
        self._on_progress = on_progress

    def done(self, part: Tile, cost: int) -> None:
        self._done += 1
        self._worked += cost * _pixels(part)
        self._on_progress(self._done, self._total, self._worked / self._work)


def _pixels(part: Tile) -> int:
    rows, columns = part.window
    return int((rows.stop - rows.start) * (columns.stop - columns.start))
