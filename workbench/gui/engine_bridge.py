"""From the engine's reader thread into the GUI thread: one queued signal."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from workbench.core.analysis import AnalysisRequest
from workbench.core.search import SearchParameters
from workbench.engine.client import EngineClient
from workbench.engine.messages import FromWorker, Ready
from workbench.gui.courtesy import let_window_go_first


class EngineBridge(QObject):
    """Owns the engine; `message` is emitted in the GUI thread."""

    message = Signal(object)
    _from_reader = Signal(object)

    def __init__(self, parent: QObject | None = None, runtime: str = "auto") -> None:
        super().__init__(parent)
        self.client = EngineClient(self._hand_over, runtime=runtime)
        self._open = True
        self.started = False
        self._from_reader.connect(self._on_message, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Start the worker once; returns at once. Nothing is started once this is closed."""
        if self._open and not self.started:
            self.started = True
            self.client.start()

    def submit(self, request: AnalysisRequest) -> None:
        """Ask for an analysis."""
        self.start()
        if self._open:
            self.client.submit(request)

    def preview(self, request: AnalysisRequest) -> None:
        """Ask for the map of `request.region` from kept features; the newest replaces those that wait."""
        self.start()
        if self._open:
            self.client.preview(request)

    def search(self, request: AnalysisRequest, parameters: SearchParameters | None) -> None:
        """Ask for a region search of the whole picture, with parameters that suit it or with others."""
        self.start()
        if self._open:
            self.client.search(request, parameters)

    def map_families(self, request: AnalysisRequest) -> None:
        """Ask which families of manipulations the traces of a picture resemble."""
        self.start()
        if self._open:
            self.client.map_families(request)

    def inspect(self, request_id: str, path: Path, variant: int) -> None:
        """Ask what a weight file is."""
        self.start()
        if self._open:
            self.client.inspect(request_id, path, variant)

    def cancel(self, request_id: str) -> None:
        """Stop a request."""
        self.client.cancel(request_id)

    def close(self) -> None:
        """End the worker; later messages are dropped."""
        self._open = False
        if self.started:
            self.client.close()

    def _hand_over(self, message: FromWorker) -> None:
        if self._open:
            self._from_reader.emit(message)

    def _on_message(self, message: FromWorker) -> None:
        if not self._open:
            return
        if isinstance(message, Ready) and self.client.process_id is not None:
            let_window_go_first(self.client.process_id)
        self.message.emit(message)
