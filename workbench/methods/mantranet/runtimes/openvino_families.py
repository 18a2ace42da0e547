"""The head of families on OpenVINO."""

import numpy as np
import numpy.typing as npt

from workbench.methods.mantranet.configuration import Configuration
from workbench.methods.mantranet.family_head import HeadArrays
from workbench.methods.mantranet.preprocessing import scaled
from workbench.methods.mantranet.runtimes.openvino import _Compiled, _Compiler
from workbench.methods.mantranet.runtimes.openvino_graphs import families_graph
from workbench.methods.mantranet.weights import Arrays


class OpenVinoFamilies:
    """Extractor and head in float32, compiled for one size of tile at a time."""

    def __init__(self, configuration: Configuration, arrays: Arrays, head: HeadArrays) -> None:
        compiler = _Compiler("float32")
        self._graph = _Compiled(
            lambda size: compiler.compile(families_graph(configuration, arrays, head, size))
        )

    def __call__(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Classify: (h, w, 3) uint8 to shares of the classes (h, w, 8)."""
        shares: npt.NDArray[np.float32] = self._graph(pixels.shape[:2], [scaled(pixels)])[0]
        return shares
