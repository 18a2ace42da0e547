"""The example of `workbench demo`: made on the spot from photographs of scikit-image: its truth is known."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

Box = tuple[int, int, int, int]
Pixels = npt.NDArray[np.uint8]

PASTED: Box = (210, 98, 156, 92)
"""x, y, width, height of the cat pasted into the coffee."""
NOISY: Box = (470, 250, 112, 112)
"""x, y, width, height of the place that got a little noise."""


@dataclass(frozen=True)
class Example:
    """A picture with two edits of different kind.

    Attributes:
        picture: the file that is opened.
        truth: a mask beside it, white where it was edited.
        pasted, noisy: (x, y, width, height) of the edits.
        suggested: a region around the pasted part, as an examiner would draw it.
    """

    picture: Path
    truth: Path
    pasted: Box = PASTED
    noisy: Box = NOISY
    suggested: Box = (120, 16, 340, 256)


def make_example(folder: Path) -> Example:
    """Write `example.png` and `example-truth.png` into a folder.

    A photograph of a cup that was once saved as JPEG gets a part of another photograph, scaled and never
    compressed, and elsewhere a little noise. A network that compares each place with the whole picture shows
    the noise first; the region leaves it out.
    """
    import skimage.data  # half a second

    picture = _compressed(skimage.data.coffee(), quality=85)
    pasted = cv2.resize(skimage.data.chelsea()[70:170, 130:300], PASTED[2:], interpolation=cv2.INTER_CUBIC)
    noise = np.random.default_rng(20190619).normal(0, 9, (NOISY[3], NOISY[2], 3))
    truth = np.zeros(picture.shape[:2], np.uint8)
    _put(picture, truth, PASTED, pasted)
    _put(picture, truth, NOISY, picture[_slices(NOISY)] + noise)
    example = Example(folder / "example.png", folder / "example-truth.png")
    Image.fromarray(picture).save(example.picture)
    Image.fromarray(truth).save(example.truth)
    return example


def _compressed(picture: Pixels, quality: int) -> Pixels:
    file = BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=quality)
    return np.array(Image.open(file))


def _put(picture: Pixels, truth: Pixels, box: Box, content: npt.NDArray[np.generic]) -> None:
    """Lay `content` into an ellipse that fills the box, and mark it in the truth."""
    inside = np.zeros((box[3], box[2]), np.uint8)
    centre, axes = (box[2] // 2, box[3] // 2), (box[2] // 2 - 1, box[3] // 2 - 1)
    cv2.ellipse(inside, centre, axes, 0, 0, 360, 255, thickness=-1)
    place = _slices(box)
    new = np.clip(content, 0, 255).astype(np.uint8)
    picture[place] = np.where(inside[..., None] > 0, new, picture[place])
    truth[place] |= inside


def _slices(box: Box) -> tuple[slice, slice]:
    x, y, width, height = box
    return slice(y, y + height), slice(x, x + width)
