"""Findings: connected places where the response exceeds a threshold. Pure, recomputed at each change."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from workbench.core.heatmap import Mask, Response

SMALLEST_AREA = 64
"""Pixels; one 8x8 JPEG block. Smaller components are counted in the total but not listed."""
MOST_LISTED = 200


@dataclass(frozen=True)
class Finding:
    """One connected component above the threshold.

    Attributes:
        number: 1 for the largest.
        x, y, width, height: bounding box, in pixels of the stored frame of the *whole* picture.
        area: pixels above the threshold.
        share: `area` as a fraction of what was counted, 0..1.
        mean, max: response over the component.
    """

    number: int
    x: int
    y: int
    width: int
    height: int
    area: int
    share: float
    mean: float
    max: float


@dataclass(frozen=True)
class Findings:
    """All that a threshold says of one map, or of the part of it inside a region's shape.

    Attributes:
        threshold: in 0..1.
        listed: components of at least the smallest area, largest first, `MOST_LISTED` at most.
        components: how many components of at least the smallest area there are.
        area: pixels above the threshold, small components included.
        share: `area` as a fraction of the pixels inside the shape, 0..1.
        analysed_share: the same of the whole map, whatever the shape: what the relative method compared.
    """

    threshold: float
    listed: tuple[Finding, ...]
    components: int
    area: int
    share: float
    analysed_share: float


def mask_of(response: Response, threshold: float, inside: Mask | None = None) -> Mask:
    """Where the response exceeds the threshold, inside a shape if one is given; (height, width)."""
    above: Mask = response > np.float32(threshold)
    return above if inside is None else above & inside


def find(
    response: Response,
    threshold: float,
    origin: tuple[int, int] = (0, 0),
    smallest_area: int = SMALLEST_AREA,
    inside: Mask | None = None,
) -> Findings:
    """List the 8-connected components above a threshold.

    Args:
        response: (height, width) float32.
        threshold: strictly exceeded, 0..1.
        origin: (x, y) of the map's upper left pixel in the whole picture.
        smallest_area: in pixels.
        inside: (height, width), where pixels are counted (`Region.inside`), or None for all of them.
    """
    mask = mask_of(response, threshold, inside)
    counted = _count(inside, response.size)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    areas = boxes[1:, cv2.CC_STAT_AREA]
    order = 1 + np.argsort(-areas, kind="stable")
    order = order[boxes[order, cv2.CC_STAT_AREA] >= smallest_area] if count > 1 else order[:0]
    listed = tuple(
        _finding(number, int(label), response, labels, boxes[label], (origin, counted))
        for number, label in enumerate(order[:MOST_LISTED], start=1)
    )
    area = int(areas.sum())
    analysed = area if inside is None else int(np.count_nonzero(mask_of(response, threshold)))
    return Findings(threshold, listed, len(order), area, area / counted, analysed / response.size)


def _count(inside: Mask | None, pixels: int) -> int:
    """Pixels that shares are of; 1 for an empty shape, whose shares are then 0."""
    return pixels if inside is None else max(1, int(np.count_nonzero(inside)))


def _finding(
    number: int,
    label: int,
    response: Response,
    labels: npt.NDArray[np.int32],
    box: npt.NDArray[np.int32],
    frame: tuple[tuple[int, int], int],
) -> Finding:
    """One component; `frame` is the origin and how many pixels shares are of."""
    origin, counted = frame
    x, y, width, height, area = (int(v) for v in box)
    window = slice(y, y + height), slice(x, x + width)
    values = response[window][labels[window] == label]
    return Finding(
        number=number,
        x=x + origin[0],
        y=y + origin[1],
        width=width,
        height=height,
        area=area,
        share=area / counted,
        mean=float(values.mean(dtype=np.float64)),
        max=float(values.max()),
    )
