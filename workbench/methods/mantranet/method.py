"""ManTra-Net as the engine sees it; the engine imports this module by its name."""

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import psutil

from workbench.core import paths
from workbench.core.errors import EngineError, WeightsError
from workbench.core.heatmap import Response
from workbench.core.method import OnProgress, OnTile, Plan
from workbench.methods.mantranet import planning, runtimes, two_pass, weights
from workbench.methods.mantranet.configuration import CONFIGURATIONS, VARIANTS
from workbench.methods.mantranet.runtime import Runtime


class LoadedManTraNet:
    """The network with its weights on one runtime."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._rate: float | None = None
        self.runtime, self.precision = runtime.name, runtime.precision

    def plan(self, height: int, width: int, tile: int | None = None, memory: int | None = None) -> Plan:
        """What a picture of this size will take.

        Raises:
            EngineError: memory or disk are too small.
        """
        resident = psutil.Process().memory_info().rss
        limit = memory or planning.default_limit(resident, psutil.virtual_memory().available)
        self._rate = self._rate or planning.measured_rate(self._runtime)
        size = height, width
        plan = planning.plan(self._runtime.configuration, size, limit, resident, tile, self._rate)
        free = shutil.disk_usage(_scratch_folder()).free
        if plan.disk > free:
            raise EngineError(
                f"The analysis needs {plan.disk / 1e9:.1f} GB for a while in the folder {_scratch_folder()}, "
                f"where {free / 1e9:.1f} GB are free. Make room there, allow more with --memory, or analyse "
                "a region."
            )
        return plan

    def analyse(
        self, pixels: npt.NDArray[np.uint8], plan: Plan, on_progress: OnProgress, on_tile: OnTile
    ) -> Response:
        """See `two_pass.analyse`."""
        folder = _scratch_folder() if plan.disk else None
        return two_pass.analyse(pixels, self._runtime, plan.tile, on_progress, on_tile, folder)


def _scratch_folder() -> Path:
    """The user's folder, since the system's folder for such files often lies in memory; that, if need be."""
    folder = paths.user_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.gettempdir())
    return folder if os.access(folder, os.W_OK) else Path(tempfile.gettempdir())


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
