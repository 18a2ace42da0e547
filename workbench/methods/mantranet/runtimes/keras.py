"""Keras on TensorFlow (the default), JAX or PyTorch; the environment variable KERAS_BACKEND chooses."""

from collections.abc import Callable, Sequence
from functools import reduce
from importlib.metadata import version
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from workbench.core.errors import EngineError
from workbench.core.heatmap import Response
from workbench.methods.mantranet import network, weights
from workbench.methods.mantranet.configuration import Configuration
from workbench.methods.mantranet.feature_store import Features
from workbench.methods.mantranet.preprocessing import scaled

_NO_MEMORY = "out of memory", "can't allocate memory", "RESOURCE_EXHAUSTED"
_DISTRIBUTIONS = {"tensorflow": "tensorflow", "jax": "jax", "torch": "torch"}


class KerasRuntime:
    """Both graphs in float32.

    Args:
        backend: "tensorflow", "torch" or "jax"; Keras must have been imported on it.
        configuration: of the network.
        arrays: its weights.

    Raises:
        EngineError: Keras was imported on another backend.
    """

    precision = "float32"

    def __init__(self, backend: str, configuration: Configuration, arrays: weights.Arrays) -> None:
        if keras.backend.backend() != backend:
            raise EngineError(
                f"Keras runs on {keras.backend.backend()} in this process already, so it can't run on "
                f"{backend}. Start the program again to change that."
            )
        _ask_for_float32(backend)
        keras.config.set_floatx("float32")  # whatever the user's own file of settings for Keras says
        keras.config.set_image_data_format("channels_last")
        self.configuration = configuration
        self.name = backend_name()
        self.min_std = arrays["glbStd/glbStd/min_std:0"].ravel()
        self._features = _compiled(_filled(network.build_features(configuration), arrays))
        self._response = _compiled(_filled(network.build_response(configuration), arrays))

    def features(self, pixels: npt.NDArray[np.uint8]) -> Features:
        """Pass A: (h, w, 3) uint8 to (h, w, channels) float32."""
        features: Features = self._features([scaled(pixels)])[0]
        return features

    def response(
        self, features: Features, mean: npt.NDArray[np.float32], divisor: npt.NDArray[np.float32]
    ) -> Response:
        """Pass B: (h, w, channels) and two vectors (channels,) to (h, w) float32 in 0..1."""
        vectors = [v.reshape(1, 1, 1, -1) for v in (mean, divisor)]
        response: Response = self._response([features[None], *vectors])[0, :, :, 0]
        return response

    def quick_response(
        self, features: Features, mean: npt.NDArray[np.float32], divisor: npt.NDArray[np.float32]
    ) -> Response:
        """The same: float32 only."""
        return self.response(features, mean, divisor)


def _ask_for_float32(backend: str) -> None:
    """Recent GPUs round the factors of products to 10 bits (TF32) unless they are told not to.

    Raises:
        EngineError: the backend does so all the same.
    """
    if backend == "tensorflow":
        import tensorflow as tf  # noqa: PLC0415

        tf.config.experimental.enable_tensor_float_32_execution(False)
        rounded = tf.config.experimental.tensor_float_32_execution_enabled()
    elif backend == "jax":
        import jax  # noqa: PLC0415

        jax.config.update("jax_default_matmul_precision", "highest")
        rounded = jax.config.jax_default_matmul_precision != "highest"
    else:
        import torch  # noqa: PLC0415

        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
        rounded = torch.backends.cuda.matmul.allow_tf32 or torch.backends.cudnn.allow_tf32
    if rounded:
        raise EngineError(
            f"{backend} would round float32 (TF32) although full float32 was asked for, so it is not used. "
            "Choose another runtime."
        )


def backend_name() -> str:
    """`Keras 3.15.1 on TensorFlow 2.21.0, CPU`, say."""
    backend = keras.backend.backend()
    return f"Keras {keras.__version__} on {backend} {version(_DISTRIBUTIONS[backend])}, {_device(backend)}"


def _device(backend: str) -> str:
    """`CPU`, or `GPU` and the name of the card: figures and small differences of a result belong to it."""
    if backend == "tensorflow":
        import tensorflow as tf  # noqa: PLC0415 - only the chosen backend is imported

        cards = tf.config.list_physical_devices("GPU")
        if not cards:
            return "CPU"
        return _card(tf.config.experimental.get_device_details(cards[0]).get("device_name"))
    if backend == "jax":
        import jax  # noqa: PLC0415

        kind = str(jax.default_backend())
        return _card(jax.devices()[0].device_kind) if kind == "gpu" else kind.upper()
    import torch  # noqa: PLC0415

    device = str(keras.src.backend.torch.core.get_device())
    if device == "cpu":
        return "CPU"
    return _card(torch.cuda.get_device_name() if device.startswith("cuda") else device)


def _card(name: str | None) -> str:
    return f"GPU {name}" if name else "GPU"


def _filled(model: keras.Model, arrays: weights.Arrays) -> keras.Model:
    weights.assign(model, arrays)
    model.trainable = False
    return model


def _compiled(model: keras.Model) -> Callable[[list[npt.NDArray[np.float32]]], Any]:
    """A function from a list of arrays to an array; compiled once on TensorFlow whatever the tile's size."""

    def call(inputs: Sequence[Any]) -> Any:
        if len(inputs) > 1:
            return model(list(inputs), training=False)
        # Pass A is a chain of layers. The model itself would hold what each of them leaves to the end, which
        # on PyTorch, where nothing is traced beforehand, takes three times the memory.
        return reduce(lambda x, layer: layer(x), model.layers[1:], inputs[0])

    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf  # noqa: PLC0415

        signature = [tf.TensorSpec(i.shape, tf.float32) for i in model.inputs]
        graph = tf.function(lambda *inputs: call(inputs), input_signature=signature)
        return lambda inputs: _tensorflow_result(graph, inputs)
    if keras.backend.backend() == "jax":
        import jax  # noqa: PLC0415

        graph = jax.jit(call)
        return _or_memory_error(lambda inputs: np.asarray(graph(inputs)))
    return _or_memory_error(lambda inputs: _torch_result(call, inputs))


def _or_memory_error(call: Callable[..., Any]) -> Callable[..., Any]:
    """PyTorch and JAX say that there is no memory with a RuntimeError."""

    def called(inputs: Sequence[Any]) -> Any:
        try:
            return call(inputs)
        except RuntimeError as error:
            if any(words in str(error) for words in _NO_MEMORY):
                raise MemoryError(str(error)) from error
            raise

    return called


def _tensorflow_result(graph: Callable[..., Any], inputs: list[npt.NDArray[np.float32]]) -> Any:
    import tensorflow as tf  # noqa: PLC0415

    try:
        return graph(*inputs).numpy()
    except tf.errors.ResourceExhaustedError as error:
        raise MemoryError(str(error)) from error


def _torch_result(call: Callable[..., Any], inputs: list[npt.NDArray[np.float32]]) -> Any:
    import torch  # noqa: PLC0415

    with torch.no_grad():
        return keras.ops.convert_to_numpy(call(inputs))
