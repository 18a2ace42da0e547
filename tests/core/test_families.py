from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from workbench.core.families import COLOURS, FAMILIES, FamilyMap, head_file, overlay, worth_of
from workbench.training import manipulations


@pytest.fixture
def families() -> FamilyMap:
    classes = np.zeros((40, 50), np.uint8)
    classes[10:20, 10:30] = 5
    return FamilyMap.of(classes, np.full((40, 50), 255, np.uint8))


def test_names_are_those_of_training() -> None:
    assert ("untouched", *manipulations.FAMILIES) == FAMILIES
    assert len(COLOURS) == len(set(COLOURS)) == len(FAMILIES)


def test_shares_add_up_and_the_map_is_fixed(families: FamilyMap) -> None:
    assert sum(families.shares()) == pytest.approx(1)
    assert families.shares()[5] == pytest.approx(200 / 2000)
    with pytest.raises(ValueError, match="read-only"):
        families.classes[0, 0] = 1


def test_the_hash_tells_maps_apart(families: FamilyMap) -> None:
    other = FamilyMap.of(families.classes, np.full((40, 50), 254, np.uint8))
    assert other.sha256 != families.sha256
    assert FamilyMap.of(families.classes.copy(), families.clearness.copy()).sha256 == families.sha256


@pytest.mark.parametrize("classes", [np.full((40, 50), 8), np.zeros((40, 49))])
def test_what_is_no_map_is_refused(classes: np.ndarray) -> None:
    with pytest.raises(ValueError, match="families"):
        FamilyMap.of(classes.astype(np.uint8), np.zeros((40, 50), np.uint8))


def test_colours_are_those_of_the_legend_where_it_is_clear(families: FamilyMap) -> None:
    picture = np.full((40, 50, 3), (250, 40, 10), np.uint8)
    assert tuple(overlay(picture, families.classes, families.clearness, 1.0)[15, 15]) == COLOURS[5]
    even = np.full((40, 50), 255 // 8, np.uint8)
    grey = overlay(picture, families.classes, even, 1.0)[15, 15]
    assert len(set(grey.tolist())) == 1, "where nothing is clear no colour is laid on"


def test_what_a_head_is_worth_is_read_only_for_its_own_weights(tmp_path: Path) -> None:
    weights = tmp_path / "a.weights.h5"
    table = {"weights_sha256": "aa", "sha256": "bb", "confusion": np.diag(np.arange(8)).tolist()}
    head_file(weights).with_suffix(".json").write_text(json.dumps(table))
    worth = worth_of(weights, "aa")
    assert worth is not None
    assert worth.accuracy == pytest.approx(7 / 8), "nothing was shown for the first family"
    assert worth.head_sha256 == "bb"
    assert worth.faint is None
    assert worth_of(weights, "cc") is None
    table["confusion"] = [[1]]
    head_file(weights).with_suffix(".json").write_text(json.dumps(table))
    assert worth_of(weights, "aa") is None
    assert worth_of(tmp_path / "b.weights.h5", "aa") is None


def test_what_is_untouched_stays_as_it_is(families: FamilyMap) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (40, 50, 3)).astype(np.uint8)
    laid = overlay(picture, families.classes, families.clearness)
    assert np.array_equal(laid[30:], picture[30:])
    assert not np.array_equal(laid[12:18, 12:28], picture[12:18, 12:28])
