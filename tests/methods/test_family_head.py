"""The head of families: file, both runtimes, tiles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from workbench.core.digest import sha256_of_file
from workbench.core.errors import WeightsError
from workbench.core.families import head_file
from workbench.core.weights import card_named
from workbench.methods.mantranet import family_pass
from workbench.methods.mantranet.configuration import CONFIGURATIONS
from workbench.methods.mantranet.family_head import head_shapes, load_head
from workbench.methods.mantranet.runtimes.families import make_classifier
from workbench.methods.mantranet.weights import load_weights

NETWORK = CONFIGURATIONS[card_named().configuration]


@pytest.fixture
def weights(tmp_path: Path, put_head: Callable[[Path], None]) -> Path:
    """A copy of the shipped weights with a head of random numbers beside it."""
    path = tmp_path / "some.weights.h5"
    path.write_bytes(card_named().path.read_bytes())
    put_head(path)
    return path


def picture(height: int = 90, width: int = 130) -> np.ndarray:
    rng = np.random.default_rng(1)
    slope = np.linspace(30, 220, width)[None, :, None]
    return np.clip(slope + rng.normal(0, 12, (height, width, 3)), 0, 255).astype(np.uint8)


def test_a_head_comes_back_as_it_was_written(weights: Path) -> None:
    assert head_file(weights).name == "some.families.h5"
    head = load_head(head_file(weights), NETWORK, sha256_of_file(weights))
    assert {name: array.shape for name, array in head.items()} == head_shapes(NETWORK)
    assert all(array.dtype == np.float32 for array in head.values())


def test_a_head_of_other_weights_is_refused(weights: Path) -> None:
    with pytest.raises(WeightsError, match="fitted to other weights"):
        load_head(head_file(weights), NETWORK, "00" * 32)


def test_missing_and_damaged_heads_are_sentences(weights: Path) -> None:
    digest, path = sha256_of_file(weights), head_file(weights)
    with h5py.File(path, "a") as file:
        file["families/classes/bias:0"][0] = np.nan
    with pytest.raises(WeightsError, match="fit it again"):
        load_head(path, NETWORK, digest)
    path.write_bytes(b"no HDF5")
    with pytest.raises(WeightsError, match="workbench train families"):
        load_head(path, NETWORK, digest)
    path.unlink()
    with pytest.raises(WeightsError, match="workbench train families"):
        family_pass.load(weights, NETWORK.name)


def test_both_runtimes_agree(weights: Path) -> None:
    arrays = load_weights(weights, NETWORK)
    head = load_head(head_file(weights), NETWORK, sha256_of_file(weights))
    first, second = (
        make_classifier(runtime, NETWORK, arrays, head)(picture()) for runtime in ("openvino", "tensorflow")
    )
    assert first.shape == second.shape == (90, 130, 8)
    assert np.abs(first.sum(axis=-1) - 1).max() < 1e-5
    assert np.abs(first - second).max() < 1e-3


def test_tiles_give_what_the_whole_gives(weights: Path) -> None:
    classify = family_pass.load(weights, NETWORK.name)
    done: list[tuple[int, int]] = []
    whole = family_pass.families(picture(), classify)
    tiled = family_pass.families(picture(), classify, lambda n, of, _: done.append((n, of)), tile=32)
    assert whole.classes.shape == (90, 130)
    assert (whole.classes == tiled.classes).mean() > 0.999, "ties may fall either way"
    assert np.abs(whole.clearness.astype(int) - tiled.clearness).max() <= 1
    assert done[-1][0] == done[-1][1] > 1
