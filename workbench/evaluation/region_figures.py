"""Figures over all pictures of the benchmark of regions, ready for JSON, the table and the curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.core.jsonform import to_json
from workbench.evaluation.metrics import bootstrap_interval, share_interval
from workbench.evaluation.region_pictures import STRENGTHS
from workbench.evaluation.region_results import COVERED, FOUND, PictureResult, Tried
from workbench.evaluation.regions import Plan

Figures = dict[str, Any]
AIM_COVERED, AIM_FALSE = 0.5, 0.5
"""Of the weak edits that the whole-image run misses, half; false suggestions a megapixel."""
_CURVE_POINTS = 60


def figures_of(plan: Plan, results: Sequence[PictureResult], least_score: float) -> Figures:
    """All figures at the least score of the product, and the curve over all scores."""
    megapixels = sum(result.pixels for result in results) / 1e6
    scores = sorted((s for result in results for s in result.false_scores), reverse=True)
    return {
        "weights": plan.card.name,
        "weights_sha256": plan.card.sha256,
        "part": plan.part,
        "pictures": len(results),
        "side": plan.side,
        "seed": plan.seed,
        "megapixels": megapixels,
        "parameters": to_json(plan.parameters),
        "least_score": least_score,
        "score_at_aim": score_at(scores, AIM_FALSE * megapixels, plan.parameters.least_score),
        "false_per_megapixel": sum(score >= least_score for score in scores) / megapixels,
        "suggestions_per_picture": float(np.mean([len(_kept(r.suggested, least_score)) for r in results])),
        "edits": {name: _edit_figures(results, index, least_score) for index, name in enumerate(STRENGTHS)},
        "weak_alone": _alone(results),
        "kinds": _kinds(results, least_score),
        "curve": [_point(results, float(score), scores, megapixels) for score in _curve_scores(results)],
        "best_iou": {name: _ious(results, index, least_score) for index, name in enumerate(STRENGTHS)},
    }


def score_at(scores: Sequence[float], allowed: float, least: float) -> float:
    """The least score at which at most that many of the (descending) scores are left, rounded up.

    If there are fewer anyway it is the least one that was measured.
    """
    if len(scores) <= allowed:
        return least
    return float(np.ceil(scores[int(allowed)] * 1000 + 1) / 1000)


def _kept(tried: Sequence[Tried], least_score: float) -> list[Tried]:
    return [region for region in tried if region.score >= least_score]


def _edit_figures(results: Sequence[PictureResult], edit: int, least_score: float) -> Figures:
    """Recall and AUC by each way of looking, and what is covered of what the whole-image run misses."""
    whole = np.array([result.whole[edit].iou for result in results])
    found = {name: _of_all(results, edit, least_score, by) for name, by in _WAYS.items()}
    ious = {name: np.array([iou for iou, _ in pairs]) for name, pairs in found.items()}
    figures: Figures = {
        name: {
            "recall": _mean(ious[name] > FOUND),
            "auc": None if name == "hand, all marked" else _mean(np.array([auc for _, auc in pairs])),
        }
        for name, pairs in found.items()
    }
    missed = whole <= FOUND
    unseen = np.array([result.whole[edit].at_threshold <= FOUND for result in results])
    covered = np.array([_covers(result.suggested, edit, least_score) for result in results])
    by_chance = np.array([_covers(result.random, edit, least_score) for result in results])
    aucs = {name: np.array([auc for _, auc in pairs]) for name, pairs in found.items()}
    return {
        "ways": figures,
        "hand_above_whole": _mean(aucs["hand"] - aucs["whole"]),
        "hand_above_centre": _mean(aucs["hand"] - aucs["hand, centre control"]),
        "missed": int(missed.sum()),
        "missed_covered": _mean(covered[missed]),
        "missed_covered_by_random": _mean(by_chance[missed]),
        "unseen": int(unseen.sum()),
        "unseen_covered": _mean(covered[unseen]),
        "unseen_covered_by_random": _mean(by_chance[unseen]),
        "covered": _mean(covered),
        "covered_by_random": _mean(by_chance),
    }


def _alone(results: Sequence[PictureResult]) -> Figures:
    """What the whole-image run shows of the weak edit where there is no other, and beside the strong one."""
    alone = np.array([result.alone.auc for result in results])
    return {
        "recall": _mean(np.array([result.alone.iou > FOUND for result in results])),
        "auc": _mean(alone),
        "auc_above": _mean(alone - np.array([result.whole[1].auc for result in results])),
    }


def _kinds(results: Sequence[PictureResult], least_score: float) -> Figures:
    """Each kind of edit apart: how many, shown by the whole-image run, shown in a hand's region, covered."""
    kinds: dict[str, list[tuple[float, float, bool]]] = {}
    for result in results:
        for edit, kind in enumerate(result.kinds):
            covered = _covers(result.suggested, edit, least_score)
            auc = result.whole[edit].auc, result.hand[edit].auc
            kinds.setdefault(kind, []).append((*auc, covered))
    return {
        kind: {
            "pictures": len(rows),
            "whole_auc": float(np.mean([row[0] for row in rows])),
            "hand_auc": float(np.mean([row[1] for row in rows])),
            "covered": float(np.mean([row[2] for row in rows])),
        }
        for kind, rows in sorted(kinds.items())
    }


