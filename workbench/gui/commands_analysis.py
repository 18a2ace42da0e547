"""Commands that run the network."""

from typing import TYPE_CHECKING

from workbench.gui.commands import Commands
from workbench.gui.importing import WeightsImport

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow


class AnalysisCommands(Commands):
    """What the Analysis menu offers."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.importer = WeightsImport(window.session, window)

    def _on_analyse(self) -> None:
        self.window.analyse()

    def _on_analyse_region(self) -> None:
        self.window.analyse_region(self.session.region_id)

    def _on_search_regions(self) -> None:
        self.session.search.start()

    def _on_accept_suggestion(self) -> None:
        self.parts.search.accepted.emit(self.parts.search.rank)

    def _on_dismiss_suggestion(self) -> None:
        self.parts.search.dismissed.emit(self.parts.search.rank)

    def _on_cancel(self) -> None:
        self.window.cancel()

    def _on_choose_weights(self) -> None:
        if self.parts.weights.isVisible():
            self.parts.weights.setFocus()
            self.parts.weights.showPopup()
        else:  # a narrow window has no room for the list
            self.parts.weights_menu.popup(self.window.mapToGlobal(self.window.rect().center()))

    def _on_import_weights(self) -> None:
        self.importer.open()
