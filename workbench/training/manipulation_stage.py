"""Stage 1: the extractor learns to tell manipulations apart, pixel by pixel."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import keras
import numpy as np
from keras import ops

from workbench.methods.mantranet.configuration import Configuration
from workbench.methods.mantranet.network import build_extractor
from workbench.training.backend import JIT
from workbench.training.batches import BatchPlan, make_batch, to_network
from workbench.training.hierarchy import LEAVES, HierarchyLoss, group_accuracy
from workbench.training.loop import Measure
from workbench.training.photos import load_photos

STRIDE = 4
"""Every fourth pixel of a row and column is classified: its neighbours see nearly the same 29 x 29 pixels."""

RATE = 2e-3
SIZES = ((10, 96),)
_SCALE = 12.0
_CLIPNORM = 1.0


def recipe() -> dict[str, float | str]:
    """Return the numbers of this stage, for the checkpoint."""
    return {"side": SIZES[0][1], "count": SIZES[0][0], "rate": RATE, "stride": STRIDE, "clipnorm": _CLIPNORM}


@keras.saving.register_keras_serializable("mantranet")
class ClassifierHead(keras.layers.Layer):
    """Linear classifier on every STRIDE-th feature vector: (B, H, W, C) to logits (B, H/4, W/4, 381)."""

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create `kernel` (C, 381) and `bias` (381,)."""
        self.kernel = self.add_weight(shape=(input_shape[-1], LEAVES), name="kernel")
        self.bias = self.add_weight(shape=(LEAVES,), initializer="zeros", name="bias")

    def call(self, features: Any) -> Any:
        """Classify; unit vectors are scaled up so that the logits can reach far enough."""
        features = features[:, ::STRIDE, ::STRIDE] * _SCALE
        return ops.cast(ops.matmul(features, self.kernel) + self.bias, "float32")

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Every STRIDE-th row and column."""
        height, width = (None if n is None else -(-n // STRIDE) for n in input_shape[1:3])
        return (input_shape[0], height, width, LEAVES)


class _StridedLoss(HierarchyLoss):
    def call(self, y_true: Any, y_pred: Any) -> Any:
        return super().call(y_true[:, ::STRIDE, ::STRIDE], y_pred)


def build_classifier(configuration: Configuration) -> Any:
    """Return the compiled training graph: pictures to leaf logits, normalised, with its optimiser built."""
    extractor = build_extractor(configuration, normalise=True)
    logits = ClassifierHead(name="head")(extractor.output)
    model = keras.Model(extractor.input, logits, name="manipulations")
    model.compile(
        optimizer=keras.optimizers.Adam(RATE, clipnorm=_CLIPNORM), loss=_StridedLoss(), jit_compile=JIT
    )
    model.optimizer.build(model.trainable_variables)
    return model


def measure_accuracy(plan: BatchPlan, rounds: int = 6) -> Measure:
    """Return a measure: share of held-out pixels put into the right one of 28 groups."""
    held_out = replace(plan, part="held-out", seed=plan.seed + 1)
    photos = load_photos(plan.folder, "held-out")
    samples = [make_batch(held_out, photos, step) for step in range(rounds)]

    def measure(model: Any) -> dict[str, float]:
        accuracies = [
            group_accuracy(
                truth[:, ::STRIDE, ::STRIDE], np.asarray(model.predict_on_batch(to_network(pictures)))
            )
            for pictures, truth in samples
        ]
        return {"held_out_group_accuracy": float(np.mean(accuracies))}

    return measure
