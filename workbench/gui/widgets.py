"""Small parts that several panels use. Texts from files are shown as plain text, never as markup."""

import html
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHeaderView,
    QLabel,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.core.text import visible

LONGEST_LINE = 400
"""Characters of a text from a file that are ever laid out in one line."""
LONGEST_SEEN = 16
"""Characters of a cell of a table that are always seen; a longer text has a tool tip."""
LONGEST_TIP = 2000
"""Characters of one that are laid out in a tool tip."""

Index = QModelIndex | QPersistentModelIndex


def plain_label(text: str = "", name: str = "", *, wrap: bool = False) -> QLabel:
    """A label that shows its text as it is."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setObjectName(name)
    label.setWordWrap(wrap)
    return label


class ElidedLabel(QLabel):
    """One line that never asks for more room than there is; the whole text is its tool tip."""

    def __init__(self, text: str = "", name: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setObjectName(name)
        self._whole = ""
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's method
        """Show another text."""
        self._whole = text
        self._elide()

    def text(self) -> str:
        """The whole text."""
        return self._whole

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        width = self.fontMetrics().horizontalAdvance(self._whole[:LONGEST_LINE]) + 4
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters."""
        return QSize(20, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut anew."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        line = visible(self._whole.replace("\n", " "), LONGEST_LINE)
        shown = self.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, max(self.width(), 0))
        super().setText(shown)
        self.setToolTip(plain_tip(self._whole) if shown != self._whole else "")
        self.updateGeometry()


def plain_tip(text: str) -> str:
    """A tool tip that Qt can't take for markup."""
    shown = html.escape(visible(text, LONGEST_TIP, keep="\n"))
    return f"<p style='white-space:pre-wrap'>{shown}</p>"


def fixed_font() -> QFont:
    """Figures of equal width, so that numbers do not dance."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)


def section(heading: str, *parts: QWidget, stretch: int = -1) -> QWidget:
    """Widgets under a small heading; the one numbered `stretch` takes the room."""
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(3)
    if heading:
        layout.addWidget(plain_label(heading, "heading"))
    for number, part in enumerate(parts):
        layout.addWidget(part, 1 if number == stretch else 0)
    return box


def tabs_to_accept(dialog: QDialog, width: int, *pages: tuple[str, QWidget]) -> QTabWidget:
    """Fill a dialog with pages above its buttons OK and Cancel; at least `width` dots wide."""
    tabs = QTabWidget()
    tabs.setDocumentMode(True)
    tabs.tabBar().setDrawBase(False)
    for name, page in pages:
        tabs.addTab(page, name)
    kinds = QDialogButtonBox.StandardButton
    buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.addWidget(tabs)
    layout.addWidget(buttons)
    dialog.setMinimumWidth(width)
    return tabs


def line() -> QFrame:
    """A thin line between sections."""
    frame = QFrame()
    frame.setFrameShape(QFrame.Shape.HLine)
    frame.setFrameShadow(QFrame.Shadow.Plain)
    frame.setForegroundRole(frame.palette().ColorRole.Mid)
    return frame


class TableModel(QAbstractTableModel):
    """Rows of texts; numbers stand to the right."""

    def __init__(self, headers: Sequence[str], numbers: Sequence[int] = ()) -> None:
        super().__init__()
        self._headers = list(headers)
        self._numbers = frozenset(numbers)
        self._rows: list[tuple[str, ...]] = []

    def set_rows(self, rows: list[tuple[str, ...]]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Rows of the table."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Columns of the table."""
        return 0 if parent.isValid() else len(self._headers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, tool tip and alignment of a cell."""
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(self._rows[index.row()][index.column()], LONGEST_LINE)
        if role == Qt.ItemDataRole.ToolTipRole:
            text = self._rows[index.row()][index.column()]
            return plain_tip(text) if len(text) > LONGEST_SEEN else None
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in self._numbers:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Text and alignment of a heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self._headers[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section in self._numbers:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None


def table(model: QAbstractTableModel, name: str) -> QTableView:
    """A dense read-only table in which whole rows are selected."""
    view = QTableView()
    view.setModel(model)
    view.setObjectName(name)
    view.setAccessibleName(name)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(view.fontMetrics().height() + 6)
    view.horizontalHeader().setHighlightSections(False)
    view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    view.horizontalHeader().setResizeContentsPrecision(20)  # not all rows at each change
    view.horizontalHeader().setStretchLastSection(True)
    view.horizontalHeader().setMinimumSectionSize(24)
    view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return view
