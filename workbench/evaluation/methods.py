"""What is measured: the network, and two simple methods beside it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from workbench.methods.mantranet.method import load

Picture = NDArray[np.uint8]
Response = NDArray[np.float32]

MapOf = Callable[[Picture], Response]
"""From a picture (height x width x 3, uint8) to a map of the same height and width in 0..1."""

_ELA_QUALITY = 90
_ELA_SIGMA = 4.0
_ELA_FULL_SCALE = 16.0


def error_level(picture: Picture) -> Response:
    """Error level analysis: what another JPEG compression (quality 90) changes, smoothed; 16 levels are 1."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=_ELA_QUALITY)
    with Image.open(buffer) as image:
        again = np.asarray(image.convert("RGB"))
    change = np.abs(picture.astype(np.float32) - again.astype(np.float32)).mean(axis=-1)
    smooth = np.asarray(cv2.GaussianBlur(change, (0, 0), _ELA_SIGMA), np.float32)
    return np.asarray(np.clip(smooth / np.float32(_ELA_FULL_SCALE), 0, 1), np.float32)


def centre_prior(picture: Picture) -> Response:
    """The control: high in the middle whatever the picture shows. What is not above it has found nothing."""
    height, width = picture.shape[:2]
    rows = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, width, dtype=np.float32)[None]
    return np.asarray(np.exp(-(rows**2 + columns**2)), np.float32)


def network(weights: Path, configuration: str) -> MapOf:
    """Return ManTra-Net with these weights, along the path the product takes (tiles, two passes).

    Raises:
        WeightsError: the file does not fit the configuration.
    """
    loaded = load(weights, configuration)

    def respond(picture: Picture) -> Response:
        plan = loaded.plan(*picture.shape[:2])
        return loaded.analyse(picture, plan, _ignore_progress, _ignore_tile)

    return respond


def _ignore_progress(_done: int, _total: int, _fraction: float) -> None:
    return


def _ignore_tile(_x: int, _y: int, _response: Response) -> None:
    return
