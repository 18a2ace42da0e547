"""Commands that change what is seen."""

from workbench.gui.commands import Commands
from workbench.gui.family_layer import FAMILIES_LAYER
from workbench.gui.stage import Mode

STEP = 0.01


class ViewCommands(Commands):
    """What the View menu offers."""

    def _on_fit(self) -> None:
        self.stage.viewport.fit()

    def _on_one_to_one(self) -> None:
        self.stage.viewport.zoom_to(1.0)

    def _on_zoom_in(self) -> None:
        self.stage.viewport.zoom_by(1)

    def _on_zoom_out(self) -> None:
        self.stage.viewport.zoom_by(-1)

    def _on_single(self) -> None:
        self.stage.set_mode(Mode.SINGLE)

    def _on_side_by_side(self) -> None:
        self.stage.set_mode(Mode.SIDE_BY_SIDE)

    def _on_blink(self) -> None:
        self.stage.set_mode(Mode.BLINK)

    def _on_compare(self) -> None:
        self.stage.set_mode(Mode.COMPARE)

    def _on_blink_maps(self) -> None:
        self.stage.set_mode(Mode.BLINK_MAPS)

    def _on_difference(self) -> None:
        self.stage.set_mode(Mode.DIFFERENCE)

    def _on_hide_map(self) -> None:
        self.stage.hide_map(self.window.actions_by_name["hide_map"].isChecked())

    def _on_families(self) -> None:
        self.session.choose_layer(FAMILIES_LAYER)

    def _on_grid(self) -> None:
        self.stage.set_grid(self.window.actions_by_name["grid"].isChecked())

    def _on_focus_threshold(self) -> None:
        self.window.threshold_slider.setFocus()

    def _on_threshold_up(self) -> None:
        self.parts.response.step(STEP)

    def _on_threshold_down(self) -> None:
        self.parts.response.step(-STEP)

    def _on_focus_opacity(self) -> None:
        self.parts.layers.opacity.setFocus()

    def _on_focus_canvas(self) -> None:
        self.stage.focus()

    def _on_next_finding(self) -> None:
        self._step_finding(1)

    def _on_previous_finding(self) -> None:
        self._step_finding(-1)

    def _step_finding(self, by: int) -> None:
        self.parts.tabs.setCurrentWidget(self.parts.findings)
        self.parts.findings.step(by)

    def _on_next_picture(self) -> None:
        self._step_picture(1)

    def _on_previous_picture(self) -> None:
        self._step_picture(-1)

    def _step_picture(self, by: int) -> None:
        items = [item.id for item in self.session.document.case.items]
        if self.session.item_id in items:
            self.session.choose_item(items[(items.index(self.session.item_id) + by) % len(items)])

    def _on_dismiss(self) -> None:
        self.window.message_bar.dismiss()
