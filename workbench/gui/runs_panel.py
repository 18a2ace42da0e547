"""RUNS: every run of the case, newest first, whatever came of it, and the examiner's notes on them."""

from datetime import datetime

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from workbench.core.analysis import Analysis
from workbench.core.case import Case, Item
from workbench.gui.note_field import NoteField
from workbench.gui.widgets import TableModel, plain_label, table

NOTE_WIDTH = 190
PICTURE = 1
"""The column with the picture's name."""
WIDEST = 150
"""Dots of a column at most."""


class RunsPanel(QWidget):
    """Double click or Enter shows a run's layer; the note beside belongs to the row that is selected."""

    opened = Signal(str, str)
    """Ids of the picture and of the run."""
    noted = Signal(str, str, str)
    """Ids of the picture and of the run, and the new note."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: list[tuple[Item, Analysis]] = []
        self._editable = False
        self._case: Case | None = None
        self._rows: dict[str, tuple[Analysis, tuple[str, ...]]] = {}
        headers = [
            self.tr("Time"),
            self.tr("Picture"),
            self.tr("What"),
            self.tr("Region x, y, w, h"),
            self.tr("Weights"),
            self.tr("Threshold"),
            self.tr("Mean"),
            self.tr("Seconds"),
            self.tr("By"),
        ]
        self.model = TableModel(headers, (5, 6, 7))
        self.table = table(self.model, "runs")
        self.table.setAccessibleName(self.tr("Runs, newest first"))
        self._share_room()
        self.table.activated.connect(self._on_opened)
        self.table.selectionModel().currentRowChanged.connect(self._show_note)
        self.note = NoteField(self.tr("Note on the selected run"), 0)
        self.note.setFixedWidth(NOTE_WIDTH)
        self.note.edited.connect(self._on_noted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 2, 0, 4)
        layout.setSpacing(3)
        layout.addWidget(plain_label(self.tr("RUNS"), "heading"))
        row = QHBoxLayout()
        row.addWidget(self.table, 1)
        row.addWidget(self.note)
        layout.addLayout(row, 1)

    def _share_room(self) -> None:
        """The name of the picture gets what the others leave; what is too long is cut in its middle."""
        header = self.table.horizontalHeader()
        header.setStretchLastSection(False)
        header.setMaximumSectionSize(WIDEST)
        header.setSectionResizeMode(PICTURE, QHeaderView.ResizeMode.Stretch)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)

    def show_case(self, case: Case, *, editable: bool = True) -> None:
        """List all runs; the one that is selected stays so."""
        if case is self._case and editable == self._editable:
            return
        if self._case is None or self._case.id != case.id:
            self._rows.clear()
        self._case, self._editable = case, editable
        runs = [(item, analysis) for item in case.items for analysis in item.analyses]
        runs.sort(key=lambda run: run[1].provenance.started, reverse=True)
        if [(item.name, run) for item, run in runs] != [(item.name, run) for item, run in self._runs]:
            kept = self._selected()
            self._runs = runs
            self.model.set_rows([self._row(item, analysis) for item, analysis in runs])
            row = next((n for n, (_, run) in enumerate(runs) if kept and run.id == kept[1].id), -1)
            if row >= 0:
                self.table.selectRow(row)
        self._runs = runs
        self._show_note()

    def _row(self, item: Item, analysis: Analysis) -> tuple[str, ...]:
        """Of thousands of runs mostly one is new."""
        known = self._rows.get(analysis.id)
        if known is None or known[0] is not analysis:
            self._rows[analysis.id] = known = analysis, _row(item, analysis)
        return known[1]

    def settle(self) -> None:
        """Tell of what was typed and not told yet."""
        self.note.settle()

    def _selected(self) -> tuple[Item, Analysis] | None:
        row = self.table.currentIndex().row()
        return self._runs[row] if 0 <= row < len(self._runs) else None

    def _show_note(self, *_: object) -> None:
        chosen = self._selected()
        if chosen is None:
            self.note.show_text("", "", editable=False)
        else:
            item, run = chosen
            self.note.show_text(f"{item.id} {run.id}", run.note, editable=self._editable)

    def _on_noted(self, key: str, note: str) -> None:
        item_id, run_id = key.split()
        self.noted.emit(item_id, run_id, note)

    def _on_opened(self, index: QModelIndex) -> None:
        item, analysis = self._runs[index.row()]
        self.opened.emit(item.id, analysis.id)


def _row(item: Item, analysis: Analysis) -> tuple[str, ...]:
    region = ", ".join(str(v) for v in analysis.region.box) if analysis.region else "–"
    return (
        clock(analysis.provenance.started),
        item.name,
        f"{analysis.title} ✎" if analysis.note else analysis.title,
        region,
        analysis.weights.name,
        f"{analysis.threshold.value:.3f}",
        f"{analysis.statistics.mean:.3f}",
        f"{analysis.provenance.seconds:.1f}",
        analysis.by or "–",
    )


def clock(started: str) -> str:
    """`2026-11-20 17:05:09` of an ISO time."""
    return datetime.fromisoformat(started).strftime("%Y-%m-%d %H:%M:%S")
