"""OpenVINO: the fastest on CPUs, starts in a third of a second, and needs neither Keras nor TensorFlow."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.core.errors import EngineError
from workbench.core.heatmap import Response
from workbench.methods.mantranet import weights
from workbench.methods.mantranet.configuration import Configuration
from workbench.methods.mantranet.feature_store import Features
from workbench.methods.mantranet.preprocessing import scaled

# The import of openvino reports itself over the network if this package is there. Evidence work does not.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]

import openvino  # noqa: E402
from openvino import opset13 as op  # noqa: E402

from workbench.methods.mantranet.runtimes.openvino_graphs import (  # noqa: E402
    Size,
    features_graph,
    response_graph,
)

_HINTS = {"float32": ("f32", "ACCURACY"), "bfloat16": ("bf16", "PERFORMANCE")}
"""Inference precision and execution mode by the record's word for the precision."""
_WORDS = {hint: word for word, (hint, _) in _HINTS.items()}
_NO_MEMORY = ("bad_alloc", "Failed to allocate", "could not create a memory")
"""What OpenVINO says in a RuntimeError when memory runs out."""
_ANY: Size = (-1, -1)
_LARGE = 256 * 256
"""Pixels from which on a graph for one size of preview pays at once: compiling it takes 0.06 s."""


class OpenVinoRuntime:
    """Both graphs on the CPU, compiled for one size of tile at a time.

    A graph for all sizes takes up to twice as long, so only a preview runs on one, and only while its region
    is small and changes its size. What goes to the record always runs on a graph for its size.

    Args:
        configuration: of the network.
        arrays: its weights.
        precision: "float32", or "bfloat16" for previews.
    """

    def __init__(
        self, configuration: Configuration, arrays: weights.Arrays, precision: str = "float32"
    ) -> None:
        self.configuration = configuration
        self.min_std = arrays["glbStd/glbStd/min_std:0"].ravel()
        self.name = runtime_name()
        self._compiler = _Compiler(precision)
        self.precision = self._compiler.effective_precision()
        self._features = _Compiled(
            lambda size: self._compiler.compile(features_graph(configuration, arrays, size))
        )
        self._response = _Compiled(
            lambda size: self._compiler.compile(response_graph(configuration, arrays, size))
        )
        quick = _Compiler("bfloat16")
        self._quick, self._quick_any = (
            _Compiled(lambda size: quick.compile(response_graph(configuration, arrays, size)))
            for _ in range(2)
        )
        self._previewed: Size = _ANY

    def features(self, pixels: npt.NDArray[np.uint8]) -> Features:
        """Pass A: (h, w, 3) uint8 to (h, w, channels) float32."""
        features: Features = self._computed(self._features, _size(pixels), [scaled(pixels)])[0]
        return features

    def response(
        self, features: Features, mean: npt.NDArray[np.float32], divisor: npt.NDArray[np.float32]
    ) -> Response:
        """Pass B: (h, w, channels) and two vectors (channels,) to (h, w) float32 in 0..1."""
        return self._respond(self._response, _size(features), features, mean, divisor)

    def quick_response(
        self, features: Features, mean: npt.NDArray[np.float32], divisor: npt.NDArray[np.float32]
    ) -> Response:
        """The same in bfloat16 where this CPU has it, which takes half the time."""
        size = _size(features)
        again, self._previewed = size == self._previewed, size
        if again or size[0] * size[1] >= _LARGE:
            return self._respond(self._quick, size, features, mean, divisor)
        return self._respond(self._quick_any, _ANY, features, mean, divisor)

    def _respond(
        self,
        compiled: "_Compiled",
        size: Size,
        features: Features,
        mean: npt.NDArray[np.float32],
        divisor: npt.NDArray[np.float32],
    ) -> Response:
        vectors = [v.reshape(1, -1, 1, 1) for v in (mean, divisor)]
        response: Response = self._computed(compiled, size, [features[None], *vectors])[0, 0]
        return response

    def _computed(self, compiled: "_Compiled", size: Size, inputs: list[npt.NDArray[np.float32]]) -> Any:
        """What one graph gives, while the others hold no memory."""
        for other in (self._features, self._response, self._quick, self._quick_any):
            if other is not compiled:
                other.release()
        return compiled(size, inputs)


