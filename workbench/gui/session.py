"""What is open and looked at: the case, its pictures, the layer in sight, and the run under way.

Knows no widgets. The window shows what this tells, and calls it for everything that the user does.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from workbench.core.analysis import Analysis
from workbench.core.calibration import CalibrationError, own_calibration
from workbench.core.case import Item
from workbench.core.findings import Findings
from workbench.core.region import Region
from workbench.core.settings import Settings
from workbench.core.weights import EXAMINER, Threshold
from workbench.gui.background import Tasks
from workbench.gui.document import Document
from workbench.gui.engine_bridge import EngineBridge
from workbench.gui.findings_watch import FindingsWatch
from workbench.gui.layer_shelf import LayerShelf
from workbench.gui.layers import Layer
from workbench.gui.pictures import Picture, Pictures
from workbench.gui.preferences import Preferences
from workbench.gui.runs import Runs
from workbench.gui.self_test import SelfTest
from workbench.gui.session_case import CaseDesk
from workbench.gui.session_families import FamilyDesk
from workbench.gui.session_preview import PreviewDesk
from workbench.gui.session_regions import RegionDesk
from workbench.gui.session_runs import RunDesk
from workbench.gui.session_search import SearchDesk
from workbench.gui.session_untitled import UntitledDesk


class Session(QObject):
    """Signals tell what to show anew; `failed` carries sentences for the message bar."""

    case_changed = Signal()
    picture_opened = Signal(str)
    item_chosen = Signal()
    layer_changed = Signal()
    threshold_changed = Signal(float)
    findings_changed = Signal(object)
    """`Findings` of the layer in sight, or None."""
    region_chosen = Signal()
    busy_changed = Signal()
    analysis_finished = Signal(object)
    """The `Analysis` that was added to the case."""
    analysis_stopped = Signal()
    failed = Signal(str)
    saved = Signal(object)
    """The case's folder, after saving or opening it."""

    def __init__(self, settings: Settings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.preferences = Preferences(settings or Settings(), self)
        self.tasks = Tasks(self)
        self.engine = EngineBridge(self, self.preferences.settings.runtime)
        self.runs = Runs(self.tasks, self.engine, self)
        self.selftest = SelfTest(self.tasks, self.engine, self)
        self.document = Document(self)
        self.document.by = self.preferences.settings.examiner
        self.pictures = Pictures(self.tasks, self)
        self.shelf = LayerShelf(self.tasks, self)
        self.watch = FindingsWatch(self.tasks, self)
        self.untitled = UntitledDesk(self)
        self.cases = CaseDesk(self)
        self.running = RunDesk(self)
        self.regions = RegionDesk(self)
        self.preview = PreviewDesk(self)
        self.search = SearchDesk(self)
        self.families = FamilyDesk(self)
        self.where: Callable[[], tuple[int, int] | None] = lambda: None
        self.item_id = ""
        self.region_id = ""
        self.layer: Layer | None = None
        self.layer_id = ""
        self.threshold = 0.5
        self.findings: Findings | None = None
        self._connect()
        self.document.start_new(self.cases.empty_details())

    def _connect(self) -> None:
        for part in (
            self.preferences,
            self.document,
            self.runs,
            self.pictures,
            self.shelf,
            self.watch,
            self.selftest,
        ):
            part.failed.connect(self.failed)
        self.document.changed.connect(self._on_case_changed)
        self.shelf.loaded.connect(self._on_layer_loaded)
        self.watch.found.connect(self._on_found)

    def close(self) -> None:
        """End the worker and the threads, let go of the case."""
        self.untitled.close()
        self.engine.close()
        self.tasks.close()
        self.selftest.close()
        self.document.close()

    @property
    def busy(self) -> bool:
        """Whether the engine runs, searches or maps families for this window."""
        return self.runs.busy or self.search.searches.busy or self.families.busy

    # What is looked at

    @property
    def item(self) -> Item | None:
        """The picture in sight, as the case knows it."""
        return next((i for i in self.document.case.items if i.id == self.item_id), None)

    @property
    def picture(self) -> Picture | None:
        """Its pixels, once they are read."""
        return self.pictures.get(self.item_id)

    @property
    def region(self) -> Region | None:
        """The selected region."""
        item = self.item
        return next((r for r in item.regions if r.id == self.region_id), None) if item else None

    @property
    def analysis(self) -> Analysis | None:
        """The run whose map is in sight, if it is finished."""
        item = self.item
        return next((a for a in item.analyses if a.id == self.layer_id), None) if item else None

    # Pictures

    def choose_item(self, item_id: str) -> None:
        """Look at another picture, at the run under way or its newest map."""
        self.item_id, self.region_id = item_id, ""
        self.item_chosen.emit()
        self.region_chosen.emit()
        run = self.runs.current
        if run is not None and run.item_id == item_id:
            self.choose_layer(run.request.id)
        else:
            self.choose_newest_layer()

    def look_at_nothing(self) -> None:
        """The case is left."""
        self.item_id = self.region_id = self.layer_id = ""
        self.item_chosen.emit()
        self.show_layer(None)

    # Layers and threshold

    def choose_layer(self, run_id: str) -> None:
        """Look at the map of a run, or at the picture alone."""
        self.layer_id = run_id
        run, analysis = self.runs.current, self.analysis
        if run is not None and run.request.id == run_id and analysis is None:
            self.show_layer(run.layer)
            return
        layer = self.shelf.get(run_id)
        self.show_layer(layer)
        if layer is None and analysis is not None:
            self.shelf.load(analysis, self.document.maps)

    def choose_newest_layer(self) -> None:
        """Look at the newest finished map of this picture."""
        item = self.item
        self.choose_layer(item.analyses[-1].id if item and item.analyses else "")

    def show_run(self, item_id: str, run_id: str) -> None:
        """Look at a run of any picture."""
        if item_id != self.item_id:
            self.choose_item(item_id)
        self.choose_layer(run_id)

    def _on_layer_loaded(self, layer: Layer) -> None:
        if self.layer_id == layer.id:
            self.show_layer(layer)

    def show_layer(self, layer: Layer | None) -> None:
        """Look at a map that is ready, or at none."""
        self.layer = layer
        card = self.preferences.card
        if self.analysis is not None:
            self.threshold = self.analysis.threshold.value
        elif card is not None:
            self.threshold = card.threshold.value
        self.layer_changed.emit()
        self.threshold_changed.emit(self.threshold)
        self.watch.watch(layer, self.threshold)

    def move_threshold(self, value: float) -> None:
        """Follow the hand; the case is told by `settle_threshold`."""
        self.threshold = value
        self.threshold_changed.emit(value)
        self.watch.watch(self.layer, value)

    def settle_threshold(self, value: float, source: str = EXAMINER) -> None:
        """Keep the threshold for the run in sight."""
        analysis = self.analysis
        if analysis is None or analysis.threshold.value == value:
            return
        if not self.document.set_threshold(self.item_id, analysis.id, Threshold(value, source)):
            self.move_threshold(analysis.threshold.value)  # what is seen is what the case holds

    def reset_threshold(self) -> None:
        """Back to the default of the weights that made the map in sight."""
        card = self.preferences.card_of(self.analysis.weights.sha256) if self.analysis else None
        if card is not None:
            self.move_threshold(card.threshold.value)
            self.settle_threshold(card.threshold.value, card.threshold.source)

    def own_threshold(self) -> Threshold | None:
        """Of the user's own calibration for the weights that made the map in sight, if there is one.

        A damaged file is told as `failed`.
        """
        if self.analysis is None:
            return None
        try:
            own = own_calibration(self.analysis.weights.sha256)
        except CalibrationError as error:
            self.failed.emit(str(error))
            return None
        return own.threshold if own else None

    def use_own_threshold(self) -> None:
        """Set the threshold of the user's own calibration."""
        own = self.own_threshold()
        if own is not None:
            self.move_threshold(own.value)
            self.settle_threshold(own.value, own.source)

    def _on_found(self, findings: Findings | None) -> None:
        self.findings = findings
        self.findings_changed.emit(findings)

    # Regions

    def choose_region(self, region_id: str) -> None:
        """Select a region, or none."""
        if region_id != self.region_id:
            self.region_id = region_id
            self.region_chosen.emit()

    def add_region(self, x: int, y: int, width: int, height: int) -> None:
        """Draw a rectangle, in stored pixels, and select it."""
        self.regions.draw(Region("", "", x, y, width, height))

    def change_region(self, region: Region) -> bool:
        """Move, resize or rename a region."""
        return self.document.change_region(self.item_id, region)

    def remove_region(self) -> None:
        """Delete the selected region."""
        region = self.region
        if region is not None and self.document.remove_region(self.item_id, region):
            self.choose_region("")

    def _on_case_changed(self) -> None:
        self.case_changed.emit()
        analysis = self.analysis
        if analysis is not None and analysis.threshold.value != self.threshold:
            self.move_threshold(analysis.threshold.value)
