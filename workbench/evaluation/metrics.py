"""Measures of a response against the truth, from scikit-learn and SciPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.metrics import f1_score, jaccard_score, precision_recall_curve, roc_auc_score

Response = NDArray[np.float32]
Truth = NDArray[np.bool_]

_BINS = 4096
_ROUNDS = 2000


def comparable(response: Response, truth: Truth) -> Response:
    """Apply the paper's rule: where more than half of a picture is edited, the prediction is negated.

    The network marks what differs from its surroundings; the smaller part is what differs.
    """
    return 1 - response if truth.mean() > 0.5 else response


@dataclass(frozen=True)
class PictureScore:
    """Measures of one edited picture."""

    auc: float
    f1_best: float
    f1_fixed: float
    iou_fixed: float


def score_picture(response: Response, truth: Truth, threshold: float) -> PictureScore | None:
    """Measure one map, after the paper's rule; None where all or nothing is edited (AUC has no meaning)."""
    if truth.all() or not truth.any():
        return None
    values, edited = comparable(response, truth).ravel(), truth.ravel()
    precision, recall, _ = precision_recall_curve(edited, values)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    marked = values > threshold
    return PictureScore(
        float(roc_auc_score(edited, values)),
        float(f1.max()),
        float(f1_score(edited, marked, zero_division=0)),
        float(jaccard_score(edited, marked, zero_division=0)),
    )


class PooledAuc:
    """Area under the curve of all pixels of a set together, from histograms of 4096 steps of 0..1."""

    def __init__(self) -> None:
        self._counts = np.zeros((2, _BINS), np.float64)

    def add(self, response: Response, truth: Truth) -> None:
        """Count the pixels of one picture, after the paper's rule."""
        steps = np.clip(comparable(response, truth) * _BINS, 0, _BINS - 1).astype(np.int64)
        for edited in (0, 1):
            self._counts[edited] += np.bincount(steps[truth == bool(edited)], minlength=_BINS)

    def value(self) -> float:
        """Return the area; equal steps count half."""
        negative, positive = self._counts
        below = np.cumsum(negative) - negative / 2
        return float((positive * below).sum() / (positive.sum() * negative.sum()))


def bootstrap_interval(values: NDArray[np.float64], seed: int = 0) -> tuple[float, float]:
    """Return the 95 % interval of the mean over pictures, by drawing pictures with replacement.

    For differences of two methods give the differences per picture: the interval is then a paired one.
    """
    rng = np.random.default_rng(seed)
    means = values[rng.integers(len(values), size=(_ROUNDS, len(values)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def share_interval(count: int, of: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a share (Clopper and Pearson, 1934); of 0 of n, too."""
    if not of:
        return 0.0, 1.0
    interval = binomtest(count, of).proportion_ci(0.95, method="exact")
    return float(interval.low), float(interval.high)


def image_auc(edited: NDArray[np.float64], genuine: NDArray[np.float64]) -> float:
    """Return how well one figure per picture (the mean of its map) tells edited from genuine pictures."""
    labels = np.repeat([1, 0], [len(edited), len(genuine)])
    return float(roc_auc_score(labels, np.concatenate([edited, genuine])))
