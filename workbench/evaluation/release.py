"""From a weight file to its card: calibrate, measure beside the simple methods, write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench.core.calibration import Calibration
from workbench.evaluation.calibration import calibrate, for_calibration
from workbench.evaluation.cards import Trained, count_sets, make_card, source_title, write_card
from workbench.evaluation.datasets import Dataset, open_dataset
from workbench.evaluation.evaluate import add_beside, evaluate
from workbench.evaluation.methods import BESIDE, MapOf, Picture
from workbench.training.photos import photo_paths, read_photo


@dataclass(frozen=True)
class Release:
    """What weights are judged on before they ship.

    Attributes:
        photos: folder of photographs, of which the held-out part calibrates.
        genuine: folder of genuine pictures; those of even hash calibrate, the others check.
        edited: folders with truth.
        limit: pictures a folder at most, None for all.
    """

    photos: Path
    genuine: Path
    edited: tuple[Path, ...]
    limit: int | None = None


def release(method: MapOf, trained: Trained, given: Release, folder: Path) -> dict[str, Any]:
    """Calibrate and measure a method, write its card into the folder of the weight file, return it."""
    genuine = open_dataset(given.genuine, given.limit)
    calibration, sources = calibrate(method, _calibrating(given.photos, genuine, given.limit))
    checking = replace(genuine, images=_half(genuine, calibrating=False))
    datasets = [*(open_dataset(edited, given.limit) for edited in given.edited), checking]
    report = measured(method, trained.name, datasets, calibration)
    photographs = [(path.parent.name, path.name) for path in photo_paths(given.photos, "training")]
    card = make_card(trained, folder, (calibration, sources), report, count_sets(photographs))
    write_card(card, photographs, folder)
    return card


def measured(
    method: MapOf, weights: str, datasets: list[Dataset], calibration: Calibration
) -> dict[str, Any]:
    """Return the report on these sets with the simple methods and the control beside it."""
    report, results = evaluate(method, weights, datasets, calibration.threshold)
    for name, other in BESIDE.items():
        add_beside(report, name, results, evaluate(other, name, datasets, 0.5)[1])
    return report


def _calibrating(photos: Path, genuine: Dataset, limit: int | None) -> Iterator[tuple[str, Picture]]:
    for path in photo_paths(photos, "held-out")[:limit]:
        yield source_title(path.parent.name), read_photo(path).pixels
    for sample in replace(genuine, images=_half(genuine, calibrating=True)).samples():
        yield genuine.name, sample.picture


def _half(dataset: Dataset, *, calibrating: bool) -> tuple[Path, ...]:
    return tuple(path for path in dataset.images if for_calibration(path.name) == calibrating)
