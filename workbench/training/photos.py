"""Genuine photographs from a folder, and patches cut from them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from workbench.core.errors import WorkbenchError
from workbench.training.split import Part, part_of

if TYPE_CHECKING:
    from collections.abc import Sequence

Picture = NDArray[np.uint8]
"""Height x width x 3, RGB, 8 bits."""

SUFFIXES = frozenset({".png", ".webp", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".ppm"})
LARGEST_SIDE = 1600
"""Pixels; of longer sides the middle is used."""
_DRAWS = 4


class PhotosError(WorkbenchError):
    """The folder of photographs cannot be used. The message is a sentence for the user."""


@dataclass(frozen=True)
class Photo:
    """One photograph in memory."""

    name: str
    pixels: Picture


def photo_paths(folder: Path, part: Part) -> list[Path]:
    """List the pictures of one part of the split below a folder, sorted by name.

    Raises:
        PhotosError: the folder is missing or holds no picture of that part.
    """
    if not folder.is_dir():
        raise PhotosError(f"The folder of photographs {folder} does not exist.")
    found = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    paths = sorted((path for path in found if part_of(path.name) == part), key=lambda path: path.name)
    if not paths:
        raise PhotosError(f"The folder {folder} holds no photograph of the {part} part.")
    return paths


def read_photo(path: Path) -> Photo:
    """Decode one photograph as RGB in stored orientation.

    Very large ones are cut to their centre, never resampled: a resampled picture has other traces.
    """
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"))
    return Photo(path.name, _centre(pixels, LARGEST_SIDE))


def load_photos(folder: Path, part: Part) -> list[Photo]:
    """Decode all photographs of one part of the split (about 300 MB for 342 pictures)."""
    return [read_photo(path) for path in photo_paths(folder, part)]


def draw_patch(
    photos: Sequence[Photo], rng: np.random.Generator, side: int, deviation: float = 14.0
) -> Picture:
    """Cut a random square patch: other photo, place, scale and orientation at every draw.

    Flat patches show hardly any trace, so a patch whose grey levels deviate by less than `deviation` is
    drawn again a few times (as the paper does with 32) before it is taken all the same.
    """
    patch = _one_patch(photos, rng, side)
    for _ in range(_DRAWS - 1):
        if float(patch[::4, ::4].std()) >= deviation:
            break
        patch = _one_patch(photos, rng, side)
    return patch


def _one_patch(photos: Sequence[Photo], rng: np.random.Generator, side: int) -> Picture:
    pixels = photos[int(rng.integers(len(photos)))].pixels
    needed = side / min(pixels.shape[:2])
    scale = _draw_scale(rng, needed)
    cut = max(side, round(side / scale))
    cut = min(cut, *pixels.shape[:2]) if needed <= 1 else min(pixels.shape[:2])
    top = int(rng.integers(pixels.shape[0] - cut + 1))
    left = int(rng.integers(pixels.shape[1] - cut + 1))
    patch = pixels[top : top + cut, left : left + cut]
    if cut != side:
        method = cv2.INTER_AREA if cut > side else cv2.INTER_CUBIC
        patch = np.asarray(cv2.resize(patch, (side, side), interpolation=method), np.uint8)
    # Upright (0) or mirrored (4) mostly: in real pictures the sky is above and things stand on the ground.
    return orient(patch, int(rng.integers(8)) if rng.random() < 0.25 else 4 * int(rng.integers(2)))


def _draw_scale(rng: np.random.Generator, smallest: float) -> float:
    """A third keep the photograph's own pixels, the others come from a reduced copy that shows more of it."""
    if rng.random() < 0.33:
        return 1.0
    return float(rng.uniform(min(1.0, max(0.2, smallest)), 1.0))


def orient(picture: Picture, turn: int) -> Picture:
    """Turn by quarters (bits 0 and 1 of `turn`) and mirror (bit 2): no pixel value changes."""
    turned = np.rot90(picture, turn % 4)
    return np.ascontiguousarray(turned[:, ::-1] if turn >= 4 else turned)


def _centre(pixels: Picture, largest: int) -> Picture:
    height, width = pixels.shape[:2]
    top, left = max(0, (height - largest) // 2), max(0, (width - largest) // 2)
    return np.ascontiguousarray(pixels[top : top + largest, left : left + largest])
