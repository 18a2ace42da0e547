"""Tiles change nothing: not their size, not the picture's, not where the features wait."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from runtime_choice import EXAMPLES, RUNTIMES

from workbench.core.errors import AnalysisCancelled
from workbench.methods.mantranet import network, planning, runtimes, two_pass, weights
from workbench.methods.mantranet.configuration import COMPACT_3, CONFIGURATIONS, VARIANTS, Configuration
from workbench.methods.mantranet.feature_store import scratch_file
from workbench.methods.mantranet.preprocessing import scaled
from workbench.methods.mantranet.runtime import Runtime
from workbench.methods.mantranet.statistics import RunningStatistics
from workbench.methods.mantranet.tiles import tiles
from workbench.methods.mantranet.two_pass import Watch

Arrays = dict[str, np.ndarray]


class Both:
    """The same random network as tiles and as one graph."""

    def __init__(self, configuration: Configuration, arrays: Arrays, runtime: str) -> None:
        self.runtime = runtimes.make(runtime, "float32", configuration, arrays)
        self._whole = network.build_network(configuration)
        weights.assign(self._whole, arrays)

    def assert_same(self, picture: np.ndarray, tile: int, scratch: Path | None = None) -> None:
        shape = *picture.shape[:2], self.runtime.configuration.outlier_filters
        with scratch_file(shape, scratch) if scratch else nullcontext() as store:
            tiled = two_pass.analyse(picture, self.runtime, tile, store=store)
        whole = keras.ops.convert_to_numpy(self._whole(scaled(picture)))[0, :, :, 0]
        np.testing.assert_allclose(tiled, whole, rtol=0, atol=2e-4)
        assert np.ptp(whole) > 1e-3 or picture.size < 300  # a flat map would prove nothing


@pytest.fixture(scope="module", params=RUNTIMES)
def both(request: pytest.FixtureRequest, small: Configuration, make_arrays: Callable[..., Arrays]) -> Both:
    return Both(small, make_arrays(small), request.param)


def picture(height: int, width: int, seed: int = 0) -> np.ndarray:
    """Noise whose strength grows to the right and downwards, so that the map is not flat."""
    draw = np.random.default_rng(seed)
    strength = np.add.outer(np.linspace(2, 40, height), np.linspace(2, 80, width))[..., None]
    return np.clip(draw.normal(128, strength, (height, width, 3)), 0, 255).astype(np.uint8)


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 220), st.integers(1, 220), st.integers(16, 120), st.integers(0, 9))
def test_any_size_and_tile_agrees_with_the_whole_image_graph(
    both: Both, height: int, width: int, tile: int, seed: int
) -> None:
    both.assert_same(picture(height, width, seed), tile)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 300), (300, 1), (2, 95), (31, 400)])
def test_thin_pictures(both: Both, height: int, width: int) -> None:
    both.assert_same(picture(height, width), 32)


def test_features_in_a_scratch_file_give_the_same_map_and_nothing_stays(both: Both, tmp_path: Path) -> None:
    both.assert_same(picture(150, 210), 48, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize("configuration", CONFIGURATIONS.values(), ids=lambda c: c.name)
def test_every_configuration(
    make_arrays: Callable[..., Arrays], configuration: Configuration, runtime: str
) -> None:
    sides = (
        np.random.default_rng(len(configuration.name)).integers(34, 70, 2) + 2 * configuration.anomaly_halo
    )
    assert len(tiles(*sides, 32, configuration.anomaly_halo)) > 3, "pass B has tiles that meet"
    both = Both(configuration, make_arrays(configuration), runtime)
    both.assert_same(picture(*sides), 32)


def test_the_halo_of_the_default_network_is_the_sum_of_what_it_looks_across() -> None:
    """The window of 31 at the third of four steps, two steps of 7 x 7, 127 pixels of the state, `pred`."""
    assert COMPACT_3.anomaly_halo == 15 + 3 + 3 + 63 + 3


def test_progress_counts_tiles_and_tiles_fill_the_map(both: Both) -> None:
    seen: list[tuple[int, int, float]] = []
    parts = np.full((130, 170), np.nan, np.float32)

    def on_tile(x: int, y: int, response: np.ndarray, provisional: bool) -> None:
        assert not provisional
        parts[y : y + response.shape[0], x : x + response.shape[1]] = response

    response = two_pass.analyse(
        picture(130, 170), both.runtime, 48, Watch(lambda *step: seen.append(step), on_tile)
    )
    assert [step[0] for step in seen] == list(range(1, seen[0][1] + 1))
    assert [step[2] for step in seen] == sorted(step[2] for step in seen)
    assert seen[-1][2] == pytest.approx(1)
    np.testing.assert_array_equal(parts, response)


def test_cancelling_stops_after_the_tile(both: Both) -> None:
    steps: list[int] = []

    def stop(done: int, total: int, fraction: float) -> None:
        steps.append(done)
        if done == 2:
            raise AnalysisCancelled

    with pytest.raises(AnalysisCancelled):
        two_pass.analyse(picture(130, 170), both.runtime, 48, Watch(stop))
    assert steps == [1, 2]


@pytest.fixture(scope="module")
def runtime(compact: Configuration, make_arrays: Callable[..., Arrays]) -> Runtime:
    return runtimes.make(RUNTIMES[-1], "float32", compact, make_arrays(compact))


def test_the_focus_changes_the_order_and_no_byte_of_the_map(runtime: Runtime) -> None:
    pixels, corner = picture(300, 400), (390, 290)
    plain = two_pass.analyse(pixels, runtime, 48)
    told: list[tuple[int, int, bool]] = []
    parts: list[np.ndarray] = []

    def on_tile(x: int, y: int, response: np.ndarray, provisional: bool) -> None:
        told.append((x, y, provisional))
        parts.append(response.copy())

    focused = two_pass.analyse(pixels, runtime, 48, Watch(on_tile=on_tile, focus=corner))
    np.testing.assert_array_equal(focused, plain)
    final = [(x, y) for x, y, provisional in told if not provisional]
    early = [(x, y) for x, y, provisional in told if provisional]
    assert final[0] == max(final)
    assert final[-1] == (0, 0)
    assert early == final[: len(early)]
    assert early
    assert not any(provisional for _, _, provisional in told[len(early) :])  # all before the first final one
    x, y = early[0]
    shown = parts[0]
    assert np.abs(shown - plain[y : y + shown.shape[0], x : x + shown.shape[1]]).max() < 0.3


def test_provisional_parts_cost_a_tenth_at_most(runtime: Runtime) -> None:
    looked = []

    class Counting:
        configuration, min_std = runtime.configuration, runtime.min_std
        name, precision = runtime.name, runtime.precision

        def features(self, pixels: np.ndarray) -> np.ndarray:
            looked.append(planning.feature_work(self.configuration) * pixels[..., 0].size)
            return runtime.features(pixels)

        def response(self, features: np.ndarray, *scale: np.ndarray) -> np.ndarray:
            looked.append(planning.response_work(self.configuration) * features[..., 0].size)
            return runtime.response(features, *scale)

    pixels = picture(300, 400)
    two_pass.analyse(pixels, Counting(), 48)
    plain, looked[:] = sum(looked), []
    two_pass.analyse(pixels, Counting(), 48, Watch(focus=(10, 10)))
    assert plain < sum(looked) <= 1.1 * plain


@settings(max_examples=60)
@given(st.integers(1, 300), st.integers(1, 300), st.integers(8, 200), st.integers(0, 40))
def test_tile_cores_cover_the_picture_once(height: int, width: int, tile: int, halo: int) -> None:
    covered = np.zeros((height, width), np.uint8)
    parts = tiles(height, width, tile, halo)
    for part in parts:
        covered[part.core] += 1
        for axis, length in enumerate((height, width)):
            core, window, inner = part.core[axis], part.window[axis], part.inner[axis]
            assert window.start in {0} or core.start - window.start >= halo
            assert window.stop in {length} or window.stop - core.stop >= halo
            assert inner.start == core.start - window.start
            assert inner.stop - inner.start == core.stop - core.start
    assert (covered == 1).all()
    assert len({tuple(s.stop - s.start for s in part.window) for part in parts}) == 1


def test_statistics_by_parts_are_those_of_the_whole() -> None:
    values = np.random.default_rng(1).normal(1000, 0.01, (64, 90, 5)).astype(np.float32)
    running = RunningStatistics(5)
    for part in np.array_split(values, 7):
        running.add(part)
    wide = values.astype(np.float64)
    np.testing.assert_allclose(running.mean, wide.mean(axis=(0, 1)), rtol=1e-12)
    np.testing.assert_allclose(running.deviation, wide.std(axis=(0, 1)), rtol=1e-6)


def test_halo_of_the_anomaly_pass() -> None:
    assert VARIANTS[4].anomaly_halo == 24
    assert VARIANTS[0].anomaly_halo == 40
