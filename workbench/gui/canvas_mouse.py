"""What the mouse does on a canvas: pan, draw, move and resize regions."""

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt

from workbench.core.region import Region
from workbench.gui.marks import HANDLE, handles_of

if TYPE_CHECKING:
    from workbench.gui.canvas import Canvas

SLACK = 4.0
"""Logical pixels that a click may wander without becoming a drag."""


class Tool(Enum):
    """What the left button does on empty ground."""

    SELECT = "select"
    RECTANGLE = "rectangle"


class _Drag(Enum):
    NONE = 0
    PAN = 1
    DRAW = 2
    MOVE = 3
    RESIZE = 4


_HANDLE_CURSORS = (
    Qt.CursorShape.SizeFDiagCursor,
    Qt.CursorShape.SizeVerCursor,
    Qt.CursorShape.SizeBDiagCursor,
    Qt.CursorShape.SizeHorCursor,
    Qt.CursorShape.SizeFDiagCursor,
    Qt.CursorShape.SizeVerCursor,
    Qt.CursorShape.SizeBDiagCursor,
    Qt.CursorShape.SizeHorCursor,
)


class CanvasMouse:
    """A small state machine; what it changes is told by the canvas's signals when the button is let go.

    Attributes:
        drawn: stored box of a rectangle that is being drawn.
    """

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self._drag = _Drag.NONE
        self._from = QPointF()
        self._last = QPointF()
        self._handle = -1
        self._region: Region | None = None
        self._box = QRect()
        self.drawn: QRect | None = None

    def preview_of(self, region: Region) -> QRect:
        """Where a region is drawn: at the hand while it is dragged."""
        dragged = self._drag in {_Drag.MOVE, _Drag.RESIZE} and self._region is not None
        if dragged and self._region is not None and region.id == self._region.id:
            return self._box
        return QRect(*region.box)

    def abandon(self) -> bool:
        """Give up a drag; whether there was one."""
        was = self._drag not in {_Drag.NONE, _Drag.PAN}
        self._drag, self.drawn = _Drag.NONE, None
        self._canvas.update()
        return was

    def press(self, point: QPointF, button: Qt.MouseButton) -> None:
        """A button went down."""
        if not self._canvas.has_picture:
            return
        self._from = self._last = point
        if button == Qt.MouseButton.MiddleButton:
            self._begin(_Drag.PAN)
        elif button == Qt.MouseButton.LeftButton:
            self._begin_left(point)

    def _begin_left(self, point: QPointF) -> None:
        self._handle = self._handle_at(point)
        inside = self._region_at(point)
        if not self._canvas.editable:
            self._begin(_Drag.PAN)
        elif self._handle >= 0:
            self._take(self._selected(), _Drag.RESIZE)
        elif self._canvas.tool is Tool.RECTANGLE:
            self._begin(_Drag.DRAW)
        elif inside is not None:
            self._canvas.region_picked.emit(inside.id)
            self._take(inside, _Drag.MOVE)
        else:
            self._begin(_Drag.PAN)

    def _begin(self, drag: _Drag) -> None:
        self._drag = drag
        if drag is _Drag.PAN:
            self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _take(self, region: Region | None, drag: _Drag) -> None:
        if region is not None:
            self._region, self._box, self._drag = region, QRect(*region.box), drag

    def move(self, point: QPointF) -> None:
        """The pointer moved, with or without a button."""
        step = point - self._last
        self._last = point
        if self._drag is _Drag.NONE:
            self._show_cursor(point)
        elif self._drag is _Drag.PAN:
            ratio = self._canvas.devicePixelRatioF()
            self._canvas.viewport.pan(step.x() * ratio, step.y() * ratio)
        else:
            self._drag_to(point)
            self._canvas.update()

    def _drag_to(self, point: QPointF) -> None:
        frame = self._canvas.frame
        start, here = self._canvas.displayed_at(self._from), self._canvas.displayed_at(point)
        if self._drag is _Drag.DRAW:
            self.drawn = frame.stored_box(QRectF(start, here))
            return
        if self._region is None:
            return
        box = frame.to_displayed.mapRect(QRectF(*self._region.box))
        if self._drag is _Drag.MOVE:
            moved = _kept_inside(box.translated(here - start), frame.displayed_size)
        else:
            moved = _resized(box, self._handle, here - start)
        stored = frame.stored_box(moved)
        if stored.width() > 0 and stored.height() > 0:
            self._box = stored

    def release(self, point: QPointF) -> None:
        """The button was let go."""
        drag, self._drag = self._drag, _Drag.NONE
        wandered = (point - self._from).manhattanLength() > SLACK
        canvas = self._canvas
        canvas.set_tool(canvas.tool)
        if drag is _Drag.PAN and not wandered:
            picked = None if canvas.editable else self._region_at(point)
            canvas.region_picked.emit(picked.id if picked else "")
        elif drag is _Drag.DRAW:
            drawn, self.drawn = self.drawn, None
            if wandered and drawn is not None:
                canvas.region_drawn.emit(drawn)
        elif drag in {_Drag.MOVE, _Drag.RESIZE} and wandered:
            self._tell_change()
        canvas.update()

    def _tell_change(self) -> None:
        if self._region is not None and QRect(*self._region.box) != self._box:
            self._canvas.region_changed.emit(self._region.id, self._box)

    def _selected(self) -> Region | None:
        return next((r for r in self._canvas.regions if r.id == self._canvas.selected), None)

    def _region_at(self, point: QPointF) -> Region | None:
        hit = [r for r in self._canvas.regions if self._canvas.screen_rect(QRect(*r.box)).contains(point)]
        chosen = [r for r in hit if r.id == self._canvas.selected]
        return min(chosen or hit, key=lambda r: r.width * r.height, default=None)

    def _handle_at(self, point: QPointF) -> int:
        region = self._selected() if self._canvas.editable else None
        if region is None:
            return -1
        rect = self._canvas.screen_rect(QRect(*region.box))
        reach = HANDLE / 2 + 3
        near = [
            i
            for i, handle in enumerate(handles_of(rect))
            if max(abs(handle.x() - point.x()), abs(handle.y() - point.y())) <= reach
        ]
        return near[0] if near else -1

    def _may_move(self, point: QPointF) -> bool:
        canvas = self._canvas
        return canvas.editable and canvas.tool is Tool.SELECT and self._region_at(point) is not None

    def _show_cursor(self, point: QPointF) -> None:
        handle = self._handle_at(point)
        if handle >= 0:
            self._canvas.setCursor(_HANDLE_CURSORS[handle])
        elif self._may_move(point):
            self._canvas.setCursor(Qt.CursorShape.SizeAllCursor)
        else:
            self._canvas.set_tool(self._canvas.tool)


def _kept_inside(box: QRectF, size: tuple[int, int]) -> QRectF:
    x = min(max(box.x(), 0.0), size[0] - box.width())
    y = min(max(box.y(), 0.0), size[1] - box.height())
    return QRectF(x, y, box.width(), box.height())


def _resized(box: QRectF, handle: int, step: QPointF) -> QRectF:
    """Drag one of eight handles, counted clockwise from the upper left corner."""
    left = step.x() if handle in {0, 6, 7} else 0.0
    right = step.x() if handle in {2, 3, 4} else 0.0
    top = step.y() if handle in {0, 1, 2} else 0.0
    bottom = step.y() if handle in {4, 5, 6} else 0.0
    return box.adjusted(left, top, right, bottom)
