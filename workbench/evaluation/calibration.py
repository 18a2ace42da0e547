"""The threshold of weights that ship, from genuine pictures that training never saw."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from workbench.core.calibration import Calibration, brightest_spot, calibration_of
from workbench.evaluation.methods import MapOf, Picture


def calibrate(method: MapOf, genuine: Iterable[Picture]) -> Calibration:
    """Return the response at which 5 % of genuine pictures have a component over 0.5 % of their area.

    Raises:
        CalibrationError: fewer than 20 pictures.
    """
    return calibration_of([brightest_spot(method(picture)) for picture in genuine])


def for_calibration(file_name: str) -> bool:
    """Tell whether a genuine picture of a measuring set calibrates (even hash) or checks (odd hash)."""
    return int(hashlib.sha256(file_name.encode("utf-8")).hexdigest()[:8], 16) % 2 == 0
