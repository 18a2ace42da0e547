"""Live preview: while a region is dragged its map follows, from the kept features of the whole picture.

A preview is not of record. When the hand lets go the strict crop is run, and how far the two differ is kept
with it.
"""

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from workbench.core.analysis import Analysis, AnalysisRequest, Kind, new_id
from workbench.core.case import Item
from workbench.core.heatmap import Response
from workbench.core.region import SMALLEST_SIDE, Region
from workbench.core.weights import WeightsCard
from workbench.engine.messages import Cancelled, Failed, FromWorker, Previewed
from workbench.gui import layers
from workbench.gui.engine_bridge import EngineBridge
from workbench.gui.layers import Layer


@dataclass(frozen=True, eq=False)
class Shown:
    """A preview that came back.

    Attributes:
        item_id: of the picture.
        weights_sha256: of the network.
        region: as it was asked for.
        layer: to be drawn.
    """

    item_id: str
    weights_sha256: str
    region: Region
    layer: Layer

    @property
    def response(self) -> Response:
        """The map."""
        return self.layer.response


@dataclass(frozen=True, eq=False)
class _Asked:
    item_id: str
    request: AnalysisRequest
    region: Region


class Previews(QObject):
    """At most one request is under way and one waits: the newest.

    Attributes:
        shown: the preview in sight, or None.
        note: why there is none, in a sentence, or empty.
    """

    changed = Signal()
    settled = Signal()
    """Nothing is asked for any more: what is shown is of the region as it was last."""

    def __init__(self, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._under_way: _Asked | None = None
        self._next: _Asked | None = None
        self._refused: dict[tuple[str, str], str] = {}  # why, in the engine's words
        self.shown: Shown | None = None
        self.note = ""
        bridge.message.connect(self._receive)

    @property
    def waiting(self) -> bool:
        """Whether an answer is still to come."""
        return self._under_way is not None

    def follow(self, item: Item, region: Region, request: AnalysisRequest, card: WeightsCard) -> None:
        """Ask for the map of a region under the hand, if the picture's features can be there."""
        self.note = self._why_not(item, card)
        if self.note or min(region.width, region.height) < SMALLEST_SIDE:
            return
        asked = _Asked(item.id, replace(request, id=new_id(), region=region, focus=None), region)
        if self._under_way is None:
            self._send(asked)
        else:
            self._next = asked

    def clear(self) -> None:
        """Take the preview out of sight; what is still to come is dropped."""
        self._under_way = self._next = None
        self.note = ""
        if self.shown is not None:
            self.shown = None
            self.changed.emit()

    def may_retry(self) -> None:
        """A run has finished, or the hand begins anew: there may be a preview now."""
        self._refused.clear()

    def of(self, item_id: str, run: Analysis) -> Response | None:
        """The map that was shown of exactly what a run analysed, if any."""
        shown = self.shown
        if shown is None or run.region is None or shown.item_id != item_id:
            return None
        same = shown.region.box == run.region.box and shown.weights_sha256 == run.weights.sha256
        return shown.response if same else None

    def _why_not(self, item: Item, card: WeightsCard) -> str:
        analysed = any(a.kind is Kind.WHOLE and a.weights.sha256 == card.sha256 for a in item.analyses)
        if not analysed:
            return self.tr("Analyse the whole picture (A) first: then the map follows while you drag.")
        return self._refused.get((item.id, card.sha256), "")

    def _send(self, asked: _Asked) -> None:
        self._under_way = asked
        self._bridge.preview(asked.request)

    def _receive(self, message: FromWorker) -> None:
        asked = self._under_way
        if asked is None or not isinstance(message, Previewed | Failed | Cancelled):
            return
        if message.request_id != asked.request.id:
            return
        self._under_way = None
        if isinstance(message, Previewed):
            self._show(asked, message.response)
        elif isinstance(message, Failed):
            self.note = message.sentence
            self._refused[asked.item_id, asked.request.weights_sha256] = message.sentence
            self._next = None
            self.changed.emit()
        following, self._next = self._next, None
        if following is not None:
            self._send(following)
        elif self._under_way is None:
            self.settled.emit()

    def _show(self, asked: _Asked, response: Response) -> None:
        region = asked.region
        title = self.tr("{name}, preview").format(name=region.name or self.tr("New region"))
        layer = layers.preview(asked.request.id, title, response, (region.x, region.y), self.tr("preview"))
        self.shown = Shown(asked.item_id, asked.request.weights_sha256, region, layer)
        self.changed.emit()


def largest_difference(preview: Response, strict: Response) -> float:
    """Largest absolute difference of two maps of the same size."""
    return float(np.abs(preview - strict).max())
