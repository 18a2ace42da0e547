"""Between stage 1 and 2: the extractor learns to localise under a light head that is thrown away afterwards.

A convolutional head on features averaged over 4 x 4 pixels learns within minutes what the anomaly network
reaches in hours, and costs next to nothing, while half of a step of stage 2 is spent on the anomaly network
(docs/training-log.md, trial 8). What the features don't hold no head can read out, so this is where the time
of a training is best spent. Pictures, loss and figures are those of stage 2.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from workbench.methods.mantranet.configuration import Configuration
from workbench.methods.mantranet.network import build_extractor
from workbench.training import anomaly_stage
from workbench.training.anomaly_stage import compiled

RATE = 8e-4
"""Of the light head."""

EXTRACTOR_RATE = 0.75
"""Times RATE, for the extractor."""

_WAIT = 200
"""Steps in which the head alone learns: what a random one asks of the extractor would spoil it."""

SIZES = anomaly_stage.SIZES
CELL = 4
"""Side in pixels of what the head sees as one."""

_CHANNELS = 48
_DILATIONS = 1, 2, 4, 8
_GROUPS = 8
_SMALLEST_DEVIATION = 0.02


def recipe() -> dict[str, float | str]:
    """Return the numbers of this stage, for the checkpoint."""
    return {
        **anomaly_stage.recipe(),
        "rate": RATE,
        "extractor_rate": EXTRACTOR_RATE * RATE,
        "wait": _WAIT,
        "head": f"{_CHANNELS} channels, dilations {', '.join(map(str, _DILATIONS))}, cells of {CELL}",
    }


def build_localiser(configuration: Configuration, start: Any = None) -> Any:
    """Return the compiled training graph, pictures (B, H, W, 3) to response (B, H, W, 1), optimiser built.

    Sides are multiples of 4. Normalisation of the extractor is kept and frozen, as in stage 2.

    Args:
        configuration: of the network whose extractor is trained.
        start: model of any stage to take the extractor from.
    """
    extractor = build_extractor(configuration, normalise=True)
    response = _light_head(extractor.output)
    model = keras.Model(extractor.input, response, name="localiser")
    return compiled(model, start, RATE, EXTRACTOR_RATE, _WAIT)


def _light_head(features: Any) -> Any:
    """Layers with variables are named: Keras would count what was built before; checkpoints go by names."""
    x = _Standardised(name="standardised")(keras.layers.AveragePooling2D(CELL, name="cells")(features))
    x = keras.layers.Conv2D(_CHANNELS, 1, name="head_in")(x)
    for dilation in _DILATIONS:
        name = f"head_{dilation}"
        y = _normalised_relu(x, f"{name}_norm")
        y = keras.layers.Conv2D(_CHANNELS, 3, padding="same", dilation_rate=dilation, name=f"{name}_conv")(y)
        y = y + keras.layers.Conv2D(_CHANNELS, 1, name=f"{name}_whole")(_WholePicture()(y))
        x = x + keras.layers.Conv2D(_CHANNELS, 1, name=f"{name}_out")(ops.relu(y))
    x = _normalised_relu(x, "head_norm")
    x = keras.layers.Conv2D(1, 1, activation="sigmoid", dtype="float32", name="head_out")(x)
    return keras.layers.UpSampling2D(CELL, dtype="float32")(x)


def _normalised_relu(x: Any, name: str) -> Any:
    return ops.relu(keras.layers.GroupNormalization(_GROUPS, name=name)(x))


def _moments(x: Any) -> tuple[Any, Any]:
    x = ops.cast(x, "float32")
    mean = ops.mean(x, axis=(1, 2), keepdims=True)
    return mean, ops.sqrt(ops.mean(ops.square(x - mean), axis=(1, 2), keepdims=True) + 1e-8)


@keras.saving.register_keras_serializable("mantranet")
class _Standardised(keras.layers.Layer):
    """Each channel by its mean and deviation in the picture: (B, H, W, C) to the same shape."""

    def call(self, x: Any) -> Any:
        mean, deviation = _moments(x)
        return ops.cast((ops.cast(x, "float32") - mean) / (deviation + _SMALLEST_DEVIATION), x.dtype)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape


@keras.saving.register_keras_serializable("mantranet")
class _WholePicture(keras.layers.Layer):
    """Mean and deviation of each channel over the picture: (B, H, W, C) to (B, 1, 1, 2 C)."""

    def call(self, x: Any) -> Any:
        return ops.cast(ops.concatenate(_moments(x), axis=-1), x.dtype)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (input_shape[0], 1, 1, 2 * (input_shape[-1] or 0))
