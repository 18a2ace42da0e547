"""What is open and looked at: the case, its pictures, the layer in sight, and the run under way.

Knows no widgets. The window shows what this tells, and calls it for everything that the user does.
"""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from workbench.casefile.store import CaseStore
from workbench.core.analysis import Analysis
from workbench.core.case import CaseDetails, Item
from workbench.core.findings import Findings
from workbench.core.maps import Maps
from workbench.core.region import Region
from workbench.core.settings import Settings
from workbench.core.weights import EXAMINER, Threshold
from workbench.gui.background import Tasks
from workbench.gui.document import Document, is_case
from workbench.gui.engine_bridge import EngineBridge
from workbench.gui.findings_watch import FindingsWatch
from workbench.gui.layer_shelf import LayerShelf
from workbench.gui.layers import Layer
from workbench.gui.pictures import Picture, Pictures
from workbench.gui.preferences import Preferences
from workbench.gui.runs import Result, Runs


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
        self.engine = EngineBridge(self)
        self.runs = Runs(self.tasks, self.engine, self)
        self.document = Document(self)
        self.pictures = Pictures(self.tasks, self)
        self.shelf = LayerShelf(self.tasks, self)
        self.watch = FindingsWatch(self.tasks, self)
        self._asked = object()  # a new one for each case asked for
        self.item_id = ""
        self.region_id = ""
        self.layer: Layer | None = None
        self.layer_id = ""
        self.threshold = 0.5
        self.findings: Findings | None = None
        self._connect()
        self.document.start_new(self._empty_details())

    def _connect(self) -> None:
        for part in (
            self.preferences,
            self.document,
            self.runs,
            self.pictures,
            self.shelf,
            self.watch,
        ):
            part.failed.connect(self.failed)
        self.document.changed.connect(self._on_case_changed)
        self.runs.started.connect(self._on_run_started)
        self.runs.finished.connect(self._on_run_finished)
        self.runs.stopped.connect(self._on_run_stopped)
        self.pictures.read.connect(self._on_picture_read)
        self.pictures.reopened.connect(self._on_picture_reopened)
        self.shelf.loaded.connect(self._on_layer_loaded)
        self.watch.found.connect(self._on_found)

    def close(self) -> None:
        """End the worker and the threads, let go of the case."""
        self.engine.close()
        self.tasks.close()
        self.document.close()

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

    def open_paths(self, paths: list[Path]) -> None:
        """Open pictures and case folders; pictures named beside a case are opened in it."""
        cases = [path for path in paths if is_case(path)]
        pictures = [path.absolute() for path in paths if path not in cases]
        if cases:
            self.open_case(cases[-1], pictures)
        else:
            self._open_pictures(pictures)

    def _open_pictures(self, paths: list[Path]) -> None:
        """Read each file in a thread, and look at the last one."""
        there = {i.path: i.id for i in self.document.case.items if i.id not in self.pictures.missing}
        for path in paths:
            if path in there:
                self.choose_item(there[path])
            else:
                self.pictures.open(path)

    def _on_picture_read(self, picture: Picture) -> None:
        item = self._item_of(picture) or Item.of(picture.evidence)
        known = item in self.document.case.items
        if not known and not self.document.add_item(item):
            return
        self.pictures.hold(item.id, picture)
        if picture.evidence.path != item.path:
            self.document.move_item(item.id, picture.evidence.path)
        self.preferences.remember(picture.evidence.path)
        self.choose_item(item.id)
        self.picture_opened.emit(item.id)

    def _item_of(self, picture: Picture) -> Item | None:
        """The item that has this very file, or whose file is missing and was the same."""
        path, sha256 = picture.evidence.path, picture.evidence.sha256
        same = [item for item in self.document.case.items if item.sha256 == sha256]
        missing = [item for item in same if self.pictures.get(item.id) is None]
        return next((item for item in same if item.path == path), next(iter(missing), None))

    def _on_picture_reopened(self, item_id: str) -> None:
        self.case_changed.emit()
        if self.pictures.get(item_id) is None:
            return
        self.picture_opened.emit(item_id)
        if item_id == self.item_id:
            self.item_chosen.emit()
            self.choose_layer(self.layer_id)

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

    # Layers and threshold

    def choose_layer(self, run_id: str) -> None:
        """Look at the map of a run, or at the picture alone."""
        self.layer_id = run_id
        run, analysis = self.runs.current, self.analysis
        if run is not None and run.request.id == run_id and analysis is None:
            self._show_layer(run.layer)
            return
        layer = self.shelf.get(run_id)
        self._show_layer(layer)
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
            self._show_layer(layer)

    def _show_layer(self, layer: Layer | None) -> None:
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
        """Draw a region, in stored pixels, and select it."""
        region = self.document.add_region(self.item_id, x, y, width, height) if self.item else None
        if region is not None:
            self.choose_region(region.id)

    def change_region(self, region: Region) -> bool:
        """Move, resize or rename a region."""
        return self.document.change_region(self.item_id, region)

    def remove_region(self) -> None:
        """Delete the selected region."""
        region = self.region
        if region is not None and self.document.remove_region(self.item_id, region):
            self.choose_region("")

    # Runs

    def analyse(self, region: Region | None = None) -> None:
        """Run the network on the picture in sight, or on a region of it."""
        item, card = self.item, self.preferences.card
        if item is None or self.picture is None or self.runs.busy or self.document.read_only:
            return
        if card is None:
            self.failed.emit(
                self.tr("There are no weights. Import the authors' files from the Analysis menu.")
            )
            return
        self.runs.start(item, region, card, self.preferences.settings.examiner)

    def cancel(self) -> None:
        """Stop the run under way."""
        self.runs.cancel()

    def _on_run_started(self) -> None:
        self.busy_changed.emit()
        run = self.runs.current
        if run is not None and run.item_id == self.item_id:
            self.choose_layer(run.request.id)

    def _on_run_finished(self, result: Result) -> None:
        maps = self.document.maps
        self.tasks.run(
            lambda: maps.put_map(result.outcome.heatmap),
            lambda _: self._on_map_stored(result, maps),
            self._on_map_lost,
        )

    def _on_map_stored(self, result: Result, maps: Maps) -> None:
        known = any(item.id == result.item_id for item in self.document.case.items)
        if known and maps is not self.document.maps:  # the case was saved meanwhile
            self._on_run_finished(result)
            return
        self.shelf.keep(result.layer)
        if not known or not self.document.add_analysis(result.item_id, result.analysis):
            self._on_run_stopped()
            return
        self.busy_changed.emit()
        if self.layer_id == result.analysis.id:
            self._show_layer(result.layer)
        self.analysis_finished.emit(result.analysis)

    def _on_map_lost(self, sentence: str) -> None:
        self.failed.emit(sentence)
        self._on_run_stopped()

    def _on_run_stopped(self) -> None:
        self.busy_changed.emit()
        if self.analysis is None:
            self.choose_newest_layer()
        self.analysis_stopped.emit()

    # The case

    def save_case(self, folder: Path) -> None:
        """Write the case into a new folder; from then on every change commits itself."""
        folder = folder.absolute()
        case, maps, by = self.document.case, self.document.maps, self.preferences.settings.examiner

        def then(store: CaseStore) -> None:
            if store.case.id != self.document.case.id:  # it was left while it was written
                store.close()
                self.preferences.remember(folder)
                return
            self.document.adopt(store, same_case=True)
            self._on_saved(folder)

        self.tasks.run(lambda: CaseStore.save_as(folder, case, maps, by), then, self.failed.emit)

    def open_case(self, folder: Path, pictures: list[Path] | None = None) -> None:
        """Read a case and show its first picture; what is open is left once that went well.

        If another case is asked for meanwhile, the later one holds. Pictures are then opened in it.
        """
        if folder.absolute() == self.document.folder and not self.document.read_only:
            self._open_pictures(pictures or [])
            return
        self._asked = asked = object()

        def then(store: CaseStore) -> None:
            if asked is not self._asked:
                store.close()
                return
            self._on_case_read(store)
            self._open_pictures(pictures or [])

        self.tasks.run(lambda: CaseStore.open(folder.absolute()), then, self.failed.emit)

    def _on_case_read(self, store: CaseStore) -> None:
        self._leave()
        self.document.adopt(store, same_case=False)
        for item in self.document.case.items:
            self.pictures.reopen(item)
        if self.document.case.items:
            self.choose_item(self.document.case.items[0].id)
        self._on_saved(store.folder)

    def new_case(self) -> None:
        """Leave this case and begin an empty one."""
        self._asked = object()
        self._leave()
        self.document.start_new(self._empty_details())

    def _leave(self) -> None:
        self.cancel()
        self.pictures.forget()
        self.shelf.forget()
        self.item_id = self.region_id = self.layer_id = ""
        self.item_chosen.emit()
        self._show_layer(None)

    def _on_saved(self, folder: Path) -> None:
        self.preferences.remember(folder)
        self.saved.emit(folder)

    def _empty_details(self) -> CaseDetails:
        settings = self.preferences.settings
        return CaseDetails(examiner=settings.examiner, organisation=settings.organisation)

    def _on_case_changed(self) -> None:
        self.case_changed.emit()
        analysis = self.analysis
        if analysis is not None and analysis.threshold.value != self.threshold:
            self.move_threshold(analysis.threshold.value)
