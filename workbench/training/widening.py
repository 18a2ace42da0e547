"""A wider network that begins as the narrower one it is made from (Chen, Goodfellow and Shlens, 2016)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.methods.mantranet.configuration import Configuration
from workbench.training.checkpoint import CheckpointError, variable_value

_GATES = 4
"""Of the ConvLSTM: its kernels hold one block of filters for each."""

_POOLED_SHARE = 0.5
"""Of the response that comes from the means of the state at first, where the narrower network has none."""


def widen(model: Any, narrow: Any, configuration: Configuration) -> None:
    """Put the values of a narrower trained network into a wider one.

    Channels that the narrower network lacks keep their random start but count for nothing in those that it
    has, so that the wider one begins with the same response. Where it sees means of the state, too, half of
    the response comes from these.

    Args:
        model: changed in place.
        narrow: the same layers with at most as many channels, the first layer and `transform` with as many.
        configuration: of `model`.

    Raises:
        CheckpointError: the other network is wider somewhere, or its `pred` sees means of the state already.
    """
    if not _is_narrower(narrow, model):
        raise CheckpointError(
            "The network to go on from is not a narrower one of the same layers. Start from the checkpoint "
            "of stage 1 of this network, or from one of stage 2 of a network with fewer channels and without "
            "means of the state."
        )
    for layer in narrow.layers:
        for source, target in zip(layer.weights, model.get_layer(layer.name).weights, strict=True):
            old, new = variable_value(source), variable_value(target)
            if layer.name == "cLSTM":
                old, new = _by_gate(old), _by_gate(new)
            if layer.name == "pred" and configuration.pooling and new.ndim == 4:
                old, new = _with_means(old, len(configuration.pooling)), _by_window(new, configuration)
            target.assign(_placed(old, new).reshape(target.shape))


def _is_narrower(narrow: Any, model: Any) -> bool:
    """Whether every array fits into its counterpart, and `pred` sees the state alone."""
    if any(layer.name == "nestedAvgState" for layer in narrow.layers):
        return False
    shapes = (
        [(v.path, tuple(v.shape)) for v in narrow.variables],
        [(v.path, tuple(v.shape)) for v in model.variables],
    )
    return len(shapes[0]) == len(shapes[1]) and all(
        one[0] == other[0] and all(a <= b for a, b in zip(one[1], other[1], strict=True))
        for one, other in zip(*shapes, strict=True)
    )


def _placed(old: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
    """The old values in the first channels of each axis; what is new adds nothing to what was there."""
    result = new.copy()
    if old.ndim > 3:  # a kernel: (height, width, ..., channels in, [gates,] channels out)
        result[..., : old.shape[-1]] = 0
    result[tuple(slice(n) for n in old.shape)] = old
    return result


def _by_gate(values: NDArray[Any]) -> NDArray[Any]:
    """Filters apart from gates: (..., 4, filters)."""
    return values.reshape(*values.shape[:-1], _GATES, -1)


def _by_window(kernel: NDArray[Any], configuration: Configuration) -> NDArray[Any]:
    """The kernel of `pred`, the state and its means on an axis: (7, 7, 1 + windows, filters, 1)."""
    return kernel.reshape(*kernel.shape[:2], 1 + len(configuration.pooling), configuration.lstm_filters, 1)


def _with_means(kernel: NDArray[Any], windows: int) -> NDArray[Any]:
    """A kernel of `pred` (7, 7, filters, 1), shared out between the state and its means."""
    shares = np.array([1 - _POOLED_SHARE, *windows * (_POOLED_SHARE / windows,)], kernel.dtype)
    shared: NDArray[Any] = shares[:, None, None] * kernel[:, :, None]
    return shared
