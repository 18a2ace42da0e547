"""The propositions that the examiner weighs the findings against: a small table to write in."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbench.core.case import Proposition
from workbench.core.text import visible

NAME, TEXT, ASSESSMENT = range(3)
LONGEST = 4000
_GIVEN = Qt.ItemDataRole.UserRole


class Propositions(QWidget):
    """A row for each; an assessment is chosen of the laboratory's list, and of nothing else."""

    def __init__(
        self, propositions: Sequence[Proposition], assessments: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._assessments = tuple(assessments)
        self.table = QTableWidget(0, 3)
        self.table.setObjectName("propositions")
        self.table.setAccessibleName(self.tr("Propositions"))
        self.table.setHorizontalHeaderLabels([self.tr("Name"), self.tr("It says"), self.tr("Assessment")])
        self.table.verticalHeader().hide()
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(TEXT, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(ASSESSMENT, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(NAME, 60)
        header.resizeSection(ASSESSMENT, 170)
        self.table.setFixedHeight(self.fontMetrics().lineSpacing() * 7 + 8)
        self.add = QPushButton(self.tr("A&dd"))
        self.add.setToolTip(self.tr("Add a proposition"))
        self.add.clicked.connect(self._on_add)
        self.remove = QPushButton(self.tr("Re&move"))
        self.remove.setToolTip(self.tr("Remove the selected proposition"))
        self.remove.clicked.connect(self._on_remove)
        buttons = QVBoxLayout()
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)
        for proposition in propositions:
            self._add(proposition)

    def propositions(self) -> tuple[Proposition, ...]:
        """As they are written; rows without words are left out."""
        rows = [self._row(row) for row in range(self.table.rowCount())]
        return tuple(p for p in rows if p.text)

    def _row(self, row: int) -> Proposition:
        box = self.table.cellWidget(row, ASSESSMENT)
        chosen = box.currentData() if isinstance(box, QComboBox) else ""
        return Proposition(self._words(row, NAME), self._words(row, TEXT), chosen)

    def _words(self, row: int, column: int) -> str:
        """As it is written now; what was only looked at, as it was given."""
        cell = self.table.item(row, column)
        if cell is None:
            return ""
        given = cell.data(_GIVEN)
        return given if cell.text() == _shown(given) else cell.text().strip()

    def _add(self, proposition: Proposition) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        for column, text in ((NAME, proposition.name), (TEXT, proposition.text)):
            cell = QTableWidgetItem(_shown(text))
            cell.setData(_GIVEN, text)
            self.table.setItem(row, column, cell)
        self.table.setCellWidget(row, ASSESSMENT, self._choice(proposition.assessment))

    def _choice(self, chosen: str) -> QComboBox:
        """An assessment that has left the list meanwhile is kept where it was given."""
        box = QComboBox()
        box.setAccessibleName(self.tr("Assessment"))
        box.addItem(self.tr("none"), "")
        for word in dict.fromkeys((*self._assessments, *filter(None, [chosen]))):
            box.addItem(visible(word, 200), word)
        box.setCurrentIndex(box.findData(chosen))
        box.setEnabled(box.count() > 1)
        return box

    def _on_add(self) -> None:
        self._add(Proposition(f"H{self.table.rowCount() + 1}", ""))
        row = self.table.rowCount() - 1
        self.table.setCurrentCell(row, TEXT)
        cell = self.table.item(row, TEXT)
        if cell is not None:
            self.table.editItem(cell)

    def _on_remove(self) -> None:
        if self.table.currentRow() >= 0:
            self.table.removeRow(self.table.currentRow())


def _shown(text: str) -> str:
    return visible(text, LONGEST, keep="\n\t")
