from __future__ import annotations

import keras
import numpy as np
import pytest

from workbench.training.hierarchy import (
    GROUPS,
    LEAF_SHARE,
    LEAVES,
    HierarchyLoss,
    group_accuracy,
    group_matrix,
)


def loss(truth: list[int], logits: np.ndarray) -> float:
    y_true, y_pred = np.array(truth)[None, None], logits[None, None].astype("float32")
    return float(keras.ops.convert_to_numpy(HierarchyLoss()(y_true, y_pred)))


def test_every_leaf_has_one_group() -> None:
    matrix = group_matrix()
    assert matrix.shape == (LEAVES, GROUPS)
    assert (matrix.sum(axis=1) == 1).all()
    assert matrix[0].argmax() == 0


def test_loss_of_ignorance_follows_from_the_group_sizes() -> None:
    sizes = group_matrix().sum(axis=0)
    expected = LEAF_SHARE * np.log(LEAVES) - np.log(sizes[1] / LEAVES)  # leaf 1 is in group 1
    assert loss([1], np.zeros((1, LEAVES))) == pytest.approx(expected, rel=1e-4)


def test_a_wrong_strength_costs_less_than_a_wrong_operation() -> None:
    confident = 20 * np.eye(LEAVES)
    right, neighbour, elsewhere = (loss([1], confident[[leaf]]) for leaf in (1, 2, 300))
    assert right < 0.01
    assert right < neighbour < elsewhere


def test_accuracy_counts_groups() -> None:
    confident = 20 * np.eye(LEAVES)
    assert group_accuracy(np.array([1, 1, 300]), confident[[1, 2, 1]]) == pytest.approx(2 / 3)
