"""Marks on the canvas: regions with handles and names, the grid, a finding, the hint on empty ground."""

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTransform

HANDLE = 8.0
"""Side of a handle in logical pixels."""
SMALLEST_GRID = 10.0
"""Logical pixels of a grid cell below which lines would hide the picture."""
FINDING = "#ffffff"


def handles_of(rect: QRectF) -> list[QPointF]:
    """Eight handles clockwise from the upper left corner."""
    centre = rect.center()
    return [
        rect.topLeft(),
        QPointF(centre.x(), rect.top()),
        rect.topRight(),
        QPointF(rect.right(), centre.y()),
        rect.bottomRight(),
        QPointF(centre.x(), rect.bottom()),
        rect.bottomLeft(),
        QPointF(rect.left(), centre.y()),
    ]


def draw_region(painter: QPainter, rect: QRectF, name: str, accent: QColor, *, selected: bool) -> None:
    """A frame with a dark edge, so that it shows on any picture; the selected one in the accent colour."""
    colour = accent if selected else QColor("#f0f0f0")
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(0, 0, 0, 170), 3.5))
    painter.drawRect(rect)
    painter.setPen(QPen(colour, 1.75))
    painter.drawRect(rect)
    if name:
        _draw_name(painter, rect, name, colour, accent if selected else QColor(30, 30, 30, 220))
    if selected:
        painter.setPen(QPen(QColor("#101010"), 1))
        painter.setBrush(QColor("#ffffff"))
        for point in handles_of(rect):
            painter.drawRect(QRectF(point.x() - HANDLE / 2, point.y() - HANDLE / 2, HANDLE, HANDLE))
    painter.restore()


def _draw_name(painter: QPainter, rect: QRectF, name: str, colour: QColor, ground: QColor) -> None:
    metrics = QFontMetricsF(painter.font())
    text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, 220)
    box = QRectF(rect.left(), 0, metrics.horizontalAdvance(text) + 10, metrics.height() + 3)
    above = rect.top() - box.height() - HANDLE / 2
    box.moveTop(above if above > 0 else rect.top() + HANDLE / 2)
    painter.fillRect(box, ground)
    painter.setPen(QColor("#ffffff") if ground.lightness() < 150 else QColor("#101010"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.setPen(QPen(colour, 1.75))


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
