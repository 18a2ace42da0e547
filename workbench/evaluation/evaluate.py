"""One method over one or several data sets: figures as the table 8 of the paper has them, and more."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.core.calibration import SPOT_SHARE, spot_share
from workbench.evaluation.datasets import Dataset, EvaluationError
from workbench.evaluation.map_cache import KeptMaps
from workbench.evaluation.methods import BESIDE, MapOf
from workbench.evaluation.metrics import (
    PictureScore,
    PooledAuc,
    bootstrap_interval,
    image_auc,
    score_picture,
    share_interval,
)

Told = Callable[[str], None]
"""Takes a line on what is measured now."""

_NO_IMAGE_AUC = dict.fromkeys(("image_auc", "image_auc_against"))


@dataclass
class SetResult:
    """What one method gives on one data set.

    Attributes:
        dataset: name.
        genuine: whether nothing in the set is edited.
        scores: of each edited picture, None where the whole is edited.
        means: mean of each map.
        areas: share of each picture above the threshold.
        spots: share of each picture's largest component above it.
        pooled: all pixels together.
        seconds, pixels: for the speed.
    """

    dataset: str
    genuine: bool
    scores: list[PictureScore | None] = field(default_factory=list)
    means: list[float] = field(default_factory=list)
    areas: list[float] = field(default_factory=list)
    spots: list[float] = field(default_factory=list)
    pooled: PooledAuc = field(default_factory=PooledAuc)
    seconds: float = 0.0
    pixels: int = 0

    def aucs(self) -> NDArray[np.float64]:
        """Return the pixel AUC of each picture, NaN where it has none."""
        return np.array([np.nan if score is None else score.auc for score in self.scores])

    def mean_auc(self) -> float:
        """Return the mean pixel AUC over the pictures that have one."""
        return float(np.nanmean(self.aucs()))


def run_method(method: MapOf, dataset: Dataset, threshold: float) -> SetResult:
    """Take every picture of a set through a method.

    Raises:
        EvaluationError: a mask is missing or does not fit, or no picture has an edited and a genuine part.
    """
    result = SetResult(dataset.name, dataset.genuine)
    for sample in dataset.samples():
        begin = _clock(method)
        response = method(sample.picture)
        result.seconds += _clock(method) - begin
        result.pixels += response.size
        result.means.append(float(response.mean()))
        result.areas.append(float((response > threshold).mean()))
        result.spots.append(spot_share(response, threshold))
        if sample.truth is not None:
            result.scores.append(score_picture(response, sample.truth, threshold))
            result.pooled.add(response, sample.truth)
    if not dataset.genuine and not any(result.scores):
        raise EvaluationError(f"No picture of {dataset.name} has both edited and genuine pixels.")
    return result


def _clock(method: MapOf) -> float:
    """Seconds; for a method that keeps its maps those that they took when they were computed."""
    return method.seconds if isinstance(method, KeptMaps) else time.perf_counter()


def summary(result: SetResult, threshold: float, genuine: list[SetResult]) -> dict[str, Any]:
    """Return the figures of one set, ready for JSON.

    Args:
        result: of `run_method`.
        threshold: that it was run with.
        genuine: of the genuine sets to compare with; without any, no image AUC.
    """
    figures: dict[str, Any] = {
        "name": result.dataset,
        "images": len(result.means),
        "threshold": threshold,
        "seconds_per_megapixel": round(result.seconds / max(result.pixels, 1) * 1e6, 3),
    }
    if result.genuine:
        return figures | _without_truth() | {"genuine": _genuine_figures(result)}
    aucs = result.aucs()
    aucs = aucs[~np.isnan(aucs)]
    scores = [score for score in result.scores if score is not None]
    return figures | {
        "scored": len(scores),
        "pixel_auc_mean": float(aucs.mean()),
        "pixel_auc_interval": list(bootstrap_interval(aucs)),
        "pixel_auc_pooled": result.pooled.value(),
        "f1_best_mean": float(np.mean([score.f1_best for score in scores])),
        "f1_fixed": float(np.mean([score.f1_fixed for score in scores])),
        "iou_fixed": float(np.mean([score.iou_fixed for score in scores])),
        **_image_auc(result, genuine),
        "genuine": None,
    }


def _image_auc(result: SetResult, genuine: list[SetResult]) -> dict[str, Any]:
    means = [mean for other in genuine for mean in other.means]
    if not means:
        return _NO_IMAGE_AUC
    return {
        "image_auc": image_auc(np.array(result.means), np.array(means)),
        "image_auc_against": [other.dataset for other in genuine],
    }


def difference(result: SetResult, other: SetResult) -> dict[str, Any]:
    """Return how much higher one method's mean pixel AUC is than another's, with the paired interval."""
    differences = result.aucs() - other.aucs()
    differences = differences[~np.isnan(differences)]
    return {"mean": float(differences.mean()), "interval": list(bootstrap_interval(differences))}


def add_beside(report: dict[str, Any], name: str, results: list[SetResult], others: list[SetResult]) -> None:
    """Add another method's mean AUC and the paired difference to each set with truth."""
    for entry, result, other in zip(report["datasets"], results, others, strict=True):
        if not result.genuine:
            entry[f"beside_{name}"] = {
                "pixel_auc_mean": other.mean_auc(),
                "difference": difference(result, other),
            }


