"""RESPONSE: histogram with the threshold in it, slider, exact number, and where the threshold comes from."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from workbench.core.weights import Threshold
from workbench.gui.layers import Layer
from workbench.gui.theme import Colours
from workbench.gui.widgets import plain_label, plain_tip

if TYPE_CHECKING:
    from workbench.gui.histogram import Histogram

STEPS = 1000
HISTOGRAM_HEIGHT = 92


class ResponsePanel(QWidget):
    """`moved` follows the hand; `settled` comes when the hand rests, for the case and its undo."""

    moved = Signal(float)
    settled = Signal(float)
    reset_asked = Signal()
    calibrated_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._histogram: Histogram | None = None
        self._colours: Colours | None = None
        self._layer: Layer | None = None
        self._room = QWidget()
        self._room.setFixedHeight(HISTOGRAM_HEIGHT)
        QVBoxLayout(self._room).setContentsMargins(0, 0, 0, 0)
        self.slider = self._make_slider()
        self.number = self._make_number()
        self.reset = QPushButton(self.tr("Default"))
        self.reset.setToolTip(self.tr("Back to the threshold of the weights' card"))
        self.reset.clicked.connect(self.reset_asked)
        self.calibrated = QPushButton(self.tr("Calibrated"))
        self.calibrated.setObjectName("threshold_calibrated")
        self.calibrated.clicked.connect(self.calibrated_asked)
        self.calibrated.hide()
        self.source = plain_label("", "dim", wrap=True)
        self._lay_out()
        self.show_layer(None)

    @property
    def threshold(self) -> float:
        """As shown."""
        return self.number.value()

    def _make_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setObjectName("threshold")
        slider.setAccessibleName(self.tr("Threshold of the response"))
        slider.setToolTip(self.tr("Threshold: what exceeds it is outlined and listed (T, [ and ])"))
        slider.setRange(0, STEPS)
        slider.setSingleStep(STEPS // 100)
        slider.setPageStep(STEPS // 20)
        slider.valueChanged.connect(self._on_slider)
        slider.sliderReleased.connect(lambda: self.settled.emit(self.threshold))
        return slider

    def _make_number(self) -> QDoubleSpinBox:
        number = QDoubleSpinBox()
        number.setObjectName("threshold_number")
        number.setAccessibleName(self.tr("Threshold as a number"))
        number.setToolTip(self.tr("Threshold from 0 to 1"))
        number.setDecimals(3)
        number.setRange(0, 1)
        number.setSingleStep(0.01)
        number.setKeyboardTracking(False)
        number.valueChanged.connect(self._on_number)
        return number

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.slider, 1)
        row.addWidget(self.number)
        row.addWidget(self.reset)
        row.addWidget(self.calibrated)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(plain_label(self.tr("RESPONSE"), "heading"))
        layout.addWidget(self._room)
        layout.addLayout(row)
        layout.addWidget(self.source)

    def build_histogram(self) -> None:
        """Make the plot; importing pyqtgraph takes half a second, so not before the window is shown."""
        if self._histogram is not None:
            return
        from workbench.gui.histogram import Histogram  # noqa: PLC0415 - see above

        self._histogram = Histogram()
        self._histogram.dragged.connect(self._on_dragged)
        self._histogram.dropped.connect(self.settled)
        layout = self._room.layout()
        assert layout is not None
        layout.addWidget(self._histogram)
        if self._colours is not None:
            self._histogram.dress(self._colours)
        self._histogram.show_counts(self._layer.counts if self._layer else None)
        self._histogram.set_threshold(self.threshold)

    def dress(self, colours: Colours) -> None:
        """Take on the colours of a theme."""
        self._colours = colours
        if self._histogram is not None:
            self._histogram.dress(colours)

    def show_layer(self, layer: Layer | None) -> None:
        """Show the histogram of a finished layer; without one there is nothing to set."""
        self._layer = layer if layer is not None and not layer.provisional else None
        if self._layer is not None:
            self.build_histogram()
        if self._histogram is not None:
            self._histogram.show_counts(self._layer.counts if self._layer else None)
        for part in (self.slider, self.number, self.reset, self.calibrated, self._room):
            part.setEnabled(self._layer is not None)
        if self._layer is None:
            self.source.setText(self.tr("No map of responses is shown."))

    def show_threshold(self, threshold: Threshold) -> None:
        """Set all parts without telling of it."""
        self._set(threshold.value)
        if self._layer is not None:
            text = self.tr("Threshold {value:.3f}: {source}")
            self.source.setText(text.format(value=threshold.value, source=threshold.source))

    def offer(self, own: Threshold | None) -> None:
        """Offer the threshold of the user's own calibration, if there is one for these weights."""
        self.calibrated.setVisible(own is not None)
        if own is not None:
            self.calibrated.setToolTip(plain_tip(f"{own.value:.3f}: {own.source}"))

    def show_value(self, value: float) -> None:
        """Follow a threshold that was moved elsewhere, without telling of it."""
        self._set(value)

    def step(self, by: float) -> None:
        """Raise or lower the threshold."""
        if self.number.isEnabled():
            self.number.setValue(self.threshold + by)

    def _set(self, value: float) -> None:
        with QSignalBlocker(self.slider), QSignalBlocker(self.number):
            self.slider.setValue(round(value * STEPS))
            self.number.setValue(value)
        if self._histogram is not None:
            self._histogram.set_threshold(value)

    def _on_slider(self, step: int) -> None:
        self._set(step / STEPS)
        self.moved.emit(self.threshold)
        if not self.slider.isSliderDown():
            self.settled.emit(self.threshold)

    def _on_number(self, value: float) -> None:
        self._set(value)
        self.moved.emit(value)
        self.settled.emit(value)

    def _on_dragged(self, value: float) -> None:
        self._set(value)
        self.moved.emit(value)
