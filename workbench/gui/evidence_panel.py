"""EVIDENCE: the pictures of the case, each with a thumbnail and its state."""

import cv2
import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from workbench.core.case import Item
from workbench.core.evidence import Pixels
from workbench.core.frame import displayed
from workbench.gui.widgets import plain_label, plain_tip

SIDE = 56
_ID = Qt.ItemDataRole.UserRole


def thumbnail(small: Pixels, orientation: int) -> QIcon:
    """An icon of a picture that is small already, turned as it is shown."""
    height, width = small.shape[:2]
    scale = 2 * SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    shrunk = cv2.resize(np.ascontiguousarray(small), size, interpolation=cv2.INTER_AREA)
    turned = np.ascontiguousarray(displayed(shrunk, orientation))
    height, width = turned.shape[:2]
    image = QImage(turned.data, width, height, width * 3, QImage.Format.Format_RGB888)
    pixmap = QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(2)
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # else Qt would tint it
    return icon


class EvidencePanel(QWidget):
    """Choosing a row shows that picture."""

    chosen = Signal(str)
    """Id of the picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons: dict[str, QIcon] = {}
        self.list = QListWidget()
        self.list.setObjectName("evidence")
        self.list.setAccessibleName(self.tr("Pictures of the case"))
        self.list.setIconSize(QSize(SIDE, SIDE))
        self.list.setViewMode(QListView.ViewMode.ListMode)
        self.list.setWordWrap(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(False)
        self.list.currentItemChanged.connect(self._on_current)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 0, 4)
        layout.setSpacing(3)
        layout.addWidget(plain_label(self.tr("EVIDENCE"), "heading"))
        layout.addWidget(self.list, 1)

    def set_thumbnail(self, item_id: str, icon: QIcon) -> None:
        """Give a picture its thumbnail."""
        self._icons[item_id] = icon
        for row in range(self.list.count()):
            entry = self.list.item(row)
            if entry.data(_ID) == item_id:
                entry.setIcon(icon)

    def show_items(self, items: tuple[Item, ...], current: str, states: dict[str, str]) -> None:
        """List the pictures."""
        self.list.blockSignals(True)
        self.list.clear()
        for item in items:
            entry = QListWidgetItem(f"{item.name}\n{states.get(item.id, '')}")
            entry.setData(_ID, item.id)
            entry.setToolTip(plain_tip(str(item.path)))
            entry.setIcon(self._icons.get(item.id, QIcon()))
            self.list.addItem(entry)
            if item.id == current:
                self.list.setCurrentItem(entry)
        self.list.blockSignals(False)

    def _on_current(self, entry: QListWidgetItem | None) -> None:
        if entry is not None:
            self.chosen.emit(entry.data(_ID))
