"""A map as files: its numbers, and its picture in the fixed colours. Neither depends on a threshold."""

import io
from enum import StrEnum

import numpy as np
from PIL import Image

from workbench.core.heatmap import Heatmap
from workbench.core.overlay import colour_table, levels


class MapForm(StrEnum):
    """How a map is written; the value is the file's suffix."""

    NUMBERS = "npy"
    COLOURS = "png"


def encoded(heatmap: Heatmap, form: MapForm) -> bytes:
    """The bytes of the file: float32 little-endian numbers, or 256 colours on the fixed scale 0..1.

    The PNG has a palette, which is lossless for 256 colours and half as large as three channels.
    """
    stream = io.BytesIO()
    if form is MapForm.NUMBERS:
        np.save(stream, heatmap.response, allow_pickle=False)
    else:
        image = Image.fromarray(levels(heatmap.response))
        image.putpalette(colour_table().tobytes())
        image.save(stream, "PNG", compress_level=1)
    return stream.getvalue()
