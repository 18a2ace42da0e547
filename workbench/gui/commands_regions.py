"""Commands on regions: tools, and what is done with the selected one."""

from workbench.gui.canvas_mouse import Tool
from workbench.gui.commands import Commands


class RegionCommands(Commands):
    """What the Regions menu offers."""

    def _on_tool_select(self) -> None:
        self.stage.set_tool(Tool.SELECT)

    def _on_tool_rectangle(self) -> None:
        self.stage.set_tool(Tool.RECTANGLE)

    def _on_add_region(self) -> None:
        box = self.stage.overlay.box_in_sight()
        self.session.add_region(box.x(), box.y(), box.width(), box.height())
        self.stage.focus()

    def _on_rename_region(self) -> None:
        self.parts.tabs.setCurrentWidget(self.parts.regions)
        self.parts.regions.rename()

    def _on_delete_region(self) -> None:
        self.session.remove_region()
