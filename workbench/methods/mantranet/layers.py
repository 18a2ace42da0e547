"""Layers of ManTra-Net, from operations that the TensorFlow, JAX and PyTorch backends of Keras share."""

from importlib import import_module
from typing import Any

import keras
import numpy as np
from keras import ops

from workbench.methods.mantranet.kernels import bayar_projection, srm_kernel

Tensor = Any


def symmetric_pad(x: Tensor, pad: int) -> Tensor:
    """Pad both spatial axes of (B, H, W, C) as numpy's mode 'symmetric': the edge pixel is repeated.

    Not `keras.ops.pad`, which fails on TensorFlow and replicates on PyTorch where a side is below `pad`.
    """
    if pad == 1 and keras.backend.backend() == "torch":
        functional = import_module("torch.nn.functional")
        return _channels_last(functional.pad(_channels_first(x), (1, 1, 1, 1), mode="replicate"))
    for axis in (1, 2):
        x = _edge_pad(x, axis) if pad == 1 else _gather_pad(x, pad, axis)
    return x


def _edge_pad(x: Tensor, axis: int) -> Tensor:
    """One pixel on each side, where symmetric is the same as replicating the edge: slices, cheap."""
    first, last = (x[:, :1], x[:, -1:]) if axis == 1 else (x[:, :, :1], x[:, :, -1:])
    return ops.concatenate([first, x, last], axis=axis)


def _gather_pad(x: Tensor, pad: int, axis: int) -> Tensor:
    """Any number of pixels by an index of period 2n, so that a side of one pixel works too."""
    n = ops.shape(x)[axis]
    index = ops.mod(ops.arange(-pad, n + pad, dtype="int32"), 2 * n)
    return ops.take(x, ops.minimum(index, 2 * n - 1 - index), axis=axis)


def convolve(x: Tensor, kernel: Tensor, padding: str) -> Tensor:
    """Convolve (B, H, W, C) with a kernel (k, k, C, filters), k odd, without stride; padding as in Keras.

    On PyTorch, Keras copies input and result into another memory layout and back, and their gradients, too.
    Here they stay in one: channels last, which is the quicker one but for gradients in float32.
    """
    if keras.backend.backend() != "torch":
        return ops.conv(x, kernel, padding=padding)
    torch = import_module("torch")
    x, kernel = _channels_first(x), ops.transpose(kernel, (3, 2, 0, 1))
    if torch.is_grad_enabled() and x.dtype == torch.float32:
        x, kernel = x.contiguous(), kernel.contiguous()
    return _channels_last(torch.nn.functional.conv2d(x, kernel, padding=padding))


def _channels_first(x: Tensor) -> Tensor:
    """(B, H, W, C) as PyTorch wants to see it; nothing is copied."""
    return ops.transpose(x, (0, 3, 1, 2))


def _channels_last(x: Tensor) -> Tensor:
    return ops.transpose(x, (0, 2, 3, 1))


