"""Where stage 2 starts: an anomaly network that already answers "how far from the rest of the picture"."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.training.checkpoint import variable_value

_SIGMA = 2.5
"""Pixels; of the smoothing by the 7 x 7 kernels."""

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
    lstm, pred = model.get_layer("cLSTM"), model.get_layer("pred")
    filters = lstm.filters
    kernel, recurrent = (_NOISE * variable_value(v) for v in (lstm.kernel, lstm.recurrent_kernel))
    cell = slice(2 * filters, 3 * filters)
    mixtures = np.random.default_rng(seed).gamma(1.0, size=(kernel.shape[2], filters))
    mixtures /= mixtures.sum(axis=0)
    kernel[..., cell] += _GAIN * _bump(kernel.shape[0])[:, :, None, None] * mixtures
    bias = variable_value(lstm.bias)
    bias[cell] = -_GAIN * _TYPICAL
    lstm.kernel.assign(kernel)
    lstm.recurrent_kernel.assign(recurrent)
    lstm.bias.assign(bias)
    kernel = _NOISE * variable_value(pred.kernel)  # of the state and, where there are any, its means
    pred.kernel.assign(kernel + _SLOPE / kernel.shape[2] * _bump(kernel.shape[0])[:, :, None, None])
    pred.bias.assign(np.full(1, _OFFSET, np.float32))


def _bump(side: int) -> NDArray[np.float32]:
    """A Gaussian of side x side that sums to 1."""
    row = np.exp(-0.5 * ((np.arange(side) - side // 2) / _SIGMA) ** 2)
    return np.asarray(np.outer(row, row) / row.sum() ** 2, np.float32)
