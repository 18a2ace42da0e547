"""The pictures of a run as the HTML shows them."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from markupsafe import Markup

from workbench.core.analysis import Analysis
from workbench.core.evidence import Pixels, displayed_size, to_displayed_box
from workbench.core.heatmap import Heatmap
from workbench.core.overlay import colour_table, levels, mask_image, overlay
from workbench.report import previews
from workbench.report.exhibits import legend, png
from workbench.report.previews import Preview

_LOCATOR_SIDE = 480
_GREY = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)


@dataclass(frozen=True)
class Figures:
    """Previews of one run; in those of its map a pixel stands for `reduced_by` pixels across."""

    overlay: Preview
    heatmap: Preview
    mask: Preview
    legend: Markup
    reduced_by: int


class Pictures:
    """Previews of the picture itself, each made once.

    Attributes:
        size: (width, height) as shown.
    """

    def __init__(self, pixels: Pixels, orientation: int) -> None:
        self._pixels = pixels
        self._orientation = orientation
        self._stored = pixels.shape[1], pixels.shape[0]
        self.size = displayed_size(self._stored, orientation)

    @property
    def orientation(self) -> int:
        """EXIF tag by which it is shown."""
        return self._orientation

    @cached_property
    def large(self) -> Preview:
        """For the section on the item."""
        return previews.photograph(self._pixels, self._orientation)

    @cached_property
    def small(self) -> Preview:
        """To show where a region lies."""
        return previews.photograph(self._pixels, self._orientation, _LOCATOR_SIDE)

    def shown_box(self, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        """A box of the stored frame where it is shown."""
        return to_displayed_box(box, self._stored, self._orientation)


def figures_of(run: Analysis, heatmap: Heatmap, cut: Pixels, pictures: Pictures) -> Figures:
    """Previews of a run; `cut` are the pixels that were analysed."""
    response = previews.reduced_response(heatmap.response)
    picture, inside = cut, run.inside
    if response.shape != heatmap.shape:
        size = response.shape[1], response.shape[0]
        picture = np.asarray(cv2.resize(cut, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        inside = None if inside is None else cv2.resize(inside.astype(np.uint8), size) > 0
    threshold, turned = run.threshold.value, pictures.orientation
    return Figures(
        overlay=previews.photograph(overlay(picture, response, threshold, inside=inside), turned),
        heatmap=previews.indexed(levels(response), colour_table(), turned),
        mask=previews.indexed(mask_image(response, threshold, inside), _GREY, turned),
        legend=previews.embedded(png(legend(threshold)), "image/png"),
        reduced_by=previews.reduction(heatmap.shape),
    )
