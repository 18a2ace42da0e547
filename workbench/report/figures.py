"""The pictures that HTML and PDF show, by name: `item`, `RUN/overlay`, `RUN/heatmap`, ..."""

from collections.abc import Iterable, Mapping
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from workbench.core.analysis import Analysis
from workbench.core.evidence import Evidence, Pixels, displayed, to_displayed_point
from workbench.core.heatmap import Heatmap, Mask
from workbench.core.overlay import CONTOUR_COLOUR, colour_table, levels, mask_image, overlay
from workbench.core.region import Region, Shape
from workbench.report import previews
from workbench.report.exhibits import legend, outside_hidden, png
from workbench.report.glyphs import fonts_folder, printable
from workbench.report.previews import Preview

Images = Mapping[str, Preview]
"""Previews by the name that the contents call them."""

_LOCATOR_SIDE = 480
_LONGEST_NAME = 20
_GREY = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
_CORNERS = 96
"""Of the polygon that an ellipse is drawn as."""


def figures_of_item(evidence: Evidence, regions: Iterable[Region]) -> dict[str, Preview]:
    """The picture with the regions drawn on it, as viewers show it, and the embedded thumbnail."""
    shown = {"item": _with_regions(evidence, regions, previews.LARGEST_SIDE, named=True)}
    if evidence.thumbnail:
        shown["thumbnail"] = previews.ready_made(evidence.thumbnail, "jpeg")
    return shown


def figures_of_run(run: Analysis, heatmap: Heatmap, cut: Pixels, evidence: Evidence) -> dict[str, Preview]:
    """Overlay, coloured map, mask, scale and, of a region, where it lies; `cut` are the analysed pixels."""
    response = previews.reduced_response(heatmap.response)
    picture, inside = cut, run.inside
    if response.shape != heatmap.shape:
        size = response.shape[1], response.shape[0]
        picture = np.asarray(cv2.resize(cut, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        inside = _resized(inside, size)
    threshold, turned = run.threshold.value, evidence.decode.orientation
    laid = overlay(picture, response, threshold, inside=inside)
    shown = {
        f"{run.id}/overlay": previews.photograph(displayed(outside_hidden(laid, picture, inside), turned)),
        f"{run.id}/heatmap": previews.indexed(levels(response), colour_table(), turned),
        f"{run.id}/mask": previews.indexed(mask_image(response, threshold, inside), _GREY, turned),
        f"{run.id}/scale": _scale(threshold),
    }
    if run.region:
        shown[f"{run.id}/place"] = _with_regions(evidence, [run.region], _LOCATOR_SIDE, named=False)
    return shown


def outline(region: Region) -> npt.NDArray[np.float64]:
    """(n, 2) corners x, y of a region's shape in the stored frame."""
    x, y, width, height = region.box
    if region.shape is Shape.ELLIPSE:
        angles = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
        across, down = x + width / 2 * (1 + np.cos(angles)), y + height / 2 * (1 + np.sin(angles))
        return np.stack([across, down], axis=1)
    if region.points:
        return np.array(region.points, np.float64)
    return np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], np.float64)


def _resized(inside: Mask | None, size: tuple[int, int]) -> Mask | None:
    """A preview's pixel is inside if any pixel it stands for is: nothing that was counted vanishes."""
    if inside is None:
        return None
    return np.asarray(cv2.resize(inside.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0)


def _with_regions(evidence: Evidence, regions: Iterable[Region], side: int, named: bool) -> Preview:
    turned = evidence.decode.orientation
    small = previews.reduced(evidence.pixels, side)
    shown = displayed(small, turned).copy()
    scale = small.shape[1] / evidence.pixels.shape[1]
    stored = evidence.pixels.shape[1], evidence.pixels.shape[0]
    labels = []
    for region in regions:
        corners = [to_displayed_point(x, y, stored, turned) for x, y in outline(region)]
        _draw(shown, np.array(corners) * scale)
        labels.append((np.min(corners, axis=0) * scale, _short(region.name)))
    if named and labels:
        shown = _labelled(shown, labels)
    return previews.photograph(shown)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


def _draw(image: Pixels, corners: npt.NDArray[np.float64]) -> None:
    """A closed cyan line on black, seen on any picture."""
    width = max(2, round(max(image.shape) / 700))
    points = np.round(corners * 8).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(image, [points], True, (0, 0, 0), width * 2 + 1, cv2.LINE_AA, 3)
    cv2.polylines(image, [points], True, CONTOUR_COLOUR, width, cv2.LINE_AA, 3)


def _labelled(image: Pixels, labels: list[tuple[npt.NDArray[np.float64], str]]) -> Pixels:
    drawn = Image.fromarray(image)
    pen = ImageDraw.Draw(drawn)
    size = max(11, round(max(image.shape) / 48))
    font = _font(size)
    for (x, y), name in labels:
        place = max(0.0, x) + size * 0.3, max(0.0, y) + size * 0.15
        width = size // 10 + 1
        pen.text(place, printable(name), CONTOUR_COLOUR, font, stroke_width=width, stroke_fill="black")
    return np.asarray(drawn)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(fonts_folder() / "NotoSans-Bold.ttf"), size)


@cache
def _scale(threshold: float) -> Preview:
    return previews.ready_made(png(legend(threshold)), "png")
