"""Where features wait: on the disk, else in memory, else a sentence."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from workbench.core.errors import EngineError
from workbench.core.method import Plan
from workbench.methods.mantranet.feature_store import FeatureStore, size_of
from workbench.methods.mantranet.places import Places

SHAPE = (300, 200, 6)
SIZE = size_of(SHAPE)
MEMORY = 10**6


def plan(spare: int, kept: bool) -> Plan:
    return Plan(96, MEMORY, SIZE, 1.0, SIZE if kept else 0, MEMORY + spare)


def fill(store: FeatureStore, rows: slice) -> None:
    store.write((rows, slice(0, 200)), np.full((rows.stop - rows.start, *SHAPE[1:]), rows.start, np.float32))


def read(store: FeatureStore) -> np.ndarray:
    return store.read((slice(0, 300), slice(0, 200)))


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """As a disk does that is full."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no file")


@pytest.mark.parametrize("kept", [True, False])
def test_features_move_to_memory_when_the_disk_is_full(home: Path, kept: bool) -> None:
    with Places(10**9).store(SHAPE, plan(SIZE, kept), "a") as store:
        fill(store, slice(0, 100))
        with no_file_beyond(1000):
            fill(store, slice(100, 300))
        assert set(np.unique(read(store)[:100])) == {0}
        assert set(np.unique(read(store)[100:])) == {100}
    assert not list(home.rglob("*.features"))
    assert not list(home.rglob("*.partial"))


@pytest.mark.parametrize("kept", [True, False])
def test_a_full_disk_and_too_little_memory_are_a_sentence(home: Path, kept: bool) -> None:
    places = Places(10**9)
    with places.store(SHAPE, plan(SIZE - 1, kept), "a") as store:
        fill(store, slice(0, 100))
        with no_file_beyond(1000), pytest.raises(EngineError, match="The disk could not take it"):
            fill(store, slice(100, 300))
    with no_file_beyond(1000), pytest.raises(EngineError, match="Make room on the disk"):
        places.store(SHAPE, plan(SIZE - 1, kept), "a").__enter__()
    assert not [path for path in home.rglob("*") if path.is_file()]


def test_what_fits_in_memory_touches_no_disk(home: Path) -> None:
    with Places(10**9).store(SHAPE, Plan(96, MEMORY, 0, 1.0), "a") as store:
        fill(store, slice(0, 300))
        assert (read(store) == 0).all()
    assert not list(home.iterdir())
