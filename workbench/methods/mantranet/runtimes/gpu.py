"""Whether a runtime that is installed finds a GPU that it can compute on."""

import ctypes
import logging
import platform
import sys
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

_LOGGER = logging.getLogger(__name__)
_CUDA_PLUGINS = "jax_cuda13_plugin", "jax_cuda12_plugin"


@cache
def runtime_on_gpu() -> str | None:
    """PyTorch, JAX or TensorFlow: the first that finds a GPU, or None.

    To ask one it must be imported, which takes seconds and some hundred megabytes. So none is asked where no
    driver is installed, nor one that was built for processors only.
    """
    if not has_driver():
        return None
    return next((name for name in built_for_gpu() if _finds_gpu(name)), None)


def has_driver() -> bool:
    """Whether this is an Apple computer with a GPU of its own, or NVIDIA's driver can be loaded."""
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    try:
        ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False
    return True


def built_for_gpu() -> list[str]:
    """Of the runtimes installed here, those that may find a GPU, by what their packages say."""
    names = []
    try:
        if not version("torch").endswith("+cpu"):
            names.append("torch")
    except PackageNotFoundError:
        pass
    if any(find_spec(plugin) is not None for plugin in _CUDA_PLUGINS):
        names.append("jax")
    # The extra [cuda] brings NVIDIA's libraries along; elsewhere than on Linux TensorFlow has no GPU.
    if sys.platform == "linux" and find_spec("nvidia") is not None:
        names.append("tensorflow")
    return names


def _finds_gpu(name: str) -> bool:
    try:
        module = import_module(name)
        if name == "torch":
            return bool(module.cuda.is_available() or module.backends.mps.is_available())
        if name == "jax":
            return bool(module.default_backend() == "gpu")
        return bool(module.config.list_physical_devices("GPU"))
    except Exception:  # whatever a driver and a library that do not fit raise: there is the CPU
        _LOGGER.warning("%s is installed but can't be asked for a GPU", name, exc_info=True)
        return False
