"""Import of the authors' weights: ask the engine what the file is, then copy it and write its card."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from workbench.core.weights import WeightsCard, import_file
from workbench.engine.messages import Inspected
from workbench.gui.session import Session
from workbench.gui.weights_dialog import WeightsDialog


class WeightsImport(QObject):
    """One dialog at a time."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._window = parent
        self.dialog: WeightsDialog | None = None

    def open(self) -> None:
        """Show the dialog."""
        self.dialog = WeightsDialog(self._window)
        self.dialog.asked.connect(self._on_asked)
        self.dialog.open()

    def _on_asked(self, path: Path, variant: int, name: str) -> None:
        self._session.runs.inspect(
            path, variant, lambda found: self._copy(path, name, found), self._on_failed
        )

    def _copy(self, path: Path, name: str, found: Inspected) -> None:
        self._session.tasks.run(
            lambda: import_file(path, name, found.configuration, found.origin),
            self._on_imported,
            self._on_failed,
        )

    def _on_imported(self, card: WeightsCard) -> None:
        self._session.preferences.load_weights()
        self._session.preferences.choose_weights(card.name)
        if self.dialog is not None:
            self.dialog.accept()

    def _on_failed(self, sentence: str) -> None:
        if self.dialog is not None:
            self.dialog.show_remark(sentence)