Pair = tuple[float, float]
"""Best IoU and AUC of one edit."""


def _of_all(
    results: Sequence[PictureResult],
    edit: int,
    least_score: float,
    by: Callable[[PictureResult, int, float], Pair],
) -> list[Pair]:
    return [by(result, edit, least_score) for result in results]


def _by_whole(result: PictureResult, edit: int, _: float) -> Pair:
    return result.whole[edit].iou, result.whole[edit].auc


def _by_hand(result: PictureResult, edit: int, _: float) -> Pair:
    return result.hand[edit].iou, result.hand[edit].auc


def _by_hand_alone(result: PictureResult, edit: int, _: float) -> Pair:
    return result.hand_plain[edit], 0.5


def _by_hand_centre(result: PictureResult, edit: int, _: float) -> Pair:
    return result.hand_centre[edit].iou, result.hand_centre[edit].auc


def _by_search(result: PictureResult, edit: int, least_score: float) -> Pair:
    return _by_regions(_kept(result.suggested, least_score), result, edit)


def _by_random(result: PictureResult, edit: int, least_score: float) -> Pair:
    return _by_regions(_kept(result.random, least_score), result, edit)


def _by_regions(regions: Sequence[Tried], result: PictureResult, edit: int) -> Pair:
    """The best of the regions that were run, beside the whole-image run that the examiner has anyway."""
    ious = [result.whole[edit].iou, *(region.shown[edit].iou for region in regions)]
    nearest = max(regions, key=lambda region: region.overlap[edit], default=None)
    if nearest is not None and nearest.overlap[edit] > COVERED:
        return max(ious), nearest.shown[edit].auc
    return max(ious), result.whole[edit].auc


_WAYS: dict[str, Callable[[PictureResult, int, float], Pair]] = {
    "whole": _by_whole,
    "hand": _by_hand,
    "hand, all marked": _by_hand_alone,
    "hand, centre control": _by_hand_centre,
    "whole and suggestions": _by_search,
    "whole and random windows": _by_random,
}


def _covers(regions: Sequence[Tried], edit: int, least_score: float) -> bool:
    return any(region.overlap[edit] > COVERED for region in _kept(regions, least_score))


def _mean(values: NDArray[Any]) -> Figures:
    """Mean and its 95 % interval, of shares the exact one, else by bootstrap; both None without a value."""
    if not len(values):
        return {"mean": None, "interval": None}
    if values.dtype == np.bool_:
        interval = share_interval(int(values.sum()), len(values))
        return {"mean": float(values.mean()), "interval": list(interval)}
    return {"mean": float(values.mean()), "interval": list(bootstrap_interval(values.astype(np.float64)))}


def _curve_scores(results: Sequence[PictureResult]) -> NDArray[np.float64]:
    every = [s for result in results for s in result.false_scores]
    every += [region.score for result in results for region in result.suggested]
    if not every:
        return np.zeros(0)
    return np.unique(np.quantile(every, np.linspace(0, 1, _CURVE_POINTS)))[::-1]


def _point(
    results: Sequence[PictureResult], score: float, false_scores: Sequence[float], megapixels: float
) -> Figures:
    """What a least score gives."""
    point: Figures = {
        "score": score,
        "false_per_megapixel": sum(value >= score for value in false_scores) / megapixels,
    }
    for edit, name in enumerate(STRENGTHS):
        missed = [result for result in results if result.whole[edit].iou <= FOUND]
        point[name] = _share(_covers(result.suggested, edit, score) for result in missed)
        point[f"{name} by random"] = _share(_covers(result.random, edit, score) for result in missed)
    return point


def _share(values: Any) -> float:
    listed = list(values)
    return float(np.mean(listed)) if listed else 0.0


def _ious(results: Sequence[PictureResult], edit: int, least_score: float) -> dict[str, list[float]]:
    """Best IoU of each edit by each way, sorted, for the curves."""
    return {
        name: sorted(round(iou, 4) for iou, _ in _of_all(results, edit, least_score, by))
        for name, by in _WAYS.items()
    }
