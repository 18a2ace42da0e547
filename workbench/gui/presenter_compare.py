"""Has the maps of the whole picture and of a region ready where they are compared."""

from PySide6.QtCore import QObject

from workbench.core.analysis import Analysis
from workbench.gui.compare import Pair, pair_of, partners
from workbench.gui.layers import Layer
from workbench.gui.session import Session
from workbench.gui.window_layout import WindowLayout

NEEDING = ("compare", "blink_maps", "difference")
"""Actions that compare two maps."""


class ComparePresenter(QObject):
    """Keeps the pair of the run in sight; fetches maps and takes their difference off the GUI thread."""

    def __init__(self, session: Session, parts: WindowLayout, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self.parts = session, parts
        self._asked: tuple[str, str] | None = None
        self._made: tuple[str, str] | None = None
        self._shown: tuple[str, str] | None = None
        session.layer_changed.connect(self.update)
        session.case_changed.connect(self.update)
        session.item_chosen.connect(self.update)
        session.region_chosen.connect(self.update)
        session.shelf.loaded.connect(lambda _: self.update())
        parts.stage.mode_changed.connect(self.update)

    def update(self) -> None:
        """Offer what can be compared; have it ready if it is looked at."""
        whole, region = self._partners()
        both = whole is not None and region is not None
        for name in NEEDING:
            self.parts.actions[name].setEnabled(both)
        if not self.parts.stage.mode.needs_pair:
            self._forget()
        elif whole is not None and region is not None:
            self._want(whole, region)
        else:
            self._forget()
            self.parts.actions["single"].trigger()

    def _partners(self) -> tuple[Analysis | None, Analysis | None]:
        session = self.session
        if session.item is None:
            return None, None
        return partners(session.item, session.analysis, session.region_id)

    def _forget(self) -> None:
        self._asked = self._made = None
        if self._shown is not None:
            self._shown = None
            self.parts.stage.show_pair(None)

    def _want(self, whole: Analysis, region: Analysis) -> None:
        wanted = whole.id, region.id
        if wanted in {self._shown, self._made}:
            return
        shelf, maps = self.session.shelf, self.session.document.maps
        left, right = shelf.get(whole.id), shelf.get(region.id)
        if left is not None and right is not None:
            self._make(wanted, left, right)
        elif wanted != self._asked:
            self._asked = wanted
            for run, layer in ((whole, left), (region, right)):
                if layer is None:
                    shelf.load(run, maps)

    def _make(self, wanted: tuple[str, str], whole: Layer, region: Layer) -> None:
        self._made = wanted
        self.session.tasks.run(
            lambda: pair_of(whole, region), lambda pair: self._on_pair(wanted, pair), self.session.failed.emit
        )

    def _on_pair(self, wanted: tuple[str, str], pair: Pair) -> None:
        if wanted == self._made:
            self._shown = wanted
            self.parts.stage.show_pair(pair)
