"""Regions in files: our own JSON, and polygons as LabelMe writes them; and copies on another picture."""

import json
import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench.core.analysis import new_id
from workbench.core.case import Item
from workbench.core.errors import RegionError
from workbench.core.jsonform import from_json, to_json
from workbench.core.labelme import from_labelme, to_labelme
from workbench.core.region import Region, Shape
from workbench.core.text import storable, visible

FORMAT, VERSION = "mantra-workbench regions", 1
MOST_BYTES = 64_000_000
"""LabelMe may put the whole picture into its file."""
MOST_REGIONS = 500
MOST_CORNERS = 100_000
"""Of all outlines of a file together."""
_FRAME = "stored frame of the picture in pixels, x to the right, y down; (0, 0) is the first pixel's corner"
_LONGEST_NAME, _LONGEST_NOTE = 200, 20_000
_NUMBERED = re.compile(r"R\d+")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class DrawnOn:
    """The picture that regions were drawn on.

    Attributes:
        name: file name.
        sha256: of the file's bytes, or empty where it is not known.
        width, height: stored frame, in pixels.
    """

    name: str
    sha256: str
    width: int
    height: int


@dataclass(frozen=True)
class RegionFile:
    """What a file of regions holds; each region has a fresh id and lies inside the picture."""

    picture: DrawnOn
    regions: tuple[Region, ...]


def drawn_on(item: Item) -> DrawnOn:
    """The picture of an item."""
    return DrawnOn(storable(item.name), item.sha256, item.decode.width, item.decode.height)


def write_regions(path: Path, item: Item, regions: Sequence[Region]) -> None:
    """Write regions of an item as our own JSON; a file of that name is replaced whole.

    Raises:
        OSError: it can't be written.
    """
    content = {
        "format": FORMAT,
        "version": VERSION,
        "frame": _FRAME,
        "picture": to_json(drawn_on(item)),
        "regions": [_without_id(region) for region in regions],
    }
    _write(path, content)


def write_labelme(path: Path, item: Item, regions: Sequence[Region]) -> None:
    """Write regions of an item as LabelMe reads them: in the frame as displayed, ellipses as polygons.

    Raises:
        OSError: it can't be written.
    """
    size, orientation = (item.decode.width, item.decode.height), item.decode.orientation
    _write(path, to_labelme(regions, storable(item.name), size, orientation))


def _without_id(region: Region) -> dict[str, Any]:
    """An id means something in its own case only."""
    data: dict[str, Any] = to_json(region)
    del data["id"]
    return data


def _write(path: Path, content: dict[str, Any]) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_regions(path: Path, item: Item) -> RegionFile:
    """Read a file of regions, ours or LabelMe's, that were drawn on a picture of this item's size.

    Args:
        path: of the file.
        item: whose orientation LabelMe's coordinates are turned back by.

    Raises:
        RegionError: it is no such file, or one of its regions can't be used; nothing is taken from it then.
        OSError: it can't be read.
    """
    name = visible(path.name, 200)
    data = _parsed(path, name)
    try:
        found = _ours(data) if "format" in data else _theirs(data, item)
        return _checked(found, item)
    except (ValueError, OverflowError) as error:
        raise RegionError(
            f"{name} is not a file of regions that can be read: {visible(str(error), 300)}. Nothing was "
            "taken from it. Files that this program or LabelMe wrote can be imported."
        ) from error
    except RegionError as error:
        raise RegionError(f"Nothing was taken from {name}. {error}") from error


