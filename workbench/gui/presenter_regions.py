"""Keeps what is seen of regions in step with the session."""

from PySide6.QtCore import QObject

from workbench.core.findings import Findings
from workbench.core.region import Region
from workbench.gui import guidance
from workbench.gui.guidance import Guidance
from workbench.gui.session import Session
from workbench.gui.window_layout import WindowLayout

DRAWING = ("tool_rectangle", "tool_ellipse", "tool_polygon", "tool_freehand")
"""Actions of the tools that draw."""


class RegionPresenter(QObject):
    """Shows regions on the picture and in their panel; carries what is done to them to the session."""

    def __init__(self, session: Session, parts: WindowLayout, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self.parts = session, parts
        self._held: Region | None = None
        session.case_changed.connect(self.show_regions)
        session.region_chosen.connect(self.show_regions)
        session.item_chosen.connect(self._on_item_chosen)
        session.layer_changed.connect(self._show_guidance)
        session.findings_changed.connect(self._on_findings)
        session.preview.previews.changed.connect(self._show_guidance)
        session.regions.snap_changed.connect(self._show_snap)
        session.regions.copied_changed.connect(self.enable)
        session.regions.told.connect(parts.message_bar.show_message)
        parts.regions.chosen.connect(session.choose_region)
        parts.regions.edited.connect(self._on_edited)
        parts.stage.region_drawn.connect(self._on_drawn)
        parts.stage.region_changed.connect(self._on_changed)
        parts.stage.region_dragged.connect(self._on_dragged)
        parts.stage.region_picked.connect(session.choose_region)

    def show_regions(self) -> None:
        """On the picture, in the table, and what can be done with them."""
        item = self.session.item
        regions = item.regions if item else ()
        self.parts.stage.show_regions(regions, self.session.region_id)
        self.parts.regions.show_regions(regions, self.session.region_id)
        self._show_guidance()
        self.enable()

    def enable(self) -> None:
        """Only what can be done is offered."""
        session, actions = self.session, self.parts.actions
        picture = session.picture is not None
        write = not session.document.read_only
        chosen = write and session.region is not None
        for name in ("rename_region", "delete_region", "snap_region", "enlarge_region"):
            actions[name].setEnabled(chosen)
        actions["copy_region"].setEnabled(session.region is not None)
        actions["paste_region"].setEnabled(picture and write and bool(session.regions.copied))
        some = session.item is not None and bool(session.item.regions)
        for name in ("export_regions", "next_region"):
            actions[name].setEnabled(some)
        for name in ("add_region", "import_regions"):
            actions[name].setEnabled(picture and write)
        for name in DRAWING:
            actions[name].setEnabled(write)
        actions["snap"].setEnabled(picture)
        if not write and any(actions[name].isChecked() for name in DRAWING):
            actions["tool_select"].trigger()
        self.parts.stage.set_editable(editable=write)
        self.parts.regions.set_editable(editable=write)

    def _on_item_chosen(self) -> None:
        self._held = None
        self.show_regions()
        self._show_snap()

    def _show_snap(self) -> None:
        snap = self.session.regions.snap
        self.parts.actions["snap"].setChecked(snap)
        strict = self.session.preferences.settings.strict_on_release
        self.parts.actions["strict_on_release"].setChecked(strict)
        self.parts.stage.set_snap(snap=snap)

    # From the hand

    def _on_drawn(self, drawn: Region) -> None:
        self._held = None
        self.parts.tabs.setCurrentWidget(self.parts.regions)
        region = self.session.regions.draw(drawn)
        if region is not None:
            self.session.preview.let_go(region)
        else:
            self.session.preview.drag(None)
        self._show_guidance()

    def _on_changed(self, region: Region) -> None:
        dragged, self._held = self._held is not None, None
        if not self.session.change_region(region):
            self.session.preview.drag(None)
            self.show_regions()  # as it is still
        elif dragged:
            self.session.preview.let_go(region)
        else:
            self.session.preview.nudge(region)

    def _on_edited(self, region: Region) -> None:
        """Typed numbers move a region like keys; words on it do not."""
        before = next((r for r in (self.parts.stage.overlay.regions) if r.id == region.id), None)
        if self.session.change_region(region) and before is not None and before.box != region.box:
            self.session.preview.nudge(region)

    def _on_dragged(self, region: Region | None) -> None:
        self._held = region
        if region is not None:
            self.parts.tabs.setCurrentWidget(self.parts.regions)
            self.parts.regions.show_numbers(region)
        self.session.preview.drag(region)
        self._show_guidance()

    # Advice

    def _on_findings(self, _: Findings | None) -> None:
        self._show_guidance()

    def _show_guidance(self) -> None:
        self.parts.regions.guide.show_guidance(self._guidance())

    def _guidance(self) -> Guidance:
        session, item = self.session, self.session.item
        card = session.preferences.card
        if item is None:
            return Guidance()
        configuration = card.configuration if card else ""
        previews = session.preview.previews
        if self._held is not None:
            drawing = guidance.of_region(self._held, item, configuration)
            return drawing.with_sentence(previews.note or (guidance.preview() if previews.shown else ""))
        run, layer, region = session.analysis, session.layer, session.region
        if region is not None and (run is None or run.region is None or run.region.id != region.id):
            return guidance.of_region(region, item, configuration).with_sentence(previews.note)
        if run is not None and run.region is not None and layer is not None and not layer.provisional:
            return guidance.of_run(run, layer.response, item)
        return guidance.how_to_draw() if region is None else Guidance()
