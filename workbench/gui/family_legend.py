"""FAMILIES: a colour, a name and a share of the picture for each family, and how often the layer is right."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from workbench.core.families import COLOURS, FAMILIES
from workbench.gui import wording
from workbench.gui.family_layer import FamilyLayer
from workbench.gui.widgets import plain_label

SWATCH = 14
ROWS = 4
LEAST_FOUND = 0.01
"""A family of which fewer of the pixels get their colour is marked: its absence says nothing."""
SELDOM = "†"


class Swatch(QWidget):
    """A square of a class's colour; the first is empty, as there the picture is as it is."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._colour = QColor(*COLOURS[number]) if number else None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """What is asked of the layout."""
        return QSize(SWATCH, SWATCH)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill and frame."""
        painter = QPainter(self)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self._colour is not None:
            painter.fillRect(frame, self._colour)
        painter.setPen(QPen(self.palette().placeholderText().color(), 1))
        painter.drawRect(frame)
        painter.end()


class FamilyLegend(QWidget):
    """Takes the place of the responses' histogram and threshold while the families are looked at."""

    table_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Legend of the manipulation families"))
        self.shares = [plain_label() for _ in FAMILIES]
        self.worth = plain_label("", "dim", wrap=True)
        self.button = QPushButton(self.tr("How often is it right?"))
        self.button.setObjectName("family_table")
        self.button.setToolTip(self.tr("What was done to held-out photographs, and what the layer shows"))
        self.button.clicked.connect(self.table_asked)
        self._lay_out()

    def _lay_out(self) -> None:
        legend = QGridLayout()
        legend.setHorizontalSpacing(7)
        legend.setVerticalSpacing(4)
        for number, (name, share) in enumerate(zip(wording.shown_families(), self.shares, strict=True)):
            share.setMinimumWidth(self.fontMetrics().horizontalAdvance(f"100 % {SELDOM}"))
            share.setAlignment(Qt.AlignmentFlag.AlignRight)
            column = 4 * (number // ROWS)
            for place, part in enumerate((Swatch(number), plain_label(name), share)):
                legend.addWidget(part, number % ROWS, column + place)
        legend.setColumnMinimumWidth(3, 24)
        legend.setColumnStretch(7, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(plain_label(self.tr("FAMILIES, SHARE OF THE PICTURE"), "heading"))
        layout.addLayout(legend)
        layout.addWidget(self.worth)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_layer(self, layer: FamilyLayer) -> None:
        """Show the shares of a picture and the worth of the head."""
        worth = layer.worth
        for label, share, found in zip(self.shares, layer.shares, worth.shown.diagonal(), strict=True):
            figure = f"{100 * share:.1f}" if 0 < share < 0.01 else f"{100 * share:.0f}"
            text = self.tr("{share} %").format(share=figure)
            label.setText(f"{text} {SELDOM}" if found < LEAST_FOUND else text)
        text = self.tr(
            "Coloured where one family outweighs all others. On held-out photographs {right} % of the "
            "coloured pixels had the right colour, and {astray} % of the untouched ones had one."
        )
        text = text.format(right=f"{100 * worth.right:.0f}", astray=f"{100 * worth.astray:.1f}")
        if (worth.shown.diagonal() < LEAST_FOUND).any():
            text += " " + self.tr("{mark} Hardly ever shown, even where it was done.").format(mark=SELDOM)
        self.worth.setText(text)
