"""Pictures inside HTML and PDF: reduced for reading, turned as viewers show them; exhibits lie beside."""

import base64
import io
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from markupsafe import Markup
from PIL import Image

from workbench.core.evidence import displayed
from workbench.core.heatmap import Response

LARGEST_SIDE = 1600


@dataclass(frozen=True)
class Preview:
    """A reduced picture as a file.

    Attributes:
        data: bytes of the file.
        kind: "jpeg" or "png".
        width, height: in pixels, as shown.
    """

    data: bytes
    kind: str
    width: int
    height: int

    @property
    def uri(self) -> Markup:
        """As a data URI."""
        return Markup(f"data:image/{self.kind};base64,{base64.b64encode(self.data).decode('ascii')}")


def photograph(pixels: npt.NDArray[np.uint8]) -> Preview:
    """Preview of a picture (H, W, 3) as a JPEG without chroma subsampling; neither reduced nor turned."""
    return _preview(Image.fromarray(np.ascontiguousarray(pixels)), "jpeg", quality=88, subsampling=0)


def indexed(levels: npt.NDArray[np.uint8], palette: npt.NDArray[np.uint8], orientation: int) -> Preview:
    """Preview of a drawing as a PNG: (H, W) indices into a palette (256, 3); not reduced any more."""
    image = Image.fromarray(np.ascontiguousarray(displayed(levels, orientation)))
    image.putpalette(palette.tobytes())
    return _preview(image, "png", compress_level=4)


def ready_made(data: bytes, kind: str) -> Preview:
    """A file that is a picture already."""
    with Image.open(io.BytesIO(data)) as image:
        return Preview(data, kind, image.width, image.height)


def reduced_response(response: Response) -> Response:
    """A map for a preview: a pixel shows the *highest* response it stands for, so that nothing vanishes."""
    step = reduction(response.shape)
    if step == 1:
        return response
    height, width = (-(-side // step) * step for side in response.shape)
    padded = np.zeros((height, width), np.float32)
    padded[: response.shape[0], : response.shape[1]] = response
    blocks: Response = padded.reshape(height // step, step, width // step, step).max(axis=(1, 3))
    return blocks


def reduction(shape: tuple[int, ...]) -> int:
    """How many pixels of a map, across, one pixel of its preview stands for."""
    return max(1, -(-max(shape) // LARGEST_SIDE))


def reduced(pixels: npt.NDArray[np.uint8], side: int = LARGEST_SIDE) -> npt.NDArray[np.uint8]:
    """A picture (H, W, 3) of this largest side at most."""
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _preview(image: Image.Image, kind: str, **options: int) -> Preview:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return Preview(stream.getvalue(), kind, image.width, image.height)
