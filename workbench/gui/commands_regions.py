"""Commands on regions: tools, and what is done with the selected one."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from workbench.gui.canvas_mouse import Tool
from workbench.gui.commands import Commands
from workbench.gui.session_regions import LABELME_NAME


class RegionCommands(Commands):
    """What the Regions menu offers."""

    def _on_tool_select(self) -> None:
        self.stage.set_tool(Tool.SELECT)

    def _on_tool_rectangle(self) -> None:
        self.stage.set_tool(Tool.RECTANGLE)

    def _on_tool_ellipse(self) -> None:
        self.stage.set_tool(Tool.ELLIPSE)

    def _on_tool_polygon(self) -> None:
        self.stage.set_tool(Tool.POLYGON)

    def _on_tool_freehand(self) -> None:
        self.stage.set_tool(Tool.FREEHAND)

    def _on_add_region(self) -> None:
        box = self.stage.overlay.box_in_sight()
        self.session.add_region(box.x(), box.y(), box.width(), box.height())
        self.stage.focus()

    def _on_rename_region(self) -> None:
        self.parts.tabs.setCurrentWidget(self.parts.regions)
        self.parts.regions.rename()

    def _on_delete_region(self) -> None:
        self.session.remove_region()

    def _on_next_region(self) -> None:
        item = self.session.item
        ids = [region.id for region in item.regions] if item else []
        if ids:
            here = ids.index(self.session.region_id) if self.session.region_id in ids else -1
            self.session.choose_region(ids[(here + 1) % len(ids)])

    def _on_copy_region(self) -> None:
        self.session.regions.copy()

    def _on_paste_region(self) -> None:
        self.session.regions.paste()

    def _on_snap(self) -> None:
        self.session.regions.set_snap(snap=self.window.actions_by_name["snap"].isChecked())

    def _on_snap_region(self) -> None:
        self.session.regions.snap_region()

    def _on_enlarge_region(self) -> None:
        self.session.regions.enlarge_region()

    def _on_strict_on_release(self) -> None:
        chosen = self.window.actions_by_name["strict_on_release"].isChecked()
        preferences = self.session.preferences
        preferences.change(replace(preferences.settings, strict_on_release=chosen))

    def _on_import_regions(self) -> None:
        kinds = self.tr("Regions (*.json);;All files (*)")
        name, _ = QFileDialog.getOpenFileName(self.window, self.tr("Import regions"), "", kinds)
        if name:
            self.session.regions.import_file(Path(name))

    def _on_export_regions(self) -> None:
        ours, labelme = self.tr("Regions (*.json)"), self.tr("LabelMe (*{end})").format(end=LABELME_NAME)
        stem = Path(self.session.item.name).stem if self.session.item else "regions"
        asked = QFileDialog.getSaveFileName(
            self.window, self.tr("Export regions"), f"{stem}.regions.json", f"{ours};;{labelme}"
        )
        name, kind = asked
        if name:
            path = Path(name)
            end = LABELME_NAME if kind == labelme else ".json"
            plain = path.name.endswith(end)
            self.session.regions.export_file(path if plain else path.with_name(path.stem + end))