def _parsed(path: Path, name: str) -> dict[str, Any]:
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise RegionError(
            f"{name} is larger than {MOST_BYTES // 1_000_000} MB and was not read: no file of regions is."
        )
    try:
        data = json.loads(content.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise RegionError(
            f"{name} is not JSON, so it holds no regions that can be read. Nothing was taken from it."
        ) from error
    if not isinstance(data, dict) or not {"format", "shapes"} & data.keys():
        raise RegionError(
            f"{name} is neither a file of regions of this program nor one of LabelMe. Nothing was taken from "
            "it."
        )
    return data


def _refuse_constant(text: str) -> None:
    raise ValueError(f"{text} is no number")


def _ours(data: dict[str, Any]) -> RegionFile:
    if data["format"] != FORMAT:
        raise ValueError("its format is another one")
    if data.get("version") != VERSION:
        raise ValueError("it was written by a newer version of this program")
    entries = _list(data.get("regions"))
    regions = tuple(_region(entry, number) for number, entry in enumerate(entries, start=1))
    return RegionFile(from_json(DrawnOn, data.get("picture")), regions)


def _region(entry: Any, number: int) -> Region:
    if not isinstance(entry, dict):
        raise ValueError(f"region {number} is no object")
    return from_json(Region, entry | {"id": new_id()})


def _theirs(data: dict[str, Any], item: Item) -> RegionFile:
    shapes = _list(data["shapes"])
    size, orientation = (item.decode.width, item.decode.height), item.decode.orientation
    regions, name, stored = from_labelme(data, shapes, size, orientation)
    return RegionFile(DrawnOn(name, "", *stored), regions)


def _list(entries: Any) -> list[Any]:
    if not isinstance(entries, list):
        raise ValueError("it has no list of regions")
    if len(entries) > MOST_REGIONS:
        raise ValueError(f"it holds {len(entries)} regions, more than {MOST_REGIONS}")
    return entries


def _checked(found: RegionFile, item: Item) -> RegionFile:
    width, height = item.decode.width, item.decode.height
    if (found.picture.width, found.picture.height) != (width, height):
        raise RegionError(
            f"Its regions were drawn on a picture of {found.picture.width} × {found.picture.height} pixels, "
            f"and this one has {width} × {height}. Open the picture that they belong to."
        )
    if sum(len(region.points) for region in found.regions) > MOST_CORNERS:
        raise ValueError(f"its outlines have more than {MOST_CORNERS} corners")
    regions = tuple(_cleaned(region) for region in found.regions)
    for region in regions:
        region.check_inside(width, height)
    return replace(found, regions=regions)


def _cleaned(region: Region) -> Region:
    """Texts of a length that a table can show, and outlines only where the shape has one."""
    if len(region.name) > _LONGEST_NAME or len(region.note) > _LONGEST_NOTE:
        raise ValueError(f"the name or note of region {visible(region.name, 40)} is too long")
    if region.colour and not _COLOUR.fullmatch(region.colour):
        raise ValueError(f"the colour of region {visible(region.name, 40)} is not #rrggbb")
    if not all(math.isfinite(value) for point in region.points for value in point):
        raise ValueError(f"a corner of region {visible(region.name, 40)} is no number")
    points = region.points if region.shape in {Shape.POLYGON, Shape.FREEHAND} else ()
    return replace(region, name=storable(region.name).strip(), note=storable(region.note), points=points)


def remark_on(found: RegionFile, item: Item) -> str:
    """A sentence where the regions were drawn on another file than the item's, or empty."""
    if found.picture.sha256 in {"", item.sha256}:
        return ""
    return (
        f"These regions were drawn on another file ({visible(found.picture.name, 100)}, SHA-256 "
        f"{visible(found.picture.sha256, 12)}) of the same size."
    )


def with_copies(item: Item, regions: Sequence[Region]) -> Item:
    """The item with copies of regions that were drawn elsewhere, at the same pixels of the stored frame.

    Each gets an id of its own, and keeps its name unless the item has a region of that name or the name is
    one of R1, R2, ..., which the program gives and does not give twice.

    Raises:
        RegionError: one of them does not fit into the picture; then none is copied.
    """
    for region in regions:
        region.check_inside(item.decode.width, item.decode.height)
    for region in regions:
        taken = {other.name for other in item.regions} | {""}
        item = item.with_region(*region.box, region.shape, region.points)
        drawn = item.regions[-1]
        keeps = region.name not in taken and not _NUMBERED.fullmatch(region.name)
        name = region.name if keeps else drawn.name
        drawn = replace(drawn, name=name, colour=region.colour, note=region.note)
        item = item.with_region_changed(drawn)
    return item
