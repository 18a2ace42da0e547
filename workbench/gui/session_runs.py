"""Runs as the session knows them: asked for, shown while they come, taken into the case."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from workbench.core.analysis import Provenance
from workbench.core.evidence import read_from_original
from workbench.core.maps import Maps
from workbench.core.region import Region
from workbench.gui.previews import largest_difference
from workbench.gui.runs import Result

if TYPE_CHECKING:
    from workbench.gui.session import Session


class RunDesk(QObject):
    """What the session does with runs; its signals tell of it."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._document, self._runs = session.document, session.runs
        self._waiting: list[tuple[str, str]] = []
        session.busy_changed.connect(self._start_waiting)
        session.runs.started.connect(self._on_run_started)
        session.runs.finished.connect(self._on_run_finished)
        session.runs.stopped.connect(self._on_run_stopped)

    def analyse(self, region: Region | None = None) -> None:
        """Run the network on the picture in sight, or on a region of it."""
        session, item = self._session, self._session.item
        if item is None or session.picture is None or session.busy or self._document.read_only:
            return
        card = session.preferences.card
        if card is None:
            session.failed.emit(
                self.tr("There are no weights. Import the authors' files from the Analysis menu.")
            )
            return
        self._runs.start(
            self._document.readable(item), region, card, session.preferences.settings, session.where()
        )

    def analyse_when_free(self, region: Region) -> None:
        """Run a region now, or once what is under way is done; the picture must still be in sight then."""
        if not self._session.busy:
            self.analyse(region)
        else:
            self._waiting.append((self._session.item_id, region.id))

    def _start_waiting(self) -> None:
        """Run the next region that waits and is still there."""
        while self._waiting and not self._session.busy:
            item_id, region_id = self._waiting.pop(0)
            item = self._session.item
            if item is not None and item.id == item_id:
                region = next((r for r in item.regions if r.id == region_id), None)
                if region is not None:
                    self.analyse(region)

    def cancel(self) -> None:
        """Stop what is under way, and what waits for it."""
        self._waiting.clear()
        self._runs.cancel()
        self._session.search.cancel()
        self._session.families.cancel()

    def _on_run_started(self) -> None:
        self._session.busy_changed.emit()
        run = self._runs.current
        if run is not None and run.item_id == self._session.item_id:
            self._session.choose_layer(run.request.id)

    def _on_run_finished(self, result: Result) -> None:
        maps = self._document.maps
        preview = self._session.preview.previews.of(result.item_id, result.analysis)

        def work() -> Result:
            maps.put_map(result.outcome.heatmap)
            if preview is None:
                return result
            apart = largest_difference(preview, result.outcome.heatmap.response)
            return replace(result, analysis=replace(result.analysis, preview_difference=apart))

        self._session.tasks.run(work, lambda done: self._on_map_stored(done, maps), self._on_map_lost)

    def _on_map_stored(self, result: Result, maps: Maps) -> None:
        known = any(item.id == result.item_id for item in self._document.case.items)
        if known and maps is not self._document.maps:  # the case was saved meanwhile
            self._on_run_finished(result)
            return
        self._session.shelf.keep(result.layer)
        self._tell_source(result.item_id, result.analysis.provenance)
        if not known or not self._document.add_analysis(result.item_id, result.analysis):
            self._on_run_stopped()
            return
        self._session.busy_changed.emit()
        if self._session.layer_id == result.analysis.id:
            self._session.show_layer(result.layer)
        self._session.analysis_finished.emit(result.analysis)

    def _tell_source(self, item_id: str, made: Provenance) -> None:
        """Say that the case's copy is damaged, where that was found by running on it."""
        if made.from_original:
            names = {item.id: item.name for item in self._document.case.items}
            self._session.failed.emit(read_from_original(names.get(item_id, "")))

    def _on_map_lost(self, sentence: str) -> None:
        self._session.failed.emit(sentence)
        self._on_run_stopped()

    def _on_run_stopped(self) -> None:
        self._session.busy_changed.emit()
        if self._session.analysis is None:
            self._session.choose_newest_layer()
        self._session.analysis_stopped.emit()
