"""Pass B by itself, on features that are there already: any part of a picture, taken for a whole one."""

from collections.abc import Iterator

import numpy as np

from workbench.core.heatmap import Response
from workbench.core.method import OnStep
from workbench.core.search import Box
from workbench.methods.mantranet.feature_store import FeatureReader, Features
from workbench.methods.mantranet.runtime import Runtime
from workbench.methods.mantranet.statistics import RunningStatistics
from workbench.methods.mantranet.tiles import Slices, tiles

TILE = 512
"""Side in pixels of the parts of a large preview, so that the next one need not wait long."""


def window_response(
    features: FeatureReader,
    runtime: Runtime,
    box: Box,
    on_step: OnStep = lambda: None,
    quick: bool = False,
    tile: int = TILE,
) -> Response:
    """Response of a window as a strict run of it would give, but for the extractor's context at its border.

    Statistics are those of the window alone and local windows end at its border. A strict crop differs only
    in the features within 14 pixels of that border, which see the picture beyond it here.

    Args:
        features: of the whole picture.
        runtime: computes pass B.
        box: (x, y, width, height) inside the picture, in pixels.
        on_step: called between two parts of a large window; may raise to stop.
        quick: for a preview, in bfloat16 where that is faster.
        tile: side in pixels of the parts of a large window, without their halo.

    Returns:
        (height, width) float32 in 0..1.
    """
    x, y, width, height = box
    respond = runtime.quick_response if quick else runtime.response
    parts = tiles(height, width, tile, runtime.configuration.anomaly_halo)
    if len(parts) == 1:
        found = features.read((slice(y, y + height), slice(x, x + width)))
        return respond(found, *_statistics(found).scale(runtime.min_std))
    statistics = RunningStatistics(features.shape[2])
    for place in _strips(box):
        statistics.add(features.read(place))
        on_step()
    scale = statistics.scale(runtime.min_std)
    response = np.empty((height, width), np.float32)
    for part in parts:
        found = features.read(_moved(part.window, x, y))
        response[part.core] = respond(found, *scale)[part.inner]
        on_step()
    return response


def _statistics(found: Features) -> RunningStatistics:
    statistics = RunningStatistics(found.shape[2])
    statistics.add(found)
    return statistics


def _strips(box: Box) -> Iterator[Slices]:
    x, y, width, height = box
    for top in range(y, y + height, 128):
        yield slice(top, min(top + 128, y + height)), slice(x, x + width)


def _moved(place: Slices, x: int, y: int) -> Slices:
    rows, columns = place
    return slice(rows.start + y, rows.stop + y), slice(columns.start + x, columns.stop + x)