@keras.saving.register_keras_serializable("mantranet")
class SymmetricConv2D(keras.layers.Layer):
    """Convolution without stride whose padding repeats the edge: (B, H, W, C) to (B, H, W, filters)."""

    def __init__(self, filters: int, kernel_size: int = 3, use_bias: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.filters, self.kernel_size, self.use_bias = filters, kernel_size, use_bias
        self.bias = None

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create `kernel` (k, k, C, filters) and, if wanted, `bias` (filters,)."""
        k = self.kernel_size
        self.kernel = self.add_weight(
            shape=(k, k, input_shape[-1], self.filters), initializer="he_normal", name="kernel"
        )
        if self.use_bias:
            self.bias = self.add_weight(shape=(self.filters,), initializer="zeros", name="bias")

    def call(self, x: Tensor) -> Tensor:
        """Convolve."""
        y = convolve(symmetric_pad(x, self.kernel_size // 2), self.kernel, "valid")
        return y if self.bias is None else ops.add(y, self.bias)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Same height and width, `filters` channels."""
        return (*input_shape[:-1], self.filters)


class BayarConstraint(keras.constraints.Constraint):
    """Centre -1, the rest of each kernel sums to 1 (Bayar and Stamm, 2018), after every training update."""

    def __call__(self, w: Tensor) -> Tensor:
        """Project a kernel of shape (5, 5, 3, 3)."""
        return bayar_projection(w, ops)


@keras.saving.register_keras_serializable("mantranet")
class CombinedConv2D(keras.layers.Layer):
    """First layer: trainable kernels, nine fixed SRM kernels and three Bayar kernels, in this order.

    (B, H, W, 3) to (B, H, W, filters), 5x5, no bias, symmetric padding.
    """

    def __init__(self, filters: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.filters = filters

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create `regular_kernel` (5, 5, 3, filters - 12) and `bayar_kernel` (5, 5, 3, 3)."""
        self.regular_kernel = self.add_weight(
            shape=(5, 5, input_shape[-1], self.filters - 12), initializer="he_normal", name="regular_kernel"
        )
        self.bayar_kernel = self.add_weight(
            shape=(5, 5, input_shape[-1], 3),
            initializer=_bayar_start,
            constraint=BayarConstraint(),
            name="bayar_kernel",
        )

    def call(self, x: Tensor) -> Tensor:
        """Convolve once with the three groups of kernels concatenated."""
        srm = ops.convert_to_tensor(srm_kernel(), dtype=x.dtype)
        groups = [ops.cast(self.regular_kernel, x.dtype), srm, ops.cast(self.bayar_kernel, x.dtype)]
        return convolve(symmetric_pad(x, 2), ops.concatenate(groups, axis=-1), "valid")

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Same height and width, `filters` channels."""
        return (*input_shape[:-1], self.filters)


def _bayar_start(shape: tuple[int, ...], dtype: Any = None) -> Tensor:
    return bayar_projection(keras.random.uniform(shape, 0.5, 1.5, dtype=dtype), ops)


@keras.saving.register_keras_serializable("mantranet")
class Normalisation(keras.layers.BatchNormalization):
    """Batch normalisation of (B, H, W, C) for training.

    Keras composes it of a dozen operations, each a pass over memory; on PyTorch its single fused one is used.
    """

    def call(self, inputs: Tensor, training: bool | None = None, mask: Tensor | None = None) -> Tensor:
        """Normalise by the batch while training, by the moving statistics else."""
        if keras.backend.backend() != "torch":
            return super().call(inputs, training=training, mask=mask)
        batch_norm = import_module("torch.nn.functional").batch_norm
        variables = (self.moving_mean, self.moving_variance, self.gamma, self.beta)
        own = bool(training) and self.trainable
        values = (variable.value for variable in variables)
        return _channels_last(
            batch_norm(_channels_first(inputs), *values, own, 1 - self.momentum, self.epsilon)
        )


@keras.saving.register_keras_serializable("mantranet")
class UnitLength(keras.layers.Layer):
    """Each pixel's feature vector divided by its Euclidean length, at least sqrt(1e-12)."""

    def call(self, x: Tensor) -> Tensor:
        """(B, H, W, C) to the same shape; the length is computed in float32 in any precision."""
        square = ops.sum(ops.square(ops.cast(x, "float32")), axis=-1, keepdims=True)
        return x * ops.cast(ops.rsqrt(ops.maximum(square, 1e-12)), x.dtype)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Unchanged."""
        return input_shape


@keras.saving.register_keras_serializable("mantranet")
class NestedWindowDeviation(keras.layers.Layer):
    """Window mean minus value, for each window, then global mean minus value.

    Takes features (B, H, W, C) and their global mean (B, 1, 1, C); returns a list of len(windows) + 1
    tensors (B, H, W, C). `banded` chooses how means are computed: see `banded_window_mean`.
    """

    def __init__(self, windows: tuple[int, ...], banded: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.windows = tuple(windows)
        self._mean = banded_window_mean if banded else window_mean

    def call(self, features: Tensor, mean: Tensor) -> list[Tensor]:
        """Windows in the order given, the global mean last."""
        local = [self._mean(features, window) - features for window in self.windows]
        return [*local, mean - features]

    def compute_output_shape(
        self, features_shape: tuple[int | None, ...], mean_shape: tuple[int | None, ...]
    ) -> list[tuple[int | None, ...]]:
        """One shape like the features' for each time step."""
        del mean_shape
        return [features_shape] * (len(self.windows) + 1)


def window_mean(x: Tensor, window: int) -> Tensor:
    """Mean over the window x window pixels around each pixel of (B, H, W, C); `window` is odd.

    Windows are clipped to the picture: the sum is divided by the pixels inside. Means of rows, then of
    columns: as the clipped window is a rectangle, that is the mean over it. Sums are taken within the window
    only, so that they are as exact at 100 megapixels as at 64x64; an integral image would lose that.
    """
    for size in ((1, window), (window, 1)):
        x = ops.average_pool(x, size, strides=1, padding="same")
    return x


def banded_window_mean(x: Tensor, window: int) -> Tensor:
    """The same means as products with a banded matrix: for training, on pictures of a few hundred pixels.

    In bfloat16 on a CPU, forward and backward take an eighth of the time that pooling takes. The work grows
    with the side of the picture, so that large tiles are better pooled.
    """
    for _ in range(2):  # means of columns, turned over; then those of rows, turned back
        batch, height, width, channels = ops.shape(x)
        place = ops.arange(height)
        near = ops.abs(place[:, None] - place[None]) <= window // 2
        counts = ops.sum(ops.cast(near, "float32"), axis=1, keepdims=True)
        sums = ops.matmul(ops.cast(near, x.dtype), ops.reshape(x, (batch, height, width * channels)))
        x = sums / ops.cast(counts, x.dtype)
        x = ops.transpose(ops.reshape(x, (batch, height, width, channels)), (0, 2, 1, 3))
    return x


@keras.saving.register_keras_serializable("mantranet")
class GlobalDeviation(keras.layers.Layer):
    """Divisor of the Z-score: max(std, 1e-6 + min_std), per channel (layer `glbStd` of the weight file).

    Takes the population standard deviation (B, 1, 1, C); `min_std` is learned and non-negative.
    """

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create `min_std` (1, 1, 1, C)."""
        self.min_std = self.add_weight(
            shape=(1, 1, 1, input_shape[-1]),
            initializer=keras.initializers.Constant(0.1),
            constraint=keras.constraints.NonNeg(),
            name="min_std",
        )

    def call(self, std: Tensor) -> Tensor:
        """Same shape."""
        return ops.maximum(std, self.min_std + 1e-6)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Unchanged."""
        return input_shape


@keras.saving.register_keras_serializable("mantranet")
class ConvLSTM(keras.layers.Layer):
    """Convolutional LSTM over a short list of tensors (B, H, W, C); last state (B, H, W, filters).

    Kernel 7x7, zero padding, tanh, gates in the order i, f, c, o, recurrent activation the hard sigmoid of
    Keras 2, clip(0.2 x + 0.5, 0, 1); Keras 3 means another function by that name.
    """

    def __init__(self, filters: int = 8, kernel_size: int = 7, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.filters, self.kernel_size = filters, kernel_size

    def build(self, input_shape: list[tuple[int | None, ...]]) -> None:
        """Create `kernel` (7, 7, C, 4 filters), `recurrent_kernel` (7, 7, filters, 4 filters), `bias`."""
        k, gates = self.kernel_size, 4 * self.filters
        self.kernel = self.add_weight(shape=(k, k, input_shape[0][-1], gates), name="kernel")
        self.recurrent_kernel = self.add_weight(shape=(k, k, self.filters, gates), name="recurrent_kernel")
        self.bias = self.add_weight(shape=(gates,), initializer=self._start_bias, name="bias")

    def _start_bias(self, shape: tuple[int, ...], dtype: Any = None) -> Tensor:
        """Forget gate open at the start of training."""
        start = np.zeros(shape, np.float32)
        start[self.filters : 2 * self.filters] = 1.0
        return ops.convert_to_tensor(start, dtype=dtype)

    def call(self, steps: list[Tensor]) -> Tensor:
        """One step an entry; the state starts at zero, so the first step needs no recurrent convolution."""
        state = carry = None
        for x in steps:
            gates = convolve(x, self.kernel, "same") + self.bias
            if state is not None:
                gates = gates + convolve(state, self.recurrent_kernel, "same")
            i, f, c, o = ops.split(gates, 4, axis=-1)
            new = _hard_sigmoid(i) * ops.tanh(c)
            carry = new if carry is None else new + _hard_sigmoid(f) * carry
            state = _hard_sigmoid(o) * ops.tanh(carry)
        return state

    def compute_output_shape(self, input_shape: list[tuple[int | None, ...]]) -> tuple[int | None, ...]:
        """Same height and width, `filters` channels."""
        return (*input_shape[0][:-1], self.filters)


@keras.saving.register_keras_serializable("mantranet")
class PooledState(keras.layers.Layer):
    """The state and its means over windows clipped to the picture, side by side.

    (B, H, W, C) to (B, H, W, C * (1 + len(windows))), the state itself first. `banded` as for
    `NestedWindowDeviation`.
    """

    def __init__(self, windows: tuple[int, ...], banded: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.windows = tuple(windows)
        self._mean = banded_window_mean if banded else window_mean

    def call(self, state: Tensor) -> Tensor:
        """Windows in the order given."""
        return ops.concatenate([state, *(self._mean(state, window) for window in self.windows)], axis=-1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[Any, ...]:
        """Same height and width."""
        return (*input_shape[:-1], (input_shape[-1] or 0) * (1 + len(self.windows)))


def _hard_sigmoid(x: Tensor) -> Tensor:
    return ops.clip(0.2 * x + 0.5, 0.0, 1.0)
