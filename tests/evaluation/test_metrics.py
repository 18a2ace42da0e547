from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from workbench.evaluation.metrics import (
    PooledAuc,
    bootstrap_interval,
    comparable,
    image_auc,
    score_picture,
)


@pytest.fixture
def truth() -> np.ndarray:
    mask = np.zeros((40, 50), np.bool_)
    mask[10:20, 10:25] = True
    return mask


def test_a_perfect_map_scores_one(truth: np.ndarray) -> None:
    score = score_picture(0.1 + 0.8 * truth.astype(np.float32), truth, 0.5)
    assert score is not None
    assert (score.auc, score.f1_best, score.f1_fixed, score.iou_fixed) == pytest.approx((1, 1, 1, 1))


def test_a_map_that_says_nothing_scores_half(truth: np.ndarray) -> None:
    score = score_picture(np.full(truth.shape, 0.3, np.float32), truth, 0.5)
    assert score is not None
    assert score.auc == pytest.approx(0.5)
    assert score.f1_fixed == 0


def test_half_found_at_the_threshold(truth: np.ndarray) -> None:
    response = np.zeros(truth.shape, np.float32)
    response[10:20, 10:20] = 0.9  # 100 of 150 pixels, none beside them
    score = score_picture(response, truth, 0.5)
    assert score is not None
    assert score.iou_fixed == pytest.approx(100 / 150)
    assert score.f1_fixed == pytest.approx(2 * 100 / 250)


def test_the_prediction_is_negated_where_most_is_edited(truth: np.ndarray) -> None:
    response = truth.astype(np.float32)
    assert np.array_equal(comparable(response, truth), response)
    assert np.array_equal(comparable(response, ~truth), 1 - response)
    score = score_picture(response, ~truth, 0.5)
    assert score is not None
    assert score.auc == 1


def test_pictures_without_two_kinds_of_pixels_have_no_score(truth: np.ndarray) -> None:
    response = np.zeros(truth.shape, np.float32)
    assert score_picture(response, np.zeros_like(truth), 0.5) is None
    assert score_picture(response, np.ones_like(truth), 0.5) is None


def test_pooled_area_is_that_of_all_pixels() -> None:
    rng = np.random.default_rng(0)
    truths = [rng.random((30, 40)) < 0.2 for _ in range(3)]
    maps = [np.clip(rng.random((30, 40)) * 0.6 + 0.3 * truth, 0, 1).astype(np.float32) for truth in truths]
    pooled = PooledAuc()
    for response, truth in zip(maps, truths, strict=True):
        pooled.add(response, truth)
    expected = roc_auc_score(np.concatenate(truths).ravel(), np.concatenate(maps).ravel())
    assert pooled.value() == pytest.approx(expected, abs=1e-3)


def test_interval_holds_the_mean_and_narrows() -> None:
    rng = np.random.default_rng(1)
    few, many = rng.normal(0.7, 0.1, 20), rng.normal(0.7, 0.1, 2000)
    low, high = bootstrap_interval(few)
    assert low < few.mean() < high
    narrow = bootstrap_interval(many)
    assert narrow[1] - narrow[0] < (high - low) / 4


def test_picture_measure_orders_edited_above_genuine() -> None:
    assert image_auc(np.array([0.4, 0.5]), np.array([0.1, 0.2])) == 1
    assert image_auc(np.array([0.1, 0.4]), np.array([0.2, 0.3])) == 0.5
