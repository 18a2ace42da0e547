"""FINDINGS: what exceeds the threshold, as a sentence and as a table that selects in the picture."""

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QVBoxLayout, QWidget

from workbench.core.analysis import Analysis
from workbench.core.case import Item
from workbench.core.findings import Finding, Findings
from workbench.core.text import visible
from workbench.gui import wording
from workbench.gui.widgets import LONGEST_LINE, TableModel, plain_label, table

WIDEST = ("000", "0000000", "0.0000", "0000", "0000", "0000", "0000", "0.000", "0.000")
"""What each column has room for: the figures of a large picture."""
PADDING = (6, 12)
"""Dots beside the figures, at least and at most."""


class FindingsPanel(QWidget):
    """Choosing a row tells the finding's box in stored pixels."""

    chosen = Signal(object)
    """QRect, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._listed: tuple[Finding, ...] = ()
        headers = [
            self.tr("#"),
            self.tr("Pixels"),
            self.tr("%"),
            self.tr("x"),
            self.tr("y"),
            self.tr("w"),
            self.tr("h"),
            self.tr("Mean"),
            self.tr("Max"),
        ]
        self.model = TableModel(headers, range(9))
        self.table = table(self.model, "findings")
        self.table.setAccessibleName(self.tr("Findings"))
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.table.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.summary = plain_label("", "summary", wrap=True)
        self.warning = plain_label("", "warning", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 5, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.summary)
        layout.addWidget(self.warning)
        layout.addWidget(self.table, 1)
        self.show_nothing(self.tr("Open a picture."))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room among the columns, which have small type; that of the scroll bar is kept for it."""
        super().resizeEvent(event)
        metrics = QFontMetrics(self.table.font())
        needed = [metrics.horizontalAdvance(text) for text in WIDEST]
        bar = self.table.verticalScrollBar().sizeHint().width()
        room = self.width() - 2 * self.table.frameWidth() - bar - sum(needed)
        padding = min(max(room // len(needed), PADDING[0]), PADDING[1])
        for column, width in enumerate(needed):
            self.table.horizontalHeader().resizeSection(column, width + padding)

    def show_nothing(self, sentence: str) -> None:
        """There is no finished map: say what to do."""
        self._show((), sentence, "")

    def show_share(self, threshold: float, share: float, analysis: Analysis) -> None:
        """Follow a moving threshold at once; the table comes when the hand rests."""
        self.summary.setText(visible(wording.share_above(threshold, share, analysis), LONGEST_LINE))

    def show_findings(self, findings: Findings, analysis: Analysis, item: Item) -> None:
        """List what exceeds the threshold, and say where the method's limits bite."""
        remarks = wording.limits_of_run(findings, analysis, item)
        summary = wording.findings_summary(findings, analysis)
        if findings.listed and item.decode.orientation not in (0, 1):
            stored = self.tr("The picture is shown turned; x, y, w, h are pixels as they are stored.")
            summary = f"{summary} {stored}"
        self._show(findings.listed, summary, "\n".join(remarks))

    def step(self, by: int) -> None:
        """Go to the next finding or the one before."""
        count = self.model.rowCount()
        if count:
            row = self.table.currentIndex().row()
            self.table.selectRow((row + by) % count if row >= 0 else 0)

    def _show(self, listed: tuple[Finding, ...], summary: str, warning: str) -> None:
        kept = self.table.currentIndex().row()
        if listed != self._listed:
            self._listed = listed
            self.model.set_rows([_row(finding) for finding in listed])
            if kept >= 0:
                self.chosen.emit(None)
        self.summary.setText(visible(summary, LONGEST_LINE))
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))

    def _on_row(self, index: QModelIndex) -> None:
        if index.isValid():
            finding = self._listed[index.row()]
            self.chosen.emit(QRect(finding.x, finding.y, finding.width, finding.height))


def _row(finding: Finding) -> tuple[str, ...]:
    box = finding.x, finding.y, finding.width, finding.height
    return (
        str(finding.number),
        str(finding.area),
        wording.percent(finding.share),
        *(str(value) for value in box),
        f"{finding.mean:.3f}",
        f"{finding.max:.3f}",
    )
