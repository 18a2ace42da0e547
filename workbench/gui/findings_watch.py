"""Findings that follow the threshold: found off the GUI thread, stale answers dropped."""

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.core.findings import Findings, find
from workbench.gui.background import Tasks
from workbench.gui.layers import Layer

INTERVAL_MS = 40
"""Least time between two searches: a moving hand asks a hundred times a second; the table need not."""


class FindingsWatch(QObject):
    """Keeps at most one search running and one waiting, so that answers are never late by a queue."""

    found = Signal(object)
    """`Findings` of the layer and threshold asked last, or None without a layer."""
    failed = Signal(str)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._wanted: tuple[Layer, float] | None = None
        self._due = False
        self._running = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._search)

    def watch(self, layer: Layer | None, threshold: float) -> None:
        """Ask for the findings of a finished map at a threshold."""
        if layer is None or layer.provisional:
            self._wanted, self._due = None, False
            self.found.emit(None)
            return
        self._wanted, self._due = (layer, threshold), True
        self._search()

    def _search(self) -> None:
        if self._wanted is None or not self._due or self._running or self._timer.isActive():
            return
        layer, threshold = self._wanted
        self._due, self._running = False, True
        self._timer.start(INTERVAL_MS)
        self._tasks.run(
            lambda: find(layer.response, threshold, layer.origin, inside=layer.inside),
            self._on_found,
            self._on_failed,
        )

    def _on_found(self, findings: Findings) -> None:
        self._running = False
        if self._wanted is not None and not self._due:
            self.found.emit(findings)
        self._search()

    def _on_failed(self, sentence: str) -> None:
        self._running = False
        self.failed.emit(sentence)
        self._search()
