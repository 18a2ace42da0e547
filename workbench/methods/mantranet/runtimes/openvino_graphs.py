"""The graphs of ManTra-Net for OpenVINO, built from the arrays of a weight file.

Inside the graphs the layout is (1, channels, height, width); outside it is the project's, channels last.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import openvino
from openvino import opset13 as op

from workbench.methods.mantranet.configuration import LAYERS, Configuration
from workbench.methods.mantranet.family_head import WINDOW, HeadArrays
from workbench.methods.mantranet.kernels import srm_kernel
from workbench.methods.mantranet.weights import Arrays

Node = Any
FloatArray = npt.NDArray[np.float32]
Size = tuple[int, int]

_TO_INSIDE, _TO_OUTSIDE = np.array([0, 3, 1, 2]), np.array([0, 2, 3, 1])
_BATCH_NORM_EPSILON = 1e-3


def features_graph(configuration: Configuration, arrays: Arrays, size: Size) -> openvino.Model:
    """Pass A of one size: (1, h, w, 3) in -1..1 to features (1, h, w, outlier_filters)."""
    picture = op.parameter((1, *size, 3), np.float32)
    x = _trace_features(picture, configuration, arrays, size)
    return openvino.Model([op.transpose(_outlier_features(x, arrays), _TO_OUTSIDE)], [picture])


def families_graph(
    configuration: Configuration, arrays: Arrays, head: HeadArrays, size: Size
) -> openvino.Model:
    """Extractor and head of families: (1, h, w, 3) in -1..1 to shares of the classes (1, h, w, 8)."""
    picture = op.parameter((1, *size, 3), np.float32)
    x = _trace_features(picture, configuration, arrays, size)
    x = _window_mean(op.relu(_head_layer(x, "hidden", head)), WINDOW)
    x = op.relu(_head_layer(x, "mixed", head))
    x = op.softmax(_head_layer(x, "classes", head), 1)
    return openvino.Model([op.transpose(x, _TO_OUTSIDE)], [picture])


def _head_layer(x: Node, layer: str, head: HeadArrays) -> Node:
    x = _convolution(x, head[f"families/{layer}/kernel:0"])
    return op.add(x, _per_channel(head[f"families/{layer}/bias:0"]))


def _trace_features(picture: Node, configuration: Configuration, arrays: Arrays, size: Size) -> Node:
    """The extractor: (1, h, w, 3) to vectors of unit length (1, filters, h, w)."""
    x = _first_layer(op.transpose(picture, _TO_INSIDE), arrays, size)
    for name in LAYERS[1:]:
        x = _convolution(_edge_padded(op.relu(x)), arrays[f"Featex/{name}/kernel:0"])
        x = op.add(x, _per_channel(arrays[f"Featex/{name}/bias:0"]))
    if configuration.tanh:
        x = op.tanh(x)
    square = op.reduce_sum(op.multiply(x, x), np.array([1]), keep_dims=True)
    return op.divide(x, op.sqrt(op.maximum(square, np.float32(1e-12))))


def response_graph(configuration: Configuration, arrays: Arrays, size: Size) -> openvino.Model:
    """Pass B: features (1, h, w, C), mean and divisor (1, C, 1, 1) to response (1, 1, h, w).

    A side of -1 in `size` stands for any.
    """
    channels = configuration.outlier_filters
    features = op.parameter(openvino.PartialShape([1, *size, channels]), np.float32)
    mean, divisor = (op.parameter(openvino.PartialShape([1, channels, 1, 1]), np.float32) for _ in range(2))
    x = op.transpose(features, _TO_INSIDE)
    means = [_window_mean(x, window) for window in configuration.windows]
    steps = [op.abs(op.divide(op.subtract(m, x), divisor)) for m in (*means, mean)]
    state = _last_state(steps, arrays)
    if configuration.pooling:
        state = op.concat([state, *(_window_mean(state, window) for window in configuration.pooling)], 1)
    response = _same_convolution(state, arrays["pred/pred/kernel:0"])
    response = op.add(response, _per_channel(arrays["pred/pred/bias:0"]))
    return openvino.Model([op.sigmoid(response)], [features, mean, divisor])


def _first_layer(x: Node, arrays: Arrays, size: Size) -> Node:
    groups = arrays["Featex/b1c1/regular_kernel:0"], srm_kernel(), arrays["Featex/b1c1/bayar_kernel:0"]
    for axis, side in zip((2, 3), size, strict=True):
        x = op.gather(x, np.pad(np.arange(side), 2, mode="symmetric"), np.array(axis))
    return _convolution(x, np.concatenate(groups, axis=-1))


def _edge_padded(x: Node) -> Node:
    """One pixel on each side, where symmetric padding repeats the edge."""
    one = np.array([0, 0, 1, 1])
    return op.pad(x, one, one, "edge")


def _outlier_features(x: Node, arrays: Arrays) -> Node:
    """The 1x1 convolution with the batch normalisation folded into it."""
    variance = arrays["bnorm/bnorm/moving_variance:0"].astype(np.float64)
    gain = 1 / np.sqrt(variance + _BATCH_NORM_EPSILON)
    kernel = (arrays["outlierTrans/outlierTrans/kernel:0"] * gain).astype(np.float32)
    shift = (-arrays["bnorm/bnorm/moving_mean:0"] * gain).astype(np.float32)
    return op.add(_convolution(x, kernel), _per_channel(shift))


def _window_mean(x: Node, window: int) -> Node:
    """See `layers.window_mean`: rows, then columns, clipped to the picture."""
    r = window // 2
    x = op.avg_pool(x, [1, 1], [0, r], [0, r], [1, window], exclude_pad=True)
    return op.avg_pool(x, [1, 1], [r, 0], [r, 0], [window, 1], exclude_pad=True)


def _last_state(steps: list[Node], arrays: Arrays) -> Node:
    """See `layers.ConvLSTM`."""
    bias = _per_channel(arrays["cLSTM/cLSTM/bias:0"])
    filters = bias.shape[1] // 4
    state = carry = None
    for x in steps:
        gates = op.add(_same_convolution(x, arrays["cLSTM/cLSTM/kernel:0"]), bias)
        if state is not None:
            gates = op.add(gates, _same_convolution(state, arrays["cLSTM/cLSTM/recurrent_kernel:0"]))
        i, f, c, o = (_gate(gates, number, filters) for number in range(4))
        new = op.multiply(_hard_sigmoid(i), op.tanh(c))
        carry = new if carry is None else op.add(new, op.multiply(_hard_sigmoid(f), carry))
        state = op.multiply(_hard_sigmoid(o), op.tanh(carry))
    return state


def _gate(gates: Node, number: int, filters: int) -> Node:
    """One of four equal parts of the channels; by slices, which run faster than a split."""
    return op.slice(gates, [number * filters], [(number + 1) * filters], [1], [1])


def _hard_sigmoid(x: Node) -> Node:
    return op.clamp(op.add(op.multiply(x, np.float32(0.2)), np.float32(0.5)), 0.0, 1.0)


def _convolution(x: Node, kernel: FloatArray, pad: int = 0) -> Node:
    """`kernel` is (k, k, channels, filters) as in the weight file; what `pad` adds outside counts as zero."""
    turned = np.ascontiguousarray(kernel.transpose(3, 2, 0, 1))
    return op.convolution(x, turned, [1, 1], [pad, pad], [pad, pad], [1, 1])


def _same_convolution(x: Node, kernel: FloatArray) -> Node:
    return _convolution(x, kernel, kernel.shape[0] // 2)


def _per_channel(values: FloatArray) -> FloatArray:
    return values.reshape(1, -1, 1, 1)
