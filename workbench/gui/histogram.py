"""How many pixels have which response, with a threshold line to drag. Imported after the first picture."""

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QWidget

from workbench.core.overlay import colour_table
from workbench.gui.layers import BINS
from workbench.gui.theme import Colours

BARS = 125


class Histogram(pg.PlotWidget):
    """Fixed to 0..1; heights are logarithmic, because most of a picture responds little."""

    dragged = Signal(float)
    dropped = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("histogram")
        self.setAccessibleName(self.tr("Histogram of the response"))
        self.setToolTip(
            self.tr("Pixels per response, logarithmic height; drag the line to set the threshold")
        )
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=False, y=False)
        plot.hideAxis("left")
        plot.setXRange(0, 1, padding=0.03)
        plot.getAxis("bottom").setTickSpacing(0.2, 0.1)
        plot.getAxis("bottom").setStyle(tickLength=-4, tickTextOffset=2)
        self._bars = pg.BarGraphItem(x=[], height=[], width=1 / BARS)
        self._line = pg.InfiniteLine(0.5, angle=90, movable=True, bounds=(0, 1))
        self._line.sigDragged.connect(lambda line: self.dragged.emit(float(line.value())))
        self._line.sigPositionChangeFinished.connect(lambda line: self.dropped.emit(float(line.value())))
        self.addItem(self._bars)
        self.addItem(self._line)

    def dress(self, colours: Colours) -> None:
        """Take on the colours of a theme."""
        self.setBackground(colours.panel)
        axis = self.getPlotItem().getAxis("bottom")
        axis.setPen(colours.line)
        axis.setTextPen(colours.dim)
        self._line.setPen(pg.mkPen(colours.accent, width=2))
        self._line.setHoverPen(pg.mkPen(colours.accent, width=4))

    def show_counts(self, counts: npt.NDArray[np.int64] | None) -> None:
        """Draw a fine histogram, or nothing."""
        self._line.setVisible(counts is not None)
        if counts is None:
            self._bars.setOpts(x=[], height=[], width=1 / BARS)
            return
        heights = np.log1p(counts.reshape(BARS, BINS // BARS).sum(axis=1))
        centres = (np.arange(BARS) + 0.5) / BARS
        colours = [pg.mkColor(*colour) for colour in colour_table()[(centres * 256).astype(int)]]
        self._bars.setOpts(
            x=centres,
            height=heights,
            width=1 / BARS,
            brushes=colours,
            pens=[pg.mkPen("#808080", width=0.5)] * BARS,
        )
        self.getPlotItem().setYRange(0, float(heights.max()) or 1.0, padding=0.02)

    def set_threshold(self, value: float) -> None:
        """Move the line without telling of it."""
        with QSignalBlocker(self._line):
            self._line.setValue(value)
