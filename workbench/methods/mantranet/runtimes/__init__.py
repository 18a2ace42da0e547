"""What runs the two graphs of ManTra-Net: OpenVINO, or Keras on TensorFlow, PyTorch or JAX.

Each is imported only when it is chosen: that takes up to some seconds and some hundred megabytes.
"""

import os
from functools import cache
from importlib.util import find_spec

from workbench.core.errors import EngineError
from workbench.methods.mantranet.configuration import Configuration
from workbench.methods.mantranet.runtime import Runtime
from workbench.methods.mantranet.runtimes.gpu import runtime_on_gpu
from workbench.methods.mantranet.weights import Arrays


def chosen(runtime: str) -> str:
    """The runtime that "auto" means here: one that finds a GPU, else OpenVINO if it works, else Keras.

    Raises:
        EngineError: the runtime that was asked for is not installed.
    """
    if runtime == "auto":
        return runtime_on_gpu() or _on_cpu()
    if find_spec(runtime) is None:
        raise EngineError(
            f"The runtime {runtime} is not installed. Install the program with the extra [{runtime}], "
            "or choose the runtime auto."
        )
    return runtime


def _on_cpu() -> str:
    return "openvino" if _openvino_works() else os.environ.get("KERAS_BACKEND", "tensorflow")


@cache
def _openvino_works() -> bool:
    """Whether it is installed and finds its plug-in for CPUs, which a repackaged copy may lack."""
    try:
        from workbench.methods.mantranet.runtimes import openvino  # noqa: PLC0415
    except ImportError:
        return False
    return openvino.has_cpu()


def warm_up(runtime: str) -> str:
    """Import a runtime and name it for the status bar; "auto" says why it was chosen."""
    # Threads of PyTorch would spin while they wait: three times slower where other programs run too.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    name = chosen(runtime)
    if name == "openvino":
        from workbench.methods.mantranet.runtimes import openvino  # noqa: PLC0415

        text = openvino.runtime_name()
    else:
        os.environ["KERAS_BACKEND"] = name  # read by Keras when it is imported
        from workbench.methods.mantranet.runtimes import keras  # noqa: PLC0415

        text = keras.backend_name()
    return text + why(runtime)


def why(runtime: str) -> str:
    """What is said behind the name of a runtime that was not asked for by its own."""
    if runtime != "auto":
        return ""
    return "; chosen for its GPU" if runtime_on_gpu() else "; chosen as the fastest without a GPU"


def make(runtime: str, precision: str, configuration: Configuration, arrays: Arrays) -> Runtime:
    """The network on a runtime.

    Raises:
        EngineError: the runtime is not installed, or can't compute in that precision.
    """
    name = _on_cpu() if runtime == "auto" and precision != "float32" else chosen(runtime)
    warm_up(name)
    if name == "openvino":
        from workbench.methods.mantranet.runtimes.openvino import OpenVinoRuntime  # noqa: PLC0415

        return OpenVinoRuntime(configuration, arrays, precision)
    if precision != "float32":
        raise EngineError(
            f"The runtime {name} computes in float32 only. For {precision}, install the extra [openvino] and "
            "choose the runtime openvino."
        )
    from workbench.methods.mantranet.runtimes.keras import KerasRuntime  # noqa: PLC0415

    return KerasRuntime(name, configuration, arrays)
