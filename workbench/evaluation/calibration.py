"""The threshold of weights that ship, from genuine pictures that training never saw."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from workbench.core.calibration import Calibration, brightest_spot, calibration_of
from workbench.evaluation.methods import MapOf, Picture


@dataclass(frozen=True)
class SourceCount:
    """How many of the calibrating pictures of one source have a spot above the threshold that all gave."""

    source: str
    pictures: int
    with_spot: int


def calibrate(
    method: MapOf, genuine: Iterable[tuple[str, Picture]]
) -> tuple[Calibration, tuple[SourceCount, ...]]:
    """Return the response at which 5 % of genuine pictures have a component over 0.5 % of their area.

    Args:
        method: gives the maps.
        genuine: source and pixels of each picture; the counts say what each source has of the 5 %.

    Raises:
        CalibrationError: fewer than 20 pictures.
    """
    spots: dict[str, list[float]] = {}
    for source, picture in genuine:
        spots.setdefault(source, []).append(brightest_spot(method(picture)))
    calibration = calibration_of([spot for values in spots.values() for spot in values])
    return calibration, tuple(
        SourceCount(source, len(values), sum(spot > calibration.threshold for spot in values))
        for source, values in sorted(spots.items())
    )


def for_calibration(file_name: str) -> bool:
    """Tell whether a genuine picture of a measuring set calibrates (even hash) or checks (odd hash)."""
    return int(hashlib.sha256(file_name.encode("utf-8")).hexdigest()[:8], 16) % 2 == 0
