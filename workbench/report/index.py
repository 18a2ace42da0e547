"""The first page of a report on several pictures: what was done on each, and the way to its own page."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from workbench.report.html import rendered
from workbench.report.parts import MadePart
from workbench.report.previews import Preview, photograph, reduced
from workbench.report.shown import count, paragraphs, quoted, stated

_SIDE = 240
"""Pixels of a picture on the page."""


@dataclass(frozen=True)
class Entry:
    """A picture of the report, as it is listed; `warning` if its file is not what it was."""

    name: str
    link: str
    image: Preview
    lines: tuple[str, ...]
    sha256: str
    warning: str = ""


def index(parts: Sequence[MadePart], *, pdf: bool) -> str:
    """Draw the page.

    Args:
        parts: of the report, each in a folder of its own, with its HTML.
        pdf: whether report.pdf lies beside it.

    Raises:
        WordingError: the template holds a forbidden word.
    """
    report = parts[0].record["report"]
    return rendered(
        "index.html.j2",
        report=report,
        facts=list(_facts(report)),
        entries=[_entry(part) for part in parts],
        pdf=pdf,
    )


def _facts(report: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "Examiner", stated(report["examiner"])
    yield "Organisation", stated(report["organisation"])
    yield "Case", stated(report["case"])
    yield "Question asked", paragraphs(report["question"]) or ("not given",)


def _entry(part: MadePart) -> Entry:
    record, item = part.record, part.record["item"]
    size = item["stored_size"]
    about = f"{size['width']} × {size['height']} pixels, {count(item['size'])} bytes"
    return Entry(
        name=quoted(item["name"]),
        link=f"{part.place}report.html",
        image=_small(next(image for name, image in part.images.items() if name.endswith("item"))),
        lines=(about, record["summary"]["statement"], _places(record["runs"])),
        sha256=part.sha256,
        warning="" if item["unchanged"] else _changed(item),
    )


def _places(runs: Sequence[Mapping[str, Any]]) -> str:
    """What the runs found, without weighing it."""
    found = [run for run in runs if run["above_threshold"]["components"]]
    if not runs:
        return ""
    if not found:
        return "No place above the threshold in any run; this does not show that the picture is genuine."
    places = sum(run["above_threshold"]["components"] for run in found)
    where = "in its only run" if len(runs) == 1 else f"in {len(found)} of {len(runs)} runs together"
    return f"{count(places)} {'place' if places == 1 else 'places'} above the threshold, {where}."


def _changed(item: Mapping[str, Any]) -> str:
    if item["sha256_at_export"]:
        return "The file has CHANGED since it was opened."
    return "The file could not be read again at export."


def _small(preview: Preview) -> Preview:
    """The item's preview, reduced once more."""
    with Image.open(io.BytesIO(preview.data)) as image:
        return photograph(reduced(np.asarray(image.convert("RGB")), _SIDE))
