"""Every run of a picture once more, by the real worker, and how far the new maps are from the old."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from workbench.core.analysis import Analysis, AnalysisRequest, Outcome, request_for
from workbench.core.errors import WeightsError
from workbench.core.maps import Maps, Source
from workbench.core.weights import WeightsCard
from workbench.engine.messages import Cancelled, Failed, Finished, FromWorker
from workbench.gui.background import Tasks
from workbench.gui.engine_bridge import EngineBridge
from workbench.report.reproduction import runtime_of
from workbench.report.sentences import tiling_bound


@dataclass(frozen=True)
class Comparison:
    """A run and its repetition.

    Attributes:
        run: that was repeated.
        largest, mean: absolute difference of the responses; None where the run could not be repeated.
        tolerance: that is stated for its precision, or None.
        same_pixels: whether the decoded pixels have the same SHA-256.
        same_map: whether the maps are the same bit by bit.
        problem: a sentence, where it could not be repeated or compared.
        compared: whether it was; if not, it says nothing of the run.
        stopped: whether the repetition was stopped before there was an outcome.
    """

    run: Analysis
    largest: float | None = None
    mean: float | None = None
    tolerance: float | None = None
    same_pixels: bool = False
    same_map: bool = False
    problem: str = ""
    compared: bool = True
    stopped: bool = False

    @property
    def agrees(self) -> bool:
        """Within the stated tolerance; where none is stated, bit by bit."""
        if self.largest is None or not self.same_pixels:
            return False
        return self.same_map or (self.tolerance is not None and self.largest <= self.tolerance)


def not_run(run: Analysis, problem: str) -> Comparison:
    """A run that could not be repeated."""
    return Comparison(run, problem=problem, compared=False)


def request_again(
    source: Source, run: Analysis, cards: Sequence[WeightsCard]
) -> tuple[AnalysisRequest | None, str]:
    """The request that repeats a run, or a sentence on why there is none."""
    card = next((card for card in cards if card.sha256 == run.weights.sha256), None)
    if card is None:
        return None, f"The weights {run.weights.name} are not installed here; import them first."
    try:
        card.verify()
    except WeightsError as error:
        return None, str(error)
    made = run.provenance
    return replace(
        request_for(source.path, source.item.sha256, run.region, card),
        original=source.item.path,
        configuration=run.weights.configuration,
        tile=made.tile,
        runtime=runtime_of(made.runtime),
        precision=made.precision,
    ), ""


def compare(run: Analysis, maps: Maps, outcome: Outcome) -> Comparison:
    """How far the new map is from the one in the case.

    Raises:
        CaseError: the map of the case is missing or damaged.
    """
    then, now = maps.get_map(run.map_sha256), outcome.heatmap
    same = run.provenance.decoded_sha256 == outcome.provenance.decoded_sha256
    if then.shape != now.shape:
        return Comparison(run, same_pixels=same, problem="The new map has another size.")
    difference = np.abs(then.response - now.response)
    return Comparison(
        run,
        largest=float(difference.max()),
        mean=float(difference.mean(dtype=np.float64)),
        tolerance=tiling_bound(run.provenance),
        same_pixels=same,
        same_map=then.sha256 == now.sha256,
    )


class Repeat(QObject):
    """One picture at a time, its runs one after the other; nothing of it is added to the case."""

    compared = Signal(object)
    """A `Comparison`, in the order of the runs."""
    done = Signal()

    def __init__(self, tasks: Tasks, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._bridge = bridge
        self._left: list[Analysis] = []
        self._at: tuple[Analysis, AnalysisRequest] | None = None
        self.running = False
        self._stopped = False
        bridge.message.connect(self._on_message)

    def start(self, source: Source, cards: Sequence[WeightsCard], maps: Maps) -> None:
        """Repeat every run of a picture."""
        item, self._source = source.item, source
        self._cards, self._maps = tuple(cards), maps
        self._left, self.running, self._stopped = list(item.analyses), True, False
        self._next()

    def stop(self) -> None:
        """Stop; what was compared stays in sight."""
        self._left.clear()
        self._stopped = True  # the next request may still be in the making
        if self._at is not None:
            self._bridge.cancel(self._at[1].id)

    def _next(self) -> None:
        self._at = None
        if not self._left:
            self.running = False
            self.done.emit()
            return
        run = self._left.pop(0)
        source, cards = self._source, self._cards
        self._tasks.run(
            lambda: request_again(source, run, cards),
            lambda asked: self._ask(run, *asked),
            lambda sentence: self._tell(not_run(run, sentence)),
        )

    def _ask(self, run: Analysis, request: AnalysisRequest | None, problem: str) -> None:
        if self._stopped:
            self._tell(self._unfinished(run))
        elif request is None:
            self._tell(not_run(run, problem))
        else:
            self._at = run, request
            self._bridge.submit(request)

    def _on_message(self, message: FromWorker) -> None:
        if self._at is None or getattr(message, "request_id", "") != self._at[1].id:
            return
        run, maps = self._at[0], self._maps
        if isinstance(message, Finished):
            outcome = message.outcome
            self._tasks.run(
                lambda: compare(run, maps, outcome),
                self._tell,
                lambda sentence: self._tell(not_run(run, sentence)),
            )
        elif isinstance(message, Failed):
            self._tell(not_run(run, message.sentence))
        elif isinstance(message, Cancelled):
            self._tell(self._unfinished(run))

    def _unfinished(self, run: Analysis) -> Comparison:
        return replace(not_run(run, self.tr("It was stopped.")), stopped=True)

    def _tell(self, comparison: Comparison) -> None:
        self.compared.emit(comparison)
        self._next()
