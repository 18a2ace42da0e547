"""The legend: the colour map from 0 to 1 with numbers. Fixed; never stretched to a map's own range."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.core.overlay import CONTOUR_COLOUR, colour_table

TICKS = tuple(i / 5 for i in range(6))
BAR = 14


class Legend(QWidget):
    """A vertical bar beside the picture, 1 at the top, with the threshold marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.threshold: float | None = None
        table = colour_table()[::-1].copy()
        self._bar = QImage(table.data, 1, 256, 3, QImage.Format.Format_RGB888).copy()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Legend: response from 0 to 1"))
        self.setToolTip(self.tr("Response: 0 like its surroundings, 1 differs strongly. The scale is fixed."))

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest response of the scale."""
        return TICKS[0], TICKS[-1]

    def set_threshold(self, threshold: float | None) -> None:
        """Mark the threshold, or none without a map."""
        self.threshold = threshold
        self.update()

    def sizeHint(self) -> QSize:
        """What is asked of the layout."""
        numbers = BAR + 20 + self.fontMetrics().horizontalAdvance("0.00")
        return QSize(max(numbers, self.fontMetrics().horizontalAdvance(self.tr("Response")) + 6), 200)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Compose and draw."""
        painter = QPainter(self)
        line = self.fontMetrics().height()
        bar = QRectF(6, 2 * line, BAR, self.height() - 2.5 * line - 6)
        painter.setPen(self.palette().text().color())
        painter.drawText(QRectF(0, 0, self.width(), line), Qt.AlignmentFlag.AlignLeft, self.tr("Response"))
        painter.drawImage(bar, self._bar)
        painter.setPen(QPen(self.palette().mid().color(), 1))
        painter.drawRect(bar)
        painter.setPen(self.palette().text().color())
        for tick in TICKS:
            self._draw_number(painter, bar, tick)
        if self.threshold is not None:
            self._draw_threshold(painter, bar, self.threshold)
        painter.end()

    def _draw_number(self, painter: QPainter, bar: QRectF, value: float) -> None:
        y = bar.bottom() - value * bar.height()
        painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + 4, y))
        height = self.fontMetrics().height()
        box = QRectF(bar.right() + 7, y - height / 2, self.width() - bar.right() - 7, height)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, f"{value:.1f}")

    def _draw_threshold(self, painter: QPainter, bar: QRectF, value: float) -> None:
        y = bar.bottom() - value * bar.height()
        left, right = QPointF(bar.left() - 4, y), QPointF(bar.right() + 4, y)
        painter.setPen(QPen(QColor(0, 0, 0), 4))
        painter.drawLine(left, right)
        painter.setPen(QPen(QColor(*CONTOUR_COLOUR), 2))
        painter.drawLine(left, right)
