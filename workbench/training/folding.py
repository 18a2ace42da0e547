"""From the training graph to the weights of use: normalisation folded into the convolutions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.methods.mantranet.configuration import LAYERS
from workbench.methods.mantranet.weights import variable_path
from workbench.training.checkpoint import variable_value

Arrays = dict[str, NDArray[np.float32]]


def folded_weights(model: Any) -> Arrays:
    """Return a model's arrays by their path in the weight file, each `<layer>_norm` folded into `<layer>`.

    Layers that are only for training (the head of stage 1) are left out.
    """
    arrays = {
        variable_path(layer.name, variable.name): _array(variable)
        for layer in model.layers
        if not layer.name.endswith("_norm") and layer.name != "head"
        for variable in layer.weights
    }
    for name in LAYERS[1:]:
        if any(layer.name == f"{name}_norm" for layer in model.layers):
            _fold(arrays, name, model.get_layer(f"{name}_norm"))
    return arrays


def bayar_error(arrays: Arrays) -> float:
    """Return how far the Bayar kernels are from their constraint: centre -1, the rest sums to 1."""
    kernel = arrays["Featex/b1c1/bayar_kernel:0"].astype(np.float64)
    centre = np.abs(kernel[2, 2] + 1).max()
    return float(max(centre, np.abs(kernel.sum(axis=(0, 1))).max()))


def _fold(arrays: Arrays, name: str, norm: Any) -> None:
    kernel, bias = variable_path(name, "kernel"), variable_path(name, "bias")
    gain = _array(norm.gamma) / np.sqrt(_array(norm.moving_variance) + np.float32(norm.epsilon))
    arrays[bias] = (arrays[bias] - _array(norm.moving_mean)) * gain + _array(norm.beta)
    arrays[kernel] = arrays[kernel] * gain


def _array(variable: Any) -> NDArray[np.float32]:
    return variable_value(variable).astype(np.float32)
