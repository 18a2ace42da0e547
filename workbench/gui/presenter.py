"""Keeps the window in step with the session: one method for each signal, and back for each panel."""

from PySide6.QtCore import QObject, QTimer

from workbench.core.analysis import Analysis
from workbench.core.case import Item, Status
from workbench.core.findings import Findings
from workbench.gui.family_layer import FAMILIES_LAYER
from workbench.gui.presenter_compare import ComparePresenter
from workbench.gui.presenter_families import FamilyPresenter
from workbench.gui.presenter_regions import RegionPresenter
from workbench.gui.presenter_search import SearchPresenter
from workbench.gui.runs_panel import clock
from workbench.gui.session import Session
from workbench.gui.window_layout import WindowLayout


class Presenter(QObject):
    """Shows what the session tells; carries what the panels say to the session."""

    def __init__(self, session: Session, parts: WindowLayout, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.parts = parts
        self._regions = RegionPresenter(session, parts, self)
        self._compare = ComparePresenter(session, parts, self)
        self._search = SearchPresenter(session, parts, self)
        self._families = FamilyPresenter(session, parts, self)
        session.where = parts.stage.middle
        self._connect_session()
        self._connect_panels()
        self._on_case_changed()
        self._on_item_chosen()
        self._on_layer_changed()
        self._on_busy_changed()

    def _connect_session(self) -> None:
        session = self.session
        session.case_changed.connect(self._on_case_changed)
        session.item_chosen.connect(self._on_item_chosen)
        session.layer_changed.connect(self._on_layer_changed)
        session.threshold_changed.connect(self._on_threshold_changed)
        session.findings_changed.connect(self._on_findings_changed)
        session.region_chosen.connect(self._enable)
        session.busy_changed.connect(self._on_busy_changed)
        session.saved.connect(lambda _: self._show_state())
        session.failed.connect(self.parts.message_bar.show_message)
        session.preview.previews.changed.connect(self._show_map)
        session.runs.planned.connect(self.parts.status.show_plan)
        session.runs.progressed.connect(self.parts.status.show_progress)
        session.runs.tile_shown.connect(self._on_tile_shown)
        session.runs.runtime_ready.connect(lambda _: self._show_state())
        session.preferences.weights_changed.connect(self._on_weights_changed)

    def _connect_panels(self) -> None:
        session, parts = self.session, self.parts
        parts.layers.chosen.connect(self._on_layer_chosen)
        parts.layers.opacity_changed.connect(parts.stage.set_opacity)
        parts.response.moved.connect(session.move_threshold)
        parts.response.settled.connect(session.settle_threshold)
        parts.response.reset_asked.connect(session.reset_threshold)
        parts.response.calibrated_asked.connect(session.use_own_threshold)
        parts.findings.chosen.connect(parts.stage.show_finding)
        parts.weights.activated.connect(self._on_weights_chosen)

    # From the session

    def _on_case_changed(self) -> None:
        self._enable()
        self._show_layers()
        self._show_threshold_source()
        self._show_state()

    def _on_item_chosen(self) -> None:
        session, parts = self.session, self.parts
        parts.stage.show_picture(session.picture, self._hint())
        parts.record.show_picture(session.picture)
        parts.method.show_for(session.item, session.preferences.card)
        self._enable()

    def _on_layer_changed(self) -> None:
        layer = self.session.layer
        self._show_map()
        self.parts.response.show_layer(layer)
        self._show_threshold_source()
        self._show_layers()
        if layer is None or layer.provisional:
            self.parts.findings.show_nothing(self._advice())

    def _show_map(self) -> None:
        """The preview of a region under the hand goes before the layer in sight."""
        shown = self.session.preview.previews.shown
        self.parts.stage.show_layer(shown.layer if shown else self.session.layer)

    def _on_tile_shown(self) -> None:
        if self.session.layer is not None and self.session.layer.provisional:
            self.parts.stage.refresh()

    def _on_threshold_changed(self, value: float) -> None:
        self.parts.stage.set_threshold(value)
        self.parts.response.show_value(value)
        layer, analysis = self.session.layer, self.session.analysis
        if layer is not None and analysis is not None and not layer.provisional:
            self.parts.findings.show_share(value, layer.share_above(value), analysis)

    def _on_findings_changed(self, findings: Findings | None) -> None:
        analysis, item = self.session.analysis, self.session.item
        if findings is not None and analysis is not None and item is not None:
            self.parts.findings.show_findings(findings, analysis, item)

    def _on_busy_changed(self) -> None:
        if self.session.busy:
            self.parts.status.begin()
        else:
            self.parts.status.end()
        self._show_layers()
        self._show_state()
        self._enable()

    def _on_weights_changed(self) -> None:
        preferences = self.session.preferences
        box, menu = self.parts.weights, self.parts.weights_menu
        box.clear()
        menu.clear()
        for row, card in enumerate(preferences.cards):
            box.addItem(card.name)
            action = menu.addAction(card.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(card is preferences.card)
            action.triggered.connect(lambda _=False, row=row: self._on_weights_chosen(row))
        if preferences.card is not None:
            box.setCurrentText(preferences.card.name)
        self.parts.method.show_for(self.session.item, preferences.card)
        self._show_layers()
        self._show_state()
        self._enable()

    # From the panels

    def _on_layer_chosen(self, run_id: str) -> None:
        self.session.preview.previews.clear()
        self.session.choose_layer(run_id)

    def _on_weights_chosen(self, row: int) -> None:
        cards = self.session.preferences.cards
        QTimer.singleShot(0, lambda: self.session.preferences.choose_weights(cards[row].name))

    # Parts of the picture

    def _show_layers(self) -> None:
        item = self.session.item
        entries = [("", self.tr("Picture alone"), self.tr("No map"))] if item else []
        if item is not None:
            entries += [self._layer_entry(item, analysis) for analysis in item.analyses]
        run = self.session.runs.current
        known = {entry[0] for entry in entries}
        if item is not None and run is not None and run.item_id == item.id and run.request.id not in known:
            title = self.tr("{title} · analysing …").format(title=run.layer.title)
            entries.append((run.request.id, title, self.tr("Provisional until the run is finished")))
        if item is not None:
            entries.append(self._families.entry())
        disabled = (FAMILIES_LAYER,) if self.session.families.why_not else ()
        self.parts.layers.show_layers(entries, self.session.layer_id, disabled)

    def _layer_entry(self, item: Item, analysis: Analysis) -> tuple[str, str, str]:
        """A layer's line; the time is told where the same was run more than once."""
        twins = [a for a in item.analyses if a.title == analysis.title]
        time = clock(analysis.provenance.started)
        text = f"{analysis.title} · {analysis.weights.name}"
        if len(twins) > 1:
            text = f"{text} · {time[11:]}"
        return analysis.id, text, f"{analysis.title}\n{analysis.weights.name}\n{time}"

    def _show_threshold_source(self) -> None:
        analysis = self.session.analysis
        if analysis is not None:
            self.parts.response.show_threshold(analysis.threshold)
        self.parts.response.offer(self.session.own_threshold())

    def _show_state(self) -> None:
        session = self.session
        folder, name = session.document.folder, self._case_name()
        place = self.tr("saved in {name}").format(name=name) if folder else self.tr("case not saved")
        if session.document.untitled:
            place = self.tr("saved without a name")
        if folder and session.document.read_only:
            place = self.tr("{name}, read-only").format(name=name)
        sealed = session.document.sealed_on
        if folder and sealed:
            text = self.tr("{place}, sealed {time}")
            words = place if session.document.read_only else name
            place = text.format(place=words, time=sealed[:16].replace("T", " "))
        final = session.document.case.details.status is Status.FINAL
        if final:
            place = self.tr("{place}, final").format(place=place)
        text = self.tr("Mark as dra&ft") if final else self.tr("Mark as &final…")
        self.parts.actions["mark_final"].setText(text)
        self.parts.status.show_state(
            session.runs.runtime,
            session.preferences.card,
            place if session.document.case.items or folder else "",
            busy=session.busy,
        )

    def _case_name(self) -> str:
        """Of a case on the disk; that of a folder nobody chose says nothing."""
        document = self.session.document
        if document.untitled:
            return self.tr("untitled case")
        return document.folder.name if document.folder else ""

    def _enable(self) -> None:
        """Only what can be done is offered."""
        session, actions = self.session, self.parts.actions
        picture, busy = session.picture is not None, session.busy
        write = not session.document.read_only
        able = picture and not busy and session.preferences.card is not None and write
        actions["analyse"].setEnabled(able)
        actions["analyse_region"].setEnabled(able and session.region is not None)
        actions["cancel"].setEnabled(busy)
        for name in ("fit", "one_to_one", "zoom_in", "zoom_out", "export_report"):
            actions[name].setEnabled(picture)
        for name in ("case_details", "mark_final"):
            actions[name].setEnabled(write)
        actions["save_case"].setEnabled(bool(session.document.case.items))
        self._regions.enable()

    def _hint(self) -> str:
        session = self.session
        if session.item_id in session.pictures.missing:
            return session.pictures.missing[session.item_id]
        if session.item is not None or session.pictures.opening:
            return self.tr("Reading the picture …")
        return self.tr("Drop pictures here, or open them with Ctrl+O.")

    def _advice(self) -> str:
        """What to do where there is no finished map."""
        session = self.session
        if session.families.chosen:
            return self._families.advice()
        if session.layer is not None:
            return self.tr("The map is provisional until the run is finished.")
        if session.item is None:
            return self.tr("Open a picture.")
        if session.item.analyses:
            return self.tr("Choose a layer to see its findings.")
        return self.tr("Not analysed yet. Press A.")
