"""The canvas: draws the picture, a map over it, regions, the 8×8 grid and a finding.

A plain widget that paints one composed image: pyqtgraph's ViewBox repaints a scene graph at each change,
which costs more than the picture itself at a slider's speed.
"""

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPathStroker,
    QPaintEvent,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.core.region import SMALLEST_SIDE, Region
from workbench.core.search import Box, Suggestion
from workbench.gui import marks, outlines
from workbench.gui.canvas_keys import CanvasKeys
from workbench.gui.canvas_mouse import CanvasMouse, Tool
from workbench.gui.family_layer import FamilyPyramid
from workbench.gui.frame import Frame
from workbench.gui.outlines import Ground
from workbench.gui.pyramid import MapPyramid, PicturePyramid
from workbench.gui.render import Renderer, View
from workbench.gui.viewport import Viewport


class Canvas(QWidget):
    """One view of the picture. Positions that it tells are stored pixels.

    Of canvases that share a viewport one leads: the picture is fitted to its size.
    """

    hovered = Signal(object)
    """(x, y) under the pointer, or None outside."""
    region_drawn = Signal(object)
    """A new `Region` without id."""
    region_changed = Signal(object)
    """The `Region` as it is now, once the hand lets go or a key was pressed."""
    region_dragged = Signal(object)
    """The `Region` under the hand while it moves, or None when it is given up."""
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
        self.corner = -1
        self.finding: QRect | None = None
        self.suggestions: tuple[Suggestion, ...] = ()
        self.suggestion = 0
        self.windows: tuple[Box, ...] = ()
        self.badge = ""
        self.grid = False
        self.snap = False
        self.editable = True
        self.threshold = 0.5
        self.opacity = 0.55
        self._picture: PicturePyramid | None = None
        self._layer: MapPyramid | FamilyPyramid | None = None
        self._diverging = False
        self._renderer = Renderer()
        self.mouse = CanvasMouse(self)
        self._keys = CanvasKeys(self)
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

    def show_map(self, layer: MapPyramid | FamilyPyramid | None, *, diverging: bool = False) -> None:
        """Draw another map over the picture, or none; one of differences has colours of its own."""
        self._layer, self._diverging = layer, diverging
        self.update()

    def show_regions(self, regions: tuple[Region, ...], selected: str) -> None:
        """Draw these regions; the selected one gets handles."""
        if selected != self.selected:
            self.corner = -1
        self.regions, self.selected = regions, selected
        region = self.selected_region
        if region is None or self.corner >= len(region.points):
            self.corner = -1
        self.update()

    def show_suggestions(
        self, suggestions: tuple[Suggestion, ...], rank: int, windows: tuple[Box, ...]
    ) -> None:
        """Draw what a search suggests, that of one rank strongly; and the windows it tried, faintly."""
        self.suggestions, self.suggestion, self.windows = suggestions, rank, windows
        self.update()

    def choose_corner(self, corner: int) -> None:
        """The corner of the selected outline that the keys move; -1 for none."""
        self.corner = corner
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
        if tool is not self.tool:
            self.mouse.abandon()
        self.tool = tool
        drawing = tool is not Tool.SELECT
        self.setCursor(Qt.CursorShape.CrossCursor if drawing else Qt.CursorShape.ArrowCursor)

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

    def stored_at(self, point: QPointF) -> QPointF:
        """The stored picture point under a point of this widget."""
        return self.stored_to_screen().inverted()[0].map(point)

    @property
    def dots_per_pixel(self) -> float:
        """Logical pixels of the screen across one picture pixel."""
        return self.viewport.scale / self.devicePixelRatioF()

    def ground(self, *, free: bool = False) -> Ground:
        """Where regions may lie; `free` leaves the grid alone."""
        return Ground(self.frame.width, self.frame.height, self.snap and not free)

    @property
    def selected_region(self) -> Region | None:
        """The selected region."""
        return next((r for r in self.regions if r.id == self.selected), None)

    def region_at(self, point: QPointF) -> Region | None:
        """The region under a point of this widget: the selected one, or the smallest."""
        stored = self.stored_at(point)
        hit = [r for r in self.regions if outlines.path_of(r).contains(stored)]
        chosen = [r for r in hit if r.id == self.selected]
        return min(chosen or hit, key=lambda r: r.width * r.height, default=None)

    def is_on_edge(self, region: Region, point: QPointF) -> bool:
        """Whether a point of this widget is on the outline of a region."""
        stroker = QPainterPathStroker()
        stroker.setWidth(2 * marks.HANDLE)
        return stroker.createStroke(self.stored_to_screen().map(outlines.path_of(region))).contains(point)

    def stored_pixel_at(self, point: QPointF) -> tuple[int, int] | None:
        """The stored pixel under a point of this widget, if it is inside the picture."""
        stored = self.stored_at(point)
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
        if isinstance(self._layer, FamilyPyramid):
            rgb = self._renderer.coloured(rgb, view, self._layer, self.opacity)
        elif self._layer is not None:
            threshold = None if self._diverging else self.threshold
            rgb = self._renderer.overlaid(rgb, view, self._layer, threshold, self.opacity)
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
        if self.grid and 8 * self.dots_per_pixel >= marks.SMALLEST_GRID:
            marks.draw_grid(painter, self.stored_to_screen(), self.visible_stored_box())
        if self.windows:
            marks.draw_windows(painter, [self.screen_rect(QRect(*box)) for box in self.windows])
        for suggestion in self.suggestions:
            rect, strong = self.screen_rect(QRect(*suggestion.box)), suggestion.rank == self.suggestion
            marks.draw_suggestion(painter, rect, suggestion.rank, accent, strong=strong)
        self._draw_regions(painter, accent)
        if self.finding is not None:
            marks.draw_finding(painter, self.screen_rect(self.finding), QColor(marks.FINDING))

    def _draw_regions(self, painter: QPainter, accent: QColor) -> None:
        held, to_screen = self.mouse.held, self.stored_to_screen()
        for region in self.regions:
            shown = held if held is not None and held.id == region.id else region
            selected = region.id == self.selected
            look = marks.Look(selected, self.editable, self.corner)
            marks.draw_region(painter, shown, to_screen, accent, look)
        if held is not None and not held.id:
            marks.draw_region(painter, held, to_screen, accent, marks.Look(selected=True, handles=False))
        if self.mouse.corners:
            line = [to_screen.map(p) for p in (*self.mouse.corners, self.mouse.pointer)]
            marks.draw_line(painter, line, accent)
        if self.badge and self._layer is not None:
            marks.draw_badge(painter, self.screen_rect(QRect(*self._layer.box)), self.badge)

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
        self.mouse.press(event.position(), event.button(), event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a drag; tell what is under the pointer."""
        self.mouse.move(event.position(), event.modifiers())
        self.hovered.emit(self.stored_pixel_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a click or a drag."""
        self.mouse.release(event.position(), event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """End a polygon, or add a corner to one; elsewhere a second click."""
        if not self.mouse.double_click(event.position(), event.modifiers()):
            self.mousePressEvent(event)

    def leaveEvent(self, event: object) -> None:
        """Nothing is under the pointer any more."""
        self.hovered.emit(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus."""
        self.update()

    def event(self, event: QEvent) -> bool:
        """Keys of the drawing go before those of actions while something is drawn."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self._keys.wants(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the selected region, its corner, or the picture."""
        if not self._keys.press(event):
            super().keyPressEvent(event)
