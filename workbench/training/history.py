"""What happens to a picture between the sensor and the file: compressions, their grids, final processing."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.training.photos import Picture

GRID = 8
"""Side of a JPEG block; with 4:2:0 chroma the grid repeats every 16 pixels."""

_LUMA = np.array(
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
        14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ],
    np.float64,
)  # fmt: skip
"""Example luminance table of ITU-T T.81, annex K, row by row."""


def compress(picture: Picture, quality: int, subsampling: int, tilt: float = 0.0) -> Picture:
    """Encode as JPEG and decode again.

    Args:
        picture: height x width x 3, uint8.
        quality: 1 to 100, libjpeg's scale.
        subsampling: chroma 0 = 4:4:4, 1 = 4:2:2, 2 = 4:2:0.
        tilt: other than 0, the tables are not the standard ones: flatter (below 0) or steeper (above 0)
            towards high frequencies, as the tables of camera makers and photo editors are.
    """
    buffer = io.BytesIO()
    image = Image.fromarray(picture)
    if tilt:
        table = _tilted_table(quality, tilt)
        image.save(buffer, "JPEG", qtables=[table, table], subsampling=subsampling)
    else:
        image.save(buffer, "JPEG", quality=quality, subsampling=subsampling)
    with Image.open(buffer) as decoded:
        return np.array(decoded.convert("RGB"))


def _tilted_table(quality: int, tilt: float) -> list[int]:
    scale = 50 / quality if quality < 50 else 2 - quality / 50
    frequency = np.add.outer(np.arange(8), np.arange(8)).ravel() / 14
    table = np.rint(_LUMA * scale * np.exp(tilt * (frequency - 0.3)))
    return [int(value) for value in np.clip(table, 1, 255)]


def random_compression(picture: Picture, rng: np.random.Generator, low: int, high: int) -> Picture:
    """Compress at a random quality in low..high (both included), subsampling and kind of table."""
    quality = int(rng.integers(low, high + 1))
    subsampling = int(rng.choice(3, p=[0.4, 0.1, 0.5]))
    tilt = float(rng.uniform(-1.2, 0.8)) if rng.random() < 0.35 else 0.0
    return compress(picture, quality, subsampling, tilt)


def draw_offset(rng: np.random.Generator, aligned: float) -> tuple[int, int]:
    """Draw where a later JPEG grid lies on an earlier one: (0, 0) with chance `aligned`, else anywhere."""
    if rng.random() < aligned:
        return 0, 0
    row, column = rng.integers(0, GRID, 2)
    return int(row), int(column)


def with_history(
    source: Callable[[int], Picture], rng: np.random.Generator, side: int, aligned: float
) -> Picture:
    """Return a square picture as it would come out of somebody's folder: mostly a decoded JPEG.

    Args:
        source: gives an uncompressed square picture of the side asked for.
        rng: decides everything.
        side: of the result.
        aligned: chance that the grid of its last compression begins at the upper left pixel.
    """
    picture = source(side + 2 * GRID)
    rounds = int(rng.choice(3, p=[0.15, 0.65, 0.20]))
    for _ in range(rounds):
        low = 50 if rng.random() < 0.35 else 78
        picture = random_compression(picture, rng, low, 99)
    row, column = draw_offset(rng, aligned)
    return np.ascontiguousarray(picture[row : row + side, column : column + side])


def publish(picture: Picture, rng: np.random.Generator) -> Picture:
    """Process a finished picture as its maker or a web site would, keeping its size.

    A third stay as they are, most are saved as JPEG (quality 60 to 100, high ones more often), a few are
    slightly blurred or made noisy before.
    """
    choice = rng.random()
    if choice < 0.08:
        picture = np.asarray(cv2.GaussianBlur(picture, (3, 3), float(rng.uniform(0.3, 0.8))), np.uint8)
    elif choice < 0.13:
        noise = rng.standard_normal(picture.shape, np.float32) * np.float32(rng.uniform(0.5, 3))
        picture = np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)
    if rng.random() < 0.33:
        return picture
    return random_compression(picture, rng, 60 if rng.random() < 0.3 else 85, 100)
