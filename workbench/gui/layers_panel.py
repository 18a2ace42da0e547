"""LAYERS: the picture alone, the map of each run as a layer of its own, and the manipulation families."""

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QSlider, QVBoxLayout, QWidget

from workbench.core.text import visible
from workbench.gui.widgets import LONGEST_LINE, plain_label, plain_tip

_ID = Qt.ItemDataRole.UserRole
DEFAULT_OPACITY = 55

Entry = tuple[str, str, str]
"""Id, text and tool tip of a layer."""


class LayersPanel(QWidget):
    """One layer is seen at a time; maps are never merged."""

    chosen = Signal(str)
    """Id of the run, or empty for the picture alone."""
    opacity_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setObjectName("layers")
        self.list.setAccessibleName(self.tr("Layers"))
        self.list.setMinimumHeight(58)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._on_current)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setObjectName("opacity")
        self.opacity.setAccessibleName(self.tr("Opacity of the map"))
        self.opacity.setToolTip(self.tr("Opacity of the map over the picture (O)"))
        self.opacity.setRange(0, 100)
        self.opacity.setPageStep(10)
        self.opacity.setValue(DEFAULT_OPACITY)
        self._figure = plain_label(f"{DEFAULT_OPACITY} %")
        self._figure.setMinimumWidth(self._figure.fontMetrics().horizontalAdvance("100 %"))
        self._figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.opacity.valueChanged.connect(self._on_opacity)
        self._lay_out()

    def _lay_out(self) -> None:
        label = QLabel(self.tr("&Opacity"))
        label.setBuddy(self.opacity)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.opacity, 1)
        row.addWidget(self._figure)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(plain_label(self.tr("LAYERS"), "heading"))
        layout.addWidget(self.list, 1)
        layout.addLayout(row)

    def show_layers(self, entries: list[Entry], current: str, disabled: Collection[str] = ()) -> None:
        """List layers; those named in `disabled` can't be chosen, and their tool tips say why."""
        self.list.blockSignals(True)
        self.list.clear()
        for run_id, text, tip in entries:
            entry = QListWidgetItem(visible(text, LONGEST_LINE))
            entry.setData(_ID, run_id)
            entry.setToolTip(plain_tip(tip))
            if run_id in disabled:
                entry.setFlags(entry.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.list.addItem(entry)
            if run_id == current:
                self.list.setCurrentItem(entry)
        self.list.blockSignals(False)

    def _on_current(self, entry: QListWidgetItem | None) -> None:
        if entry is not None:
            self.chosen.emit(entry.data(_ID))

    def _on_opacity(self, percent: int) -> None:
        self._figure.setText(f"{percent} %")
        self.opacity_changed.emit(percent / 100)
