"""Pass B on features of the whole picture gives what a strict run of the window gives."""

from collections.abc import Callable

import numpy as np
import pytest
from runtime_choice import RUNTIMES

from workbench.core.errors import AnalysisCancelled
from workbench.methods.mantranet import cached, runtimes, two_pass
from workbench.methods.mantranet.configuration import EXTRACTOR_HALO, Configuration
from workbench.methods.mantranet.feature_store import MemoryStore
from workbench.methods.mantranet.runtime import Runtime

Arrays = dict[str, np.ndarray]


@pytest.fixture(scope="module", params=RUNTIMES)
def runtime(
    request: pytest.FixtureRequest, small: Configuration, make_arrays: Callable[..., Arrays]
) -> Runtime:
    return runtimes.make(request.param, "float32", small, make_arrays(small))


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), np.uint8)


def response_on_features_of(
    pixels: np.ndarray, runtime: Runtime, box: tuple[int, int, int, int], tile: int = cached.TILE
) -> np.ndarray:
    features = runtime.features(pixels)
    store = MemoryStore(features.shape)
    store.write((slice(0, features.shape[0]), slice(0, features.shape[1])), features)
    return cached.window_response(store, runtime, box, tile=tile)


@pytest.mark.parametrize("tile", [24, 512])
def test_the_whole_picture_as_a_window_is_the_analysis(runtime: Runtime, tile: int) -> None:
    pixels = noise(140, 190)
    found = response_on_features_of(pixels, runtime, (0, 0, 190, 140), tile)
    np.testing.assert_allclose(found, two_pass.analyse(pixels, runtime, 512), rtol=0, atol=2e-4)


def test_only_the_context_at_the_border_differs_from_a_strict_crop(runtime: Runtime) -> None:
    """A band as wide as the extractor's reach is made of black on both sides: the contexts are the same."""
    pixels = noise(150, 200)
    x, y, width, height = box = 40, 30, 110, 90
    reach = EXTRACTOR_HALO
    pixels[y - reach : y + height + reach, x - reach : x + width + reach] = 0
    middle = slice(y + reach, y + height - reach), slice(x + reach, x + width - reach)
    pixels[middle] = noise(height - 2 * reach, width - 2 * reach)
    found = response_on_features_of(pixels, runtime, box)
    crop = np.ascontiguousarray(pixels[y : y + height, x : x + width])
    strict = two_pass.analyse(crop, runtime, 512)
    assert np.ptp(strict) > 1e-3
    np.testing.assert_allclose(found, strict, rtol=0, atol=2e-4)


def test_a_large_window_can_be_stopped_between_two_parts(runtime: Runtime) -> None:
    steps: list[int] = []

    def stop() -> None:
        steps.append(1)
        if len(steps) == 3:
            raise AnalysisCancelled

    store = MemoryStore((150, 150, 6))
    store.write((slice(0, 150), slice(0, 150)), np.zeros((150, 150, 6), np.float32))
    with pytest.raises(AnalysisCancelled):
        cached.window_response(store, runtime, (0, 0, 150, 150), stop, tile=24)
    assert len(steps) == 3


def test_a_quick_response_is_close_to_the_exact_one(
    compact: Configuration, make_arrays: Callable[..., Arrays]
) -> None:
    runtime = runtimes.make(RUNTIMES[-1], "float32", compact, make_arrays(compact))
    pixels = noise(90, 120)
    features = runtime.features(pixels)
    store = MemoryStore(features.shape)
    store.write((slice(0, 90), slice(0, 120)), features)
    exact, quick = (cached.window_response(store, runtime, (0, 0, 120, 90), quick=q) for q in (False, True))
    assert np.ptp(exact) > 1e-3
    np.testing.assert_allclose(quick, exact, rtol=0, atol=0.05)
    np.testing.assert_array_equal(cached.window_response(store, runtime, (0, 0, 120, 90)), exact)
