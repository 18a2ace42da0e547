"""Where stage 2 starts: an anomaly network that already answers "how far from the rest of the picture"."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.training.checkpoint import variable_value

_SIDE, _SIGMA = 7, 2.5
"""Pixels; of the kernels, and of the smoothing by them."""

_NOISE = 0.3
"""Share that is left of the random start, so that filters can become different."""

_GAIN = 0.7
_TYPICAL = 0.8
"""Mean of the absolute value of a standard normal deviation."""

_SLOPE, _OFFSET = 6.0, -2.0
"""Of the response over the mean state: about 0.1 where nothing deviates."""


def start_as_deviation_detector(model: Any, seed: int = 0) -> None:
    """Set ConvLSTM and `pred` so that the response rises with the smoothed absolute Z-scores.

    Each filter of the ConvLSTM begins as another positive mixture of the channels. From a random start the
    first thousand steps go into finding out that deviations are what matters at all.

    Args:
        model: network with the layers `cLSTM` and `pred`; changed in place.
        seed: of the mixtures.
    """
    lstm = model.get_layer("cLSTM")
    kernel, recurrent, bias = (variable_value(v) for v in (lstm.kernel, lstm.recurrent_kernel, lstm.bias))
    kernel, recurrent = _NOISE * kernel, _NOISE * recurrent
    cell = slice(2 * lstm.filters, 3 * lstm.filters)
    kernel[..., cell] += _mixtures(kernel.shape[2], lstm.filters, seed)
    bias[cell] = -_GAIN * _TYPICAL
    lstm.kernel.assign(kernel)
    lstm.recurrent_kernel.assign(recurrent)
    lstm.bias.assign(bias)
    _start_prediction(model)


def start_convolution_as_deviation_detector(model: Any, seed: int = 0) -> None:
    """The same where one convolution `merge` with tanh stands for the ConvLSTM."""
    merge = model.get_layer("merge")
    kernel = variable_value(merge.kernel)
    merge.kernel.assign(_NOISE * kernel + _mixtures(kernel.shape[2], merge.filters, seed))
    merge.bias.assign(np.full(merge.filters, -_GAIN * _TYPICAL, np.float32))
    _start_prediction(model)


def _mixtures(channels: int, filters: int, seed: int) -> NDArray[np.float32]:
    """Smoothing kernels (7, 7, channels, filters), each filter with other positive shares of the channels."""
    mixtures = np.random.default_rng(seed).gamma(1.0, size=(channels, filters))
    mixtures /= mixtures.sum(axis=0)
    return np.asarray(_GAIN * _bump(_SIDE)[:, :, None, None] * mixtures, np.float32)


def _start_prediction(model: Any) -> None:
    pred = model.get_layer("pred")
    kernel = _NOISE * variable_value(pred.kernel)  # of the state and, where there are any, its means
    pred.kernel.assign(kernel + _SLOPE / kernel.shape[2] * _bump(_SIDE)[:, :, None, None])
    pred.bias.assign(np.full(1, _OFFSET, np.float32))


def _bump(side: int) -> NDArray[np.float32]:
    """A Gaussian of side x side that sums to 1."""
    row = np.exp(-0.5 * ((np.arange(side) - side // 2) / _SIGMA) ** 2)
    return np.asarray(np.outer(row, row) / row.sum() ** 2, np.float32)
