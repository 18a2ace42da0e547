"""SEARCH: places that stand out in windows and that the whole-image run does not show; accept or dismiss."""

from dataclasses import dataclass

import cv2
import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QImage, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.core.evidence import Pixels
from workbench.core.frame import displayed
from workbench.core.region_guidance import enlarged
from workbench.core.search import LEAST_SCORE, Box
from workbench.core.weights import DEFAULT
from workbench.gui.widgets import plain_label

SIDE = 56
"""Logical pixels of a suggestion's picture."""
_RANK = Qt.ItemDataRole.UserRole
_ACCEPTING = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


@dataclass(frozen=True)
class Entry:
    """A suggestion as it is listed; `dim` for one that was put aside."""

    rank: int
    text: str
    icon: QIcon
    dim: bool


class SearchPanel(QWidget):
    """Pointing at a suggestion shows it on the picture; Enter makes it a region."""

    looked_at = Signal(int)
    """Rank of the suggestion under the pointer or chosen, or 0."""
    accepted = Signal(int)
    dismissed = Signal(int)
    windows_wanted = Signal(bool)
    least_score_chosen = Signal(float)

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.summary = plain_label("", "summary", wrap=True)
        self.list = QListWidget()
        self.list.setObjectName("suggestions")
        self.list.setAccessibleName(self.tr("Suggestions"))
        self.list.setIconSize(QSize(SIDE, SIDE))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemEntered.connect(lambda entry: self.looked_at.emit(entry.data(_RANK)))
        self.list.currentItemChanged.connect(lambda *_: self.looked_at.emit(self.rank))
        self.list.itemDoubleClicked.connect(lambda entry: self.accepted.emit(entry.data(_RANK)))
        self.list.viewport().installEventFilter(self)
        self.list.installEventFilter(self)
        self.windows = QCheckBox(self.tr("&Show all windows tried"))
        self.windows.toggled.connect(self.windows_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 5, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.summary)
        layout.addWidget(self.list, 1)
        layout.addLayout(self._options())
        row = QHBoxLayout()
        for name in ("search_regions", "accept_suggestion", "dismiss_suggestion"):
            button = QToolButton()
            button.setDefaultAction(actions[name])
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        row.addStretch(1)
        layout.addLayout(row)

    def _options(self) -> QHBoxLayout:
        self.least_score = QDoubleSpinBox()
        self.least_score.setRange(0, 9.9)
        self.least_score.setSingleStep(0.1)
        self.least_score.setDecimals(1)
        self.least_score.setValue(LEAST_SCORE)
        self.least_score.setToolTip(
            self.tr(
                "Places with a lower score are not suggested by the next search. {score} was chosen for the "
                "weights {weights}: about one suggestion in two megapixels of unedited photographs. A lower "
                "one gives more suggestions, and more of them false."
            ).format(score=f"{LEAST_SCORE:.1f}", weights=DEFAULT)
        )
        self.least_score.valueChanged.connect(self.least_score_chosen)
        label = QLabel(self.tr("&Least score"))
        label.setBuddy(self.least_score)
        row = QHBoxLayout()
        row.addWidget(self.windows)
        row.addStretch(1)
        row.addWidget(label)
        row.addWidget(self.least_score)
        return row

    @property
    def rank(self) -> int:
        """Of the chosen suggestion, or 0."""
        entry = self.list.currentItem()
        return int(entry.data(_RANK)) if entry is not None else 0

    def show_entries(self, summary: str, entries: list[Entry]) -> None:
        """List suggestions; the chosen one stays chosen."""
        kept = self.rank
        self.summary.setText(summary)
        self.list.blockSignals(True)
        self.list.clear()
        for entry in entries:
            made = QListWidgetItem(entry.icon, entry.text)
            made.setData(_RANK, entry.rank)
            if entry.dim:
                made.setForeground(self.palette().placeholderText())
            self.list.addItem(made)
            if entry.rank == kept:
                self.list.setCurrentItem(made)
        self.list.blockSignals(False)
        self.windows.setEnabled(bool(summary))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - overrides Qt
        """Leaving the list looks at the chosen one again; Enter accepts it."""
        if event.type() == QEvent.Type.Leave and watched is self.list.viewport():
            self.looked_at.emit(self.rank)
        if watched is self.list and isinstance(event, QKeyEvent) and self._accepts(event):
            self.accepted.emit(self.rank)
            return True
        return super().eventFilter(watched, event)

    def _accepts(self, event: QKeyEvent) -> bool:
        pressed = event.type() == QEvent.Type.KeyPress
        return pressed and bool(self.rank) and Qt.Key(event.key()) in _ACCEPTING


def picture_of(pixels: Pixels, box: Box, orientation: int) -> QIcon:
    """A suggestion with some surroundings, turned as the picture is shown."""
    height, width = pixels.shape[:2]
    x, y, w, h = enlarged(box, (width, height), 1.3)
    part = np.ascontiguousarray(pixels[y : y + h, x : x + w])
    scale = 2 * SIDE / max(w, h)
    size = max(1, round(w * scale)), max(1, round(h * scale))
    small = cv2.resize(part, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST)
    turned = np.ascontiguousarray(displayed(small, orientation))
    high, wide = turned.shape[:2]
    image = QImage(turned.data, wide, high, wide * 3, QImage.Format.Format_RGB888)
    pixmap = QPixmap(2 * SIDE, 2 * SIDE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.drawImage(QPoint((2 * SIDE - wide) // 2, (2 * SIDE - high) // 2), image)
    painter.end()
    pixmap.setDevicePixelRatio(2)
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # else Qt would tint it
    return icon
