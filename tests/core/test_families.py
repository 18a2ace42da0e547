from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from workbench.core import paths
from workbench.core.families import COLOURS, FAMILIES, FamilyMap, head_file, overlay, worth_of
from workbench.core.weights import all_cards, damaged_cards
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
    unclear = FamilyMap.of(families.classes, np.full((40, 50), 127, np.uint8))
    assert unclear.shares() == (1, *(0,) * 7)
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
    unclear = np.full((40, 50), 127, np.uint8)
    assert np.array_equal(overlay(picture, families.classes, unclear, 1.0), picture)
    faintly = overlay(picture, families.classes, families.clearness, 0.02)[15, 15]
    assert np.ptp(faintly.astype(int)) < 8, "grey under a colour"


def test_what_a_head_is_worth_is_read_only_for_its_own_weights(tmp_path: Path) -> None:
    weights = tmp_path / "a.weights.h5"
    shown = np.diag([90, 10, 10, 10, 10, 10, 10, 0])
    shown[0, 7], shown[7, 0] = 10, 10
    table = {
        "weights_sha256": "aa",
        "sha256": "bb",
        "likely": np.diag(np.arange(8)).tolist(),
        "shown": shown.tolist(),
        "faint": np.eye(8, dtype=int).tolist(),
    }
    head_file(weights).with_suffix(".json").write_text(json.dumps(table))
    worth = worth_of(weights, "aa")
    assert worth is not None
    assert worth.accuracy == pytest.approx(7 / 8), "nothing was shown for the first family"
    assert worth.head_sha256 == "bb"
    assert worth.right == pytest.approx(60 / 70)
    assert worth.astray == pytest.approx(0.1)
    assert worth.faint == pytest.approx(7 / 8)
    assert worth_of(weights, "cc") is None
    table["shown"] = [[1]]
    head_file(weights).with_suffix(".json").write_text(json.dumps(table))
    assert worth_of(weights, "aa") is None
    assert worth_of(tmp_path / "b.weights.h5", "aa") is None


def test_what_is_untouched_stays_as_it_is(families: FamilyMap) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (40, 50, 3)).astype(np.uint8)
    laid = overlay(picture, families.classes, families.clearness)
    assert np.array_equal(laid[30:], picture[30:])
    assert not np.array_equal(laid[12:18, 12:28], picture[12:18, 12:28])


def test_what_lies_beside_a_head_is_no_card_of_weights() -> None:
    folder = paths.user_weights_folder()
    folder.mkdir(parents=True)
    (folder / "some.families.json").write_text("{}")
    assert damaged_cards() == ()
    assert "some" not in {card.name for card in all_cards()}
