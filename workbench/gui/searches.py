"""Region searches: asks the engine, follows its progress, hands over what came out. One at a time."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from workbench.core.analysis import AnalysisRequest, WeightsUsed
from workbench.core.maps import Source
from workbench.core.search import Search, SearchParameters, SearchResult
from workbench.core.settings import Settings
from workbench.core.weights import WeightsCard
from workbench.engine.messages import Cancelled, Failed, FromWorker, Planned, Progress, Searched
from workbench.gui.engine_bridge import EngineBridge
from workbench.gui.runs import request_of


@dataclass(frozen=True, eq=False)
class Asked:
    """A search under way: of which picture, with which weights, by whom."""

    item_id: str
    request: AnalysisRequest
    card: WeightsCard
    by: str


class Searches(QObject):
    """Follows at most one search; an answer that nobody waits for is dropped."""

    started = Signal()
    planned = Signal(object)
    progressed = Signal(int, int, object)
    """Steps done, steps in all, seconds left or None."""
    finished = Signal(str, object)
    """Id of the picture, and the `Search`."""
    stopped = Signal()
    """Cancelled or failed: nothing was kept."""
    failed = Signal(str)

    def __init__(self, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.current: Asked | None = None
        bridge.message.connect(self._receive)

    @property
    def busy(self) -> bool:
        """Whether a search is under way."""
        return self.current is not None

    def start(
        self,
        source: Source,
        card: WeightsCard,
        settings: Settings,
        parameters: SearchParameters | None = None,
    ) -> None:
        """Look through the windows of a picture, by the engine's own parameters or by others."""
        request = request_of(source, None, card, settings)
        self.current = Asked(source.item.id, request, card, settings.examiner)
        self._bridge.search(request, parameters)
        self.started.emit()

    def cancel(self) -> None:
        """Stop the search; its answer comes as `stopped`."""
        if self.current is not None:
            self._bridge.cancel(self.current.request.id)

    def _receive(self, message: FromWorker) -> None:
        asked = self.current
        if asked is None or getattr(message, "request_id", "") != asked.request.id:
            return
        match message:
            case Planned():
                self.planned.emit(message.plan)
            case Progress():
                self.progressed.emit(message.done, message.total, message.seconds_left)
            case Searched():
                self.current = None
                self.finished.emit(asked.item_id, _search(asked, message.result))
            case Cancelled():
                self._stop("")
            case Failed():
                self._stop(message.sentence)

    def _stop(self, sentence: str) -> None:
        self.current = None
        self.stopped.emit()
        if sentence:
            self.failed.emit(sentence)


def _search(asked: Asked, result: SearchResult) -> Search:
    card = asked.card
    weights = WeightsUsed(card.name, card.sha256, card.configuration, card.licence, card.origin)
    return Search(asked.request.id, weights, asked.by, result)
