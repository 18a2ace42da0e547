"""Settings and weights: what the user chose for all cases."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from workbench.core import settings as settings_file
from workbench.core.errors import WeightsError
from workbench.core.settings import Settings
from workbench.core.weights import WeightsCard, all_cards, damaged_cards


class Preferences(QObject):
    """Every change is written at once.

    Attributes:
        settings: at present.
        cards: of all weights there are.
    """

    changed = Signal()
    weights_changed = Signal()
    failed = Signal(str)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.cards: tuple[WeightsCard, ...] = ()

    @property
    def card(self) -> WeightsCard | None:
        """The chosen weights; the first ones if those chosen last are gone."""
        chosen = next((c for c in self.cards if c.name == self.settings.weights), None)
        return chosen or next(iter(self.cards), None)

    def card_of(self, sha256: str) -> WeightsCard | None:
        """The card of weights that made a map, if they are still there."""
        return next((c for c in self.cards if c.sha256 == sha256), None)

    def load_weights(self) -> None:
        """Read the cards anew."""
        try:
            self.cards = tuple(all_cards())
            for sentence in damaged_cards():
                self.failed.emit(sentence)
        except WeightsError as error:
            self.failed.emit(str(error))
        self.weights_changed.emit()

    def choose_weights(self, name: str) -> None:
        """Use other weights from the next run on."""
        if name and name != self.settings.weights:
            self.change(replace(self.settings, weights=name))
        self.weights_changed.emit()

    def change(self, settings: Settings) -> None:
        """Keep other settings."""
        self.settings = settings
        try:
            settings_file.save(settings)
        except OSError as error:
            text = self.tr("The settings could not be saved: {reason}.")
            self.failed.emit(text.format(reason=error.strerror))
        self.changed.emit()

    def remember(self, path: Path) -> None:
        """Put a file first in the recent ones."""
        self.change(self.settings.with_recent(path))
