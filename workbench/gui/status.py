"""The status bar: what the program is doing, with which runtime and weights, and how far a run is."""

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QStatusBar, QWidget

from workbench.core.method import Plan
from workbench.core.selftest import SelfTestResult
from workbench.core.weights import WeightsCard
from workbench.gui import wording
from workbench.gui.outlook import SteadyEnd, clock_words, plan_words
from workbench.gui.widgets import ElidedLabel, plain_label, plain_tip

TICK_MS = 1000


class StatusBar(QStatusBar):
    """State at the left, the self-test beside it; progress at the right while a run is under way."""

    selftest_asked = Signal()
    """The details of the self-test are asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = ElidedLabel("", "state")
        self.tiles = plain_label("", "tiles")
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress of the analysis"))
        self.progress.setFixedWidth(180)
        self.progress.setTextVisible(False)
        self.selftest = self._make_selftest()
        self._words = ""
        self._end = SteadyEnd()
        self._clock = QElapsedTimer()
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._show_words)
        self.setContentsMargins(6, 0, 6, 0)
        self.addWidget(self.state, 1)
        self.addPermanentWidget(self.tiles)
        self.addPermanentWidget(self.progress)
        self.addPermanentWidget(self.selftest)
        self.setSizeGripEnabled(False)
        self.end()

    def _make_selftest(self) -> QPushButton:
        button = QPushButton()
        button.setObjectName("selftest")
        button.setFlat(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(self.tr("Self-test"))
        button.clicked.connect(self.selftest_asked)
        button.hide()
        return button

    def show_state(self, runtime: str, card: WeightsCard | None, place: str, *, busy: bool) -> None:
        """Say what is ready and which weights are chosen."""
        if busy:
            state = self.tr("Analysing")
        else:
            state = self.tr("Ready") if runtime else self.tr("Starting the runtime …")
        parts = [state, runtime, wording.weights_phrase(card) if card else self.tr("no weights"), place]
        self.state.setText("  ·  ".join(part for part in parts if part))

    def show_selftest(self, result: SelfTestResult | None, *, running: bool = False) -> None:
        """Say what the self-test found; a difference stays in sight."""
        self.selftest.setVisible(running or result is not None)
        failed = not running and result is not None and not result.passed
        if running or result is None:
            self.selftest.setText(self.tr("Self-test …"))
        else:
            words = self.tr("Self-test {date}: failed") if failed else self.tr("Self-test {date}: passed")
            self.selftest.setText(words.format(date=result.date[:10]))
        self.selftest.setToolTip(plain_tip(self.tr("What was compared, and what came of it")))
        self.selftest.setProperty("failed", failed)
        self.selftest.style().unpolish(self.selftest)
        self.selftest.style().polish(self.selftest)

    def begin(self) -> None:
        """A run was asked for; how many tiles is not known yet."""
        self.progress.setRange(0, 0)
        self.progress.show()
        self._end = SteadyEnd()
        self._clock.start()
        self._tick.start()
        self._say(self.tr("preparing …"))

    def show_plan(self, plan: Plan) -> None:
        """What the run is expected to take; it stays until the first tile is done."""
        self._end = SteadyEnd(plan.seconds)
        self._clock.start()
        self.tiles.setText(plan_words(plan))
        self._words = ""

    def show_progress(self, done: int, total: int, seconds_left: float | None) -> None:
        """Tiles done and time left."""
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self._end.hear(self._clock.elapsed() / 1000, seconds_left)
        self._say(self.tr("tile {done} of {total}").format(done=done, total=total))

    def end(self) -> None:
        """No run is under way."""
        self._tick.stop()
        self._words = ""
        self.progress.hide()
        self.progress.reset()
        self.tiles.setText("")

    def _say(self, words: str) -> None:
        self._words = words
        self._show_words()

    def _show_words(self) -> None:
        """Between two tiles the time goes on."""
        if not self._words:
            return
        left = self._end.left(self._clock.elapsed() / 1000)
        if left is None:
            self.tiles.setText(self._words)
        else:
            time = self.tr("{time} left").format(time=clock_words(left))
            self.tiles.setText(f"{self._words}, {time}")
