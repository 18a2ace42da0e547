"""The status bar: what the program is doing, with which runtime and weights, and how far a run is."""

from PySide6.QtWidgets import QProgressBar, QStatusBar, QWidget

from workbench.core.weights import WeightsCard
from workbench.gui import wording
from workbench.gui.widgets import plain_label


class StatusBar(QStatusBar):
    """State at the left; progress at the right while a run is under way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = plain_label("", "state")
        self.tiles = plain_label("", "tiles")
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress of the analysis"))
        self.progress.setFixedWidth(180)
        self.progress.setTextVisible(False)
        self.setContentsMargins(6, 0, 6, 0)
        self.addWidget(self.state, 1)
        self.addPermanentWidget(self.tiles)
        self.addPermanentWidget(self.progress)
        self.setSizeGripEnabled(False)
        self.end()

    def show_state(self, runtime: str, card: WeightsCard | None, place: str, *, busy: bool) -> None:
        """Say what is ready and which weights are chosen."""
        if busy:
            state = self.tr("Analysing")
        else:
            state = self.tr("Ready") if runtime else self.tr("Starting the runtime …")
        parts = [state, runtime, wording.weights_phrase(card) if card else self.tr("no weights"), place]
        self.state.setText("  ·  ".join(part for part in parts if part))

    def begin(self) -> None:
        """A run was asked for; how many tiles is not known yet."""
        self.progress.setRange(0, 0)
        self.progress.show()
        self.tiles.setText(self.tr("preparing …"))

    def show_progress(self, done: int, total: int, seconds_left: float | None) -> None:
        """Tiles done and time left."""
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        text = self.tr("tile {done} of {total}").format(done=done, total=total)
        left = wording.time_left(seconds_left)
        self.tiles.setText(f"{text}, {left}" if left else text)

    def end(self) -> None:
        """No run is under way."""
        self.progress.hide()
        self.progress.reset()
        self.tiles.setText("")
