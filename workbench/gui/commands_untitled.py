"""Commands on cases that have no name: offered at the start, listed, opened, discarded."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.casefile.untitled import Left
from workbench.gui.commands import Commands
from workbench.gui.untitled_dialog import UntitledDialog

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow


class UntitledCommands(Commands):
    """Nothing here interrupts: the offer is a line that waits."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.dialog: UntitledDialog | None = None
        self._left: list[Left] = []
        self._offering = False

    def connect_parts(self) -> None:
        """Once the parts of the window are there."""
        bar = self.parts.untitled
        bar.open_asked.connect(lambda: self._open(self._left[0]))
        bar.list_asked.connect(self._on_untitled)
        bar.later_button.clicked.connect(self._stop_offering)
        self.session.untitled.found.connect(self._on_found)

    def offer(self) -> None:
        """Look what is left from before, and say so above the picture."""
        self._offering = True
        self.session.untitled.look()

    def _stop_offering(self) -> None:
        self._offering = False

    def _on_untitled(self) -> None:
        if self.dialog is None:
            self.dialog = UntitledDialog(self._open, self._discard, self.window)
        self.dialog.show()
        self.dialog.activateWindow()
        self.session.untitled.look()

    def _on_found(self, left: list[Left]) -> None:
        self._left = left
        most = self.session.preferences.settings.untitled_cases
        if self._offering:
            self.parts.untitled.offer(left, most)
        if self.dialog is not None:
            self.dialog.show_left(left, most)

    def _open(self, left: Left) -> None:
        """What is open is left first, as with any other case."""
        if self.window.case_commands.may_leave():
            self._stop_offering()
            self.parts.untitled.hide()
            self.session.cases.open(left.folder)

    def _discard(self, chosen: Sequence[Left]) -> None:
        self.session.untitled.discard([left.folder for left in chosen])
