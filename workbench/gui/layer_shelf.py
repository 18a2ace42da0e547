"""Maps that are ready to be drawn; others are fetched from the case when they are looked at."""

from collections import OrderedDict

from PySide6.QtCore import QObject, Signal

from workbench.core.analysis import Analysis
from workbench.core.maps import Maps
from workbench.gui import layers
from workbench.gui.background import Tasks
from workbench.gui.layers import Layer

MOST = 3
"""At 48 megapixels each takes 330 MB."""


class LayerShelf(QObject):
    """Keeps the layers looked at last."""

    loaded = Signal(object)
    """A `Layer` that was asked for by `load`."""
    failed = Signal(str)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._held: OrderedDict[str, Layer] = OrderedDict()

    def get(self, run_id: str) -> Layer | None:
        """The layer of a run, if it is ready."""
        layer = self._held.get(run_id)
        if layer is not None:
            self._held.move_to_end(run_id)
        return layer

    def keep(self, layer: Layer) -> None:
        """Hold a layer; the one looked at longest ago may go."""
        self._held[layer.id] = layer
        while len(self._held) > MOST:
            self._held.popitem(last=False)

    def forget(self) -> None:
        """Let go of all."""
        self._held.clear()

    def load(self, analysis: Analysis, maps: Maps) -> None:
        """Fetch the map of a run and make it ready; answered by `loaded` or `failed`."""

        def work() -> Layer:
            response = maps.get_map(analysis.map_sha256).response
            return layers.finished(analysis.id, analysis.title, response, analysis.origin, analysis.inside)

        self._tasks.run(work, self._on_loaded, self.failed.emit)

    def _on_loaded(self, layer: Layer) -> None:
        self.keep(layer)
        self.loaded.emit(layer)
