"""What the mouse does on a canvas: pan, draw regions, move and reshape them. All in stored pixels."""

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from workbench.core.region import Region, Shape
from workbench.gui import outlines
from workbench.gui.marks import HANDLE
from workbench.gui.outlines import Ground

if TYPE_CHECKING:
    from workbench.gui.canvas import Canvas

SLACK = 4.0
"""Logical pixels that a click may wander without becoming a drag."""
FINENESS = 0.75
"""Logical pixels by which a freehand outline may leave the hand's way, to have fewer points."""


class Tool(Enum):
    """What the left button does on empty ground."""

    SELECT = "select"
    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    POLYGON = "polygon"
    FREEHAND = "freehand"

    @property
    def shape(self) -> Shape | None:
        """What is drawn with it."""
        return None if self is Tool.SELECT else Shape(self.value)


class _Drag(Enum):
    NONE = 0
    PAN = 1
    BOX = 2
    FREEHAND = 3
    MOVE = 4
    HANDLE = 5


class CanvasMouse:
    """A small state machine; what it changes is told by the canvas's signals.

    Attributes:
        held: the region under the hand, as it would be if the hand let go; one being drawn has no id.
        corners: of a polygon that is being drawn click by click.
        pointer: where the next corner would be, stored.
    """

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self._drag = _Drag.NONE
        self._from = QPointF()
        self._last = QPointF()
        self._handle = -1
        self._origin: Region | None = None
        self.held: Region | None = None
        self.corners: list[QPointF] = []
        self.pointer = QPointF()

    @property
    def drawing(self) -> bool:
        """Whether something is under the hand that Esc gives up."""
        return bool(self.corners) or self._drag not in {_Drag.NONE, _Drag.PAN}

    def abandon(self) -> bool:
        """Give up what is being drawn or dragged; whether there was anything."""
        was = self.drawing
        self._drag, self.held, self._origin = _Drag.NONE, None, None
        self.corners.clear()
        if was:
            self._canvas.region_dragged.emit(None)
        self._canvas.update()
        return was

    # Buttons

    def press(self, point: QPointF, button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
        """A button went down."""
        if not self._canvas.has_picture:
            return
        self._from = self._last = point
        if button == Qt.MouseButton.MiddleButton:
            self._begin(_Drag.PAN)
        elif button == Qt.MouseButton.LeftButton:
            self._press_left(point, keys)

    def _press_left(self, point: QPointF, keys: Qt.KeyboardModifier) -> None:
        canvas = self._canvas
        self._handle = self._handle_at(point) if not self.corners else -1
        inside = canvas.region_at(point)
        if not canvas.editable:
            self._begin(_Drag.PAN)
        elif self._handle >= 0:
            self._take(canvas.selected_region, _Drag.HANDLE)
        elif canvas.tool is Tool.POLYGON:
            self._add_corner(point)
        elif canvas.tool is Tool.FREEHAND:
            self._begin(_Drag.FREEHAND)
            self.corners = [self._stored(point)]
        elif canvas.tool is not Tool.SELECT:
            self._begin(_Drag.BOX)
        elif inside is not None:
            canvas.region_picked.emit(inside.id)
            self._take(inside, _Drag.MOVE)
        else:
            self._begin(_Drag.PAN)

    def _begin(self, drag: _Drag) -> None:
        self._drag = drag
        if drag is _Drag.PAN:
            self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _take(self, region: Region | None, drag: _Drag) -> None:
        self._origin, self._drag = region, drag if region is not None else _Drag.NONE
        if region is not None and drag is _Drag.HANDLE and outlines.has_corners(region):
            self._canvas.choose_corner(self._handle)

    def move(self, point: QPointF, keys: Qt.KeyboardModifier) -> None:
        """The pointer moved, with or without a button."""
        step, self._last = point - self._last, point
        self.pointer = self._stored(point)
        if self._drag is _Drag.NONE:
            self._show_cursor(point)
            if self.corners:
                self._canvas.update()
        elif self._drag is _Drag.PAN:
            ratio = self._canvas.devicePixelRatioF()
            self._canvas.viewport.pan(step.x() * ratio, step.y() * ratio)
        elif self._wandered(point) or self.held is not None:
            self.held = self._dragged(point, keys)
            self._canvas.region_dragged.emit(self.held)
            self._canvas.update()

    def _dragged(self, point: QPointF, keys: Qt.KeyboardModifier) -> Region | None:
        """The region as it is with the hand here; Alt leaves the grid alone, Shift keeps sides equal."""
        ground = self._ground(keys)
        start, here = self._stored(self._from), self._stored(point)
        if self._drag is _Drag.FREEHAND:
            self.corners.append(here)
            return None
        if self._drag is _Drag.BOX:
            shape = self._canvas.tool.shape or Shape.RECTANGLE
            square = bool(keys & Qt.KeyboardModifier.ShiftModifier)
            return outlines.box_between(shape, start, here, ground, square=square)
        region = self._origin
        if region is None:
            return None
        if self._drag is _Drag.MOVE:
            return outlines.moved(region, here - start, ground)
        if outlines.has_corners(region):
            return outlines.with_corner_at(region, self._handle, here, ground)
        return outlines.resized(region, self._handle, here - start, ground)

    def release(self, point: QPointF, keys: Qt.KeyboardModifier) -> None:
        """The button was let go."""
        drag, self._drag = self._drag, _Drag.NONE
        held, self.held = self.held, None
        canvas = self._canvas
        canvas.set_tool(canvas.tool)
        if drag is _Drag.PAN and not self._wandered(point):
            picked = None if canvas.editable else canvas.region_at(point)
            canvas.region_picked.emit(picked.id if picked else "")
        elif drag is _Drag.FREEHAND:
            self._end_freehand(keys)
        elif held is not None:
            self._tell(held)
        canvas.update()

    def double_click(self, point: QPointF, keys: Qt.KeyboardModifier) -> bool:
        """End a polygon, or add a corner to one; whether it meant that."""
        if self.corners:
            self.close_polygon()
            return True
        region = self._canvas.selected_region if self._canvas.editable else None
        if region is None or not outlines.has_corners(region) or self._handle_at(point) >= 0:
            return False
        if not self._canvas.is_on_edge(region, point):
            return False
        changed, corner = outlines.with_corner_added(region, self._stored(point), self._ground(keys))
        self._canvas.region_changed.emit(changed)
        self._canvas.choose_corner(corner)
        return True

    # Outlines

    def _add_corner(self, point: QPointF) -> None:
        first = self._canvas.stored_to_screen().map(self.corners[0]) if self.corners else None
        if first is not None and _near(first, point) and len(self.corners) >= outlines.FEWEST_CORNERS:
            self.close_polygon()
        elif not self.corners or not _near(self._canvas.stored_to_screen().map(self.corners[-1]), point):
            self.corners.append(self._stored(point))
            self.pointer = self.corners[-1]
        self._canvas.update()

    def drop_corner(self) -> None:
        """Take back the corner that was set last."""
        if self.corners:
            self.corners.pop()
            self._canvas.update()

    def close_polygon(self) -> None:
        """End the polygon that is being drawn; with too few corners nothing is made of it."""
        corners, self.corners = self.corners, []
        if len(corners) >= outlines.FEWEST_CORNERS:
            ground = self._ground(Qt.KeyboardModifier.NoModifier)
            self._tell(outlines.outlined(Shape.POLYGON, corners, ground))
        self._canvas.update()

    def _end_freehand(self, keys: Qt.KeyboardModifier) -> None:
        line, self.corners = self.corners, []
        kept = outlines.simplified(line, FINENESS / self._canvas.dots_per_pixel)
        if len(kept) >= outlines.FEWEST_CORNERS:
            self._tell(outlines.outlined(Shape.FREEHAND, kept, self._ground(keys)))

    def _tell(self, region: Region) -> None:
        canvas = self._canvas
        if not region.id:
            canvas.region_drawn.emit(region)
        elif region != self._origin:
            canvas.region_changed.emit(region)
        else:
            canvas.region_dragged.emit(None)

    # Where

    def _stored(self, point: QPointF) -> QPointF:
        return self._canvas.stored_at(point)

    def _ground(self, keys: Qt.KeyboardModifier) -> Ground:
        return self._canvas.ground(free=bool(keys & Qt.KeyboardModifier.AltModifier))

    def _wandered(self, point: QPointF) -> bool:
        return (point - self._from).manhattanLength() > SLACK

    def _handle_at(self, point: QPointF) -> int:
        region = self._canvas.selected_region if self._canvas.editable else None
        if region is None:
            return -1
        to_screen = self._canvas.stored_to_screen()
        near = (i for i, h in enumerate(outlines.handles_of(region)) if _near(to_screen.map(h), point))
        return next(near, -1)

    def _show_cursor(self, point: QPointF) -> None:
        canvas, handle = self._canvas, self._handle_at(point)
        region = canvas.selected_region
        if handle >= 0 and region is not None and not self.corners:
            canvas.setCursor(self._handle_cursor(region, handle))
        elif canvas.editable and canvas.tool is Tool.SELECT and canvas.region_at(point) is not None:
            canvas.setCursor(Qt.CursorShape.SizeAllCursor)
        else:
            canvas.set_tool(canvas.tool)

    def _handle_cursor(self, region: Region, handle: int) -> Qt.CursorShape:
        """Pointing the way in which the handle pulls on the screen, however the picture is turned."""
        if outlines.has_corners(region):
            return Qt.CursorShape.PointingHandCursor
        to_screen = self._canvas.stored_to_screen()
        handles = outlines.box_handles(region)
        way = to_screen.map(handles[handle]) - to_screen.map((handles[0] + handles[4]) / 2)
        if handle % 2:
            sideways = abs(way.x()) > abs(way.y())
            return Qt.CursorShape.SizeHorCursor if sideways else Qt.CursorShape.SizeVerCursor
        falling = way.x() * way.y() > 0
        return Qt.CursorShape.SizeFDiagCursor if falling else Qt.CursorShape.SizeBDiagCursor


def _near(one: QPointF, other: QPointF) -> bool:
    return max(abs(one.x() - other.x()), abs(one.y() - other.y())) <= HANDLE / 2 + 3
