"""Pictures made from a map, for the window and for exhibits: fixed scale 0..1, one colour map."""

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from workbench.core.findings import mask_of
from workbench.core.heatmap import Mask, Response

Rgb = npt.NDArray[np.uint8]

COLOUR_MAP = "magma"
"""Perceptually uniform, readable with the common colour-vision deficiencies and in grey print."""
CONTOUR_COLOUR = (0, 255, 255)
"""Cyan occurs nowhere in magma and stays visible on it and on photographs."""


@cache
def colour_table() -> Rgb:
    """(256, 3) uint8 RGB of the colour map; entry i stands for responses from i/256 to (i+1)/256."""
    ramp = np.arange(256, dtype=np.uint8)[:, None]
    table: Rgb = cv2.applyColorMap(ramp, cv2.COLORMAP_MAGMA)[:, 0, ::-1].copy()
    table.setflags(write=False)
    return table


def levels(response: Response) -> npt.NDArray[np.uint8]:
    """Map 0..1 to 0..255 for looking up colours; (height, width) uint8."""
    return np.minimum(response * 256, 255).astype(np.uint8)


def colourise(response: Response) -> Rgb:
    """(height, width, 3) uint8 RGB on the fixed scale 0..1."""
    return colour_table()[levels(response)]


def blend(picture: Rgb, response: Response, opacity: float) -> Rgb:
    """Lay the coloured map over a picture of the same size; opacity 0..1."""
    blended: Rgb = cv2.addWeighted(colourise(response), opacity, picture, 1 - opacity, 0)
    return blended


def mask_image(response: Response, threshold: float, inside: Mask | None = None) -> npt.NDArray[np.uint8]:
    """(height, width) uint8: 255 where the response exceeds the threshold inside the shape, else 0."""
    return mask_of(response, threshold, inside).astype(np.uint8) * 255


def contours(response: Response, threshold: float, inside: Mask | None = None) -> list[npt.NDArray[np.int32]]:
    """Outlines of what exceeds the threshold: arrays (n, 2) of x, y in pixels of the map."""
    mask = mask_image(response, threshold, inside)
    found, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    return [outline.reshape(-1, 2) for outline in found]


def overlay(
    picture: Rgb, response: Response, threshold: float, opacity: float = 0.55, inside: Mask | None = None
) -> Rgb:
    """Picture, map and the contours at the threshold; (height, width, 3) uint8."""
    image = np.ascontiguousarray(blend(picture, response, opacity))
    width = max(1, round(max(response.shape) / 800))
    outlines = [outline.reshape(-1, 1, 2) for outline in contours(response, threshold, inside)]
    cv2.drawContours(image, outlines, -1, CONTOUR_COLOUR, width)
    return image
