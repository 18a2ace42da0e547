"""Zoom and position, shared by linked canvases."""

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Signal

CLOSEST = 64.0
"""Screen dots across one picture pixel at the highest zoom."""
ZOOM_STEP = 1.25


class Viewport(QObject):
    """Which part of the displayed picture is in the middle, and how large it is drawn.

    Attributes:
        scale: device pixels across one picture pixel.
        centre: the displayed point in the middle of the canvas.
        fitted: whether the whole picture is kept in sight when the canvas changes its size.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scale = 1.0
        self.centre = QPointF(0, 0)
        self.fitted = True
        self._picture = QSizeF(1, 1)
        self._canvas = QSizeF(1, 1)

    def set_picture(self, width: int, height: int) -> None:
        """Show another picture of this displayed size, as a whole."""
        self._picture = QSizeF(width, height)
        self.fit()

    def set_canvas(self, size: QSizeF) -> None:
        """The canvas now has this size in device pixels."""
        if size == self._canvas:
            return
        self._canvas = size
        if self.fitted:
            self.fit()

    def fit(self) -> None:
        """Show the whole picture."""
        self.fitted = True
        self.centre = QPointF(self._picture.width() / 2, self._picture.height() / 2)
        self.scale = self._fitting_scale()
        self.changed.emit()

    def zoom_to(self, scale: float, anchor: QPointF | None = None) -> None:
        """Set the scale; the displayed point `anchor` stays where it is on the screen."""
        anchor = anchor or self.centre
        scale = min(max(scale, self._fitting_scale() / 4), CLOSEST)
        self.centre = anchor + (self.centre - anchor) * (self.scale / scale)
        self.scale = scale
        self._free()

    def zoom_by(self, steps: float, anchor: QPointF | None = None) -> None:
        """Zoom in (positive) or out."""
        self.zoom_to(self.scale * ZOOM_STEP**steps, anchor)

    def pan(self, right: float, down: float) -> None:
        """Move the picture by device pixels."""
        self.centre = self.centre - QPointF(right, down) / self.scale
        self._free()

    def show_rect(self, rect: QRectF) -> None:
        """Bring a displayed rectangle into the middle with some surroundings."""
        room = 3.0
        width, height = max(rect.width(), 8) * room, max(rect.height(), 8) * room
        scale = min(self._canvas.width() / width, self._canvas.height() / height)
        self.centre = rect.center()
        self.scale = min(max(scale, self._fitting_scale()), 8.0)
        self._free()

    def _fitting_scale(self) -> float:
        margin = 0.98
        wide = self._canvas.width() / self._picture.width()
        high = self._canvas.height() / self._picture.height()
        return max(1e-4, min(wide, high, CLOSEST) * margin)

    def _free(self) -> None:
        self.fitted = False
        x = min(max(self.centre.x(), 0.0), self._picture.width())
        y = min(max(self.centre.y(), 0.0), self._picture.height())
        self.centre = QPointF(x, y)
        self.changed.emit()
