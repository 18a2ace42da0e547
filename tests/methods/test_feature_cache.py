"""Kept features: found again, never trusted, never in the way."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from workbench.methods.mantranet import feature_cache
from workbench.methods.mantranet.feature_cache import DamagedFeaturesError, FeatureCache
from workbench.methods.mantranet.statistics import RunningStatistics

SHAPE = (40, 50, 6)
SIZE = 4 * 40 * 50 * 6
ALL = slice(0, 40), slice(0, 50)


@pytest.fixture
def cache(tmp_path: Path) -> FeatureCache:
    return FeatureCache(tmp_path / "features", 10 * SIZE)


def features(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=SHAPE).astype(np.float32)


def keep(cache: FeatureCache, name: str, seed: int = 0) -> RunningStatistics:
    statistics = RunningStatistics(6)
    statistics.add(features(seed))
    with cache.new(name, SHAPE) as new:
        for rows in (slice(20, 40), slice(0, 20)):
            new.write((rows, ALL[1]), features(seed)[rows])
        new.complete(statistics)
    return statistics


def names(cache: FeatureCache) -> set[str]:
    return {path.name for path in cache.folder.iterdir()}


def test_what_is_kept_is_found_with_its_statistics(cache: FeatureCache) -> None:
    assert cache.find("a") is None
    statistics = keep(cache, "a")
    found = cache.find("a")
    assert found is not None
    assert found.shape == SHAPE
    np.testing.assert_array_equal(found.read(ALL), features())
    np.testing.assert_array_equal(found.read((slice(3, 9), slice(7, 20))), features()[3:9, 7:20])
    np.testing.assert_array_equal(found.mean, statistics.mean)
    np.testing.assert_array_equal(found.deviation, statistics.deviation)
    assert cache.find("b") is None
    assert names(cache) == {"a.features"}


def test_what_was_not_completed_is_not_kept(cache: FeatureCache) -> None:
    with cache.new("a", SHAPE) as new:
        new.write(ALL, features())
        assert cache.find("a") is None
    assert names(cache) == set()


def test_it_is_in_place_as_soon_as_it_is_complete(cache: FeatureCache) -> None:
    """The worker may be killed in pass B."""
    with cache.new("a", SHAPE) as new:
        new.write(ALL, features())
        statistics = RunningStatistics(6)
        statistics.add(features())
        new.complete(statistics)
        assert names(cache) == {"a.features"}
        np.testing.assert_array_equal(new.read(ALL), features())


@pytest.mark.parametrize("length", [0, 5, SIZE - 1, SIZE, SIZE + 100, -1])
def test_a_file_cut_short_is_noticed_and_removed(cache: FeatureCache, length: int) -> None:
    keep(cache, "a")
    path = cache.folder / "a.features"
    os.truncate(path, length if length >= 0 else path.stat().st_size - 1)
    assert cache.find("a") is None
    assert names(cache) == set()


def test_a_damaged_row_is_noticed_when_it_is_read(cache: FeatureCache) -> None:
    keep(cache, "a")
    with (cache.folder / "a.features").open("r+b") as file:
        file.seek(4 * 50 * 6 * 11 + 77)
        file.write(b"\xff")
    found = cache.find("a")
    assert found is not None
    found.read((slice(12, 40), slice(3, 4)))
    with pytest.raises(DamagedFeaturesError, match="row 11"):
        found.read((slice(5, 15), slice(40, 42)))


def test_a_damaged_description_is_noticed(cache: FeatureCache) -> None:
    keep(cache, "a")
    with (cache.folder / "a.features").open("r+b") as file:
        file.seek(SIZE + 20)
        file.write(b"9")
    assert cache.find("a") is None


def test_a_file_under_another_name_is_not_taken_for_it(cache: FeatureCache) -> None:
    keep(cache, "a")
    (cache.folder / "a.features").rename(cache.folder / "b.features")
    assert cache.find("b") is None


def test_what_was_used_longest_ago_goes_first(cache: FeatureCache) -> None:
    small = FeatureCache(cache.folder, 3 * SIZE + 20_000)
    for age, name in enumerate(("a", "b", "c")):
        keep(small, name)
        os.utime(cache.folder / f"{name}.features", (age, age))
    assert small.find("a") is not None  # used just now
    keep(small, "d")
    assert names(cache) == {"a.features", "c.features", "d.features"}


def test_room_is_that_of_the_limit_and_of_the_disk(
    cache: FeatureCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cache.has_room(SHAPE)
    assert not cache.has_room((400, 50, 7))
    assert not FeatureCache(cache.folder, 0).has_room(SHAPE)
    monkeypatch.setattr(feature_cache, "free_space", lambda _folder: 2_000_000_000 + SIZE // 2)
    assert not cache.has_room(SHAPE)


def test_files_may_be_deleted_while_they_are_used(cache: FeatureCache) -> None:
    keep(cache, "a")
    found = cache.find("a")
    assert found is not None
    assert found.is_there()
    shutil.rmtree(cache.folder)
    assert not found.is_there()
    np.testing.assert_array_equal(found.read(ALL), features())


def test_the_folder_may_be_deleted_while_features_are_written(cache: FeatureCache) -> None:
    with cache.new("a", SHAPE) as new:
        new.write((slice(0, 20), ALL[1]), features()[:20])
        shutil.rmtree(cache.folder)
        new.write((slice(20, 40), ALL[1]), features()[20:])
        statistics = RunningStatistics(6)
        statistics.add(features())
        new.complete(statistics)
        np.testing.assert_array_equal(new.read(ALL), features())
    assert cache.find("a") is None
    keep(cache, "a")
    assert cache.find("a") is not None


def test_what_a_killed_process_left_goes(cache: FeatureCache) -> None:
    keep(cache, "a")
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    for owner in (str(ended.pid), str(os.getpid()), "x"):
        (cache.folder / f"b.{owner}.partial").write_bytes(b"x")
    (cache.folder / "stray.partial").mkdir()  # not of this program: left, and in nobody's way
    cache.tidy()
    assert names(cache) == {"stray.partial", "a.features", f"b.{os.getpid()}.partial"}
