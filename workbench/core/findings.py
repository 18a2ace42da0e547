"""Findings: connected places where the response exceeds a threshold. Pure, recomputed at each change."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from workbench.core.heatmap import Response

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
        share: `area` as a fraction of what was analysed, 0..1.
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
    """All that a threshold says of one map.

    Attributes:
        threshold: in 0..1.
        listed: components of at least the smallest area, largest first, `MOST_LISTED` at most.
        components: how many components of at least the smallest area there are.
        area: pixels above the threshold, small components included.
        share: `area` as a fraction of what was analysed, 0..1.
    """

    threshold: float
    listed: tuple[Finding, ...]
    components: int
    area: int
    share: float


def mask_of(response: Response, threshold: float) -> npt.NDArray[np.bool_]:
    """Where the response exceeds the threshold, (height, width)."""
    return response > np.float32(threshold)


def find(
    response: Response, threshold: float, origin: tuple[int, int] = (0, 0), smallest_area: int = SMALLEST_AREA
) -> Findings:
    """List the 8-connected components above a threshold.

    Args:
        response: (height, width) float32.
        threshold: strictly exceeded, 0..1.
        origin: (x, y) of the map's upper left pixel in the whole picture.
        smallest_area: in pixels.
    """
    mask = mask_of(response, threshold)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    areas = boxes[1:, cv2.CC_STAT_AREA]
    order = 1 + np.argsort(-areas, kind="stable")
    order = order[boxes[order, cv2.CC_STAT_AREA] >= smallest_area] if count > 1 else order[:0]
    listed = tuple(
        _finding(number, int(label), response, labels, boxes[label], origin)
        for number, label in enumerate(order[:MOST_LISTED], start=1)
    )
    area = int(areas.sum())
    return Findings(threshold, listed, len(order), area, area / response.size)


def _finding(
    number: int,
    label: int,
    response: Response,
    labels: npt.NDArray[np.int32],
    box: npt.NDArray[np.int32],
    origin: tuple[int, int],
) -> Finding:
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
        share=area / response.size,
        mean=float(values.mean(dtype=np.float64)),
        max=float(values.max()),
    )
