"""ManTra-Net as the engine sees it; the engine imports this module by its name."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from workbench.core.errors import WeightsError
from workbench.core.heatmap import Response
from workbench.core.method import OnProgress, OnTile
from workbench.methods.mantranet import two_pass, weights
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


def warm_up() -> str:
    """Import Keras and its backend; name them."""
    from workbench.methods.mantranet.runtimes import keras  # noqa: PLC0415 - takes seconds

    return keras.backend_name()


def load(path: Path, configuration: str) -> LoadedManTraNet:
    """Build the network and read its weights.

    Raises:
        WeightsError: the configuration is unknown or the file does not fit it.
    """
    if configuration not in CONFIGURATIONS:
        raise WeightsError(
            f"The weights ask for a network named {configuration}, which this version does not know. "
            "Update the program or choose other weights."
        )
    arrays = weights.load_weights(path, CONFIGURATIONS[configuration])
    from workbench.methods.mantranet.runtimes.keras import KerasRuntime  # noqa: PLC0415 - takes seconds

    return LoadedManTraNet(KerasRuntime(CONFIGURATIONS[configuration], arrays))


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
