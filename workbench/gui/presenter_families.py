"""Keeps the layer of families, its legend and its table in step with the session."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence

from workbench.gui.family_layer import FAMILIES_LAYER
from workbench.gui.family_table import FamilyTable
from workbench.gui.session import Session
from workbench.gui.window_layout import WindowLayout


class FamilyPresenter(QObject):
    """The layer is drawn once it is chosen and ready."""

    def __init__(self, session: Session, parts: WindowLayout, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self.parts = session, parts
        self._desk = session.families
        self._table: FamilyTable | None = None
        action = parts.actions["families"]
        self._tip = action.toolTip()
        for signal in (self._desk.changed, session.layer_changed, session.item_chosen, session.busy_changed):
            signal.connect(self.show)
        self._desk.progressed.connect(parts.status.show_progress)
        parts.families.table_asked.connect(self._show_table)
        self.show()

    def show(self) -> None:
        """Draw the layer, or take it away; offer what can be chosen."""
        desk, action = self._desk, self.parts.actions["families"]
        layer = desk.layer if desk.chosen else None
        if layer is not None and self.parts.stage.mode.needs_pair:
            self.parts.actions["single"].trigger()
        self.parts.stage.show_families(layer)
        if layer is not None:
            self.parts.families.show_layer(layer)
        self.parts.families.setVisible(layer is not None)
        self.parts.response.setVisible(layer is None)
        action.setEnabled(self.session.item is not None and not desk.why_not)
        if desk.chosen:
            self.parts.findings.show_nothing(self.advice())
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{desk.why_not} ({key})" if desk.why_not else self._tip)

    def entry(self) -> tuple[str, str, str]:
        """The line among the layers: id, text, tool tip."""
        card = self.session.preferences.card
        about_weights = card.name if card is not None and not self._desk.why_not else ""
        state = self.tr("looking …") if self._desk.busy else about_weights
        text = " · ".join(part for part in (self.tr("Manipulation families"), state) if part)
        about = self.tr(
            "The family of manipulations that the traces at each place resemble most: a hint at what to look "
            "for. Made when it is first chosen."
        )
        return FAMILIES_LAYER, text, self._desk.why_not or about

    def advice(self) -> str:
        """What stands in the place of findings while the layer is chosen."""
        if self._desk.layer is not None:
            return self.tr(
                "Families have no findings and no threshold: the layer is a hint at what to look for, and "
                "may be wrong. No colour does not mean that nothing was done. It is not part of the report."
            )
        if self._desk.busy:
            return self.tr("Looking at the traces … Esc stops it.")
        return self.tr("The families follow once the run under way is done.")

    def _show_table(self) -> None:
        if self._desk.worth is None or self.session.preferences.card is None:
            return
        if self._table is None:
            self._table = FamilyTable(self.parts.stage.window())
        self._table.show_worth(self._desk.worth, self.session.preferences.card.name)
        self._table.show()
        self._table.activateWindow()
