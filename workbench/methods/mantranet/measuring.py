"""What `workbench benchmark` measures beside the worker: what the machine could do, and the plain graph."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import psutil

from workbench.methods.mantranet import weights
from workbench.methods.mantranet.configuration import CONFIGURATIONS
from workbench.methods.mantranet.planning import channels_alive, feature_work, response_work

_SIDE = 4096
_REPEAT = 3


def operations(configuration: str) -> int:
    """Floating-point operations of the network for each pixel, halos not counted."""
    known = CONFIGURATIONS[configuration]
    return feature_work(known) + response_work(known)


def write_trial_weights(path: Path, configuration: str) -> None:
    """Random weights for a network that ships without any: how long it takes does not depend on them."""
    known, draw = CONFIGURATIONS[configuration], np.random.default_rng(0)
    arrays = {
        name: np.abs(draw.normal(0, 0.05, shape)).astype(np.float32)
        for name, shape in weights.weight_shapes(known).items()
    }
    weights.save_weights(path, arrays, known, "float32")


def product_rate(library: str) -> float:
    """Operations a second of a float32 matrix product at 4096 x 4096: numpy, tensorflow or openvino."""
    one = np.ones((_SIDE, _SIDE), np.float32)
    product = {"numpy": _numpy, "tensorflow": _tensorflow, "openvino": _openvino}[library](one)
    return 2 * _SIDE**3 / _best(product)


def whole_graph(configuration: str, path: Path, pixels: npt.NDArray[np.uint8], repeat: int) -> float:
    """Seconds of the plain whole-image Keras graph: all of the picture at once, in full width.

    Raises:
        MemoryError: it would not fit; without this, the system might end other programs to make room.
    """
    known = CONFIGURATIONS[configuration]
    if 4 * channels_alive(known) * pixels.shape[0] * pixels.shape[1] > psutil.virtual_memory().available:
        raise MemoryError("the whole picture at once does not fit")
    import tensorflow as tf  # noqa: PLC0415 - only here

    from workbench.methods.mantranet import network  # noqa: PLC0415
    from workbench.methods.mantranet.preprocessing import scaled  # noqa: PLC0415

    model = network.build_network(known)
    weights.assign(model, weights.load_weights(path, known))
    graph = tf.function(lambda x: model(x, training=False))
    picture = scaled(pixels)
    return _best(lambda: graph(picture).numpy(), repeat)


def _best(work: Callable[[], object], repeat: int = _REPEAT) -> float:
    seconds = []
    for _ in range(repeat):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def _numpy(one: npt.NDArray[np.float32]) -> Callable[[], object]:
    return lambda: one @ one


def _tensorflow(one: npt.NDArray[np.float32]) -> Callable[[], object]:
    import tensorflow as tf  # noqa: PLC0415

    with tf.device("CPU:0"):  # a share of what the processor can do, also where there is a GPU
        there = tf.constant(one)

    def product() -> object:
        with tf.device("CPU:0"):
            return tf.linalg.matmul(there, there).numpy()

    return product


def _openvino(one: npt.NDArray[np.float32]) -> Callable[[], object]:
    from workbench.methods.mantranet.runtimes.openvino import product  # noqa: PLC0415

    return product(one)
