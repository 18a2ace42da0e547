"""What an analysis will take, before it is begun: tile, memory, disk and time."""

import time

import numpy as np

from workbench.core.errors import EngineError
from workbench.core.method import Plan
from workbench.methods.mantranet.configuration import EXTRACTOR_HALO, Configuration
from workbench.methods.mantranet.runtime import Runtime
from workbench.methods.mantranet.tiles import tiles

DEFAULT_LIMIT = 2_500_000_000
"""Bytes that the worker may take unless something else is asked for."""
TILE_BYTES = 1_200_000_000
"""Memory for one tile: 384 pixels for the full network, of whose work 13 % are halos at 12 megapixels (18 %
at 288). Larger ones would gain little, seldom show progress, and let a preview wait for longer."""
LARGEST_TILE = 896
"""In pixels: what a narrow network would gain by larger ones is less than the wait for them is worth."""
LEAST_TILE = 32
COPIES = 6
"""Float32 arrays of the widest layer alive at once, rounded up: 3 to 4.2 measured on OpenVINO, 3.4 to 5.7 on
TensorFlow."""
MAP_BYTES = 16
"""For each pixel of the picture: the map, its copy of record and the pickle that goes to the program."""
_TRIAL_WORK = 1e10
"""Floating-point operations of pass A that the rate is measured with, or those of a tile of 64 pixels."""


def plan(
    configuration: Configuration,
    size: tuple[int, int],
    limit: int,
    resident: int,
    tile: int | None = None,
    rates: tuple[float, float] = (1e11, 1e11),
    keep: bool = False,
) -> Plan:
    """Predict an analysis.

    Args:
        configuration: of the network.
        size: height and width of the picture or region, in pixels.
        limit: bytes of memory that the process may take.
        resident: bytes that it takes already, runtime, weights and decoded picture included.
        tile: side of a tile in pixels, or None for the largest that the memory allows.
        rates: floating-point operations a second that the runtime reaches in each pass (`measured_rates`).
        keep: whether the features are to stay on the disk.

    Raises:
        EngineError: the limit is too low.
    """
    pixels = size[0] * size[1]
    fixed = resident + MAP_BYTES * pixels
    side = tile or tile_for(configuration, min(TILE_BYTES, limit - fixed))
    needed = fixed + _tile_bytes(configuration, size, side)
    if needed > limit:
        raise EngineError(
            f"A picture of {size[1]} × {size[0]} pixels needs about {_gigabytes(needed)} of memory with "
            f"tiles of {side} pixels, more than the {_gigabytes(limit)} that the analysis may take. "
            "Allow more (--memory, or Settings in the window), choose smaller tiles, or analyse a region."
        )
    features = 4 * configuration.outlier_filters * pixels
    in_memory = not keep and needed + features <= limit
    return Plan(
        tile=side,
        memory=needed + features * in_memory,
        disk=0 if in_memory else features,
        seconds=float(np.divide(work(configuration, size, side), rates).sum()),
        kept=features if keep else 0,
        limit=limit,
    )


def default_limit(resident: int, free: int) -> int:
    """Bytes that a process that takes `resident` may grow to where `free` are left.

    A process that is large already, since it does other things too, gets a share beside them.
    """
    return resident + min(free, max(DEFAULT_LIMIT - resident, DEFAULT_LIMIT // 2))


def channels_alive(configuration: Configuration) -> int:
    """Float32 numbers alive at once for each pixel of a tile, in the pass that needs more.

    In pass A copies of the widest layer; in pass B the features, what each step of the ConvLSTM takes and its
    gates, the state, its means and what they are joined to.
    """
    steps, pooled = len(configuration.windows) + 1, 2 * (1 + len(configuration.pooling))
    step = configuration.outlier_filters + 4 * configuration.lstm_filters
    second = configuration.outlier_filters + steps * step + pooled * configuration.lstm_filters
    return max(COPIES * max(configuration.filters), second)


def tile_for(configuration: Configuration, budget: int) -> int:
    """Side in pixels of a tile whose window needs about `budget` bytes of activations."""
    side = int((max(0, budget) / (4 * channels_alive(configuration))) ** 0.5)
    return min(max(LEAST_TILE, (side - 2 * configuration.anomaly_halo) // 32 * 32), LARGEST_TILE)


def feature_work(configuration: Configuration) -> int:
    """Floating-point operations of pass A for each pixel looked at."""
    first, *rest = configuration.filters
    inner = sum(9 * a * b for a, b in zip(configuration.filters, rest, strict=False))
    return 2 * (75 * first + inner + configuration.filters[-1] * configuration.outlier_filters)


def response_work(configuration: Configuration) -> int:
    """Floating-point operations of the convolutions of pass B for each pixel looked at."""
    filters, steps = configuration.lstm_filters, len(configuration.windows) + 1
    step = configuration.outlier_filters * steps + filters * (steps - 1)
    return 2 * 49 * (4 * filters * step + filters * (1 + len(configuration.pooling)))


def work(configuration: Configuration, size: tuple[int, int], tile: int) -> tuple[int, int]:
    """Floating-point operations of each pass, halos included."""
    return (
        feature_work(configuration) * _looked_at(size, tile, EXTRACTOR_HALO),
        response_work(configuration) * _looked_at(size, tile, configuration.anomaly_halo),
    )


def measured_rates(runtime: Runtime) -> tuple[float, float]:
    """Floating-point operations a second of each pass on a small tile: the best of two after the first."""
    configuration = runtime.configuration
    costs = feature_work(configuration), response_work(configuration)
    side = max(64, int((_TRIAL_WORK / costs[0]) ** 0.5))
    pixels = np.zeros((side, side, 3), np.uint8)
    mean, divisor = (full(configuration.outlier_filters, np.float32) for full in (np.zeros, np.ones))
    seconds = []
    for _ in range(3):
        begin = time.perf_counter()
        features = runtime.features(pixels)
        between = time.perf_counter()
        runtime.response(features, mean, divisor)
        seconds.append((between - begin, time.perf_counter() - between))
    first, second = (cost * side**2 / best for cost, best in zip(costs, np.min(seconds[1:], 0), strict=True))
    return float(first), float(second)


def _looked_at(size: tuple[int, int], tile: int, halo: int) -> int:
    """Pixels of all windows."""
    parts = tiles(*size, tile, halo)
    return len(parts) * _window(parts[0].window)


def _window(window: tuple[slice, slice]) -> int:
    rows, columns = window
    return int((rows.stop - rows.start) * (columns.stop - columns.start))


def _tile_bytes(configuration: Configuration, size: tuple[int, int], tile: int) -> int:
    largest = _window(tiles(*size, tile, configuration.anomaly_halo)[0].window)
    return 4 * channels_alive(configuration) * largest


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
