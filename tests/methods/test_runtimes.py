"""Runtimes: which is chosen, what they promise, and what they keep to themselves."""

import os
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from workbench.core.errors import EngineError
from workbench.methods.mantranet import runtimes
from workbench.methods.mantranet.configuration import Configuration

Arrays = dict[str, np.ndarray]

CPU_LESS = (
    "from workbench.methods.mantranet.runtimes import openvino as o;"
    "o.openvino.Core = type('Core', (), {'available_devices': []})"
)
"""A copy of OpenVINO without its plug-ins."""


def test_without_a_gpu_auto_prefers_openvino(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setattr(runtimes, "runtime_on_gpu", lambda: None)
    assert runtimes.chosen("auto") == "openvino"
    monkeypatch.setattr(runtimes, "_openvino_works", lambda: False)
    assert runtimes.chosen("auto") == "tensorflow"
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert runtimes.chosen("auto") == "torch"


def test_auto_prefers_a_gpu_but_for_bfloat16(
    small: Configuration, make_arrays: Callable[..., Arrays], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtimes, "runtime_on_gpu", lambda: "torch")
    assert runtimes.chosen("auto") == "torch"
    assert runtimes.make("auto", "bfloat16", small, make_arrays(small)).name.startswith("OpenVINO")


@pytest.mark.parametrize("driver", [False, True])
def test_no_runtime_is_imported_to_find_that_there_is_no_gpu(driver: bool) -> None:
    code = (
        "import sys; from workbench.methods.mantranet.runtimes import gpu;"
        f"gpu.has_driver = lambda: {driver}; gpu.version = lambda name: '2.13.0+cpu';"
        "gpu.find_spec = lambda name: None;"
        "print(gpu.runtime_on_gpu(), {'torch', 'jax', 'tensorflow'} & set(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["None", "set()"]


def test_a_runtime_built_for_gpus_is_asked_and_may_find_none() -> None:
    code = (
        "from workbench.methods.mantranet.runtimes import gpu;"
        "gpu.has_driver = lambda: True; gpu.built_for_gpu = lambda: ['missing', 'tensorflow'];"
        "print(gpu.runtime_on_gpu())"
    )
    hidden = os.environ | {"CUDA_VISIBLE_DEVICES": ""}
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=hidden)
    assert out.stdout.strip() == "None"
    assert "missing is installed but can't be asked" in out.stderr


@pytest.mark.parametrize("fault", ["import sys; sys.modules['openvino'] = None", CPU_LESS])
def test_auto_does_without_an_openvino_that_does_not_work(fault: str) -> None:
    code = f"{fault}; from workbench.methods.mantranet import runtimes; print(runtimes.chosen('auto'))"
    clean = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=clean)
    assert out.stdout.strip() == "tensorflow"


def test_a_runtime_that_is_not_installed_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtimes, "find_spec", lambda _name: None)
    with pytest.raises(EngineError, match=r"extra \[jax\]"):
        runtimes.chosen("jax")


def test_bfloat16_is_refused_where_it_is_not_offered(
    small: Configuration, make_arrays: Callable[..., Arrays]
) -> None:
    with pytest.raises(EngineError, match="float32 only"):
        runtimes.make("tensorflow", "bfloat16", small, make_arrays(small))


def test_a_second_backend_in_one_process_is_refused(
    small: Configuration, make_arrays: Callable[..., Arrays]
) -> None:
    from workbench.methods.mantranet.runtimes.keras import KerasRuntime

    with pytest.raises(EngineError, match="Start the program again"):
        KerasRuntime("jax", small, make_arrays(small))


def test_openvino_needs_no_keras_and_reports_nothing_over_the_network() -> None:
    code = (
        "import sys; from workbench.methods.mantranet import runtimes; print(runtimes.warm_up('openvino'));"
        "print([m for m in ('keras', 'tensorflow', 'requests', 'openvino_telemetry') if sys.modules.get(m)])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    name, loaded = out.stdout.splitlines()
    assert name.startswith("OpenVINO 20")
    assert "CPU" in name
    assert loaded == "[]"


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 1), (37, 52)])
def test_both_passes_give_the_same_numbers_on_openvino_as_on_keras(
    small: Configuration, make_arrays: Callable[..., Arrays], size: tuple[int, int]
) -> None:
    arrays = make_arrays(small)
    keras, openvino = (runtimes.make(name, "float32", small, arrays) for name in ("tensorflow", "openvino"))
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    features = keras.features(pixels)
    np.testing.assert_allclose(openvino.features(pixels), features, rtol=0, atol=2e-5)
    scale = features.mean(axis=(0, 1)), np.full(features.shape[-1], 0.3, np.float32)
    np.testing.assert_allclose(
        openvino.response(features, *scale), keras.response(features, *scale), rtol=0, atol=1e-5
    )


def test_openvino_says_the_precision_it_computes_in(
    small: Configuration, make_arrays: Callable[..., Arrays]
) -> None:
    arrays = make_arrays(small)
    exact, fast = (runtimes.make("openvino", p, small, arrays) for p in ("float32", "bfloat16"))
    assert exact.precision == "float32"
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    differ = np.abs(fast.features(pixels) - exact.features(pixels)).max()
    assert (differ > 1e-4) == (fast.precision == "bfloat16")  # a CPU without it says float32
    assert differ < 0.2


def test_tiles_of_changing_size_on_openvino(small: Configuration, make_arrays: Callable[..., Arrays]) -> None:
    runtime = runtimes.make("openvino", "float32", small, make_arrays(small))
    pixels = np.random.default_rng(0).integers(0, 256, (60, 60, 3), np.uint8)
    first = runtime.features(pixels)
    runtime.features(pixels[:30])
    runtime.response(first, np.zeros(6, np.float32), np.ones(6, np.float32))
    np.testing.assert_array_equal(runtime.features(pixels), first)


def test_previews_are_the_same_on_the_graph_for_one_size_as_on_that_for_all(
    small: Configuration, make_arrays: Callable[..., Arrays], monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbench.methods.mantranet.runtimes import openvino

    monkeypatch.setattr(openvino, "_LARGE", 50 * 60)
    runtime = runtimes.make("openvino", "float32", small, make_arrays(small))
    scale = np.zeros(6, np.float32), np.ones(6, np.float32)
    features = np.random.default_rng(0).normal(0, 1, (50, 60, 6)).astype(np.float32)
    for part in (features[:30], features[:30], features[:40], features, features[:20]):
        exact = runtime.response(part, *scale)
        assert np.ptp(exact) > 1e-3
        np.testing.assert_allclose(runtime.quick_response(part, *scale), exact, rtol=0, atol=0.05)
        np.testing.assert_array_equal(runtime.response(part, *scale), exact)


def test_openvino_without_memory_says_so_as_python_does(
    small: Configuration, make_arrays: Callable[..., Arrays], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`tests/engine` takes memory away for real."""
    from workbench.methods.mantranet.runtimes import openvino

    runtime = runtimes.make("openvino", "float32", small, make_arrays(small))
    for fault, expected in (("std::bad_alloc", MemoryError), ("something else", RuntimeError)):

        def failing(*_: object, fault: str = fault) -> None:
            raise RuntimeError(f"Exception from core.cpp:117: {fault}")

        monkeypatch.setattr(openvino, "features_graph", failing)
        with pytest.raises(expected, match=fault):
            runtime.features(np.zeros((9, 9, 3), np.uint8))
