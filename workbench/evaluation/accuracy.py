"""All figures of `docs/accuracy.md` in one run, on the same pictures for every method."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench.core.weights import WeightsCard
from workbench.evaluation import generated
from workbench.evaluation.calibration import for_calibration
from workbench.evaluation.datasets import Dataset, EvaluationError, open_dataset
from workbench.evaluation.evaluate import evaluate_beside
from workbench.evaluation.map_cache import kept_network
from workbench.evaluation.methods import BESIDE, MapOf
from workbench.training.forgeries import generator
from workbench.training.photos import load_photos

_LOGGER = logging.getLogger(__name__)

Figures = dict[str, Any]

BRIEF = ("network", "ela")
"""Methods of the long series, where all of them would take too long and say no more."""


@dataclass(frozen=True)
class Plan:
    """What is measured.

    Attributes:
        card: of the weights.
        folders: measuring sets; one without `masks/` is genuine, and the half of it that never calibrates
            is measured.
        photos: folder of photographs, of which only the held-out part is used.
        scratch: folder that keeps maps between runs.
        limit: pictures a folder, and forgeries a kind, at most; None for all and 40.
    """

    card: WeightsCard
    folders: tuple[Path, ...]
    photos: Path
    scratch: Path
    limit: int | None = None

    @property
    def forgeries(self) -> int:
        """Generated forgeries of each kind."""
        return min(40, self.limit or 40)

    @property
    def patches(self) -> int:
        """Patches that each manipulation is tried on."""
        return min(8, self.limit or 8)

    @property
    def processed(self) -> int:
        """Generated forgeries of each kind that are processed once more."""
        return min(8, self.limit or 8)


def methods_of(plan: Plan) -> dict[str, MapOf]:
    """Return the network, whose maps are kept, and what is measured beside it."""
    kept = kept_network(plan.card.path, plan.card.configuration, plan.card.sha256, plan.scratch)
    return {"network": kept} | BESIDE


def measure(plan: Plan, methods: dict[str, MapOf]) -> Figures:
    """Measure everything.

    Raises:
        EvaluationError, PhotosError: a folder can't be measured on.
    """
    photos = load_photos(plan.photos, "held-out")
    made = generated.forgeries(photos, plan.forgeries)
    brief = {name: methods[name] for name in BRIEF}
    return {
        "weights": {
            "name": plan.card.name,
            "sha256": plan.card.sha256,
            "configuration": plan.card.configuration,
            "threshold": plan.card.threshold.value,
            "threshold_source": plan.card.threshold.source,
        },
        "held_out_photographs": len(photos),
        "generator": generator(),
        "sets": _told("measuring sets", _sets(plan, methods)),
        "generated": _told("generated forgeries", generated.by_kind(methods, made)),
        "sensitivity": _told("sensitivity", generated.sensitivity(brief, photos, plan.patches)),
        "robustness": _told("robustness", generated.robustness(brief, made, plan.processed)),
    }


def _sets(plan: Plan, methods: dict[str, MapOf]) -> Figures:
    datasets = [_checking_half(open_dataset(folder)).thinned(plan.limit) for folder in plan.folders]
    network, card = methods["network"], plan.card
    return evaluate_beside(network, card.name, datasets, card.threshold.value, _LOGGER.info)


def _checking_half(dataset: Dataset) -> Dataset:
    """Of genuine pictures those that did not make the threshold; a set with truth as it is."""
    if not dataset.genuine:
        return dataset
    checking = tuple(path for path in dataset.images if not for_calibration(path.name))
    if not checking:
        raise EvaluationError(f"{dataset.name} holds no genuine picture that may check the threshold.")
    return replace(dataset, images=checking)


def _told(what: str, figures: Any) -> Any:
    _LOGGER.info("%s measured", what)
    return figures
