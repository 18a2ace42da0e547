"""Marks on the canvas: regions with handles and names, suggestions, the grid, a finding, hints."""

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from workbench.core.region import Region, Shape
from workbench.gui import outlines

HANDLE = 8.0
"""Side of a handle in logical pixels."""
SMALLEST_GRID = 10.0
"""Logical pixels of a grid cell below which lines would hide the picture."""
FINDING = "#ffffff"
_BRIGHT = 140
"""Luma of a ground from which dark letters are read more easily than light ones."""
_NAME_GROUND = QColor(30, 30, 30, 220)


@dataclass(frozen=True)
class Look:
    """How a region is drawn.

    Attributes:
        selected: stronger, with its handles.
        handles: whether there is something to take hold of.
        corner: number of the corner that the keys move, or -1.
    """

    selected: bool = False
    handles: bool = True
    corner: int = -1


def draw_region(painter: QPainter, region: Region, to_screen: QTransform, accent: QColor, look: Look) -> None:
    """An outline with a dark edge, so that it shows on any picture; the selected one with its handles.

    Of a shape that is no rectangle the analysed rectangle is shown, too, while it is selected.
    """
    plain = accent if look.selected else QColor("#f0f0f0")
    colour = QColor(region.colour) if region.colour else plain
    rect = to_screen.mapRect(QRectF(*region.box))
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if look.selected and region.shape is not Shape.RECTANGLE:
        _stroke(painter, _rectangle(rect), colour, 1.0, Qt.PenStyle.DotLine)
    _stroke(painter, to_screen.map(outlines.path_of(region)), colour, 2.5 if look.selected else 1.75)
    if region.name:
        _draw_name(painter, rect, region.name, colour if region.colour or look.selected else _NAME_GROUND)
    if look.selected and look.handles:
        _draw_handles(painter, [to_screen.map(h) for h in outlines.handles_of(region)], look.corner, accent)
    painter.restore()


def draw_line(painter: QPainter, points: list[QPointF], colour: QColor) -> None:
    """A line that is being drawn, with its corners where they are few."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    path = QPainterPath()
    path.addPolygon(QPolygonF(points))
    _stroke(painter, path, colour, 1.75)
    if len(points) <= outlines.MOST_HANDLES:
        _draw_handles(painter, points[:-1], 0, colour)
    painter.restore()


def _rectangle(rect: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addRect(rect)
    return path


def _stroke(
    painter: QPainter,
    path: QPainterPath,
    colour: QColor,
    width: float,
    style: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> None:
    for pen in (QPen(QColor(0, 0, 0, 170), width + 1.75), QPen(colour, width, style)):
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawPath(path)


def _draw_handles(painter: QPainter, points: list[QPointF], hot: int, accent: QColor) -> None:
    painter.setPen(QPen(QColor("#101010"), 1))
    for number, point in enumerate(points):
        painter.setBrush(accent if number == hot else QColor("#ffffff"))
        side = HANDLE + 2 if number == hot else HANDLE
        painter.drawRect(QRectF(point.x() - side / 2, point.y() - side / 2, side, side))


def _draw_name(painter: QPainter, rect: QRectF, name: str, ground: QColor) -> None:
    metrics = QFontMetricsF(painter.font())
    text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, 220)
    box = QRectF(rect.left(), 0, metrics.horizontalAdvance(text) + 10, metrics.height() + 3)
    above = rect.top() - box.height() - HANDLE / 2
    box.moveTop(above if above > 0 else rect.top() + HANDLE / 2)
    painter.fillRect(box, ground)
    bright = 0.299 * ground.red() + 0.587 * ground.green() + 0.114 * ground.blue() > _BRIGHT
    painter.setPen(QColor("#101010") if bright else QColor("#ffffff"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def draw_suggestion(painter: QPainter, rect: QRectF, rank: int, colour: QColor, *, strong: bool) -> None:
    """A place that a search suggests: dashed, with its rank; the one that is looked at is drawn strongly."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    style = Qt.PenStyle.SolidLine if strong else Qt.PenStyle.DashLine
    line = colour if strong else QColor("#ffffff")
    _stroke(painter, _rectangle(rect), line, 2.5 if strong else 1.5, style)
    _draw_name(painter, rect, str(rank), colour if strong else _NAME_GROUND)
    painter.restore()


def draw_windows(painter: QPainter, rects: list[QRectF]) -> None:
    """All windows that a search tried, faintly."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(255, 255, 255, 70), 0))
    painter.drawRects(rects)
    painter.restore()


def draw_badge(painter: QPainter, rect: QRectF, text: str) -> None:
    """A word in the corner of a map that is not of record."""
    metrics = QFontMetricsF(painter.font())
    box = QRectF(0, 0, metrics.horizontalAdvance(text) + 12, metrics.height() + 4)
    box.moveBottomRight(rect.bottomRight() - QPointF(3, 3))
    if box.left() < rect.left() or box.top() < rect.top():
        box.moveTopRight(rect.bottomRight() + QPointF(0, 4))
    painter.save()
    painter.fillRect(box, QColor(20, 20, 20, 225))
    painter.setPen(QColor("#ffffff"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def draw_finding(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """The bounding box of a finding, dashed."""
    rect = rect.adjusted(-3, -3, 3, 3)
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(0, 0, 0, 200), 3.5))
    painter.drawRect(rect)
    painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DashLine))
    painter.drawRect(rect)
    painter.restore()


def draw_grid(painter: QPainter, to_screen: QTransform, visible: QRect) -> None:
    """Lines at every eighth stored pixel, where JPEG blocks meet."""
    lines = [
        to_screen.map(QLineF(x, visible.top(), x, visible.top() + visible.height()))
        for x in range(visible.left() // 8 * 8, visible.left() + visible.width() + 1, 8)
    ]
    lines += [
        to_screen.map(QLineF(visible.left(), y, visible.left() + visible.width(), y))
        for y in range(visible.top() // 8 * 8, visible.top() + visible.height() + 1, 8)
    ]
    painter.save()
    painter.setPen(QPen(QColor(255, 255, 255, 90), 0))
    painter.drawLines(lines)
    painter.restore()


def draw_hint(painter: QPainter, rect: QRectF, text: str, colour: QColor) -> None:
    """Words on empty ground."""
    painter.save()
    painter.setPen(colour)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(rect.adjusted(24, 24, -24, -24), int(flags), text)
    painter.restore()


def draw_focus(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """Show that the keys go here."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 2))
    painter.drawRect(rect.adjusted(1, 1, -1, -1))
    painter.restore()
