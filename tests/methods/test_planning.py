"""What an analysis will take is said before, and kept within what was allowed."""

import shutil
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest

from workbench.core.errors import EngineError
from workbench.methods.mantranet import planning, runtimes
from workbench.methods.mantranet.configuration import COMPACT_1, VARIANTS, Configuration
from workbench.methods.mantranet.method import LoadedManTraNet

FULL = VARIANTS[4]
RESIDENT = 800_000_000
LIMIT = planning.DEFAULT_LIMIT


def test_tile_grows_as_the_network_narrows() -> None:
    full, small = (planning.tile_for(c, planning.TILE_BYTES) for c in (FULL, COMPACT_1))
    assert 128 <= full < small
    assert full % 32 == small % 32 == 0
    assert planning.tile_for(VARIANTS[0], 1) == planning.LEAST_TILE


def test_work_is_that_of_the_paper() -> None:
    assert planning.feature_work(FULL) / 2 == pytest.approx(3.68e6, rel=0.02)
    assert planning.response_work(FULL) / 2 == pytest.approx(0.45e6, rel=0.05)


@pytest.mark.parametrize("size", [(3000, 4000), (6000, 8000)])
@pytest.mark.parametrize("configuration", [FULL, COMPACT_1], ids=lambda c: c.name)
def test_large_pictures_stay_within_the_limit(configuration: Configuration, size: tuple[int, int]) -> None:
    plan = planning.plan(configuration, size, LIMIT, RESIDENT)
    assert plan.memory <= LIMIT
    features = 4 * configuration.outlier_filters * size[0] * size[1]
    assert plan.disk == (features if features > LIMIT - RESIDENT - planning.TILE_BYTES else 0)
    assert plan.disk > 0 or configuration is COMPACT_1


def test_features_that_are_kept_lie_on_the_disk_and_not_in_memory() -> None:
    size = 768, 1024
    kept, plain = (planning.plan(COMPACT_1, size, LIMIT, RESIDENT, keep=keep) for keep in (True, False))
    features = 4 * COMPACT_1.outlier_filters * 768 * 1024
    assert (kept.disk, kept.kept) == (features, features)
    assert (plain.disk, plain.kept) == (0, 0)
    assert plain.memory - kept.memory == features


def test_less_memory_means_smaller_tiles_then_a_sentence() -> None:
    size = 1500, 2000
    sides = [planning.plan(FULL, size, RESIDENT + extra, RESIDENT).tile for extra in (10**9, 4 * 10**8)]
    assert sides[0] > sides[1]
    with pytest.raises(EngineError, match=r"more than the 0\.8 GB"):
        planning.plan(FULL, size, RESIDENT, RESIDENT)
    with pytest.raises(EngineError, match="tiles of 2000 pixels"):
        planning.plan(FULL, size, LIMIT, RESIDENT, tile=2000)


def test_halos_cost_time() -> None:
    large, small = (planning.plan(FULL, (900, 900), LIMIT, 0, tile) for tile in (256, 32))
    assert large.seconds < small.seconds
    least = (planning.feature_work(FULL) + planning.response_work(FULL)) * 900 * 900 / 1e11
    assert least < large.seconds < 2 * least


def test_a_process_that_is_large_already_may_still_analyse() -> None:
    assert planning.default_limit(RESIDENT, 10**11) == LIMIT
    assert planning.default_limit(5 * 10**9, 10**11) > 6 * 10**9
    assert planning.default_limit(RESIDENT, 10**8) == RESIDENT + 10**8


def test_a_disk_that_is_too_small_is_told_before(
    small: Configuration, make_arrays: Callable[..., dict[str, np.ndarray]], monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = LoadedManTraNet(runtimes.make("openvino", "float32", small, make_arrays(small)))
    assert loaded.plan(3000, 4000).disk == 0
    monkeypatch.setattr(planning, "default_limit", lambda resident, _free: resident + 400_000_000)
    assert loaded.plan(3000, 4000).disk == 4 * 6 * 3000 * 4000
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=10**8))
    with pytest.raises(EngineError, match=r"needs 0.3 GB for a while in the folder .* where 0.1 GB are free"):
        loaded.plan(3000, 4000)
