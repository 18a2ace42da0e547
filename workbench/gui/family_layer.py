"""The layer of families: each pixel's most likely family of manipulations, ready to be drawn."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.core.families import FamilyMap, Worth
from workbench.gui.pyramid import SMALLEST_LEVEL, Box

Cells = npt.NDArray[np.uint8]

FAMILIES_LAYER = "families"
"""Its id among the layers; all others are ids of runs."""


class FamilyPyramid:
    """Classes and clearness at halved sizes; each level is every second pixel, since classes have no mean.

    Attributes:
        box: (0, 0, width, height) of the picture.
        levels: (classes, clearness) each.
    """

    def __init__(self, families: FamilyMap) -> None:
        height, width = families.classes.shape
        self.box: Box = (0, 0, width, height)
        self.levels = [(families.classes, families.clearness)]
        while max(self.levels[-1][0].shape) >= 2 * SMALLEST_LEVEL:
            classes, clearness = (np.ascontiguousarray(array[::2, ::2]) for array in self.levels[-1])
            self.levels.append((classes, clearness))

    def at(self, x: int, y: int) -> tuple[int, float]:
        """Class of a pixel, and its share among all classes, 0..1."""
        classes, clearness = self.levels[0]
        return int(classes[y, x]), float(clearness[y, x]) / 255


@dataclass(frozen=True, eq=False)
class FamilyLayer:
    """What the window shows of one picture's families.

    Attributes:
        pyramid: to be drawn.
        shares: of the picture, by class.
        worth: of the head that made it.
    """

    pyramid: FamilyPyramid
    shares: tuple[float, ...]
    worth: Worth


def layer_of(families: FamilyMap, worth: Worth) -> FamilyLayer:
    """Make a layer; takes a moment for large pictures, so call it off the GUI thread."""
    return FamilyLayer(FamilyPyramid(families), families.shares(), worth)
