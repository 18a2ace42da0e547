"""A threshold with a meaning: how bright a spot is that one in twenty genuine pictures has."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np

from workbench.core import paths
from workbench.core.errors import WorkbenchError
from workbench.core.heatmap import Response
from workbench.core.jsonform import from_json
from workbench.core.text import visible
from workbench.core.weights import Threshold

SPOT_SHARE = 0.005
"""A component over 0.5 % of a picture's area is a spot that an examiner would notice."""

FALSE_ALARMS = 0.05
FEWEST = 20
"""With fewer pictures the 95th percentile would rest on one of them."""

_HALVINGS = 14
_ROUNDS = 2000


class CalibrationError(WorkbenchError):
    """A calibration can't be made or read. The message is a sentence for the user."""


@dataclass(frozen=True)
class Calibration:
    """A threshold, how many genuine pictures it rests on, and its 95 % bootstrap interval."""

    threshold: float
    pictures: int
    interval: tuple[float, float]


@dataclass(frozen=True)
class OwnCalibration:
    """A calibration on the user's own genuine pictures.

    Attributes:
        weights_sha256: of the weight file that the responses came from.
        folder: name of the folder of pictures.
        made: ISO 8601 with UTC offset.
        calibration: what came out.
        pictures: SHA-256 of each file and its brightest spot, so that anybody can check the arithmetic.
    """

    weights_sha256: str
    folder: str
    made: str
    calibration: Calibration
    pictures: tuple[tuple[str, float], ...]

    @property
    def threshold(self) -> Threshold:
        """For the window and the record."""
        low, high = self.calibration.interval
        words = (
            f"calibrated on {self.calibration.pictures} genuine pictures ({visible(self.folder, 60)}): 1 in "
            f"20 of them has a spot this bright over 0.5 % of its area; 95 % interval {low:.3f} to {high:.3f}"
        )
        return Threshold(round(self.calibration.threshold, 4), words)

    def write(self) -> Path:
        """Write it where `own_calibration` finds it; an older one for the same weights is replaced.

        Raises:
            OSError: the user's folder can't be written.
        """
        path = calibration_file(self.weights_sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_suffix(".tmp")
        scratch.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", "utf-8")
        os.replace(scratch, path)
        return path


def spot_share(response: Response, threshold: float) -> float:
    """Return the largest 8-connected component above a threshold as a share of the map, 0 to 1."""
    marked = (response > threshold).astype(np.uint8)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(marked, connectivity=8)
    largest = boxes[1:, cv2.CC_STAT_AREA].max(initial=0)
    return float(largest) / response.size


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


def calibration_of(spots: Sequence[float]) -> Calibration:
    """Return the response at which 5 % of genuine pictures have a component over 0.5 % of their area.

    Args:
        spots: `brightest_spot` of each picture.

    Raises:
        CalibrationError: fewer than 20 pictures.
    """
    if len(spots) < FEWEST:
        raise CalibrationError(
            f"{len(spots)} pictures are too few to calibrate on: the threshold would rest on one of them. "
            f"Give at least {FEWEST}; with 100 and more the interval becomes narrow."
        )
    values = np.asarray(spots, np.float64)
    rng = np.random.default_rng(0)
    drawn = values[rng.integers(len(values), size=(_ROUNDS, len(values)))]
    low, high = np.percentile(np.quantile(drawn, 1 - FALSE_ALARMS, axis=1), [2.5, 97.5])
    return Calibration(float(np.quantile(values, 1 - FALSE_ALARMS)), len(values), (float(low), float(high)))


def calibration_file(weights_sha256: str) -> Path:
    """Where the user's calibration of these weights is, or would be."""
    return paths.user_folder() / "calibrations" / f"{weights_sha256}.json"


def own_calibration(weights_sha256: str) -> OwnCalibration | None:
    """The user's calibration of these weights, or None if there is none.

    Raises:
        CalibrationError: the file is damaged, or of other weights.
    """
    path = calibration_file(weights_sha256)
    try:
        found = from_json(OwnCalibration, json.loads(path.read_text("utf-8")))
        if found.weights_sha256 != weights_sha256 or not 0 <= found.calibration.threshold <= 1:
            raise ValueError("of other weights, or off the scale")
        return found
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise CalibrationError(
            f"The calibration {path} can't be read, so it is not used. Make it again with workbench "
            "calibrate, or remove the file."
        ) from error
