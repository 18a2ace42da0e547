"""What the network sees of a picture: values scaled to -1..1, never resampled."""

import numpy as np
import numpy.typing as npt


def scaled(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """(H, W, 3) uint8 RGB to a batch (1, H, W, 3) float32: value / 255 * 2 - 1."""
    batch: npt.NDArray[np.float32] = pixels[None].astype(np.float32)
    batch /= 255
    batch *= 2
    batch -= 1
    return batch
