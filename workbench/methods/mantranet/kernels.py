"""Fixed and constrained kernels of the first layer, as plain arrays."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]


@cache
def srm_kernel() -> FloatArray:
    """Nine SRM high-pass kernels (Fridrich and Kodovsky, 2012) as one kernel (5, 5, 3, 9), float32.

    Order: the first on R, G, B, the second on R, G, B, the third on R, G, B; each sees one input channel.
    """
    first, third = np.zeros((5, 5)), np.zeros((5, 5))
    first[1:4, 1:4] = np.array([[-1, 2, -1], [2, -4, 2], [-1, 2, -1]]) / 4
    second = np.array(
        [[-1, 2, -2, 2, -1], [2, -6, 8, -6, 2], [-2, 8, -12, 8, -2], [2, -6, 8, -6, 2], [-1, 2, -2, 2, -1]]
    )
    third[2] = np.array([0, 1, -2, 1, 0]) / 2
    kernel = np.zeros((5, 5, 3, 9), np.float32)
    for i, plane in enumerate((first, second / 12, third)):
        for channel in range(3):
            kernel[:, :, channel, 3 * i + channel] = plane
    kernel.setflags(write=False)
    return kernel


def bayar_projection(w: Any, xp: Any = np) -> Any:
    """Project (5, 5, 3, 3) onto the Bayar constraint: centre 0, divide by the sum over 5x5, centre -1.

    `xp` is numpy or `keras.ops`.
    """
    centre = np.zeros((5, 5, 1, 1), np.float32)
    centre[2, 2] = 1.0
    w = xp.multiply(w, 1.0 - centre)
    return xp.subtract(w / (xp.sum(w, axis=(0, 1), keepdims=True) + 1e-7), centre)
