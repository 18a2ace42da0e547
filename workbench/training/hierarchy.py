"""Losses and measures over the tree of manipulations."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from workbench.training.manipulations import group_of_leaf

Tensor = Any

LEAVES = 381
GROUPS = 28
LEAF_SHARE = 0.3


def group_matrix() -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return (381, 28) float32: 1 where a leaf class belongs to a level-1 group."""
    matrix = np.zeros((LEAVES, GROUPS), np.float32)
    matrix[np.arange(LEAVES), group_of_leaf()] = 1
    return matrix


class HierarchyLoss(keras.losses.Loss):
    """Cross-entropy of the 28 groups plus 0.3 times that of the 381 leaves, from leaf logits.

    A group's probability is the sum of its leaves'. Neighbouring strengths can hardly be told apart, so
    that the leaf loss alone learns next to nothing.
    """

    def __init__(self) -> None:
        super().__init__(name="hierarchy")
        self._matrix = group_matrix()
        self._groups = group_of_leaf().astype(np.int32)

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """Leaf classes (B, H, W) and logits (B, H, W, 381) to the loss per pixel (B, H, W)."""
        leaf = ops.cast(y_true, "int32")
        log_all = ops.logsumexp(y_pred, axis=-1)
        leaf_loss = log_all - ops.squeeze(ops.take_along_axis(y_pred, leaf[..., None], axis=-1), -1)
        # Summing probabilities by a matrix product needs no indexing over 381 classes in the backward pass.
        shares = ops.matmul(ops.exp(y_pred - log_all[..., None]), ops.convert_to_tensor(self._matrix))
        group = ops.take(ops.convert_to_tensor(self._groups), leaf)
        right = ops.squeeze(ops.take_along_axis(shares, group[..., None], axis=-1), -1)
        return LEAF_SHARE * leaf_loss - ops.log(ops.maximum(right, 1e-7))


def group_accuracy(truth: np.ndarray[Any, Any], logits: np.ndarray[Any, Any]) -> float:
    """Share of pixels whose group, 0 to 27, is the most likely one, from leaf logits (..., 381)."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    best = (shifted @ group_matrix()).argmax(axis=-1)
    return float((best == group_of_leaf()[truth]).mean())
