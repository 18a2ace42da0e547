"""Stored frame and displayed frame: the picture is turned for the eye, every number stays as stored."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QTransform

from workbench.core.frame import displayed_size, to_displayed_point


@dataclass(frozen=True)
class Frame:
    """The stored size of a picture and how it is turned for display (EXIF orientation 1..8)."""

    width: int
    height: int
    orientation: int = 1

    @property
    def to_displayed(self) -> QTransform:
        """Stored points to displayed points; pixel (x, y) covers x..x+1, y..y+1 in both."""
        size = self.width, self.height
        x, y = to_displayed_point(0, 0, size, self.orientation)
        right, down = (to_displayed_point(*unit, size, self.orientation) for unit in ((1, 0), (0, 1)))
        return QTransform(right[0] - x, right[1] - y, down[0] - x, down[1] - y, x, y)

    @property
    def to_stored(self) -> QTransform:
        """Displayed points to stored points."""
        return self.to_displayed.inverted()[0]

    @property
    def displayed_size(self) -> tuple[int, int]:
        """(width, height) as displayed."""
        return displayed_size((self.width, self.height), self.orientation)

    def stored_box(self, displayed: QRectF) -> QRect:
        """Whole stored pixels of a displayed rectangle, cut to the picture."""
        rect = self.to_stored.mapRect(displayed.normalized())
        left, top = max(0, round(rect.left())), max(0, round(rect.top()))
        right, bottom = min(self.width, round(rect.right())), min(self.height, round(rect.bottom()))
        return QRect(left, top, max(0, right - left), max(0, bottom - top))
