"""How often the layer of families is right: what was done to held-out photographs, and what it shows."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QDialog, QDialogButtonBox, QTableView, QVBoxLayout, QWidget

from workbench.core.families import FAMILIES, Worth
from workbench.gui import wording
from workbench.gui.widgets import TableModel, plain_label, section, table

_NUMBERS = range(1, len(FAMILIES) + 1)


class FamilyTable(QDialog):
    """A window of its own that does not hold up the work.

    Attributes:
        shown, likely: tables of the colours shown, and of the most likely families, clear or not.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("How often the families are right"))
        self.summary = plain_label("", "summary", wrap=True)
        self.about_likely = plain_label("", "dim", wrap=True)
        self.shown, self.likely = (
            TableModel([self.tr("what was done"), *names], _NUMBERS)
            for names in (wording.shown_families(), wording.families())
        )
        self._views = [_view(self.shown), _view(self.likely)]
        for view in self._views:
            view.setAccessibleName(self.tr("A row for what was done, a column for what is shown"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        shown = self.tr("COLOUR SHOWN, % OF A ROW")
        likely = self.tr("MOST LIKELY FAMILY, CLEAR OR NOT, % OF A ROW")
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(self.summary)
        layout.addWidget(section(shown, self._views[0]))
        layout.addWidget(section(likely, self._views[1], self.about_likely))
        layout.addWidget(buttons)

    def show_worth(self, worth: Worth, weights: str) -> None:
        """Show what was measured of the head of some weights."""
        text = self.tr(
            "Measured on held-out photographs, the families drawn alike, with the head of {weights}: "
            "{right} % of the coloured pixels had the right colour; {astray} % of the untouched ones had "
            "one, and {faint} % of those that were changed too little to be seen. Look down a column before "
            "you trust its family. Other pictures may do worse."
        )
        figures = {"right": worth.right, "astray": worth.astray, "faint": worth.faint}
        texts = {name: f"{100 * value:.1f}" for name, value in figures.items()}
        self.summary.setText(text.format(weights=weights, **texts))
        about = self.tr(
            "The line below the picture tells the most likely family of every pixel. It is right for "
            "{share} % of the pixels, each family counted alike; guessing would reach {chance} %."
        )
        share, chance = f"{100 * worth.accuracy:.0f}", f"{100 / len(FAMILIES):.1f}"
        self.about_likely.setText(about.format(share=share, chance=chance))
        self.shown.set_rows(_rows(worth.shown))
        self.likely.set_rows(_rows(worth.likely))
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Only now the fonts are known."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Each table as large as its content, both as wide as the wider, and the words as wide as they."""
        width = max(view.horizontalHeader().length() for view in self._views) + 6
        for view in self._views:
            rows = view.verticalHeader().defaultSectionSize() * view.model().rowCount()
            view.setFixedSize(width, rows + view.horizontalHeader().sizeHint().height() + 8)
        for label in (self.summary, self.about_likely):
            label.setFixedSize(width, label.heightForWidth(width))
        self.adjustSize()


def _view(model: TableModel) -> QTableView:
    view = table(model, "families")
    view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    view.horizontalHeader().setStretchLastSection(False)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return view


def _rows(shares: npt.NDArray[np.float64]) -> list[tuple[str, ...]]:
    rows: Sequence[Sequence[float]] = shares.tolist()
    return [
        (name, *(f"{100 * share:.0f}" for share in row))
        for name, row in zip(wording.families(), rows, strict=True)
    ]
