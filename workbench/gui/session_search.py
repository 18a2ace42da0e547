"""Region searches as the session knows them: asked for, kept, and what is made of their suggestions."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from workbench.core.case import Item
from workbench.core.evidence import read_from_original
from workbench.core.region import Region
from workbench.core.search import LEAST_SCORE, Search, SearchParameters, Suggestion, parameters_for
from workbench.core.weights import WeightsCard
from workbench.gui.searches import Searches

if TYPE_CHECKING:
    from workbench.gui.session import Session


class SearchDesk(QObject):
    """Suggestions are accepted or dismissed; a dismissed one stays listed, and every search is kept."""

    changed = Signal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.least_score = LEAST_SCORE
        self.searches = Searches(session.engine, self)
        self.searches.started.connect(session.busy_changed)
        self.searches.finished.connect(self._on_finished)
        self.searches.stopped.connect(self._on_stopped)
        self.searches.failed.connect(session.failed)

    @property
    def search(self) -> Search | None:
        """The newest search of the picture in sight."""
        item = self._session.item
        return item.searches[-1] if item is not None and item.searches else None

    def start(self, parameters: SearchParameters | None = None) -> None:
        """Search the picture in sight, by the parameters for its size and what was chosen, or by others."""
        session = self._session
        item, card = session.item, session.preferences.card
        if item is None or card is None or session.picture is None or session.busy:
            return
        if not session.document.read_only:
            shape = item.decode.height, item.decode.width
            chosen = parameters or parameters_for(shape, _level(item, card), self.least_score)
            readable = session.document.readable(item)
            self.searches.start(readable, card, session.preferences.settings, chosen)

    def choose_least_score(self, score: float) -> None:
        """What the next search suggests at least."""
        self.least_score = score

    def cancel(self) -> None:
        """Stop the search under way."""
        self.searches.cancel()

    def suggestion(self, rank: int) -> Suggestion | None:
        """The suggestion of a rank."""
        found = self.search.result.suggestions if self.search else ()
        return next((s for s in found if s.rank == rank), None)

    def region_of(self, rank: int) -> str | None:
        """Id of the region that a suggestion became, if it was accepted and the region is still there."""
        item, search = self._session.item, self.search
        region_id = dict(search.accepted).get(rank) if search else None
        there = item is not None and any(region.id == region_id for region in item.regions)
        return region_id if there else None

    def is_dismissed(self, rank: int) -> bool:
        """Whether a suggestion was put aside."""
        return self.search is not None and rank in self.search.dismissed

    def accept(self, rank: int) -> None:
        """Make a suggestion a region, and run the strict crop of it."""
        session, search, suggestion = self._session, self.search, self.suggestion(rank)
        if search is None or suggestion is None or self.region_of(rank) is not None:
            return
        region = session.regions.draw(Region("", "", *suggestion.box), (search, rank))
        if region is None:
            return
        self.changed.emit()
        session.running.analyse_when_free(region)

    def dismiss(self, rank: int) -> None:
        """Put a suggestion aside, or take it back; either is kept."""
        search, document = self.search, self._session.document
        if search is not None and self.region_of(rank) is None:
            aside = rank not in search.dismissed
            document.set_dismissed(self._session.item_id, search, rank, dismissed=aside)
            self.changed.emit()

    def _on_finished(self, item_id: str, search: Search) -> None:
        session = self._session
        item = next((item for item in session.document.case.items if item.id == item_id), None)
        if item is not None:
            session.document.keep_search(item_id, search)
            if search.result.provenance.from_original:
                session.failed.emit(read_from_original(item.name))
        session.busy_changed.emit()
        self.changed.emit()

    def _on_stopped(self) -> None:
        self._session.busy_changed.emit()
        self.changed.emit()


def _level(item: Item, card: WeightsCard) -> float:
    """The threshold at which the newest run of the whole picture is seen, else that of the weights' card."""
    for run in reversed(item.analyses):
        if run.region is None and run.weights.sha256 == card.sha256:
            return run.threshold.value
    return card.threshold.value
