"""How often the layer of families is right: what was done to held-out photographs, and what it shows."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QDialog, QDialogButtonBox, QTableView, QVBoxLayout, QWidget

from workbench.core.families import FAMILIES, Worth
from workbench.gui import wording
from workbench.gui.widgets import TableModel, plain_label, section, table

_NUMBERS = range(1, len(FAMILIES) + 1)

Shares = npt.NDArray[np.float64]


class FamilyTable(QDialog):
    """A window of its own that does not hold up the work.

    Attributes:
        seen, faint: of changes that show, and of those too small to be seen.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("How often the families are right"))
        self.summary = plain_label("", "summary", wrap=True)
        self.seen, self.faint = (
            TableModel([self.tr("what was done"), *wording.families()], _NUMBERS) for _ in "12"
        )
        self._views = [self._view(self.seen), self._view(self.faint)]
        self._apart = section(self.tr("THE SAME FOR CHANGES THAT NOBODY COULD SEE"), self._views[1])
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(self.summary)
        layout.addWidget(section(self.tr("WHAT IS SHOWN, IN PER CENT OF A ROW'S PIXELS"), self._views[0]))
        layout.addWidget(self._apart)
        layout.addWidget(buttons)

    def _view(self, model: TableModel) -> QTableView:
        view = table(model, "families")
        view.setAccessibleName(self.tr("A row for what was done, a column for what is shown"))
        view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.horizontalHeader().setStretchLastSection(False)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return view

    def show_worth(self, worth: Worth, weights: str) -> None:
        """Show what was measured of the head of some weights."""
        text = self.tr(
            "The head of {weights} is right for {share} % of the pixels of held-out photographs, each family "
            "counted alike; guessing would reach {chance} %. Look down a column before you trust its family: "
            "one that much else is taken for is a weak hint. On other pictures it may do worse."
        )
        share, chance = f"{100 * worth.accuracy:.0f}", f"{100 / len(FAMILIES):.1f}"
        self.summary.setText(text.format(weights=weights, share=share, chance=chance))
        self.seen.set_rows(_rows(worth.shares))
        self.faint.set_rows(_rows(worth.faint) if worth.faint is not None else [])
        self._apart.setVisible(self.faint.rowCount() > 0)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Only now the fonts are known."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Each table as large as its content."""
        for view in self._views:
            header, row = view.horizontalHeader(), view.verticalHeader().defaultSectionSize()
            rows = row * view.model().rowCount()
            view.setFixedSize(header.length() + 6, rows + header.sizeHint().height() + 8)
        self.adjustSize()


def _rows(shares: Shares) -> list[tuple[str, ...]]:
    """As texts; a family of which there was nothing is left out."""
    rows = zip(wording.families(), shares.tolist(), strict=True)
    return [(name, *(f"{100 * share:.0f}" for share in row)) for name, row in rows if any(row)]
