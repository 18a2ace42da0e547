"""ManTra-Net as Keras functional graphs.

The product runs `build_features` and `build_response` tile by tile (`two_pass`); `build_network` is the same
layers as one whole-image graph, for training and for tests.
"""

from typing import Any

import keras
from keras import ops

from workbench.methods.mantranet import layers
from workbench.methods.mantranet.configuration import LAYERS, Configuration

Tensor = Any
_SHAPE = (None, None)


def build_extractor(configuration: Configuration, normalise: bool = False) -> keras.Model:
    """Trace feature extractor: (B, H, W, 3) float in -1..1 to (B, H, W, filters[-1]) of unit length.

    Args:
        configuration: filters of each layer.
        normalise: insert a batch normalisation `<layer>_norm` after each convolution from b1c2 on, for
            training; it is folded into the convolution when weights are exported.
    """
    picture = keras.Input((*_SHAPE, 3), name="img_in")
    return keras.Model(picture, _extract(picture, configuration, normalise), name="extractor")


def build_features(configuration: Configuration, normalise: bool = False) -> keras.Model:
    """Pass A: (B, H, W, 3) float in -1..1 to normalised outlier features (B, H, W, outlier_filters)."""
    picture = keras.Input((*_SHAPE, 3), name="img_in")
    return keras.Model(picture, _outlier_features(_extract(picture, configuration, normalise), configuration))


def build_response(configuration: Configuration) -> keras.Model:
    """Pass B: outlier features (B, H, W, C), mean and divisor (B, 1, 1, C) to response (B, H, W, 1)."""
    channels = configuration.outlier_filters
    features = keras.Input((*_SHAPE, channels), name="features")
    mean = keras.Input((1, 1, channels), name="mean")
    divisor = keras.Input((1, 1, channels), name="divisor")
    response = _respond(features, mean, divisor, configuration)
    return keras.Model([features, mean, divisor], response)


def build_network(configuration: Configuration, training: bool = False) -> keras.Model:
    """Whole-image graph: (B, H, W, 3) float in -1..1 to response (B, H, W, 1) in 0..1.

    Args:
        configuration: of the network.
        training: normalise (see `build_extractor`), and compute window means as is quick on small pictures.
    """
    picture = keras.Input((*_SHAPE, 3), name="img_in")
    features = _outlier_features(_extract(picture, configuration, training), configuration)
    mean, std = GlobalStatistics(name="statistics")(features)
    divisor = layers.GlobalDeviation(name="glbStd")(std)
    response = _respond(features, mean, divisor, configuration, banded=training)
    return keras.Model(picture, response, name=configuration.name)


def _extract(x: Tensor, configuration: Configuration, normalise: bool = False) -> Tensor:
    for name, filters in zip(LAYERS, configuration.filters, strict=True):
        first, last = name == LAYERS[0], name == LAYERS[-1]
        convolution = (
            layers.CombinedConv2D(filters, name=name) if first else layers.SymmetricConv2D(filters, name=name)
        )
        x = convolution(x)
        if normalise and not first:
            x = layers.Normalisation(momentum=0.9, name=f"{name}_norm")(x)
        if not last:
            x = keras.layers.Activation("relu", name=f"{name}_relu")(x)
    if configuration.tanh:
        x = keras.layers.Activation("tanh", name="transform_tanh")(x)
    return layers.UnitLength(name="L2")(x)


def _outlier_features(features: Tensor, configuration: Configuration) -> Tensor:
    outlier = keras.layers.Conv2D(
        configuration.outlier_filters,
        1,
        use_bias=False,
        kernel_constraint=keras.constraints.UnitNorm(axis=-2),
        name="outlierTrans",
    )(features)
    normalisation = keras.layers.BatchNormalization(
        momentum=0.9, center=False, scale=False, epsilon=1e-3, name="bnorm"
    )
    return normalisation(outlier)


def _respond(
    features: Tensor, mean: Tensor, divisor: Tensor, configuration: Configuration, banded: bool = False
) -> Tensor:
    nested = layers.NestedWindowDeviation(configuration.windows, banded, name="nestedAvgFeatex")
    deviations = nested(features, mean)
    steps = ZScore(name="divStd")(deviations, divisor)
    state = layers.ConvLSTM(configuration.lstm_filters, name="cLSTM")(steps)
    if configuration.pooling:
        state = layers.PooledState(configuration.pooling, banded, name="nestedAvgState")(state)
    prediction = keras.layers.Conv2D(1, 7, padding="same", activation="sigmoid", dtype="float32", name="pred")
    return prediction(state)


@keras.saving.register_keras_serializable("mantranet")
class GlobalStatistics(keras.layers.Layer):
    """Mean and population standard deviation of each channel over the whole map."""

    def call(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(B, H, W, C) to two tensors (B, 1, 1, C)."""
        mean = ops.mean(x, axis=(1, 2), keepdims=True)
        variance = ops.mean(ops.square(x - mean), axis=(1, 2), keepdims=True)
        return mean, ops.sqrt(variance)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[Any, Any]:
        """One pixel each."""
        shape = (input_shape[0], 1, 1, input_shape[-1])
        return shape, shape


@keras.saving.register_keras_serializable("mantranet")
class ZScore(keras.layers.Layer):
    """Absolute value of each deviation in units of the divisor."""

    def call(self, deviations: list[Tensor], divisor: Tensor) -> list[Tensor]:
        """Same list of shapes (B, H, W, C)."""
        return [ops.abs(deviation / divisor) for deviation in deviations]

    def compute_output_shape(self, deviations_shape: list[Any], divisor_shape: Any) -> list[Any]:
        """Unchanged."""
        del divisor_shape
        return deviations_shape
