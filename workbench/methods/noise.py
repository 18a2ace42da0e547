"""NOI1: local noise level.

B. Mahdian, S. Saic: Using Noise Inconsistencies for Blind Image Forensics. Image and Vision Computing 27
(2009). The finest diagonal wavelet subband holds hardly anything but noise; its median absolute deviation in
a block is the noise's standard deviation there. Neighbouring blocks of like noise are merged into one region.
"""

import cv2
import numpy as np
import numpy.typing as npt

from workbench.core.heatmap import Response

Plane = npt.NDArray[np.float32]

BLOCK = 8
"""Side of a block in the subband; 16 pixels of the picture."""

LIKE = 0.1
"""Blocks whose noise differs by less than this many grey levels are of the same region."""

_FULL_SCALE = 12.0
_SCALING = (
    0.23037781330886, 0.71484657055254, 0.63088076792959, -0.02798376941698,
    -0.18703481171888, 0.03084138183599, 0.03288301166698, -0.01059740178500,
)  # fmt: skip
"""Daubechies' scaling filter of 8 taps (I. Daubechies: Ten Lectures on Wavelets, 1992, table 6.1)."""


def noise_level(picture: npt.NDArray[np.uint8]) -> Response:
    """Standard deviation of the noise, the same in each merged region; 12 grey levels are 1.

    Args:
        picture: height x width x 3, RGB, 8 bits.

    Returns:
        height x width, 0..1.
    """
    height, width = picture.shape[:2]
    levels = merged(block_levels(diagonal_subband(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))))
    full = cv2.resize(levels, (levels.shape[1] * 2 * BLOCK, levels.shape[0] * 2 * BLOCK), interpolation=0)
    return np.asarray(np.clip(full[:height, :width] / np.float32(_FULL_SCALE), 0, 1), np.float32)


def diagonal_subband(grey: npt.NDArray[np.uint8]) -> Plane:
    """High-pass along rows and columns, every second of both: (h, w) to (ceil(h/2), ceil(w/2))."""
    low = np.array(_SCALING)
    high = low[::-1] * (-1.0) ** np.arange(len(low))
    filtered = cv2.sepFilter2D(grey.astype(np.float32), -1, high, high, borderType=cv2.BORDER_REFLECT_101)
    return np.asarray(filtered[::2, ::2], np.float32)


def block_levels(subband: Plane) -> Plane:
    """Median absolute deviation over 0.6745 of each block; parts of a block at the border are mirrored."""
    below, right = (-side % BLOCK for side in subband.shape)
    padded = np.pad(subband, ((0, below), (0, right)), mode="symmetric")
    rows, columns = (side // BLOCK for side in padded.shape)
    blocks = padded.reshape(rows, BLOCK, columns, BLOCK).swapaxes(1, 2).reshape(rows, columns, -1)
    return np.asarray(np.median(np.abs(blocks), axis=-1) / 0.6745, np.float32)


def merged(levels: Plane) -> Plane:
    """Give each region of connected blocks of like noise its mean level (steps under LIKE)."""
    result, left = levels.copy(), np.ones(levels.shape, np.bool_)
    while left.any():
        row, column = np.unravel_index(int(left.argmax()), left.shape)
        seen = np.pad((~left).astype(np.uint8), 1, constant_values=1)
        flags = 4 | cv2.FLOODFILL_MASK_ONLY | (2 << 8)
        cv2.floodFill(levels.copy(), seen, (int(column), int(row)), 0, LIKE, LIKE, flags)
        region = seen[1:-1, 1:-1] == 2
        result[region] = levels[region].mean()
        left &= ~region
    return result
