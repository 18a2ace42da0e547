"""The head that tells families of manipulations apart, fitted to the frozen extractor of finished weights."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from workbench.core.digest import sha256_of_file
from workbench.core.errors import WorkbenchError
from workbench.core.families import CLEAR, FAMILIES, coloured, head_file
from workbench.methods.mantranet.configuration import Configuration
from workbench.methods.mantranet.family_head import save_head
from workbench.methods.mantranet.family_network import HEAD_LAYERS, assign_all, build_families, head_path
from workbench.methods.mantranet.weights import load_weights
from workbench.training.backend import JIT
from workbench.training.batches import BatchPlan, make_batch, to_network
from workbench.training.checkpoint import CheckpointError, Progress, load_checkpoint, variable_value
from workbench.training.family_patches import FAINT, LEAST_CHANGE, Truth
from workbench.training.loop import Measure, Schedule, Training
from workbench.training.photos import load_photos

RATE = 4e-3
SIDE = 96
COUNT = 8
STEPS = 24
"""Of the head, for each batch that the extractor has looked at."""

COMMON = ("untouched", "compression")
COMMON_WEIGHT = 0.6
"""They cover two to three times the pixels of any other: half way between families alike and pixels alike."""

KEPT = 512
"""Patches whose features are kept, some 300 MB for 32 filters."""

ROUNDS = 12
"""Batches that the confusion is counted on."""

WORKERS = 2
"""Processes that make patches; two keep up with the extractor."""

Counts = NDArray[np.int64]
Features = NDArray[np.float16]
Samples = list[tuple[Features, Truth]]
"""Features (B, H, W, C) of held-out patches, and what was done to them."""


@dataclass(frozen=True)
class Fitting:
    """What a fitting is told.

    Attributes:
        weights: the finished weight file.
        configuration: its network.
        photos: folder of photographs.
        minutes: in all, with those of the checkpoint that is resumed.
        folder: for checkpoint and log.
        seed, precision: as for the other stages.
    """

    weights: Path
    configuration: Configuration
    photos: Path
    minutes: float
    folder: Path
    seed: int = 20261121
    precision: str = "float32"


class FamilyLoss(keras.losses.Loss):
    """Weighted cross-entropy per pixel over the eight classes; where the change is faint there is none."""

    def __init__(self) -> None:
        super().__init__(name="families")
        self._weights = np.array([COMMON_WEIGHT if name in COMMON else 1.0 for name in FAMILIES], np.float32)

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Truth (B, H, W) as in `family_patches` and logits (B, H, W, 8) to the loss per pixel (B, H, W)."""
        truth = ops.cast(y_true, "int32")
        family = ops.where(truth < FAINT, truth, 0)
        weight = ops.where(truth < FAINT, ops.take(ops.convert_to_tensor(self._weights), family), 0.0)
        right = ops.take_along_axis(y_pred, family[..., None], axis=-1)
        return weight * (ops.logsumexp(y_pred, axis=-1) - ops.squeeze(right, -1))


def fit(fitting: Fitting) -> Path:
    """Fit or go on fitting the head, write it beside the weights with its confusion matrix, return its file.

    Raises:
        WeightsError: the weights can't be read.
        CheckpointError: the checkpoint belongs to other weights.
        WorkbenchError: stopped before the minutes were spent; nothing is written but the checkpoint.
    """
    keras.config.set_dtype_policy(fitting.precision)
    keras.utils.set_random_seed(fitting.seed)
    digest = sha256_of_file(fitting.weights)
    model = build(fitting)
    plan = BatchPlan("families", fitting.photos, "training", fitting.seed, ((COUNT, SIDE),))
    samples = held_out(plan, model)
    progress = _trained(fitting, model, plan, digest, _measure(samples))
    if progress.minutes < fitting.minutes:
        raise WorkbenchError(
            f"Stopped after {progress.minutes:.1f} of {fitting.minutes:g} minutes: the head that is there "
            "stays as it was. The same command goes on from here."
        )
    path = head_file(fitting.weights)
    save_head(path, folded_head(model.network), fitting.configuration, digest)
    card = _card(fitting, path, digest, progress, *confusion(model, samples))
    path.with_suffix(".json").write_text(json.dumps(card, indent=2) + "\n", "utf-8")
    return path


class HeadTrainer:
    """Extractor and head as the training loop sees them: one model of which only the head trains.

    Nearly all the time goes into the frozen extractor, so features are kept and each is used for several
    steps of the head. A resumed fitting starts with none.

    Attributes:
        network: the whole graph, for answers.
        optimizer: of the head.
    """

    def __init__(self, network: Any, seed: int) -> None:
        features = network.get_layer("L2").output
        self.network = network
        self._extractor = keras.Model(network.input, features)
        self._head = keras.Model(features, network.output)
        self._head.compile(optimizer=keras.optimizers.Adam(RATE), loss=FamilyLoss(), jit_compile=JIT)
        self.optimizer = self._head.optimizer
        self.optimizer.build(self._head.trainable_variables)
        self._rng = np.random.default_rng(seed)
        self._kept: deque[tuple[Features, Truth]] = deque(maxlen=KEPT)

    @property
    def variables(self) -> list[Any]:
        """What a checkpoint holds."""
        return list(self.network.variables)

    def features(self, pictures: NDArray[np.float32]) -> Features:
        """Of the frozen extractor, (B, H, W, C)."""
        found = ops.cast(self._extractor(pictures, training=False), "float32")
        return np.asarray(ops.convert_to_numpy(ops.stop_gradient(found)), np.float16)

    def train_on_batch(self, pictures: NDArray[np.float32], truth: NDArray[np.int16]) -> float:
        """Keep the features of new pictures, then take `STEPS` steps on some of all that are kept."""
        self._kept.extend(zip(self.features(pictures), truth, strict=True))
        losses = []
        for _ in range(STEPS):
            crops = [self._crop() for _ in range(len(pictures))]
            features, classes = (np.stack(arrays) for arrays in zip(*crops, strict=True))
            loss = self._head.train_on_batch(features.astype(np.float32), classes)
            losses.append(float(np.asarray(loss).ravel()[0]))
        return float(np.mean(losses))

    def _crop(self) -> tuple[Features, Truth]:
        """A quarter of a kept patch: neighbours say nearly the same, other patches say more."""
        features, classes = self._kept[int(self._rng.integers(len(self._kept)))]
        side = classes.shape[0] // 2
        top, left = self._rng.integers(classes.shape[0] - side + 1, size=2)
        place = slice(top, top + side), slice(left, left + side)
        return features[place], classes[place]

    def logits(self, features: Features) -> NDArray[np.float32]:
        """Of the head, (B, H, W, 8)."""
        return np.asarray(self._head.predict_on_batch(features.astype(np.float32)), np.float32)


