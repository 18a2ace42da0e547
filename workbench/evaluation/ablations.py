"""Ablations in kind of table 6 of the paper: short trainings that differ in one part of the anomaly network.

The extractor is the same for all, and frozen: what is compared is what reads its features. All begin as
detectors of what deviates (`starting_point`) and are measured on the forgeries of the page on accuracy.
"""

from __future__ import annotations

import logging
import time
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import keras
import numpy as np

from workbench.core.digest import sha256_of_file
from workbench.evaluation import generated
from workbench.evaluation.methods import MapOf
from workbench.methods.mantranet import layers
from workbench.methods.mantranet.configuration import COMPACT_3, Configuration
from workbench.methods.mantranet.network import GlobalStatistics, ZScore, build_features
from workbench.training import anomaly_stage as stage
from workbench.training.batches import BatchPlan, batches, to_network
from workbench.training.checkpoint import CheckpointError, Progress, load_checkpoint, save_checkpoint
from workbench.training.commands import restored
from workbench.training.loop import rate_factor
from workbench.training.photos import load_photos
from workbench.training.precision import AUTO, set_precision
from workbench.training.starting_point import start_convolution_as_deviation_detector

_LOGGER = logging.getLogger(__name__)
_SEED = 20261120
_LOG_EVERY = 20


@dataclass(frozen=True)
class Variant:
    """A network to compare.

    Attributes:
        name: of its files.
        title: for the table.
        windows: sides of the local windows; the global mean is always there.
        feature_axis: join the windows as channels of one convolution instead of steps of the ConvLSTM.
        pooled: whether `pred` sees means of the state over windows, too.
    """

    name: str
    title: str
    windows: tuple[int, ...]
    feature_axis: bool = False
    pooled: bool = True


VARIANTS = (
    Variant("whole", "all windows, time axis (the network)", (7, 15, 31)),
    Variant("not-pooled", "without the means of the state", (7, 15, 31), pooled=False),
    Variant("feature-axis", "all windows, feature axis", (7, 15, 31), feature_axis=True),
    Variant("without-7", "without the window of 7", (15, 31)),
    Variant("without-31", "without the window of 31", (7, 15)),
    Variant("only-31", "window of 31 and the whole picture only", (31,)),
)


@dataclass(frozen=True)
class Plan:
    """What the trainings share.

    Attributes:
        photos: folder of photographs.
        start: checkpoint of any stage that gives every variant the same extractor.
        steps: of each training, on the same pictures in the same order.
        folder: for what is trained; a variant that is there is not trained again.
        precision: Keras dtype policy, or `auto`.
        forgeries: of each kind, to measure on.
    """

    photos: Path
    start: Path
    steps: int
    folder: Path
    precision: str = AUTO
    forgeries: int = 40


def run(plan: Plan, variants: tuple[Variant, ...] = VARIANTS, base: Configuration = COMPACT_3) -> Any:
    """Train every variant, measure all on the same forgeries and return the figures for the document.

    Returns:
        `recipe`, and of each variant `name`, `title` and `auc`: kind of forgery to figures, in which
        `difference` says by how much the first variant is above it.

    Raises:
        WorkbenchError: the checkpoint, the photographs or what is in the folder can't be used.
    """
    keras.config.set_dtype_policy("float32")
    start = restored(plan.start, base)
    recipe = {
        **stage.recipe(),
        "extractor_rate": 0,
        "steps": plan.steps,
        "seed": _SEED,
        "start": sha256_of_file(plan.start)[:12],
        "precision": set_precision(plan.precision),
    }
    models = {variant: build(variant, base, start) for variant in variants}
    for variant, model in models.items():
        _train(model, plan, recipe, plan.folder / f"{variant.name}.npz")
    methods = {variant.name: _map_of(model) for variant, model in models.items()}
    made = generated.forgeries(load_photos(plan.photos, "held-out"), plan.forgeries)
    measured = generated.by_kind(methods, made)
    return {
        "recipe": recipe,
        "variants": [
            {
                "name": variant.name,
                "title": variant.title,
                "auc": {kind: of[variant.name] for kind, of in measured.items()},
            }
            for variant in variants
        ],
    }


def build(variant: Variant, base: Configuration, start: Any) -> Any:
    """Return the compiled detector of a variant with the frozen extractor of `start`, by the same seed."""
    keras.utils.set_random_seed(_SEED)
    configuration = replace(
        base,
        name=f"{base.name}-{variant.name}",
        windows=variant.windows,
        pooling=base.pooling if variant.pooled else (),
    )
    if not variant.feature_axis:
        return stage.build_detector(configuration, start, relative=0)
    model = _feature_axis_network(configuration)
    start_convolution_as_deviation_detector(model)
    return stage.compiled(model, start, relative=0)


def _feature_axis_network(configuration: Configuration) -> Any:
    """All windows as channels of one 7 x 7 convolution with tanh, with as many filters as the ConvLSTM."""
    inner = build_features(configuration, normalise=True)
    mean, deviation = GlobalStatistics(name="statistics")(inner.output)
    divisor = layers.GlobalDeviation(name="glbStd")(deviation)
    nested = layers.NestedWindowDeviation(configuration.windows, banded=True, name="nestedAvgFeatex")
    deviations = nested(inner.output, mean)
    joined = keras.layers.Concatenate(name="joined")(ZScore(name="divStd")(deviations, divisor))
    filters = configuration.lstm_filters
    state = keras.layers.Conv2D(filters, 7, padding="same", activation="tanh", name="merge")(joined)
    if configuration.pooling:
        state = layers.PooledState(configuration.pooling, banded=True, name="nestedAvgState")(state)
    prediction = keras.layers.Conv2D(
        1, 7, padding="same", activation="sigmoid", dtype="float32", name="pred"
    )(state)
    return keras.Model(inner.input, prediction, name=configuration.name)


def _train(model: Any, plan: Plan, recipe: dict[str, Any], checkpoint: Path) -> None:
    """Train a variant, or take it from the folder where it was trained alike."""
    if checkpoint.exists():
        found = load_checkpoint(checkpoint, model, None).recipe
        if found != recipe:
            raise CheckpointError(
                f"{checkpoint} was trained in another way ({found}, now {recipe}), so it does not compare. "
                "Give another --folder, or delete it to train it anew."
            )
        return
    data = BatchPlan("anomaly", plan.photos, "training", _SEED, stage.SIZES)
    begin = time.monotonic()
    with closing(batches(data, 0)) as source:
        for step, (pictures, truth) in islice(source, plan.steps):
            model.optimizer.learning_rate = stage.RATE * rate_factor(step, step / plan.steps)
            loss = model.train_on_batch(to_network(pictures), truth)
            if (step + 1) % _LOG_EVERY == 0:
                _LOGGER.info("%s, step %d: loss %.3f", checkpoint.stem, step + 1, float(np.mean(loss)))
    minutes = (time.monotonic() - begin) / 60
    progress = Progress("anomaly", model.name, _SEED, plan.steps, minutes, recipe)
    save_checkpoint(checkpoint, progress, model, model.optimizer)


def _map_of(model: Any) -> MapOf:
    return lambda picture: np.asarray(model.predict_on_batch(to_network(picture[None])))[0, :, :, 0]
