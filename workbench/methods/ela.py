"""Error level analysis (N. Krawetz: A Picture's Worth. Black Hat Briefings, 2007).

A picture is compressed once more; a part with another past changes by another amount.
"""

import io

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from workbench.core.heatmap import Response

QUALITY = 90
_SIGMA = 4.0
_FULL_SCALE = 16.0


def error_level(picture: npt.NDArray[np.uint8]) -> Response:
    """What another JPEG compression (quality 90) changes: mean over channels, smoothed; 16 levels are 1.

    Args:
        picture: height x width x 3, RGB.

    Returns:
        height x width, 0..1.
    """
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=QUALITY)
    with Image.open(buffer) as image:
        again = np.asarray(image.convert("RGB"))
    change = np.abs(picture.astype(np.float32) - again.astype(np.float32)).mean(axis=-1)
    smooth = np.asarray(cv2.GaussianBlur(change, (0, 0), _SIGMA), np.float32)
    return np.asarray(np.clip(smooth / np.float32(_FULL_SCALE), 0, 1), np.float32)
