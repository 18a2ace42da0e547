"""The canvas: draws the picture, a map over it, regions, the 8×8 grid and a finding.

A plain widget that paints one composed image: pyqtgraph's ViewBox repaints a scene graph at each change,
which costs more than the picture itself at a slider's speed.
"""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.core.region import SMALLEST_SIDE, Region
from workbench.gui import marks
from workbench.gui.canvas_mouse import CanvasMouse, Tool
from workbench.gui.frame import Frame
from workbench.gui.pyramid import MapPyramid, PicturePyramid
from workbench.gui.render import Renderer, View
from workbench.gui.viewport import Viewport

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Canvas(QWidget):
    """One view of the picture. Positions that it tells are stored pixels.

    Of canvases that share a viewport one leads: the picture is fitted to its size.
    """

    hovered = Signal(object)
    """(x, y) under the pointer, or None outside."""
    region_drawn = Signal(QRect)
    region_changed = Signal(str, QRect)
    """Id and the new box, once the hand lets go or an arrow key was pressed."""
    region_picked = Signal(str)
    """Id, or empty for none."""

    def __init__(self, viewport: Viewport, *, leads: bool = True) -> None:
        super().__init__()
        self.viewport = viewport
        self._leads = leads
        self.tool = Tool.SELECT
        self.frame = Frame(1, 1)
        self.regions: tuple[Region, ...] = ()
        self.selected = ""
        self.finding: QRect | None = None
        self.grid = False
        self.editable = True
        self.threshold = 0.5
        self.opacity = 0.55
        self._picture: PicturePyramid | None = None
        self._layer: MapPyramid | None = None
        self._renderer = Renderer()
        self._mouse = CanvasMouse(self)
        self.hint = ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        viewport.changed.connect(self.update)

    # What is shown

    def show_picture(self, picture: PicturePyramid | None, frame: Frame) -> None:
        """Draw another picture, or none."""
        self._picture, self.frame = picture, frame
        self.update()

    def show_map(self, layer: MapPyramid | None) -> None:
        """Draw another map over the picture, or none."""
        self._layer = layer
        self.update()

    def show_regions(self, regions: tuple[Region, ...], selected: str) -> None:
        """Draw these regions; the selected one gets handles."""
        self.regions, self.selected = regions, selected
        self.update()

    def show_finding(self, box: QRect | None) -> None:
        """Mark a box of the stored frame, or none."""
        self.finding = box
        self.update()

    def set_threshold(self, threshold: float) -> None:
        """Draw the contours at another response."""
        self.threshold = threshold
        self.update()

    def set_opacity(self, opacity: float) -> None:
        """Draw the map more or less transparent, 0..1."""
        self.opacity = opacity
        self.update()

    def set_tool(self, tool: Tool) -> None:
        """What the left button does."""
        self.tool = tool
        self.setCursor(Qt.CursorShape.CrossCursor if tool is Tool.RECTANGLE else Qt.CursorShape.ArrowCursor)

    @property
    def has_picture(self) -> bool:
        """Whether there is anything to look at."""
        return self._picture is not None

    @property
    def has_map(self) -> bool:
        """Whether a map is drawn over it."""
        return self._layer is not None

    # Where things are

    def displayed_to_screen(self) -> QTransform:
        """Displayed picture points to points of this widget."""
        scale = self.viewport.scale / self.devicePixelRatioF()
        centre = self.viewport.centre
        middle = QPointF(self.width() / 2, self.height() / 2)
        return QTransform(
            scale, 0, 0, scale, middle.x() - centre.x() * scale, middle.y() - centre.y() * scale
        )

    def stored_to_screen(self) -> QTransform:
        """Stored picture points to points of this widget."""
        return self.frame.to_displayed * self.displayed_to_screen()

    def displayed_at(self, point: QPointF) -> QPointF:
        """The displayed picture point under a point of this widget."""
        return self.displayed_to_screen().inverted()[0].map(point)

    def stored_pixel_at(self, point: QPointF) -> tuple[int, int] | None:
        """The stored pixel under a point of this widget, if it is inside the picture."""
        stored = self.stored_to_screen().inverted()[0].map(point)
        x, y = int(stored.x() // 1), int(stored.y() // 1)
        inside = self._picture is not None and 0 <= x < self.frame.width and 0 <= y < self.frame.height
        return (x, y) if inside else None

    def screen_rect(self, box: QRect) -> QRectF:
        """Where a stored box is on this widget."""
        return self.stored_to_screen().mapRect(QRectF(box))

    def visible_stored_box(self) -> QRect:
        """The part of the picture that is in sight, in stored pixels."""
        shown = self.displayed_to_screen().inverted()[0].mapRect(QRectF(self.rect()))
        return self.frame.stored_box(shown)

    def box_in_sight(self) -> QRect:
        """A stored box for a new region: half of what is in sight, but no smaller than a region may be."""
        seen = self.visible_stored_box()
        width = min(max(SMALLEST_SIDE, seen.width() // 2), self.frame.width)
        height = min(max(SMALLEST_SIDE, seen.height() // 2), self.frame.height)
        x = min(max(0, seen.center().x() - width // 2), self.frame.width - width)
        y = min(max(0, seen.center().y() - height // 2), self.frame.height - height)
        return QRect(x, y, width, height)

    def _view(self) -> View:
        ratio = self.devicePixelRatioF()
        back = (self.stored_to_screen() * QTransform.fromScale(ratio, ratio)).inverted()[0]
        matrix = back.m11(), back.m21(), back.dx(), back.m12(), back.m22(), back.dy()
        return View(round(self.width() * ratio), round(self.height() * ratio), matrix)

    # Painting

    def composed(self) -> QImage:
        """Picture and map as the screen shows them, without the marks."""
        background = self.palette().base().color()
        view = self._view()
        if self._picture is None:
            image = QImage(view.width, view.height, QImage.Format.Format_RGB888)
            image.fill(background)
            return image
        plain = background.red(), background.green(), background.blue()
        rgb = self._renderer.picture(view, self._picture, plain)
        if self._layer is not None:
            rgb = self._renderer.overlaid(rgb, view, self._layer, self.threshold, self.opacity)
        image = QImage(rgb.data, view.width, view.height, view.width * 3, QImage.Format.Format_RGB888)
        image.setDevicePixelRatio(self.devicePixelRatioF())
        return image

    def paintEvent(self, event: QPaintEvent) -> None:
        """Compose and draw."""
        painter = QPainter(self)
        painter.drawImage(QPointF(0, 0), self.composed())
        if self._picture is None:
            marks.draw_hint(painter, QRectF(self.rect()), self.hint, self.palette().placeholderText().color())
        else:
            self._draw_marks(painter)
        if self.hasFocus():
            marks.draw_focus(painter, QRectF(self.rect()), self.palette().highlight().color())
        painter.end()

    def _draw_marks(self, painter: QPainter) -> None:
        accent = self.palette().highlight().color()
        dots = self.viewport.scale / self.devicePixelRatioF()
        if self.grid and 8 * dots >= marks.SMALLEST_GRID:
            marks.draw_grid(painter, self.stored_to_screen(), self.visible_stored_box())
        for region in self.regions:
            box = self._mouse.preview_of(region)
            marks.draw_region(
                painter, self.screen_rect(box), region.name, accent, selected=region.id == self.selected
            )
        if self._mouse.drawn is not None:
            marks.draw_region(painter, self.screen_rect(self._mouse.drawn), "", accent, selected=False)
        if self.finding is not None:
            marks.draw_finding(painter, self.screen_rect(self.finding), QColor(marks.FINDING))

    def sizeHint(self) -> QSize:
        """What is asked of the layout."""
        return QSize(720, 520)

    # Hands

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A fitted picture stays fitted."""
        if self._leads:
            self.viewport.set_canvas(QSizeF(event.size()) * self.devicePixelRatioF())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        steps = (event.angleDelta().y() or event.angleDelta().x()) / 120
        self.viewport.zoom_by(steps, self.displayed_at(event.position()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        self._mouse.press(event.position(), event.button())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a drag; tell what is under the pointer."""
        self._mouse.move(event.position())
        self.hovered.emit(self.stored_pixel_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a click or a drag."""
        self._mouse.release(event.position())

    def leaveEvent(self, event: object) -> None:
        """Nothing is under the pointer any more."""
        self.hovered.emit(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus."""
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move the selected region or the picture."""
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is None:
            if event.key() == Qt.Key.Key_Escape and self._mouse.abandon():
                return
            super().keyPressEvent(event)
            return
        far = 8 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        region = self._selected_region() if self.editable else None
        if region is None:
            self.viewport.pan(-step[0] * 40 * far, -step[1] * 40 * far)
        else:
            resize = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._nudge(region, step[0] * far, step[1] * far, resize=resize)

    def _selected_region(self) -> Region | None:
        return next((r for r in self.regions if r.id == self.selected), None)

    def _nudge(self, region: Region, right: int, down: int, *, resize: bool) -> None:
        """Move or resize as the arrow points on the screen, whichever way the picture is turned."""
        box = self.frame.to_displayed.mapRect(QRectF(*region.box))
        moved = box.adjusted(0, 0, right, down) if resize else box.translated(right, down)
        width, height = self.frame.displayed_size
        if QRectF(0, 0, width, height).contains(moved) and moved.width() > 0 and moved.height() > 0:
            self.region_changed.emit(region.id, self.frame.stored_box(moved))
