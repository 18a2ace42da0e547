"""From a weight file to its card: calibrate, measure beside the simple methods, write."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench.evaluation.calibration import calibrate, for_calibration
from workbench.evaluation.cards import (
    Trained,
    check_licences,
    count_sets,
    make_card,
    source_title,
    write_card,
)
from workbench.evaluation.datasets import Dataset, every_kth, open_dataset
from workbench.evaluation.evaluate import evaluate_beside
from workbench.evaluation.methods import MapOf, Picture
from workbench.training.photos import photo_paths, read_photo

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class Release:
    """What weights are judged on before they ship.

    Attributes:
        photos: folder of photographs, of which the held-out part calibrates.
        genuine: folder of genuine pictures; those of even hash calibrate, the others check.
        edited: folders with truth.
        limit: pictures a folder at most, every k-th, to try it; None for all.
    """

    photos: Path
    genuine: Path
    edited: tuple[Path, ...]
    limit: int | None = None


def release(method: MapOf, trained: Trained, given: Release, folder: Path) -> dict[str, Any]:
    """Calibrate and measure a method, write its card into the folder of the weight file, return it.

    A card that rests on a part of the pictures is returned, but not written: it would pass for a whole one.

    Raises:
        CardError: photographs trained on have no known licence; told before hours are spent.
    """
    photographs = [(path.parent.name, path.name) for path in photo_paths(given.photos, "training")]
    check_licences(photographs)
    genuine = open_dataset(given.genuine, given.limit)
    checking = replace(genuine, images=_half(genuine, calibrating=False))
    datasets = [*(open_dataset(edited, given.limit) for edited in given.edited), checking]
    calibration, sources = calibrate(method, _calibrating(given.photos, genuine, given.limit))
    report = evaluate_beside(method, trained.name, datasets, calibration.threshold, _LOGGER.info)
    card = make_card(trained, folder, (calibration, sources), report, count_sets(photographs))
    if given.limit is None:
        write_card(card, photographs, folder)
    return card


def _calibrating(photos: Path, genuine: Dataset, limit: int | None) -> Iterator[tuple[str, Picture]]:
    for path in every_kth(photo_paths(photos, "held-out"), limit):
        yield source_title(path.parent.name), read_photo(path).pixels
    for sample in replace(genuine, images=_half(genuine, calibrating=True)).samples():
        yield genuine.name, sample.picture


def _half(dataset: Dataset, *, calibrating: bool) -> tuple[Path, ...]:
    return tuple(path for path in dataset.images if for_calibration(path.name) == calibrating)
