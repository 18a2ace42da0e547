"""What the keyboard does on a canvas: moves regions and corners, ends what is drawn, else pans."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent

from workbench.core.region import Region
from workbench.gui import outlines

if TYPE_CHECKING:
    from workbench.gui.canvas import Canvas

FAR = 8
"""Pixels for Shift and an arrow: one block of JPEG."""
PAN = 40
"""Device pixels that the picture moves where no region is selected."""
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ENDING = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_ERASING = {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}
_STEPPING = {Qt.Key.Key_Comma: -1, Qt.Key.Key_Period: 1}


class CanvasKeys:
    """Keys that the picture takes while it has the focus."""

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas

    def wants(self, event: QKeyEvent) -> bool:
        """Whether a key that is also an action's means the drawing at this moment."""
        key = Qt.Key(event.key())
        if self._canvas.mouse.drawing:
            return key == Qt.Key.Key_Escape or key in _ENDING or key in _ERASING
        at_corner = self._canvas.corner >= 0
        return at_corner and (key == Qt.Key.Key_Escape or key in _ERASING)

    def press(self, event: QKeyEvent) -> bool:
        """Act on a key; whether it was one of these."""
        key = Qt.Key(event.key())
        mouse = self._canvas.mouse
        if mouse.drawing:
            return self._while_drawing(key)
        if key in _ARROWS:
            self._arrow(event, *_ARROWS[key])
            return True
        region = self._canvas.selected_region if self._canvas.editable else None
        return region is not None and outlines.has_corners(region) and self._at_corners(region, key)

    def _while_drawing(self, key: Qt.Key) -> bool:
        mouse = self._canvas.mouse
        if key == Qt.Key.Key_Escape:
            mouse.abandon()
        elif key in _ENDING:
            mouse.close_polygon()
        elif key in _ERASING:
            mouse.drop_corner()
        else:
            return False
        return True

    def _at_corners(self, region: Region, key: Qt.Key) -> bool:
        canvas, corner = self._canvas, self._canvas.corner
        if key in _STEPPING:
            first = 0 if _STEPPING[key] > 0 else -1
            step = corner + _STEPPING[key] if corner >= 0 else first
            canvas.choose_corner(step % len(region.points))
        elif corner < 0:
            return False
        elif key == Qt.Key.Key_Escape:
            canvas.choose_corner(-1)
        elif key == Qt.Key.Key_Insert:
            after = QPointF(*region.points[(corner + 1) % len(region.points)])
            middle = (QPointF(*region.points[corner]) + after) / 2
            changed, added = outlines.with_corner_added(region, middle, canvas.ground(free=True))
            canvas.region_changed.emit(changed)
            canvas.choose_corner(added)
        elif key in _ERASING:
            canvas.region_changed.emit(outlines.without_corner(region, corner, canvas.ground(free=True)))
            canvas.choose_corner(max(0, corner - 1))
        else:
            return False
        return True

    def _arrow(self, event: QKeyEvent, right: int, down: int) -> None:
        canvas, keys = self._canvas, event.modifiers()
        far = FAR if keys & Qt.KeyboardModifier.ShiftModifier else 1
        region = canvas.selected_region if canvas.editable else None
        if region is None:
            canvas.viewport.pan(-right * PAN * far, -down * PAN * far)
        elif canvas.corner >= 0:
            step = self._stored_step(right * far, down * far)
            place = QPointF(*region.points[canvas.corner]) + step
            canvas.region_changed.emit(
                outlines.with_corner_at(region, canvas.corner, place, canvas.ground(free=True))
            )
        else:
            resize = bool(keys & Qt.KeyboardModifier.ControlModifier)
            self._nudge(region, right * far, down * far, resize=resize)

    def _stored_step(self, right: int, down: int) -> QPointF:
        to_stored = self._canvas.frame.to_stored
        return to_stored.map(QPointF(right, down)) - to_stored.map(QPointF(0, 0))

    def _nudge(self, region: Region, right: int, down: int, *, resize: bool) -> None:
        """Move or resize as the arrow points on the screen, whichever way the picture is turned."""
        frame = self._canvas.frame
        box = frame.to_displayed.mapRect(QRectF(*region.box))
        moved = box.adjusted(0, 0, right, down) if resize else box.translated(right, down)
        if QRectF(0, 0, *frame.displayed_size).contains(moved) and min(moved.width(), moved.height()) > 0:
            stored = frame.stored_box(moved)
            self._canvas.region_changed.emit(
                region.moved_to(stored.x(), stored.y(), stored.width(), stored.height())
            )
