"""The map of families as the session knows it: whether there can be one, asked for when it is looked at."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from workbench.core.analysis import AnalysisRequest
from workbench.core.families import FAMILIES, FamilyMap, Worth, worth_of
from workbench.engine.messages import Cancelled, Failed, FamiliesMapped, FromWorker, Progress
from workbench.gui.family_layer import FAMILIES_LAYER, FamilyLayer, layer_of
from workbench.gui.runs import request_of

if TYPE_CHECKING:
    from workbench.gui.session import Session

MOST = 2
"""Maps that are held; at 48 megapixels each takes 130 MB."""


@dataclass(frozen=True, eq=False)
class _Asked:
    item_id: str
    request: AnalysisRequest
    worth: Worth

    @property
    def key(self) -> tuple[str, str]:
        return self.item_id, self.request.weights_sha256


class FamilyDesk(QObject):
    """One map at a time; what is asked for while something else runs begins once that is done.

    A map is held in memory and not kept in the case, whose log tells that it was made and its SHA-256.
    """

    changed = Signal()
    progressed = Signal(int, int, object)
    """Tiles done, tiles in all, seconds left or None."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._asked: _Asked | None = None
        self._layers: OrderedDict[tuple[str, str], FamilyLayer] = OrderedDict()
        self.worth: Worth | None = None
        session.engine.message.connect(self._receive)
        session.preferences.weights_changed.connect(self._on_weights_changed)
        session.layer_changed.connect(self._begin_if_due)
        session.busy_changed.connect(self._begin_if_due)

    @property
    def busy(self) -> bool:
        """Whether a map is under way."""
        return self._asked is not None

    @property
    def chosen(self) -> bool:
        """Whether the layer in sight is that of families, be it ready or not."""
        return self._session.layer_id == FAMILIES_LAYER

    @property
    def layer(self) -> FamilyLayer | None:
        """That of the picture in sight with the weights chosen, if it is ready."""
        card = self._session.preferences.card
        return self._layers.get((self._session.item_id, card.sha256)) if card else None

    @property
    def why_not(self) -> str:
        """Why there can be no map, in a sentence; empty if there can."""
        card = self._session.preferences.card
        if card is None:
            return self.tr("There are no weights.")
        if self.worth is None:
            return self.tr(
                "The weights {name} have no classifier of families with a measure of how often it is right. "
                "Choose weights that have one, or fit one with “workbench train families”."
            ).format(name=card.name)
        return ""

    def cancel(self) -> None:
        """Stop the map under way."""
        if self._asked is not None:
            self._session.engine.cancel(self._asked.request.id)

    def _on_weights_changed(self) -> None:
        card = self._session.preferences.card
        self.worth = worth_of(card.path, card.sha256) if card else None
        if self.chosen and self.why_not:
            self._session.choose_newest_layer()
        self._begin_if_due()
        self.changed.emit()

    def _begin_if_due(self) -> None:
        session = self._session
        item, card = session.item, session.preferences.card
        if not self.chosen or self.layer is not None or session.busy:
            return
        if item is None or card is None or self.worth is None or session.picture is None:
            return
        request = request_of(session.document.readable(item), None, card, session.preferences.settings)
        self._asked = _Asked(item.id, request, self.worth)
        session.engine.map_families(request)
        session.busy_changed.emit()

    def _receive(self, message: FromWorker) -> None:
        asked = self._asked
        if asked is None or getattr(message, "request_id", "") != asked.request.id:
            return
        match message:
            case Progress():
                self.progressed.emit(message.done, message.total, message.seconds_left)
            case FamiliesMapped():
                self._finish(asked, message.families)
            case Cancelled():
                self._stop("")
            case Failed():
                self._stop(message.sentence)

    def _finish(self, asked: _Asked, families: FamilyMap) -> None:
        self._session.tasks.run(
            lambda: layer_of(families, asked.worth),
            lambda layer: self._on_layer(asked, families, layer),
            self._stop,
        )

    def _on_layer(self, asked: _Asked, families: FamilyMap, layer: FamilyLayer) -> None:
        self._asked = None
        self._layers[asked.key] = layer
        while len(self._layers) > MOST:
            self._layers.popitem(last=False)
        if any(item.id == asked.item_id for item in self._session.document.case.items):
            self._session.document.tell("families mapped", _told(asked, families))
        self._session.busy_changed.emit()
        self.changed.emit()

    def _stop(self, sentence: str) -> None:
        self._asked = None
        if self.chosen:
            self._session.choose_newest_layer()
        self._session.busy_changed.emit()
        self.changed.emit()
        if sentence:
            self._session.failed.emit(sentence)


def _told(asked: _Asked, families: FamilyMap) -> dict[str, object]:
    """What the log says of a map, so that it can be made again and compared."""
    shares = {name: round(share, 4) for name, share in zip(FAMILIES, families.shares(), strict=True)}
    return {
        "item": asked.item_id,
        "map_sha256": families.sha256,
        "weights_sha256": asked.request.weights_sha256,
        "head_sha256": asked.worth.head_sha256,
        "shares": shares,
    }
