"""What `workbench train` does: functions that the command line calls, one for each stage."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras

from workbench.methods.mantranet.configuration import COMPACT_3, CONFIGURATIONS, Configuration
from workbench.training import anomaly_stage, extractor_stage, manipulation_stage
from workbench.training.batches import BatchPlan
from workbench.training.checkpoint import CheckpointError, Progress, load_checkpoint, read_progress
from workbench.training.export import export_weights
from workbench.training.loop import Schedule, Training
from workbench.training.precision import AUTO, set_precision
from workbench.training.widening import widen

_LOGGER = logging.getLogger(__name__)

CHECKPOINTS = Path("weights/checkpoints")

DEFAULT = COMPACT_3
"""What is trained unless another configuration is asked for."""


_BUILDERS: dict[str, Callable[[Configuration], Any]] = {
    "manipulations": manipulation_stage.build_classifier,
    "extractor": extractor_stage.build_localiser,
    "anomaly": anomaly_stage.build_detector,
}


def checkpoint_file(configuration: str, stage: str) -> Path:
    """Return where a stage keeps its checkpoint unless told otherwise."""
    return CHECKPOINTS / f"{configuration}-{stage}.npz"


@dataclass(frozen=True)
class Options:
    """What a training is told.

    Attributes:
        minutes: to train in all, counting those of the checkpoint that is resumed.
        photos: folder of genuine photographs.
        checkpoint: written every few minutes, and resumed where it exists.
        log: JSON lines.
        seed: of the data.
        workers: background processes that make batches.
        precision: Keras dtype policy, or `auto`.
        configuration: of the network.
    """

    minutes: float
    checkpoint: Path
    log: Path
    photos: Path
    seed: int = 20261120
    workers: int = 1
    precision: str = AUTO
    configuration: Configuration = DEFAULT


def train_manipulations(options: Options) -> Progress:
    """Stage 1: train or go on training the extractor."""
    policy = set_precision(options.precision)
    stage = manipulation_stage
    plan = BatchPlan("manipulations", options.photos, "training", options.seed, stage.SIZES)
    keras.utils.set_random_seed(options.seed)
    model = stage.build_classifier(options.configuration)
    progress = _resumed(options, model, "manipulations", {**stage.recipe(), "precision": policy})
    training = Training(model, plan, progress, Schedule(options.minutes, stage.RATE))
    return training.run(options.checkpoint, options.log, stage.measure_accuracy(plan), options.workers)


def train_extractor(options: Options, start: Path | None = None) -> Progress:
    """Train or go on training the extractor under a light head (see `extractor_stage`).

    Args:
        options: as for stage 1.
        start: where there is nothing to resume, the checkpoint of any stage to take the extractor from.
    """
    stage = extractor_stage
    keras.config.set_dtype_policy("float32")
    start = _used(start, options)
    before = restored(start, options.configuration) if start else None
    policy = set_precision(options.precision)
    plan = BatchPlan("anomaly", options.photos, "training", options.seed, stage.SIZES)
    keras.utils.set_random_seed(options.seed)
    model = stage.build_localiser(options.configuration, before)
    progress = _resumed(options, model, "extractor", {**stage.recipe(), "precision": policy})
    training = Training(model, plan, progress, Schedule(options.minutes, stage.RATE))
    measure = anomaly_stage.measure_localisation(plan)
    return training.run(options.checkpoint, options.log, measure, options.workers)


def train_anomaly(options: Options, start: Path | None = None, extractor: Path | None = None) -> Progress:
    """Stage 2: train or go on training the whole network.

    Args:
        options: as for stage 1.
        start: where there is nothing to resume, the checkpoint of stage 1 to take the extractor from, or one
            of stage 2 of a narrower network to go on from (see `widening`).
        extractor: checkpoint whose extractor replaces that of what is resumed, once: when it is resumed with
            the same file again, it keeps what it has learned since.
    """
    stage = anomaly_stage
    keras.config.set_dtype_policy("float32")
    digest, new = _taken_over(options.checkpoint, extractor)
    learned = restored(extractor, options.configuration) if extractor and new else None
    before, narrower = None, False
    start = _used(start, options)
    if start:
        earlier = read_progress(start)
        narrower = earlier.stage == "anomaly"
        before = restored(start, _known(earlier.configuration) if narrower else options.configuration)
    policy = set_precision(options.precision)
    plan = BatchPlan("anomaly", options.photos, "training", options.seed, stage.SIZES)
    keras.utils.set_random_seed(options.seed)
    model = stage.build_detector(options.configuration, None if narrower else before)
    if narrower:
        widen(model, before, options.configuration)
    recipe = {**stage.recipe(), "precision": policy, "extractor": digest}
    progress = _resumed(options, model, "anomaly", recipe)
    if learned:
        stage.take_extractor(model, learned)
    training = Training(model, plan, progress, Schedule(options.minutes, stage.RATE))
    return training.run(options.checkpoint, options.log, stage.measure_localisation(plan), options.workers)


def export(checkpoint: Path, out: Path, configuration: Configuration = DEFAULT) -> Progress:
    """Write the weight file of a checkpoint of stage 2 and return how long it was trained.

    Raises:
        CheckpointError: the file can't be used, or is of another stage or network.
    """
    progress = read_progress(checkpoint)
    if progress.stage != "anomaly":
        raise CheckpointError(
            f"{checkpoint.name} is a state of the stage {progress.stage}, which is no whole network. "
            "Give one of the stage anomaly instead."
        )
    keras.config.set_dtype_policy("float32")
    export_weights(restored(checkpoint, configuration), configuration, out)
    return progress


def _resumed(options: Options, model: Any, stage: str, recipe: dict[str, float | str]) -> Progress:
    """Where to begin; with the numbers of now where there are minutes left to train."""
    progress = Progress(stage, options.configuration.name, options.seed, step=0, minutes=0.0)
    if options.checkpoint.exists():
        progress = load_checkpoint(options.checkpoint, model, model.optimizer)
    if progress.seed != options.seed:
        raise CheckpointError(
            f"{options.checkpoint} was trained on data of the seed {progress.seed}. Give --seed "
            f"{progress.seed} to go on with them, or another --checkpoint to begin anew."
        )
    return replace(progress, recipe=recipe) if progress.minutes < options.minutes else progress


def _used(start: Path | None, options: Options) -> Path | None:
    """What a stage starts from, unless it goes on from its own checkpoint; the log says which."""
    if options.checkpoint.exists():
        if start:
            _LOGGER.info("%s is there and is gone on from: --start is not used.", options.checkpoint)
        return None
    if not start:
        _LOGGER.info("There is no state to go on from and no --start: what is not taken over is random.")
    return start


def _taken_over(checkpoint: Path, extractor: Path | None) -> tuple[str, bool]:
    """First digits of the SHA-256 of the checkpoint that gave the extractor, and whether it has yet to."""
    before = str(read_progress(checkpoint).recipe.get("extractor", "")) if checkpoint.exists() else ""
    if extractor is None or not extractor.exists():
        return before, extractor is not None
    digest = hashlib.sha256(extractor.read_bytes()).hexdigest()[:12]
    if digest == before:
        _LOGGER.info("The extractor of %s was taken over before; what it learned since is kept.", extractor)
    return digest, digest != before


def _known(configuration: str) -> Configuration:
    if configuration not in CONFIGURATIONS:
        raise CheckpointError(
            f"A checkpoint of {configuration} can't be gone on from: it is no known network."
        )
    return CONFIGURATIONS[configuration]


def restored(checkpoint: Path, configuration: Configuration) -> Any:
    """Return the training graph of the stage that wrote a checkpoint, with its values.

    Raises:
        CheckpointError: the file can't be used, or is of another network.
    """
    stage = read_progress(checkpoint).stage
    if stage not in _BUILDERS:
        raise CheckpointError(
            f"{checkpoint.name} is a state of the stage {stage}. Give one of {', '.join(_BUILDERS)} instead."
        )
    model = _BUILDERS[stage](configuration)
    load_checkpoint(checkpoint, model, None)
    return model
