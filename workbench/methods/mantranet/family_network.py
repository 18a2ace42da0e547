"""The head of families as a Keras graph on the extractor: for training, and where OpenVINO is not."""

from typing import Any

import keras

from workbench.core.families import FAMILIES
from workbench.methods.mantranet import layers
from workbench.methods.mantranet.configuration import LAYERS, Configuration
from workbench.methods.mantranet.family_head import HIDDEN, WINDOW, HeadArrays
from workbench.methods.mantranet.network import build_extractor
from workbench.methods.mantranet.weights import Arrays, variable_path

HEAD_LAYERS = ("hidden", "mixed", "classes")


@keras.saving.register_keras_serializable("mantranet")
class WindowMean(keras.layers.Layer):
    """Mean over the window around each pixel, clipped at the border (see `layers.window_mean`)."""

    def call(self, x: Any) -> Any:
        """(B, H, W, C) to the same shape."""
        return layers.window_mean(x, WINDOW)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Unchanged."""
        return input_shape


def build_families(configuration: Configuration, normalise: bool = False) -> Any:
    """Return the graph: (B, H, W, 3) float in -1..1 to logits (B, H, W, 8); the extractor does not train.

    Args:
        configuration: of the weights.
        normalise: put a batch normalisation `hidden_norm` before the head, for training: features of unit
            length vary little about a large mean. It is folded into `hidden` when the head is written.
    """
    extractor = build_extractor(configuration)
    extractor.trainable = False
    x = extractor.output
    if normalise:
        norm = keras.layers.BatchNormalization(
            momentum=0.9, epsilon=1e-5, center=False, scale=False, name="hidden_norm"
        )
        x = norm(x)
    x = keras.layers.Conv2D(HIDDEN, 1, activation="relu", name="hidden")(x)
    x = keras.layers.Conv2D(HIDDEN, 1, activation="relu", name="mixed")(WindowMean()(x))
    x = keras.layers.Conv2D(len(FAMILIES), 1, dtype="float32", name="classes")(x)
    return keras.Model(extractor.input, x, name=f"{configuration.name}-families")


def assign_all(model: Any, arrays: Arrays, head: HeadArrays | None = None) -> None:
    """Put a weight file's extractor, and a head where there is one, into the graph."""
    for name in LAYERS:
        for variable in model.get_layer(name).weights:
            variable.assign(arrays[variable_path(name, variable.name)])
    for name in HEAD_LAYERS if head is not None else ():
        for variable in model.get_layer(name).weights:
            variable.assign((head or {})[head_path(name, variable.name)])


def head_path(layer: str, variable: str) -> str:
    """Path in the head's file of a variable of a head layer."""
    return f"families/{layer}/{variable}:0"
