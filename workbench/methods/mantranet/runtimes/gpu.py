"""Whether a runtime that is installed finds a GPU that it can compute on."""

import ctypes
import platform
import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec

CANDIDATES = "torch", "jax", "tensorflow"


@cache
def runtime_on_gpu() -> str | None:
    """The first of the candidates that finds a GPU, or None.

    To ask one it must be imported, which takes seconds and some hundred megabytes; so none is asked where
    no driver is installed.
    """
    if not has_driver():
        return None
    return next((name for name in CANDIDATES if find_spec(name) is not None and _finds_gpu(name)), None)


def has_driver() -> bool:
    """Whether this is an Apple computer with a GPU of its own, or NVIDIA's driver can be loaded."""
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    try:
        ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False
    return True


def _finds_gpu(name: str) -> bool:
    try:
        module = import_module(name)
        if name == "torch":
            return bool(module.cuda.is_available() or module.backends.mps.is_available())
        if name == "jax":
            return bool(module.default_backend() == "gpu")
        return bool(module.config.list_physical_devices("GPU"))
    except (ImportError, OSError, RuntimeError):  # built for another driver than the one here: no GPU for it
        return False
