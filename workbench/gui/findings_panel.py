"""FINDINGS: what exceeds the threshold, as a sentence and as a table that selects in the picture."""

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHeaderView, QVBoxLayout, QWidget

from workbench.core.analysis import Analysis
from workbench.core.case import Item
from workbench.core.findings import Finding, Findings
from workbench.gui import wording
from workbench.gui.widgets import TableModel, plain_label, table

DIGITS = (3, 7, 5, 4, 4, 4, 4, 5, 5)
"""Figures that each column has room for."""


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
        self._set_widths()
        self.summary = plain_label("", "summary", wrap=True)
        self.warning = plain_label("", "warning", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 5, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.summary)
        layout.addWidget(self.warning)
        layout.addWidget(self.table, 1)
        self.show_nothing(self.tr("Open a picture."))

    def _set_widths(self) -> None:
        """Room for the figures of a large picture, so that nothing needs scrolling sideways."""
        font = self.table.font()
        font.setPointSizeF(font.pointSizeF() - 1)
        self.table.setFont(font)
        header = self.table.horizontalHeader()
        header.setFont(font)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.table.setTextElideMode(Qt.TextElideMode.ElideNone)
        for column, digits in enumerate(DIGITS):
            header.resizeSection(column, QFontMetrics(font).horizontalAdvance("0" * digits) + 7)

    def show_nothing(self, sentence: str) -> None:
        """There is no finished map: say what to do."""
        self._show((), sentence, "")

    def show_share(self, threshold: float, share: float, analysis: Analysis) -> None:
        """Follow a moving threshold at once; the table comes when the hand rests."""
        self.summary.setText(wording.share_above(threshold, share, analysis))

    def show_findings(self, findings: Findings, analysis: Analysis, item: Item) -> None:
        """List what exceeds the threshold, and say where the method's limits bite."""
        remarks = [wording.inversion(findings, analysis), *wording.limits(item)]
        summary = wording.findings_summary(findings, analysis)
        self._show(findings.listed, summary, "\n".join(remark for remark in remarks if remark))

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
        self.summary.setText(summary)
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
