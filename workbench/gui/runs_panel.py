"""RUNS: every run of the case, newest first, whatever came of it."""

from datetime import datetime

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.core.analysis import Analysis
from workbench.core.case import Case, Item
from workbench.gui.widgets import TableModel, plain_label, table


class RunsPanel(QWidget):
    """Double click or Enter shows a run's layer."""

    opened = Signal(str, str)
    """Ids of the picture and of the run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: list[tuple[Item, Analysis]] = []
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
        self.table.activated.connect(self._on_opened)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 2, 0, 4)
        layout.setSpacing(3)
        layout.addWidget(plain_label(self.tr("RUNS"), "heading"))
        layout.addWidget(self.table, 1)

    def show_case(self, case: Case) -> None:
        """List all runs."""
        runs = [(item, analysis) for item in case.items for analysis in item.analyses]
        runs.sort(key=lambda run: run[1].provenance.started, reverse=True)
        if runs != self._runs:
            self._runs = runs
            self.model.set_rows([_row(item, analysis) for item, analysis in runs])

    def _on_opened(self, index: QModelIndex) -> None:
        item, analysis = self._runs[index.row()]
        self.opened.emit(item.id, analysis.id)


def _row(item: Item, analysis: Analysis) -> tuple[str, ...]:
    region = ", ".join(str(v) for v in analysis.region.box) if analysis.region else "–"
    return (
        clock(analysis.provenance.started),
        item.name,
        analysis.title,
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
