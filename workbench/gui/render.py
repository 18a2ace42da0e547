"""What the screen shows, as an RGB array: picture, coloured map, contours at the threshold.

Each stage is kept until what it was made of changes. A moved threshold costs a comparison and an outline at
the size of the screen; a moved opacity costs a blend.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from workbench.core.families import overlay
from workbench.core.overlay import CONTOUR_COLOUR, colour_table
from workbench.gui.compare import diverging_table
from workbench.gui.family_layer import FamilyPyramid
from workbench.gui.pyramid import Box, Covered, MapPyramid, PicturePyramid

Rgb = npt.NDArray[np.uint8]
Cells = npt.NDArray[np.uint8]
Slices = tuple[slice, slice]
HALO_COLOUR = (0, 0, 0)
"""A dark edge keeps the contour visible on bright sky, too."""
STRIPE = 8
"""Device pixels from stripe to stripe of what is provisional."""
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
_SQUARE = np.ones((3, 3), np.uint8)


@dataclass(frozen=True)
class View:
    """The screen: its size in device pixels, and where each of its points lies in the stored picture.

    Attributes:
        width, height: device pixels.
        matrix: (a, b, c, d, e, f): a device point (X, Y) is stored (a X + b Y + c, d X + e Y + f).
    """

    width: int
    height: int
    matrix: tuple[float, float, float, float, float, float]

    @property
    def pixels_per_dot(self) -> float:
        """Stored pixels across one device pixel."""
        a, b, _, d, e, _ = self.matrix
        return math.sqrt(abs(a * e - b * d))

    def dots_of(self, box: Box) -> tuple[int, int, int, int] | None:
        """(left, top, right, bottom) of the device pixels whose centres lie in a stored box, if any."""
        a, b, c, d, e, f = self.matrix
        inverse = np.linalg.inv(np.array([[a, b, c], [d, e, f], [0, 0, 1]]))
        corners = np.array([[box[0], box[1], 1], [box[0] + box[2], box[1] + box[3], 1]]).T
        xs, ys, _ = inverse @ corners
        left, right = (math.ceil(v - 0.5 - 1e-9) for v in sorted(xs))
        top, bottom = (math.ceil(v - 0.5 - 1e-9) for v in sorted(ys))
        left, top, right, bottom = max(left, 0), max(top, 0), min(right, self.width), min(bottom, self.height)
        return (left, top, right, bottom) if left < right and top < bottom else None


def sample(
    cells: npt.NDArray[np.generic], factor: int, origin: tuple[int, int], view: View, dots: Box, flags: int
) -> npt.NDArray[np.generic]:
    """Look up a level's cells, of `factor` pixels, at the centres of dots (left, top, right, bottom).

    The source is cut to what is visible first: OpenCV takes no more than 32,767 columns.
    """
    left, top, right, bottom = dots
    a, b, c, d, e, f = (v / factor for v in view.matrix)
    ox, oy = origin[0] / factor, origin[1] / factor
    corners = [(x, y) for x in (left + 0.5, right - 0.5) for y in (top + 0.5, bottom - 0.5)]
    xs = [a * x + b * y + c - ox for x, y in corners]
    ys = [d * x + e * y + f - oy for x, y in corners]
    height, width = cells.shape[:2]
    x0, x1 = max(0, math.floor(min(xs)) - 2), min(width, math.ceil(max(xs)) + 2)
    y0, y1 = max(0, math.floor(min(ys)) - 2), min(height, math.ceil(max(ys)) + 2)
    shift_x = a * (left + 0.5) + b * (top + 0.5) + c - ox - 0.5 - x0
    shift_y = d * (left + 0.5) + e * (top + 0.5) + f - oy - 0.5 - y0
    matrix = np.array([[a, b, shift_x], [d, e, shift_y]])
    part = np.ascontiguousarray(cells[y0:y1, x0:x1])
    size = right - left, bottom - top
    found: npt.NDArray[np.generic] = cv2.warpAffine(
        part, matrix, size, flags=flags | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )
    return found


def _level(pixels_per_dot: float, count: int, *, coarse: bool = False) -> int:
    """The level with cells just smaller than a dot, or just larger if `coarse`."""
    if pixels_per_dot <= 1 + 1e-6:
        return 0
    exact = math.log2(pixels_per_dot)
    return min(count - 1, math.ceil(exact) if coarse else math.floor(exact))


def _smoothing(pixels_per_dot: float) -> int:
    return cv2.INTER_NEAREST if pixels_per_dot <= 1 + 1e-6 else cv2.INTER_LINEAR


class Renderer:
    """Composes one canvas; holds the stages between two repaints."""

    def __init__(self) -> None:
        self._base: Rgb | None = None
        self._base_key: object = None
        self._map: tuple[Slices, Rgb, npt.NDArray[np.float32], npt.NDArray[np.uint8] | None] | None = None
        self._map_key: object = None
        self._families: tuple[Slices, Cells, Cells] | None = None
        self._families_key: object = None

    def picture(self, view: View, picture: PicturePyramid, background: tuple[int, int, int]) -> Rgb:
        """The picture alone, (height, width, 3); do not write into it."""
        key = (view, id(picture), background)
        if self._base is None or key != self._base_key:
            self._base, self._base_key = _draw_picture(view, picture, background), key
        return self._base

    def overlaid(
        self, base: Rgb, view: View, layer: MapPyramid, threshold: float | None, opacity: float
    ) -> Rgb:
        """The picture with a map and its contours over it; a map of differences has none (None)."""
        stages = self._map_stages(view, layer, threshold is None)
        if stages is None:
            return base
        window, colours, peaks, mask = stages
        image = base.copy()
        part = image[window]
        blended = cv2.addWeighted(colours, opacity, part, 1 - opacity, 0)
        if mask is None:
            part[:] = blended
        else:
            cv2.copyTo(blended, mask, part)
        if threshold is not None:
            over = cv2.compare(peaks, threshold, cv2.CMP_GT)
            _outline(part, over if mask is None else cv2.bitwise_and(over, mask))
        return image

    def coloured(self, base: Rgb, view: View, layer: FamilyPyramid, opacity: float) -> Rgb:
        """The picture with the colours of families over it."""
        key = (view, id(layer))
        if key != self._families_key:
            self._families, self._families_key = _sample_families(view, layer), key
        if self._families is None:
            return base
        window, classes, clearness = self._families
        image = base.copy()
        image[window] = overlay(image[window], classes, clearness, opacity)
        return image

    def _map_stages(
        self, view: View, layer: MapPyramid, diverging: bool
    ) -> tuple[Slices, Rgb, npt.NDArray[np.float32], npt.NDArray[np.uint8] | None] | None:
        key = (view, id(layer), layer.version, diverging)
        if key != self._map_key:
            table = diverging_table() if diverging else colour_table()
            self._map, self._map_key = _sample_map(view, layer, table), key
        return self._map


def _draw_picture(view: View, picture: PicturePyramid, background: tuple[int, int, int]) -> Rgb:
    image = np.empty((view.height, view.width, 3), np.uint8)
    image[:] = background
    dots = view.dots_of(picture.box)
    if dots is not None:
        level = _level(view.pixels_per_dot, len(picture.levels))
        flags = _smoothing(view.pixels_per_dot)
        left, top, right, bottom = dots
        image[top:bottom, left:right] = sample(picture.levels[level], 2**level, (0, 0), view, dots, flags)
    return image


def _sample_map(
    view: View, layer: MapPyramid, table: Rgb
) -> tuple[Slices, Rgb, npt.NDArray[np.float32], npt.NDArray[np.uint8] | None] | None:
    dots = view.dots_of(layer.box)
    if dots is None:
        return None
    left, top, right, bottom = dots
    fine = _level(view.pixels_per_dot, len(layer.means))
    coarse = _level(view.pixels_per_dot, len(layer.peaks), coarse=True)
    flags = _smoothing(view.pixels_per_dot)
    means = sample(layer.means[fine], 2**fine, layer.box[:2], view, dots, flags)
    peaks = sample(layer.peaks[coarse], 2**coarse, layer.box[:2], view, dots, cv2.INTER_NEAREST)
    colours = cv2.applyColorMap(means, table.reshape(256, 1, 3))
    mask = None if layer.covered is None else _coverage(view, layer.covered, dots)
    return (slice(top, bottom), slice(left, right)), colours, peaks, mask  # type: ignore[return-value]


def _sample_families(view: View, layer: FamilyPyramid) -> tuple[Slices, Cells, Cells] | None:
    dots = view.dots_of(layer.box)
    if dots is None:
        return None
    left, top, right, bottom = dots
    number = _level(view.pixels_per_dot, len(layer.levels))
    classes, clearness = (
        np.asarray(sample(cells, 2**number, (0, 0), view, dots, cv2.INTER_NEAREST), np.uint8)
        for cells in layer.levels[number]
    )
    return (slice(top, bottom), slice(left, right)), classes, clearness


def _coverage(view: View, covered: list[Covered], dots: Box) -> npt.NDArray[np.uint8]:
    """Where a map is drawn: finished tiles wholly, provisional ones in slanting stripes."""
    left, top, right, bottom = dots
    mask = np.zeros((bottom - top, right - left), np.uint8)
    stripes = _stripes(bottom - top, right - left) if any(provisional for _, provisional in covered) else mask
    for box, provisional in covered:
        shown = view.dots_of(box)
        if shown is not None:
            x0, y0, x1, y1 = shown
            part = slice(max(0, y0 - top), max(0, y1 - top)), slice(max(0, x0 - left), max(0, x1 - left))
            mask[part] = stripes[part] if provisional else 255
    return mask


def _stripes(height: int, width: int) -> npt.NDArray[np.uint8]:
    slant = np.add.outer(np.arange(height), np.arange(width)) % STRIPE
    return (slant < STRIPE // 2).astype(np.uint8) * 255


def _outline(image: Rgb, over: npt.NDArray[np.uint8]) -> None:
    """Draw the border of what is over the threshold, one dot wide with a dark edge on both sides."""
    border = cv2.morphologyEx(over, cv2.MORPH_GRADIENT, _CROSS, borderType=cv2.BORDER_REPLICATE)
    line = cv2.bitwise_and(border, over)
    halo = cv2.dilate(line, _SQUARE)
    cv2.copyTo(_filled(image.shape, HALO_COLOUR), halo, image)
    cv2.copyTo(_filled(image.shape, CONTOUR_COLOUR), line, image)


_plain: dict[tuple[int, int, int], Rgb] = {}


def _filled(shape: tuple[int, ...], colour: tuple[int, int, int]) -> Rgb:
    """A plain image, kept because filling one costs more than the rest of an outline."""
    held = _plain.get(colour)
    if held is None or held.shape[0] < shape[0] or held.shape[1] < shape[1]:
        held = np.empty((max(shape[0], 1), max(shape[1], 1), 3), np.uint8)
        held[:] = colour
        _plain[colour] = held
    return held[: shape[0], : shape[1]]
