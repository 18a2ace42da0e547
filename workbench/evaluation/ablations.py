"""Ablations in kind of table 6 of the paper: short trainings that differ in one part of the anomaly network.

The extractor is the same for all, and frozen: what is compared is what reads its features. All begin as
detectors of what deviates (`starting_point`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras

from workbench.core.errors import WorkbenchError
from workbench.methods.mantranet import layers
from workbench.methods.mantranet.configuration import COMPACT_3, Configuration
from workbench.methods.mantranet.network import GlobalStatistics, ZScore, build_features
from workbench.training import anomaly_stage as stage
from workbench.training.batches import BatchPlan
from workbench.training.checkpoint import Progress, load_checkpoint
from workbench.training.commands import restored
from workbench.training.loop import Schedule, Training
from workbench.training.precision import AUTO, set_precision
from workbench.training.starting_point import start_convolution_as_deviation_detector

_SEED = 20261120


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
        minutes: of each training.
        folder: for checkpoints and logs; what is there is gone on with, so that a run may be stopped.
        precision: Keras dtype policy, or `auto`.
    """

    photos: Path
    start: Path
    minutes: float
    folder: Path
    precision: str = AUTO


def run(plan: Plan, variants: tuple[Variant, ...] = VARIANTS, base: Configuration = COMPACT_3) -> Any:
    """Train every variant and return the figures for the document.

    Raises:
        WorkbenchError: the checkpoint can't be used, or the minutes are too few for one measure.
    """
    keras.config.set_dtype_policy("float32")
    start = restored(plan.start, base)
    set_precision(plan.precision)
    return {
        "minutes": plan.minutes,
        "seed": _SEED,
        "variants": [_trained(plan, variant, base, start) for variant in variants],
    }


def build(variant: Variant, base: Configuration, start: Any) -> Any:
    """Return the compiled detector of a variant with the frozen extractor of `start`."""
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


def _trained(plan: Plan, variant: Variant, base: Configuration, start: Any) -> dict[str, Any]:
    keras.utils.set_random_seed(_SEED)
    model = build(variant, base, start)
    checkpoint, log = (plan.folder / f"{variant.name}{suffix}" for suffix in (".npz", ".jsonl"))
    data = BatchPlan("anomaly", plan.photos, "training", _SEED, stage.SIZES)
    progress = Progress("anomaly", model.name, _SEED, step=0, minutes=0.0)
    if checkpoint.exists():
        progress = load_checkpoint(checkpoint, model, model.optimizer)
    if progress.minutes < plan.minutes:
        training = Training(model, data, progress, Schedule(plan.minutes, stage.RATE))
        progress = training.run(checkpoint, log, stage.measure_localisation(data))
    entries = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    measured = [entry for entry in entries if "auc" in entry]
    if not measured:
        raise WorkbenchError(f"{log} holds no measure; give more minutes.")
    figures = {name: value for name, value in measured[-1].items() if name.startswith("auc")}
    return {"name": variant.name, "title": variant.title, "steps": progress.step, "auc": figures}
