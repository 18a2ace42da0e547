"""Stage 2: extractor and anomaly network learn together on generated forgeries."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops
from sklearn.metrics import roc_auc_score

from workbench.methods.mantranet.configuration import LAYERS, Configuration
from workbench.methods.mantranet.network import build_network
from workbench.training.backend import JIT
from workbench.training.batches import BatchPlan, to_network
from workbench.training.forgeries import KINDS, generator, make_forgery
from workbench.training.loop import Measure
from workbench.training.optimiser import LayeredMuon
from workbench.training.photos import load_photos
from workbench.training.starting_point import start_as_deviation_detector

RATE = 7e-4
"""Of the anomaly network. With two pictures a step the loss does not fall at 1e-3 (docs/training-log.md)."""

EXTRACTOR_RATE = 0.5
"""Times RATE, for the extractor: it has learned already (the paper's "half random", section 5.1, table 7)."""

SIZES = (6, 128), (4, 160), (2, 224), (1, 320)
"""Pictures a step and their side: much the same pixels. Small ones show whole scenes and many different
edits, large ones edits that no window reaches across."""

MEASURED_SIDE = 256
_CLIPNORM = 0.5
_LEAST = 1e-6
_NORMS = [f"{name}_norm" for name in LAYERS[1:]]
_STRIDE = 9
"""Pixels between those that are ranked; odd, so that every place in a JPEG block is met."""


def recipe() -> dict[str, float | str]:
    """Return the numbers of this stage, for the checkpoint."""
    return {
        "sizes": ", ".join(f"{count} of {side}" for count, side in SIZES),
        "rate": RATE,
        "extractor_rate": EXTRACTOR_RATE * RATE,
        "optimiser": LayeredMuon.__name__,
        "clipnorm": _CLIPNORM,
        "loss": "balanced cross-entropy + ranking",
        "generator": generator(),
    }


class LocalisationLoss(keras.losses.Loss):
    """Cross-entropy per pixel, and the ranking of edited above other pixels of the same picture.

    Cross-entropy gives the response one scale over all pictures; the ranking, a smooth form of what the
    area under the curve of a picture counts, sees places that stand out a little in a picture where
    nothing reaches a high response.
    """

    def __init__(self) -> None:
        super().__init__(name="localisation")

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Truth (B, H, W) 0 or 1 and response (B, H, W, 1) to the loss per pixel (B, H, W)."""
        truth = ops.cast(y_true, "float32")
        response = ops.clip(ops.cast(y_pred[..., 0], "float32"), _LEAST, 1 - _LEAST)
        return balanced_cross_entropy(truth, response) + ranking(truth, response)[:, None, None]


def balanced_cross_entropy(truth: Any, response: Any) -> Any:
    """Return the loss per pixel (B, H, W); edited pixels weigh more, the smaller their share of a picture.

    The weight is the square root of unedited over edited pixels: full balance would call far too much
    of a genuine picture edited, none at all would ignore small edits.
    """
    share = ops.clip(ops.mean(truth, axis=(1, 2), keepdims=True), 0.005, 0.995)
    weight = 1 + truth * (ops.sqrt((1 - share) / share) - 1)
    weight = weight / ops.mean(weight, axis=(1, 2), keepdims=True)
    return -weight * (truth * ops.log(response) + (1 - truth) * ops.log(1 - response))


def ranking(truth: Any, response: Any) -> Any:
    """Return the mean over pairs of an edited and another pixel of log(1 + exp(-difference)); (B,).

    The difference is that of the logits, on every ninth row and column; 0 where there is no pair.
    """
    logit = ops.log(response) - ops.log(1 - response)
    logit, truth = (ops.reshape(x[:, ::_STRIDE, ::_STRIDE], (ops.shape(x)[0], -1)) for x in (logit, truth))
    pairs = truth[:, :, None] * (1 - truth[:, None, :])
    losses = pairs * ops.softplus(logit[:, None, :] - logit[:, :, None])
    return ops.sum(losses, axis=(1, 2)) / ops.maximum(ops.sum(pairs, axis=(1, 2)), 1)


def build_detector(configuration: Configuration, start: Any = None, relative: float = EXTRACTOR_RATE) -> Any:
    """Return the compiled training graph with its optimiser built.

    The normalisation of stage 1 stays in the graph, its statistics and scales frozen: batches of a few
    pictures would shake them.

    Args:
        configuration: of the network.
        start: model of any stage to take the extractor from; the anomaly network then starts as a plain
            detector of deviations (see `starting_point`).
        relative: see `compiled`.
    """
    model = build_network(configuration, training=True)
    if start:
        start_as_deviation_detector(model)
    return compiled(model, start, relative=relative)


def compiled(
    model: Any, start: Any = None, rate: float = RATE, relative: float = EXTRACTOR_RATE, wait: int = 0
) -> Any:
    """Take over the extractor of another model, freeze its normalisation, compile; return the model.

    Args:
        model: extractor and a head.
        start: model of any stage to take the extractor from, if it does not start at random.
        rate: of the head.
        relative: rate of the extractor over that of the head; 0 freezes it, which saves its gradients.
        wait: steps in which the head alone learns.
    """
    if start:
        take_extractor(model, start)
    for name in (*_NORMS, *(() if relative else LAYERS)):
        model.get_layer(name).trainable = False
    optimiser = LayeredMuon(rate, dict.fromkeys(LAYERS, relative), _CLIPNORM, wait)
    model.compile(optimizer=optimiser, loss=LocalisationLoss(), jit_compile=JIT)
    model.optimizer.build(model.trainable_variables)
    return model


def take_extractor(model: Any, start: Any) -> None:
    """Give a model the extractor of another one, with its normalisation."""
    for name in (*LAYERS, *_NORMS):
        model.get_layer(name).set_weights(start.get_layer(name).get_weights())


def measure_localisation(plan: BatchPlan, count: int = 30) -> Measure:
    """Return a measure: mean pixel AUC on held-out generated forgeries, all and by kind."""
    photos = load_photos(plan.folder, "held-out")
    seed = plan.seed + 1
    samples = {
        kind: [
            make_forgery(photos, np.random.default_rng([seed, i]), MEASURED_SIDE, kind) for i in range(count)
        ]
        for kind in KINDS[1:]
    }

    def measure(model: Any) -> dict[str, float]:
        figures = {}
        for kind, forgeries in samples.items():
            maps = [model.predict_on_batch(to_network(forgery.picture[None])) for forgery in forgeries]
            scores = [
                roc_auc_score(forgery.mask.ravel(), np.asarray(response).ravel())
                for forgery, response in zip(forgeries, maps, strict=True)
            ]
            figures[f"auc_{kind}"] = float(np.mean(scores))
        return {"auc": float(np.mean(list(figures.values()))), **figures}

    return measure
