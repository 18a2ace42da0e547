"""A map as files: its numbers, and its picture in the fixed colours. Neither depends on a threshold."""

import io
from enum import StrEnum

import numpy as np
from PIL import Image

from workbench.core.heatmap import Heatmap, Response
from workbench.core.overlay import colour_table, levels

Data = bytes | memoryview


class MapForm(StrEnum):
    """How a map is written; the value is the file's suffix."""

    NUMBERS = "npy"
    COLOURS = "png"


def encoded(heatmap: Heatmap, form: MapForm) -> Data:
    """The bytes of the file: float32 little-endian numbers, or 256 colours on the fixed scale 0..1.

    The PNG has a palette, which is lossless for 256 colours and half as large as three channels.
    """
    if form is MapForm.NUMBERS:
        return _numbers(heatmap.response)
    stream, response = io.BytesIO(), heatmap.response
    image = Image.fromarray(levels(response))
    image.putpalette(colour_table().tobytes())
    image.save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def _numbers(response: Response) -> memoryview:
    """What `numpy.save` writes, copied by numpy, which lets other threads run meanwhile, the window's say."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, np.lib.format.header_data_from_array_1_0(response))
    begin = np.frombuffer(head.getvalue(), np.uint8)
    data = np.empty(begin.size + response.nbytes, np.uint8)
    data[: begin.size] = begin
    data[begin.size :] = response.reshape(-1).view(np.uint8)
    return data.data
