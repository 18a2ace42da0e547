"""What is measured: the network, and simple methods and a control beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.methods.cfa import missing_interpolation
from workbench.methods.ela import error_level
from workbench.methods.mantranet.method import load
from workbench.methods.noise import noise_level

Picture = NDArray[np.uint8]
Response = NDArray[np.float32]

MapOf = Callable[[Picture], Response]
"""From a picture (height x width x 3, uint8) to a map of the same height and width in 0..1."""


def centre_prior(picture: Picture) -> Response:
    """The control: high in the middle whatever the picture shows. What is not above it has found nothing."""
    height, width = picture.shape[:2]
    rows = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, width, dtype=np.float32)[None]
    return np.asarray(np.exp(-(rows**2 + columns**2)), np.float32)


BESIDE: dict[str, MapOf] = {
    "ela": error_level,
    "noi1": noise_level,
    "cfa1": missing_interpolation,
    "centre": centre_prior,
}
"""What every table shows beside the network, on the same pictures in the same run."""

TITLES = {"network": "ManTra-Net", "ela": "ELA", "noi1": "NOI1", "cfa1": "CFA1", "centre": "centre control"}


def network(weights: Path, configuration: str) -> MapOf:
    """Return ManTra-Net with these weights, along the path the product takes (tiles, two passes).

    Raises:
        WeightsError: the file does not fit the configuration.
    """
    loaded = load(weights, configuration)

    def respond(picture: Picture) -> Response:
        plan = loaded.plan(*picture.shape[:2])
        return loaded.analyse(picture, plan, _ignore, _ignore)

    return respond


def _ignore(*_: object) -> None:
    return
