"""EVIDENCE: the pictures of the case with thumbnails, states, tags and notes."""

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QIcon
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.core.case import Item
from workbench.core.text import visible
from workbench.gui.note_field import NoteField
from workbench.gui.picture_list import ID, Entry, Order, PictureModel
from workbench.gui.thumbnails import SIDE
from workbench.gui.widgets import plain_label

LONGEST_TAGS = 1000
LINES = 4
"""Name, size, runs, tags: each row has room for them, so that none is measured."""
PADDING = 8


class EvidencePanel(QWidget):
    """Choosing a row shows that picture; what is written below belongs to it."""

    chosen = Signal(str)
    """Id of the picture."""
    described = Signal(str, object, str)
    """Id of the picture, its tags and its note."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item: Item | None = None
        self.model = PictureModel()
        self.count = plain_label("", "dim")
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Filter: words, #tag"))
        self.filter.setAccessibleName(self.tr("Filter the pictures"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._on_view)
        self.order = self._make_order()
        self.list = self._make_list()
        self.tags = QLineEdit()
        self.tags.setPlaceholderText(self.tr("Tags: sea, sky"))
        self.tags.setAccessibleName(self.tr("Tags of this picture"))
        self.tags.editingFinished.connect(self._on_described)
        self.note = NoteField(self.tr("Note on this picture"), 3)
        self.note.edited.connect(self._on_note)
        self._lay_out()
        self.show_words(None, editable=False)

    def _make_order(self) -> QToolButton:
        button = QToolButton()
        button.setText("⇅")
        button.setObjectName("order")
        button.setToolTip(self.tr("Sort the pictures"))
        button.setAccessibleName(self.tr("Sort the pictures"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu, group = QMenu(button), QActionGroup(button)
        for order, text in (
            (Order.OPENED, self.tr("As they were &opened")),
            (Order.NAME, self.tr("By &name")),
            (Order.RUNS, self.tr("Most &runs first")),
            (Order.TROUBLE, self.tr("&Missing or changed first")),
        ):
            action = QAction(text, group, checkable=True)
            action.setData(order)
            action.setChecked(order is Order.OPENED)
            menu.addAction(action)
        group.triggered.connect(self._on_view)
        button.setMenu(menu)
        self._orders = group
        return button

    def _make_list(self) -> QListView:
        view = QListView()
        view.setModel(self.model)
        view.setObjectName("evidence")
        view.setAccessibleName(self.tr("Pictures of the case"))
        view.setIconSize(QSize(SIDE, SIDE))
        view.setWordWrap(True)
        view.setUniformItemSizes(True)
        lines = view.fontMetrics().lineSpacing() * LINES
        self.model.set_size(QSize(SIDE, max(SIDE, lines) + PADDING))
        view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        view.selectionModel().currentChanged.connect(self._on_current)
        return view

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(plain_label(self.tr("EVIDENCE"), "heading"))
        top.addStretch(1)
        top.addWidget(self.count)
        top.addWidget(self.order)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 0, 4)
        layout.setSpacing(3)
        layout.addLayout(top)
        layout.addWidget(self.filter)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.tags)
        layout.addWidget(self.note)

    def set_thumbnail(self, item_id: str, icon: QIcon) -> None:
        """Give a picture its thumbnail."""
        self.model.set_icon(item_id, icon)

    def show_entries(self, entries: list[Entry], current: str) -> None:
        """List the pictures."""
        self.list.selectionModel().blockSignals(True)
        self.model.set_entries(entries)
        self._show_current(current)
        self.list.selectionModel().blockSignals(False)

    def show_words(self, item: Item | None, *, editable: bool) -> None:
        """Tags and note of the picture in sight."""
        if item is None or self._item is None or item.id != self._item.id:
            self.settle()
        self._item = item
        tags = ", ".join(item.tags) if item else ""
        if not (self.tags.hasFocus() and self.tags.isModified()):
            self.tags.setText(visible(tags, LONGEST_TAGS))
        self.tags.setEnabled(item is not None)
        self.tags.setReadOnly(not editable or len(tags) > LONGEST_TAGS)
        self.note.show_text(item.id if item else "", item.note if item else "", editable=editable)

    def settle(self) -> None:
        """Tell of what was typed and not told yet."""
        if self.tags.isModified():
            self._on_described()
        self.note.settle()

    def _show_current(self, item_id: str) -> None:
        row = self.model.row_of(item_id)
        index = self.model.index(row, 0) if row >= 0 else QModelIndex()
        if index != self.list.currentIndex():
            self.list.setCurrentIndex(index)
        shown, there = self.model.counts
        self.count.setText(str(there) if shown == there else f"{shown} / {there}")

    def _on_view(self, *_: object) -> None:
        chosen = self._orders.checkedAction()
        self.list.selectionModel().blockSignals(True)
        self.model.set_view(self.filter.text(), chosen.data() if chosen else Order.OPENED)
        self._show_current(self._item.id if self._item else "")
        self.list.selectionModel().blockSignals(False)

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.data(ID))

    def _on_described(self) -> None:
        """Only what was typed: leaving the field is no change."""
        if self._item is not None and self.tags.isModified() and not self.tags.isReadOnly():
            self.tags.setModified(False)
            self.described.emit(self._item.id, tags_of(self.tags.text()), self._item.note)

    def _on_note(self, item_id: str, note: str) -> None:
        item = self._item
        if item is not None and item.id == item_id:
            self.described.emit(item_id, item.tags, note)


def tags_of(text: str) -> tuple[str, ...]:
    """`car, #night` -> ("car", "night"); each once."""
    words = (word.strip().lstrip("#").strip() for word in text.split(","))
    return tuple(dict.fromkeys(word for word in words if word))
