"""Findings that follow the threshold: found off the GUI thread, stale answers dropped."""

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.core.findings import Findings, find
from workbench.gui.background import Tasks
from workbench.gui.layers import Layer

SETTLE_MS = 40
"""A moving hand asks a hundred times a second; the table need not."""
LARGE = 8_000_000
"""Pixels from which a search takes so long that it waits for the hand to rest."""
LARGE_SETTLE_MS = 150


class FindingsWatch(QObject):
    """Keeps at most one search running and one waiting, so that answers are never late by a queue."""

    found = Signal(object)
    """`Findings` of the layer and threshold asked last, or None without a layer."""
    failed = Signal(str)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._wanted: tuple[Layer, float] | None = None
        self._running = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._search)

    def watch(self, layer: Layer | None, threshold: float) -> None:
        """Ask for the findings of a finished map at a threshold."""
        if layer is None or layer.provisional:
            self._wanted = None
            self._timer.stop()
            self.found.emit(None)
            return
        self._wanted = layer, threshold
        large = layer.response.size > LARGE
        if large or not self._timer.isActive():
            self._timer.start(LARGE_SETTLE_MS if large else SETTLE_MS)

    def _search(self) -> None:
        if self._wanted is None or self._running:
            return
        layer, threshold = self._wanted
        self._running = True
        self._tasks.run(
            lambda: (layer, threshold, find(layer.response, threshold, layer.origin, inside=layer.inside)),
            self._on_found,
            self._on_failed,
        )

    def _on_found(self, answer: tuple[Layer, float, Findings]) -> None:
        self._running = False
        layer, threshold, findings = answer
        if self._wanted is None:
            return
        if self._wanted[0] is layer and self._wanted[1] == threshold:
            self.found.emit(findings)
        else:
            self._search()

    def _on_failed(self, sentence: str) -> None:
        self._running = False
        self.failed.emit(sentence)