def has_cpu() -> bool:
    """Whether OpenVINO can compute here."""
    return "CPU" in openvino.Core().available_devices


def runtime_name() -> str:
    """`OpenVINO 2026.4.1, CPU (AMD EPYC)`, say."""
    device = openvino.Core().get_property("CPU", "FULL_DEVICE_NAME").strip()
    return f"OpenVINO {openvino.__version__.split('-')[0]}, CPU ({device})"


def product(one: npt.NDArray[np.float32]) -> Callable[[], object]:
    """The product of a matrix with itself in float32, ready to be timed."""
    a, b = (op.parameter(one.shape, np.float32) for _ in range(2))
    compiled = _Compiler("float32").compile(openvino.Model([op.matmul(a, b, False, False)], [a, b]))
    return lambda: compiled([one, one], share_inputs=True)[0]


def _size(array: npt.NDArray[Any]) -> Size:
    return array.shape[0], array.shape[1]


class _Compiler:
    """Compiles for the CPU with the precision that was asked for, and reads it back."""

    def __init__(self, precision: str) -> None:
        self._core = openvino.Core()
        self._precision = precision
        hint, mode = _HINTS[precision]
        self._options = {
            "INFERENCE_PRECISION_HINT": hint,
            "EXECUTION_MODE_HINT": mode,
            "PERFORMANCE_HINT": "LATENCY",  # all cores work on one tile
            "ENABLE_CPU_PINNING": False,  # bound to their cores, threads wait for whatever else runs there
        }

    def compile(self, graph: openvino.Model) -> openvino.CompiledModel:
        """A graph, ready to run.

        Raises:
            EngineError: float32 was asked for and is not what the device would compute in.
        """
        compiled = self._core.compile_model(graph, "CPU", self._options)
        effective = _effective(compiled)
        if self._precision == "float32" != effective:
            raise EngineError(
                f"OpenVINO would compute in {effective} although float32 was asked for, so it is not used. "
                "Choose the runtime tensorflow."
            )
        return compiled

    def effective_precision(self) -> str:
        """What this CPU makes of the request, in the words of the record."""
        x = op.parameter((1,), np.float32)
        return _effective(self.compile(openvino.Model([op.add(x, x)], [x])))


def _effective(compiled: openvino.CompiledModel) -> str:
    hint = str(compiled.get_property("INFERENCE_PRECISION_HINT").to_string())
    return _WORDS.get(hint, hint)


class _Compiled:
    """A graph for the size that was asked for last, since all tiles of a picture have one; or `_ANY`."""

    def __init__(self, build: Callable[[Size], openvino.CompiledModel]) -> None:
        self._build = build
        self._size: Size | None = None
        self._compiled: Any = None
        self._used = False

    def __call__(self, size: Size, inputs: list[npt.NDArray[np.float32]]) -> Any:
        """The first output, as a new array.

        Raises:
            MemoryError: there is not enough.
        """
        try:
            return self._computed(size, inputs)
        except RuntimeError as error:
            if any(words in str(error) for words in _NO_MEMORY):
                raise MemoryError(str(error)) from error
            raise

    def _computed(self, size: Size, inputs: list[npt.NDArray[np.float32]]) -> Any:
        if size != self._size:
            self._compiled, self._size = None, None  # its memory first
            self._compiled, self._size = self._build(size), size
        self._used = True
        return self._compiled(inputs, share_inputs=True)[0]

    def release(self) -> None:
        """Give the memory of the activations back while another graph runs."""
        if self._used:
            self._compiled.release_memory()
            self._used = False
