"""A case as a value: pictures, regions and runs are added and put in each other's place."""

from dataclasses import replace
from pathlib import Path

import pytest

from workbench.core.case import Case, Item
from workbench.core.evidence import open_evidence


def test_the_path_of_an_item_is_absolute_and_follows_no_link(
    jpeg: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tmp_path / "link.jpg"
    link.symlink_to(jpeg)
    monkeypatch.chdir(tmp_path)
    assert Item.of(open_evidence(Path("link.jpg"))).path == link
    assert Item.of(open_evidence(jpeg)).path == jpeg


def test_regions_are_numbered_in_the_order_of_drawing(jpeg: Path) -> None:
    item = Item.of(open_evidence(jpeg)).with_region(0, 0, 20, 20).with_region(5, 6, 30, 40)
    first, second = item.regions
    assert (first.name, second.name, second.box) == ("R1", "R2", (5, 6, 30, 40))
    renamed = item.with_region_changed(replace(first, name="sky"))
    assert [r.name for r in renamed.regions] == ["sky", "R2"]
    again = renamed.without_region(second.id).with_region(0, 0, 16, 16)
    assert [r.name for r in again.regions] == ["sky", "R3"]  # R2 is never used again


def test_an_item_takes_the_place_of_the_one_with_its_id(jpeg: Path) -> None:
    item = Item.of(open_evidence(jpeg))
    case = Case("c").with_item(item).with_item(replace(item, id="other"))
    changed = case.with_item(replace(item, name="new"))
    assert [i.name for i in changed.items] == ["new", item.name]
    assert changed.item("other").name == item.name
    with pytest.raises(KeyError):
        changed.item("nobody")
