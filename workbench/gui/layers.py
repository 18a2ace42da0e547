"""A layer: one run's map, ready to be drawn and counted."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.core.heatmap import Mask, Response, histogram
from workbench.gui.pyramid import Box, MapPyramid

BINS = 1000
"""As many as the slider has steps, so that its every step has an exact sum."""


@dataclass(eq=False)
class Layer:
    """One map over the picture.

    Attributes:
        id: of the run.
        title: `Whole picture` or the region's name.
        pyramid: the map at halved sizes.
        counts: pixels in each of `BINS` equal intervals of 0..1, or None while tiles are still coming.
        inside: where they are counted, or None for everywhere.
        remark: why it is not of record, in a word or two, or empty.
    """

    id: str
    title: str
    pyramid: MapPyramid
    counts: npt.NDArray[np.int64] | None = None
    inside: Mask | None = None
    remark: str = ""

    @property
    def provisional(self) -> bool:
        """Whether tiles are still coming."""
        return self.counts is None

    @property
    def response(self) -> Response:
        """The map at full size."""
        return self.pyramid.peaks[0]

    @property
    def origin(self) -> tuple[int, int]:
        """(x, y) of the map in the picture."""
        return self.pyramid.box[0], self.pyramid.box[1]

    def share_above(self, threshold: float) -> float:
        """Which fraction exceeds a threshold, at once; to a thousandth of the scale."""
        if self.counts is None:
            return 0.0
        first = min(BINS, round(threshold * BINS))
        return float(self.counts[first:].sum() / max(1, self.counts.sum()))


def finished(
    run_id: str, title: str, response: Response, origin: tuple[int, int], inside: Mask | None = None
) -> Layer:
    """Make a layer of a map of record; takes a moment, so call it off the GUI thread."""
    return Layer(run_id, title, MapPyramid(response, origin), histogram(response, BINS, inside), inside)


def provisional(run_id: str, title: str, box: Box) -> Layer:
    """A layer that tiles will be added to."""
    return Layer(run_id, title, MapPyramid.empty(box))


def preview(run_id: str, title: str, response: Response, origin: tuple[int, int], remark: str) -> Layer:
    """A layer of a map that is not of record: it is drawn and never counted."""
    return Layer(run_id, title, MapPyramid(response, origin), remark=remark)
