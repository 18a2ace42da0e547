"""The legend: the colour map with numbers, 0 to 1, or -1 to 1 for differences. Never stretched to a map."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.core.overlay import CONTOUR_COLOUR, Rgb, colour_table
from workbench.gui.compare import diverging_table

BAR = 14


@dataclass(frozen=True)
class Scale:
    """What the bar shows: lowest and highest value, numbers beside it, and how they are written."""

    low: float
    high: float
    ticks: tuple[float, ...]
    form: str

    def share(self, value: float) -> float:
        """How far up the bar a value is, 0..1."""
        return (value - self.low) / (self.high - self.low)


RESPONSE = Scale(0.0, 1.0, tuple(i / 5 for i in range(6)), "{:.1f}")
DIFFERENCE = Scale(-1.0, 1.0, (-1.0, -0.5, 0.0, 0.5, 1.0), "{:+.1f}")


class Legend(QWidget):
    """A vertical bar beside the picture, the highest value at the top, with the threshold marked.

    Attributes:
        remark: a word below the bar, on a map that is not of record.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.threshold: float | None = None
        self.remark = ""
        self.scale = RESPONSE
        self._bars = {RESPONSE: _bar(colour_table()), DIFFERENCE: _bar(diverging_table())}
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.show_scale(RESPONSE)

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest value of the scale."""
        return self.scale.low, self.scale.high

    def show_scale(self, scale: Scale) -> None:
        """Show the scale of responses or that of differences."""
        self.scale = scale
        if scale is RESPONSE:
            self.setAccessibleName(self.tr("Legend: response from 0 to 1"))
            tip = self.tr("Response: 0 like its surroundings, 1 differs strongly. The scale is fixed.")
        else:
            self.setAccessibleName(self.tr("Legend: difference from −1 to 1"))
            tip = self.tr(
                "Region minus whole picture: orange where the region's run responds more. The scale is fixed."
            )
        self.setToolTip(tip)
        self.update()

    def set_threshold(self, threshold: float | None) -> None:
        """Mark the threshold, or none without a map."""
        self.threshold = threshold
        self.update()

    def set_remark(self, remark: str) -> None:
        """Say that the map in sight is not of record, or nothing."""
        if remark != self.remark:
            self.remark = remark
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """What is asked of the layout."""
        metrics = self.fontMetrics()
        numbers = BAR + 20 + metrics.horizontalAdvance("+0.00")
        words = [*self._heading().split("\n"), *self.remark.split("\n")]
        return QSize(max(numbers, *(metrics.horizontalAdvance(word) + 8 for word in words)), 200)

    def _heading(self) -> str:
        return self.tr("Response") if self.scale is RESPONSE else self.tr("Difference")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Compose and draw."""
        painter = QPainter(self)
        line = self.fontMetrics().height()
        below = line * (self.remark.count("\n") + 1) + 4 if self.remark else 0
        bar = QRectF(6, 2 * line, BAR, self.height() - 2.5 * line - 6 - below)
        left = Qt.AlignmentFlag.AlignLeft
        painter.setPen(self.palette().text().color())
        painter.drawText(QRectF(0, 0, self.width(), line), left, self._heading())
        painter.drawText(QRectF(0, self.height() - below, self.width(), below), left, self.remark)
        painter.drawImage(bar, self._bars[self.scale])
        painter.setPen(QPen(self.palette().mid().color(), 1))
        painter.drawRect(bar)
        painter.setPen(self.palette().text().color())
        for tick in self.scale.ticks:
            self._draw_number(painter, bar, tick)
        if self.threshold is not None and self.scale is RESPONSE:
            self._draw_threshold(painter, bar, self.threshold)
        painter.end()

    def _draw_number(self, painter: QPainter, bar: QRectF, value: float) -> None:
        y = bar.bottom() - self.scale.share(value) * bar.height()
        painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + 4, y))
        height = self.fontMetrics().height()
        box = QRectF(bar.right() + 7, y - height / 2, self.width() - bar.right() - 7, height)
        text = self.scale.form.format(value).replace("-", "−").replace("+0.0", "0.0")
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _draw_threshold(self, painter: QPainter, bar: QRectF, value: float) -> None:
        y = bar.bottom() - value * bar.height()
        left, right = QPointF(bar.left() - 4, y), QPointF(bar.right() + 4, y)
        painter.setPen(QPen(QColor(0, 0, 0), 4))
        painter.drawLine(left, right)
        painter.setPen(QPen(QColor(*CONTOUR_COLOUR), 2))
        painter.drawLine(left, right)


def _bar(table: Rgb) -> QImage:
    upright = table[::-1].copy()
    return QImage(upright.data, 1, len(upright), 3, QImage.Format.Format_RGB888).copy()
