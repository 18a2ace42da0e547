"""Regions written and read again, ours and LabelMe's; files that are not what they should be."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from workbench.core.case import Item
from workbench.core.errors import RegionError
from workbench.core.evidence import displayed, open_evidence
from workbench.core.region import Region, Shape
from workbench.core.region_files import (
    read_regions,
    remark_on,
    with_copies,
    write_labelme,
    write_regions,
)

TRIANGLE = ((30.0, 20.5), (90.25, 20.0), (30.0, 60.0))
OUTLINE = ((100.0, 60.0), (140.5, 62.0), (150.0, 95.0), (110.0, 99.5))


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., Item]:
    """An item whose picture of 200 x 120 pixels is turned by its EXIF tag."""

    def make(orientation: int = 1, size: tuple[int, int] = (200, 120), name: str = "a.png") -> Item:
        image, exif = Image.new("RGB", size, "grey"), Image.Exif()
        exif[0x0112] = orientation
        image.save(tmp_path / name, exif=exif)
        return Item.of(open_evidence(tmp_path / name))

    return make


def _drawn(item: Item) -> Item:
    item = item.with_region(10, 20, 64, 48)
    item = item.with_region(120, 8, 50, 30, Shape.ELLIPSE)
    item = item.with_region(30, 20, 61, 40, Shape.POLYGON, TRIANGLE)
    item = item.with_region(100, 60, 50, 40, Shape.FREEHAND, OUTLINE)
    named = replace(item.regions[1], name="Schatten \u202e✎", colour="#ff8800", note='"quoted"\nand <b>')
    return item.with_region_changed(named)


def _without_ids(regions: tuple[Region, ...]) -> list[Region]:
    return [replace(region, id="") for region in regions]


def test_what_is_written_is_read_again(picture: Callable[..., Item], tmp_path: Path) -> None:
    item, path = _drawn(picture()), tmp_path / "regions.json"
    write_regions(path, item, item.regions)
    found = read_regions(path, item)

    assert _without_ids(found.regions) == _without_ids(item.regions)
    assert not {region.id for region in found.regions} & {region.id for region in item.regions}
    assert (found.picture.name, found.picture.sha256) == ("a.png", item.sha256)
    assert remark_on(found, item) == ""
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.png", "regions.json"]


def test_the_file_says_what_it_is_of(picture: Callable[..., Item], tmp_path: Path) -> None:
    item, path = _drawn(picture()), tmp_path / "regions.json"
    write_regions(path, item, item.regions[:1])
    content = json.loads(path.read_text("utf-8"))

    assert (content["format"], content["version"]) == ("mantra-workbench regions", 1)
    assert content["picture"] == {"name": "a.png", "sha256": item.sha256, "width": 200, "height": 120}
    assert content["regions"][0] == {
        "name": "R1", "x": 10, "y": 20, "width": 64, "height": 48,
        "shape": "rectangle", "points": [], "colour": "", "note": "",
    }  # fmt: skip


def test_regions_of_another_file_are_read_with_a_remark(picture: Callable[..., Item], tmp_path: Path) -> None:
    item, path = _drawn(picture()), tmp_path / "regions.json"
    write_regions(path, item, item.regions)
    other = picture(3, name="b.png")
    assert "drawn on another file (a.png" in remark_on(read_regions(path, other), other)
    with pytest.raises(RegionError, match=r"picture of 200 × 120 pixels, and this one has 200 × 121"):
        read_regions(path, picture(size=(200, 121), name="c.png"))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_labelme_shows_the_same_pixels_as_displayed(
    picture: Callable[..., Item], tmp_path: Path, orientation: int
) -> None:
    item, path = _drawn(picture(orientation)), tmp_path / "labelme.json"
    write_labelme(path, item, item.regions)
    content = json.loads(path.read_text("utf-8"))

    turned = displayed(np.zeros((120, 200)), orientation)
    assert (content["imageHeight"], content["imageWidth"]) == turned.shape
    for region, shape in zip(item.regions, content["shapes"], strict=True):
        stored = np.zeros((120, 200), bool)
        stored[region.slices] = region.inside()
        kind = Shape.RECTANGLE if shape["shape_type"] == "rectangle" else Shape.POLYGON
        points = tuple(map(tuple, shape["points"]))
        left, top = np.floor(np.min(points, axis=0)).astype(int)
        right, bottom = np.ceil(np.max(points, axis=0)).astype(int)
        shown = Region("", "", left, top, right - left, bottom - top, kind, points)
        there = np.zeros(turned.shape, bool)
        there[shown.slices] = shown.inside()
        different = there != displayed(stored, orientation)
        assert different.mean() < 0.01 * stored.mean() + 0.0015  # a polygon of 72 stands for an ellipse


@pytest.mark.parametrize("orientation", [1, 6])
def test_labelmes_regions_come_back(picture: Callable[..., Item], tmp_path: Path, orientation: int) -> None:
    item, path = _drawn(picture(orientation)), tmp_path / "labelme.json"
    write_labelme(path, item, item.regions)
    rectangle, ellipse, polygon, freehand = read_regions(path, item).regions

    assert replace(rectangle, id="") == replace(item.regions[0], id="")
    assert (ellipse.shape, len(ellipse.points), ellipse.box) == (Shape.POLYGON, 72, item.regions[1].box)
    assert (ellipse.name, ellipse.note) == (item.regions[1].name, item.regions[1].note)
    assert replace(polygon, id="") == replace(item.regions[2], id="")
    assert (freehand.shape, freehand.points) == (Shape.POLYGON, OUTLINE)


def _labelme(*shapes: dict[str, Any], **changes: Any) -> dict[str, Any]:
    drawn = [{"label": "x", "group_id": None, "flags": {}, **shape} for shape in shapes]
    return {"version": "5.4.1", "shapes": drawn, "imagePath": "a.png", "imageData": "AAAA",
            "imageHeight": 120, "imageWidth": 200, **changes}  # fmt: skip


def test_a_circle_of_labelme_is_an_ellipse(picture: Callable[..., Item], tmp_path: Path) -> None:
    path = tmp_path / "labelme.json"
    circle = {"shape_type": "circle", "points": [[60, 50], [60, 80]]}
    path.write_text(json.dumps(_labelme(circle)))
    (region,) = read_regions(path, picture()).regions
    assert (region.shape, region.box, region.name) == (Shape.ELLIPSE, (30, 20, 60, 60), "x")


def _ours(**changes: Any) -> dict[str, Any]:
    region = {"name": "R1", "x": 10, "y": 20, "width": 64, "height": 48}
    return {
        "format": "mantra-workbench regions", "version": 1,
        "picture": {"name": "a.png", "sha256": "", "width": 200, "height": 120},
        "regions": [region | changes],
    }  # fmt: skip


RECTANGLE = {"shape_type": "rectangle", "points": [[10, 10], [60, 60]]}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xd8\xff", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[1, 2]", "neither a file of regions of this program nor one of LabelMe"),
        (_ours(x=NotImplemented), "is not JSON"),  # NaN
        (_ours(x=1.5), "int was expected"),
        (_ours(x=10**4000), "reaches outside"),
        (_ours(width=5), "at least 16"),
        (_ours(x=150), "reaches outside the picture"),
        (_ours(shape="hexagon"), "hexagon"),
        (_ours(shape="polygon", points=[[20, 30], [60, 30]]), "has 2 corners"),
        (_ours(shape="polygon", points=[[20, 30], [60, 30], [60, 10**400]]), "too large"),
        (_ours(shape="polygon", points=[[20, 30]] * 100_001), "more than 100000 corners"),
        (_ours(colour="red"), "is not #rrggbb"),
        (_ours(name="n" * 201), "too long"),
        (_ours(name=["R1"]), "str was expected"),
        (_ours() | {"version": 2}, "newer version"),
        (_ours() | {"regions": {}}, "no list of regions"),
        (_ours() | {"regions": [1]}, "region 1 is no object"),
        (_ours() | {"regions": [{}] * 501}, "more than 500"),
        (_ours() | {"picture": {"name": "a"}}, "sha256, width, height missing"),
        (_labelme(RECTANGLE, imageHeight=121), "200 × 121 pixels as displayed, and this one has 200 × 120"),
        (_labelme(RECTANGLE, imageWidth="200"), "imageWidth is no size"),
        (_labelme(RECTANGLE, imageWidth=None), "imageWidth is no size"),
        (_labelme({"shape_type": "line", "points": [[1, 1], [50, 50]]}), "a line with 2 points"),
        (_labelme({"shape_type": "rectangle", "points": [[1, 1], [200.6, 50]]}), "reaches outside"),
        (_labelme({"shape_type": "circle", "points": [[10, 50], [10, 80]]}), "reaches outside"),
        (_labelme({"shape_type": "polygon", "points": [[1, 1], [9, "9"], [3, 3]]}), "no number of pixels"),
        (_labelme({"shape_type": "polygon", "points": [[1, 1], [1e300, 9], [3, 3]]}), "no number of pixels"),
        (_labelme({"shape_type": "polygon", "points": [[1, 1, 1]] * 3}), "not a pair"),
        (_labelme({"shape_type": 3, "points": []}), "is no text"),
        (_labelme() | {"shapes": "many"}, "no list of regions"),
    ],
)  # fmt: skip
def test_what_can_not_be_used_is_refused_with_a_sentence(
    picture: Callable[..., Item], tmp_path: Path, content: Any, sentence: str
) -> None:
    path = tmp_path / "regions\u202e.json"
    if not isinstance(content, bytes):
        text = json.dumps(content, default=lambda _: float("nan"))
        content = text.encode()
    path.write_bytes(content)
    with pytest.raises(RegionError, match=sentence) as caught:
        read_regions(path, picture())
    assert "\u202e" not in str(caught.value)
    assert "othing was taken from" in str(caught.value)


def test_a_file_that_is_far_too_large_is_not_read(picture: Callable[..., Item], tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(64_000_001)  # takes no room on the disk
    with pytest.raises(RegionError, match="larger than 64 MB"):
        read_regions(path, picture())


def test_copies_have_ids_of_their_own_and_names_that_are_not_taken(picture: Callable[..., Item]) -> None:
    here, there = _drawn(picture()), picture(size=(180, 110), name="b.png").with_region(0, 0, 40, 40)
    copied = with_copies(there, here.regions)

    names = [region.name for region in copied.regions]
    assert names == ["R1", "R2", here.regions[1].name, "R4", "R5"]
    assert len({region.id for region in (*here.regions, *copied.regions)}) == 9
    for region, copy in zip(here.regions, copied.regions[1:], strict=True):
        assert replace(copy, id="", name="") == replace(region, id="", name="")


def test_all_are_copied_or_none(picture: Callable[..., Item]) -> None:
    here, there = _drawn(picture()), picture(size=(160, 110), name="b.png")
    with pytest.raises(RegionError, match="reaches outside the picture of 160 × 110 pixels"):
        with_copies(there, here.regions)
