"""Runs: asks the engine, follows its progress, and hands over what came out. One run at a time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from workbench.core.analysis import Analysis, AnalysisRequest, Outcome, analysis_of, new_id, request_for
from workbench.core.maps import Source
from workbench.core.region import Region
from workbench.core.settings import Settings
from workbench.core.weights import WeightsCard
from workbench.engine.messages import (
    Cancelled,
    Failed,
    Finished,
    FromWorker,
    Inspected,
    Planned,
    Progress,
    Ready,
    Tile,
)
from workbench.gui import layers
from workbench.gui.background import Tasks
from workbench.gui.engine_bridge import EngineBridge
from workbench.gui.layers import Layer


@dataclass(frozen=True, eq=False)
class Run:
    """A request under way.

    Attributes:
        item_id: of the picture.
        request: as it was sent.
        card: of the weights.
        by: the examiner's name.
        layer: takes in tiles as they come.
    """

    item_id: str
    request: AnalysisRequest
    card: WeightsCard
    by: str
    layer: Layer


@dataclass(frozen=True, eq=False)
class Result:
    """A finished run: what is kept, its map, and a layer ready to be shown."""

    item_id: str
    analysis: Analysis
    outcome: Outcome
    layer: Layer


def request_of(
    source: Source, region: Region | None, card: WeightsCard, settings: Settings
) -> AnalysisRequest:
    """A request for a picture, or for a region of it, as the settings say."""
    return replace(
        request_for(source.path, source.item.sha256, region, card),
        original=source.item.path,
        runtime=settings.runtime,
        precision=settings.precision,
        memory=settings.memory or None,
    )


class Runs(QObject):
    """Follows at most one run; an answer that nobody waits for is dropped."""

    runtime_ready = Signal(str)
    started = Signal()
    planned = Signal(object)
    """The `Plan` of the run: what it is expected to take."""
    progressed = Signal(int, int, object)
    """Tiles done, tiles in all, seconds left or None."""
    tile_shown = Signal()
    finished = Signal(object)
    """A `Result`."""
    stopped = Signal()
    """Cancelled or failed: nothing was kept."""
    failed = Signal(str)

    def __init__(self, tasks: Tasks, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._bridge = bridge
        self._asked: dict[str, tuple[Callable[[Inspected], None], Callable[[str], None]]] = {}
        self.current: Run | None = None
        self.runtime = ""
        bridge.message.connect(self.receive)

    @property
    def busy(self) -> bool:
        """Whether a run is under way."""
        return self.current is not None

    def start(
        self,
        source: Source,
        region: Region | None,
        card: WeightsCard,
        settings: Settings,
        focus: tuple[int, int] | None = None,
    ) -> None:
        """Ask for an analysis of a picture or of a region of it; tiles near the focus come first."""
        request, item = replace(request_of(source, region, card, settings), focus=focus), source.item
        box = region.box if region else (0, 0, item.decode.width, item.decode.height)
        layer = layers.provisional(request.id, region.name if region else self.tr("Whole picture"), box)
        self.current = Run(item.id, request, card, settings.examiner, layer)
        self._bridge.submit(request)
        self.started.emit()

    def cancel(self) -> None:
        """Stop the run; its answer comes as `stopped`."""
        if self.current is not None:
            self._bridge.cancel(self.current.request.id)

    def inspect(
        self, path: Path, variant: int, then: Callable[[Inspected], None], failed: Callable[[str], None]
    ) -> None:
        """Ask the engine what a weight file is."""
        request_id = new_id()
        self._asked[request_id] = (then, failed)
        self._bridge.inspect(request_id, path, variant)

    def receive(self, message: FromWorker) -> None:
        """Take a message of the worker, in the GUI thread."""
        match message:
            case Ready():
                self.runtime = message.runtime
                self.runtime_ready.emit(message.runtime)
            case Inspected() | Failed() if message.request_id in self._asked:
                then, failed = self._asked.pop(message.request_id)
                then(message) if isinstance(message, Inspected) else failed(message.sentence)
            case _ if self.current is not None and message.request_id == self.current.request.id:
                self._receive_of_run(self.current, message)

    def _receive_of_run(self, run: Run, message: FromWorker) -> None:
        match message:
            case Planned():
                self.planned.emit(message.plan)
            case Progress():
                self.progressed.emit(message.done, message.total, message.seconds_left)
            case Tile():
                run.layer.pyramid.add_tile(
                    message.x, message.y, message.response, provisional=message.provisional
                )
                self.tile_shown.emit()
            case Finished():
                self._finish(run, message.outcome)
            case Cancelled():
                self._stop()
            case Failed():
                self._stop(message.sentence)

    def _finish(self, run: Run, outcome: Outcome) -> None:
        def work() -> Result:
            analysis = analysis_of(run.request, outcome, run.card, run.by)
            response = outcome.heatmap.response
            layer = layers.finished(analysis.id, analysis.title, response, analysis.origin, analysis.inside)
            return Result(run.item_id, analysis, outcome, layer)

        self._tasks.run(work, self._on_result, self._stop)

    def _on_result(self, result: Result) -> None:
        if self.current is not None and self.current.request.id == result.analysis.id:
            self.current = None
            self.finished.emit(result)

    def _stop(self, sentence: str = "") -> None:
        self.current = None
        self.stopped.emit()
        if sentence:
            self.failed.emit(sentence)
