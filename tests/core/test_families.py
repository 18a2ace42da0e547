from __future__ import annotations

import numpy as np
import pytest

from workbench.core.families import COLOURS, FAMILIES, FamilyMap, colourise, overlay
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
    colours = colourise(families)
    assert tuple(colours[15, 15]) == COLOURS[5]
    assert tuple(colours[0, 0]) == COLOURS[0]
    pale = colourise(FamilyMap.of(families.classes, np.zeros((40, 50), np.uint8)))
    assert (pale == 255).all()


def test_what_is_untouched_stays_as_it_is(families: FamilyMap) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (40, 50, 3)).astype(np.uint8)
    laid = overlay(picture, families)
    assert np.array_equal(laid[30:], picture[30:])
    assert not np.array_equal(laid[12:18, 12:28], picture[12:18, 12:28])
