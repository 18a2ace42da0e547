"""The pictures of a case as a list that stays quick with hundreds: filtered, sorted, thumbnails on demand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QIcon

from workbench.core.case import Item
from workbench.core.text import visible
from workbench.gui.widgets import plain_tip

ID = Qt.ItemDataRole.UserRole
LONGEST_NAME = 120
SEARCHED = 20_000
"""Characters of a note that the filter looks at."""


class Order(StrEnum):
    """How the pictures are sorted."""

    OPENED = "opened"
    NAME = "name"
    RUNS = "runs"
    TROUBLE = "trouble"


@dataclass(frozen=True)
class Entry:
    """A picture as the list shows it.

    Attributes:
        item: of the case.
        state: in words, of several lines at most.
        trouble: whether its file is missing or has changed.
    """

    item: Item
    state: str
    trouble: bool = False

    @cached_property
    def text(self) -> str:
        """What stands beside the thumbnail."""
        tags = " ".join(f"#{tag}" for tag in self.item.tags)
        lines = [visible(self.item.name, LONGEST_NAME), self.state, visible(tags, LONGEST_NAME)]
        if self.item.note:
            lines[1] += " ✎"
        return "\n".join(line for line in lines if line)

    @property
    def tip(self) -> str:
        """Where the file lies, and the note."""
        note = f"\n\n{self.item.note[:SEARCHED]}" if self.item.note else ""
        return plain_tip(f"{self.item.path}{note}")

    @cached_property
    def _words(self) -> str:
        item = self.item
        return "\n".join((item.name, item.note[:SEARCHED], self.state, *item.tags)).casefold()

    def fits(self, query: str) -> bool:
        """Whether every word of a query is in name, tags, note or state; `#word` asks for a tag."""
        tags = [tag.casefold() for tag in self.item.tags]
        return all(
            any(tag.startswith(word[1:]) for tag in tags) if word.startswith("#") else word in self._words
            for word in query.casefold().split()
        )


_KEYS: dict[Order, Callable[[Entry], Any]] = {
    Order.NAME: lambda entry: entry.item.name.casefold(),
    Order.RUNS: lambda entry: -len(entry.item.analyses),
    Order.TROUBLE: lambda entry: not entry.trouble,
}


def chosen(entries: Sequence[Entry], query: str, order: Order) -> list[Entry]:
    """Those that fit, sorted; equal ones stay in the order in which they were opened."""
    fitting = [entry for entry in entries if entry.fits(query)]
    key = _KEYS.get(order)
    return sorted(fitting, key=key) if key else fitting


Index = QModelIndex | QPersistentModelIndex


class PictureModel(QAbstractListModel):
    """What is shown of the pictures; asks for a thumbnail when it is drawn for the first time."""

    wanted = Signal(str)
    """Id of a picture whose thumbnail is in sight and not there yet."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Entry] = []
        self._shown: list[Entry] = []
        self._icons: dict[str, QIcon] = {}
        self._asked: set[str] = set()
        self._query, self._order = "", Order.OPENED
        self._size = QSize()

    def set_size(self, size: QSize) -> None:
        """Of every row."""
        self._size = size

    @property
    def counts(self) -> tuple[int, int]:
        """How many are shown, and how many there are."""
        return len(self._shown), len(self._all)

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show the pictures of a case."""
        self._all = list(entries)
        self._refresh()

    def set_view(self, query: str, order: Order) -> None:
        """Filter and sort."""
        self._query, self._order = query, order
        self._refresh()

    def set_icon(self, item_id: str, icon: QIcon) -> None:
        """Give a picture its thumbnail."""
        self._icons[item_id] = icon
        row = self.row_of(item_id)
        if row >= 0:
            index = self.index(row, 0)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def forget_asked(self, item_id: str) -> None:
        """A thumbnail that was asked for will not come by itself: ask again when it is drawn."""
        self._asked.discard(item_id)

    def clear_icons(self) -> None:
        """The case is left."""
        self._icons.clear()
        self._asked.clear()

    def row_of(self, item_id: str) -> int:
        """Row of a picture, or -1 if it is not shown."""
        return next((row for row, entry in enumerate(self._shown) if entry.item.id == item_id), -1)

    def _refresh(self) -> None:
        """Tell only of what is different: a reset would lose the place in the list."""
        shown = chosen(self._all, self._query, self._order)
        old = self._shown
        if [entry.item.id for entry in shown] != [entry.item.id for entry in old]:
            self.beginResetModel()
            self._shown = shown
            self.endResetModel()
            return
        self._shown = shown
        for row, (before, after) in enumerate(zip(old, shown, strict=True)):
            if before != after:
                self.dataChanged.emit(self.index(row, 0), self.index(row, 0))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Pictures shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, thumbnail, tool tip and id of a picture."""
        entry = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(entry.item.id)
        if role == Qt.ItemDataRole.ToolTipRole:
            return entry.tip
        if role == Qt.ItemDataRole.SizeHintRole:
            return self._size  # else every row's thumbnail would be asked for to measure it
        return entry.item.id if role == ID else None

    def _icon(self, item_id: str) -> QIcon:
        icon = self._icons.get(item_id)
        if icon is None and item_id not in self._asked:
            self._asked.add(item_id)
            self.wanted.emit(item_id)
        return icon or QIcon()
