"""A threshold with a meaning: how bright a spot is that one in twenty genuine pictures has."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.core.errors import WorkbenchError
from workbench.evaluation.evaluate import SPOT_SHARE
from workbench.evaluation.methods import MapOf
from workbench.evaluation.metrics import spot_share

FALSE_ALARMS = 0.05
_FEWEST = 20
_HALVINGS = 14
_ROUNDS = 2000

Picture = NDArray[np.uint8]
Response = NDArray[np.float32]


class CalibrationError(WorkbenchError):
    """There are too few pictures to calibrate on. The message is a sentence for the user."""


@dataclass(frozen=True)
class Calibration:
    """A threshold, how many genuine pictures it rests on, and its 95 % bootstrap interval."""

    threshold: float
    pictures: int
    interval: tuple[float, float]


def brightest_spot(response: Response) -> float:
    """Return the highest threshold at which a component over 0.5 % of the picture is left (by bisection).

    The largest component never grows with the threshold, so bisection finds it, to 1/16384.
    """
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if spot_share(response, middle) > SPOT_SHARE:
            low = middle
        else:
            high = middle
    return high


def calibrate(method: MapOf, genuine: Iterable[Picture]) -> Calibration:
    """Return the response at which 5 % of genuine pictures have a component over 0.5 % of their area.

    Raises:
        CalibrationError: fewer than 20 pictures: the 95th percentile would rest on one of them.
    """
    spots = np.array([brightest_spot(method(picture)) for picture in genuine])
    if len(spots) < _FEWEST:
        raise CalibrationError(
            f"{len(spots)} pictures are too few to calibrate on; at least {_FEWEST} are needed."
        )
    rng = np.random.default_rng(0)
    drawn = spots[rng.integers(len(spots), size=(_ROUNDS, len(spots)))]
    quantiles = np.quantile(drawn, 1 - FALSE_ALARMS, axis=1)
    low, high = np.percentile(quantiles, [2.5, 97.5])
    threshold = float(np.quantile(spots, 1 - FALSE_ALARMS))
    return Calibration(threshold, len(spots), (float(low), float(high)))


def for_calibration(file_name: str) -> bool:
    """Tell whether a genuine picture of a measuring set calibrates (even hash) or checks (odd hash)."""
    return int(hashlib.sha256(file_name.encode("utf-8")).hexdigest()[:8], 16) % 2 == 0
