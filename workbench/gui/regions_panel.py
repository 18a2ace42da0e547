"""REGIONS: names and exact numbers, in stored pixels, to be typed over."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.core.region import Region
from workbench.gui.widgets import plain_label

FIELDS = ("name", "x", "y", "width", "height")
_ID = Qt.ItemDataRole.UserRole
_NO_TRIGGERS = QAbstractItemView.EditTrigger.NoEditTriggers


class RegionsPanel(QWidget):
    """The table follows the picture and the other way round."""

    chosen = Signal(str)
    edited = Signal(object)
    """The changed `Region`."""

    def __init__(self, actions: list[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._regions: tuple[Region, ...] = ()
        self.table = self._make_table()
        self._triggers = self.table.editTriggers()
        hint = self.tr("Draw a rectangle with R, or add one with Ctrl+R. All numbers are stored pixels.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 5, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(plain_label(hint, "dim", wrap=True))
        layout.addWidget(self.table, 1)
        row = QHBoxLayout()
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        row.addStretch(1)
        layout.addLayout(row)

    def _make_table(self) -> QTableWidget:
        headers = [self.tr("Name"), self.tr("x"), self.tr("y"), self.tr("Width"), self.tr("Height")]
        made = QTableWidget(0, len(FIELDS))
        made.setObjectName("regions")
        made.setAccessibleName(self.tr("Regions"))
        made.setHorizontalHeaderLabels(headers)
        made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        made.setShowGrid(False)
        made.setTabKeyNavigation(False)
        made.verticalHeader().hide()
        made.verticalHeader().setDefaultSectionSize(made.fontMetrics().height() + 8)
        made.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        made.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        made.horizontalHeader().setHighlightSections(False)
        made.itemChanged.connect(self._on_edited)
        made.currentCellChanged.connect(self._on_row)
        return made

    def show_regions(self, regions: tuple[Region, ...], selected: str) -> None:
        """List the regions."""
        self._regions = regions
        with QSignalBlocker(self.table):
            self.table.setRowCount(len(regions))
            for row, region in enumerate(regions):
                for column, field in enumerate(FIELDS):
                    self._set_cell(row, column, str(getattr(region, field)), region.id)
            self._select(selected)

    def set_editable(self, *, editable: bool) -> None:
        """Whether names and numbers can be typed over."""
        self.table.setEditTriggers(self._triggers if editable else _NO_TRIGGERS)

    def rename(self) -> None:
        """Start typing over the name of the selected region."""
        cell = self.table.item(self.table.currentRow(), 0)
        if cell is not None:
            self.table.setFocus()
            self.table.editItem(cell)

    def _select(self, region_id: str) -> None:
        row = next((i for i, r in enumerate(self._regions) if r.id == region_id), -1)
        if row < 0:
            self.table.clearSelection()
            self.table.setCurrentCell(-1, -1)
        elif row != self.table.currentRow():
            self.table.setCurrentCell(row, max(0, self.table.currentColumn()))

    def _set_cell(self, row: int, column: int, text: str, region_id: str) -> None:
        cell = self.table.item(row, column)
        if cell is None:
            cell = QTableWidgetItem()
            if column:
                cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, column, cell)
        cell.setText(text)
        cell.setData(_ID, region_id)

    def _on_row(self, row: int, *_: int) -> None:
        if 0 <= row < len(self._regions):
            self.chosen.emit(self._regions[row].id)

    def _on_edited(self, cell: QTableWidgetItem) -> None:
        region = next((r for r in self._regions if r.id == cell.data(_ID)), None)
        if region is None:
            return
        field, text = FIELDS[cell.column()], cell.text().strip()
        if field == "name" and text:
            self.edited.emit(replace(region, name=text))
        elif field != "name" and text.isdecimal():
            self.edited.emit(region.moved_to(**{**_numbers(region), field: int(text)}))
        self.show_regions(self._regions, region.id)  # as it is now, if the new numbers were refused


def _numbers(region: Region) -> dict[str, int]:
    return {"x": region.x, "y": region.y, "width": region.width, "height": region.height}
