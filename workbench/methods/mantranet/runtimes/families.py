"""What runs the head of families."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from workbench.methods.mantranet.configuration import Configuration
from workbench.methods.mantranet.family_head import HeadArrays
from workbench.methods.mantranet.preprocessing import scaled
from workbench.methods.mantranet.runtimes import chosen, warm_up
from workbench.methods.mantranet.weights import Arrays

Classifier = Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.float32]]
"""From pixels (h, w, 3) to shares of the classes (h, w, 8)."""


def make_classifier(
    runtime: str, configuration: Configuration, arrays: Arrays, head: HeadArrays
) -> Classifier:
    """The extractor with the head on a runtime, in float32.

    Raises:
        EngineError: the runtime is not installed.
    """
    name = chosen(runtime)
    warm_up(name)
    if name == "openvino":
        from workbench.methods.mantranet.runtimes import openvino_families  # noqa: PLC0415

        return openvino_families.OpenVinoFamilies(configuration, arrays, head)
    return _keras_classifier(configuration, arrays, head)


def _keras_classifier(configuration: Configuration, arrays: Arrays, head: HeadArrays) -> Classifier:
    from keras import ops  # noqa: PLC0415 - on the chosen backend

    from workbench.methods.mantranet.family_network import assign_all, build_families  # noqa: PLC0415

    model = build_families(configuration)
    assign_all(model, arrays, head)

    def classify(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        shares = ops.softmax(model(scaled(pixels), training=False))
        result: npt.NDArray[np.float32] = ops.convert_to_numpy(ops.stop_gradient(shares))[0]
        return result

    return classify
