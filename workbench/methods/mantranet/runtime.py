"""What the passes ask of a runtime."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from workbench.core.heatmap import Response
from workbench.methods.mantranet.configuration import Configuration
from workbench.methods.mantranet.feature_store import Features


class Runtime(Protocol):
    """What computes the two graphs on one tile."""

    name: str
    precision: str
    configuration: Configuration
    min_std: npt.NDArray[np.float32]

    def features(self, pixels: npt.NDArray[np.uint8]) -> Features:
        """Pass A: (h, w, 3) uint8 to (h, w, channels) float32."""

    def response(
        self, features: Features, mean: npt.NDArray[np.float32], divisor: npt.NDArray[np.float32]
    ) -> Response:
        """Pass B: (h, w, channels) and two vectors (channels,) to (h, w) float32 in 0..1."""

    def quick_response(
        self, features: Features, mean: npt.NDArray[np.float32], divisor: npt.NDArray[np.float32]
    ) -> Response:
        """The same for previews: in bfloat16 where that is faster, whatever `precision` says."""
