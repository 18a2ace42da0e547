"""ManTra-Net as the engine sees it; the engine imports this module by its name."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from workbench.core.errors import WeightsError
from workbench.core.heatmap import Response
from workbench.core.method import OnProgress, OnTile
from workbench.methods.mantranet import runtimes, two_pass, weights
from workbench.methods.mantranet.configuration import CONFIGURATIONS, VARIANTS, Configuration

TILE_BYTES = 600 << 20
"""Memory for the activations of one tile, measured at about four float32 copies of the widest layer."""


class LoadedManTraNet:
    """The network with its weights on one runtime."""

    def __init__(self, runtime: two_pass.Runtime) -> None:
        self._runtime = runtime
        self.runtime, self.precision = runtime.name, runtime.precision

    def default_tile(self, height: int, width: int) -> int:
        """The largest multiple of 32 whose window fits the memory for a tile."""
        del height, width
        return tile_for(self._runtime.configuration, TILE_BYTES)

    def analyse(
        self, pixels: npt.NDArray[np.uint8], tile: int, on_progress: OnProgress, on_tile: OnTile
    ) -> Response:
        """See `two_pass.analyse`."""
        return two_pass.analyse(pixels, self._runtime, tile, on_progress, on_tile)


def tile_for(configuration: Configuration, budget: int) -> int:
    """Side in pixels of a tile whose window needs about `budget` bytes of activations."""
    side = int((budget / (4 * 4 * max(configuration.filters))) ** 0.5)
    return max(32, (side - 2 * configuration.anomaly_halo) // 32 * 32)


warm_up = runtimes.warm_up


def load(
    path: Path, configuration: str, runtime: str = "auto", precision: str = "float32"
) -> LoadedManTraNet:
    """Build the network and read its weights.

    Args:
        path: of the weight file.
        configuration: name of the network's configuration.
        runtime: one of `core.analysis.RUNTIMES`.
        precision: one of `core.analysis.PRECISIONS`.

    Raises:
        EngineError: there is no such runtime here, or it can't compute in that precision.
        WeightsError: the configuration is unknown or the file does not fit it.
    """
    if configuration not in CONFIGURATIONS:
        raise WeightsError(
            f"The weights ask for a network named {configuration}, which this version does not know. "
            "Update the program or choose other weights."
        )
    arrays = weights.load_weights(path, CONFIGURATIONS[configuration])
    return LoadedManTraNet(runtimes.make(runtime, precision, CONFIGURATIONS[configuration], arrays))


def inspect(path: Path, variant: int) -> tuple[str, str]:
    """Check a file in the authors' layout: (name of the configuration, what the file is).

    Raises:
        WeightsError: it does not fit the variant.
    """
    if not path.is_file():
        raise WeightsError(f"There is no file {path}. Choose the weight file again.")
    origin = weights.identify(path, variant)
    weights.load_weights(path, VARIANTS[variant])
    return VARIANTS[variant].name, origin