def build(fitting: Fitting) -> HeadTrainer:
    """Return the graph with the extractor of the weights, ready to be fitted."""
    network = build_families(fitting.configuration, normalise=True)
    assign_all(network, load_weights(fitting.weights, fitting.configuration))
    return HeadTrainer(network, fitting.seed)


def folded_head(model: Any) -> dict[str, NDArray[np.float32]]:
    """Return the head's arrays by their path in the file, the normalisation before it folded in."""
    head = {
        head_path(layer, variable.name): variable_value(variable).astype(np.float32)
        for layer in HEAD_LAYERS
        for variable in model.get_layer(layer).weights
    }
    norm = model.get_layer("hidden_norm")
    mean, variance = (variable_value(v).astype(np.float32) for v in (norm.moving_mean, norm.moving_variance))
    kernel, bias = head_path("hidden", "kernel"), head_path("hidden", "bias")
    head[kernel] = head[kernel] / np.sqrt(variance + np.float32(norm.epsilon))[:, None]
    head[bias] = head[bias] - mean @ head[kernel][0, 0]
    return head


def held_out(plan: BatchPlan, model: HeadTrainer) -> Samples:
    """Patches of held-out photographs, as the frozen extractor sees them."""
    other = replace(plan, part="held-out", seed=plan.seed + 1)
    photos = load_photos(plan.folder, "held-out")
    made = (make_batch(other, photos, step) for step in range(ROUNDS))
    return [(model.features(to_network(pictures)), truth) for pictures, truth in made]


def confusion(model: HeadTrainer, samples: Samples) -> tuple[Counts, Counts]:
    """Count pixels: row the truth (see `family_patches`), column the most likely class, and the one shown."""
    likely, shown = np.zeros((2, 2 * FAINT, len(FAMILIES)), np.int64)
    for features, truth in samples:
        shares = np.asarray(ops.convert_to_numpy(ops.softmax(model.logits(features))))
        classes = shares.argmax(axis=-1).astype(np.uint8)
        clearness = np.rint(shares.max(axis=-1) * 255).astype(np.uint8)
        np.add.at(likely, (truth.ravel(), classes.ravel()), 1)
        np.add.at(shown, (truth.ravel(), coloured(classes, clearness).ravel()), 1)
    return likely, shown


def balanced(counts: Counts) -> float:
    """Return the mean over families of the share of its pixels that are shown as that family."""
    return float(np.mean(np.diag(counts) / np.maximum(counts.sum(axis=1), 1)))


def _measure(samples: Samples) -> Measure:
    return lambda model: {"held_out_family_accuracy": balanced(confusion(model, samples)[0][:FAINT])}


def _trained(fitting: Fitting, model: Any, plan: BatchPlan, digest: str, measure: Measure) -> Progress:
    stage = f"families of {digest[:12]}"
    checkpoint, log = fitting.folder / "families.npz", fitting.folder / "families.jsonl"
    progress = Progress(stage, fitting.configuration.name, fitting.seed, step=0, minutes=0.0)
    if checkpoint.exists():
        found = load_checkpoint(checkpoint, model, model.optimizer)
        if found.stage != stage:
            raise CheckpointError(
                f"{checkpoint} belongs to a head of other weights. Remove it to fit one to these."
            )
        progress = found
    if progress.minutes >= fitting.minutes:
        return progress
    return Training(model, plan, progress, Schedule(fitting.minutes, RATE)).run(
        checkpoint, log, measure, WORKERS
    )


def _card(
    fitting: Fitting, path: Path, digest: str, progress: Progress, likely: Counts, shown: Counts
) -> dict[str, Any]:
    return {
        "weights_sha256": digest,
        "sha256": sha256_of_file(path),
        "families": list(FAMILIES),
        "likely": likely[:FAINT].tolist(),
        "likely_is": "pixels of held-out photographs; row: what was done, column: the most likely class",
        "shown": shown[:FAINT].tolist(),
        "shown_is": f"the same pixels; column: the colour shown, none (first) for shares under {CLEAR}",
        "faint": shown[FAINT:].tolist(),
        "faint_is": f"what is shown where pixels changed by less than {LEAST_CHANGE} grey levels (RMS)",
        "balanced_accuracy": round(balanced(likely[:FAINT]), 4),
        "chance": round(1 / len(FAMILIES), 4),
        "minutes": round(progress.minutes, 1),
        "steps": progress.step,
        "seed": fitting.seed,
    }