def evaluate(
    method: MapOf,
    weights: str,
    datasets: list[Dataset],
    threshold: float,
    told: Told = lambda line: None,
) -> tuple[dict[str, Any], list[SetResult]]:
    """Measure a method on several sets: the report for JSON, and what it was computed from."""
    results = []
    for number, dataset in enumerate(datasets, 1):
        told(f"{weights}: {dataset.name}, {len(dataset.images)} pictures (set {number} of {len(datasets)})")
        results.append(run_method(method, dataset, threshold))
    report = {
        "weights": weights,
        "rule": "prediction negated where more than half of a picture is edited",
        "datasets": [summary(result, threshold, _genuine_for(result, results)) for result in results],
    }
    return report, results


def evaluate_beside(
    method: MapOf, weights: str, datasets: list[Dataset], threshold: float, told: Told = lambda line: None
) -> dict[str, Any]:
    """Return the report that is published: the simple methods and the control beside the method.

    Image AUCs are only those within one source.
    """
    report, results = evaluate(method, weights, datasets, threshold, told)
    for name, simple in BESIDE.items():
        add_beside(report, name, results, evaluate(simple, name, datasets, 0.5, told)[1])
    for entry in report["datasets"]:
        against = entry["image_auc_against"] or ()
        if any(source(name) != source(entry["name"]) for name in against):
            entry.update(_NO_IMAGE_AUC)  # pictures of two sources differ in more than an edit
    return report


def source(name: str) -> str:
    """What a set's name begins with (`casia1` of `casia1_splicing`): its pictures are of one source."""
    return name.partition("_")[0]


def _genuine_for(result: SetResult, results: list[SetResult]) -> list[SetResult]:
    """The genuine sets of the same source, or all where none is of the same."""
    genuine = [other for other in results if other.genuine]
    return [other for other in genuine if source(other.dataset) == source(result.dataset)] or genuine


def _genuine_figures(result: SetResult) -> dict[str, Any]:
    with_spot = int(np.sum(np.array(result.spots) > SPOT_SHARE))
    return {
        "images": len(result.areas),
        "area_median": float(np.median(result.areas)),
        "area_mean": float(np.mean(result.areas)),
        "with_spot": with_spot,
        "share_with_spot": with_spot / max(1, len(result.spots)),
        "share_with_spot_interval": list(share_interval(with_spot, len(result.spots))),
    }


def _without_truth() -> dict[str, None]:
    names = ("scored", "pixel_auc_mean", "pixel_auc_interval", "pixel_auc_pooled", "f1_best_mean")
    return dict.fromkeys((*names, "f1_fixed", "iou_fixed")) | _NO_IMAGE_AUC
