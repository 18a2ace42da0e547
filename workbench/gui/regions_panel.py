"""REGIONS: names, exact numbers in stored pixels, shape, colour, note; and advice on the region at hand."""

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.core.region import Region, Shape
from workbench.gui import outlines
from workbench.gui.guidance import Guidance
from workbench.gui.widgets import plain_label

FIELDS = ("name", "x", "y", "width", "height")
COLOURS = ("", "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7")
"""The program's own, then those of Okabe and Ito (2008), which colour-blind readers tell apart."""
_ID = Qt.ItemDataRole.UserRole
_SIGN = Qt.ItemDataRole.DecorationRole
_NO_TRIGGERS = QAbstractItemView.EditTrigger.NoEditTriggers
_SWATCH = 12


class RegionsPanel(QWidget):
    """The table follows the picture and the other way round."""

    chosen = Signal(str)
    edited = Signal(object)
    """The changed `Region`."""

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._regions: tuple[Region, ...] = ()
        self._selected = ""
        self._editable = True
        self.table = self._make_table()
        self._triggers = self.table.editTriggers()
        self.shape = self._make_shapes()
        self.colour = self._make_colours()
        self.note = QLineEdit()
        self.note.setPlaceholderText(self.tr("Note on this region"))
        self.note.setAccessibleName(self.tr("Note on this region"))
        self.note.editingFinished.connect(self._on_note)
        self.guide = GuideBox(actions)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 5, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.table, 1)
        layout.addLayout(self._details())
        layout.addWidget(self.note)
        layout.addWidget(self.guide)
        layout.addLayout(_buttons([actions[n] for n in ("analyse_region", "rename_region", "delete_region")]))
        self.show_regions((), "")

    def _make_table(self) -> QTableWidget:
        headers = [self.tr("Name"), self.tr("x"), self.tr("y"), self.tr("Width"), self.tr("Height")]
        made = QTableWidget(0, len(FIELDS))
        made.setObjectName("regions")
        made.setAccessibleName(self.tr("Regions"))
        made.setMinimumHeight(72)
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

    def _make_shapes(self) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(self.tr("Shape"))
        for shape, text in (
            (Shape.RECTANGLE, self.tr("Rectangle")),
            (Shape.ELLIPSE, self.tr("Ellipse")),
            (Shape.POLYGON, self.tr("Polygon")),
            (Shape.FREEHAND, self.tr("Freehand")),
        ):
            made.addItem(text, shape)
        made.activated.connect(self._on_shape)
        return made

    def _make_colours(self) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(self.tr("Colour"))
        names = (
            self.tr("Plain"),
            self.tr("Orange"),
            self.tr("Sky blue"),
            self.tr("Green"),
            self.tr("Yellow"),
            self.tr("Blue"),
            self.tr("Vermilion"),
            self.tr("Purple"),
        )
        for colour, name in zip(COLOURS, names, strict=True):
            made.addItem(_swatch(colour), name, colour)
        made.activated.connect(self._on_colour)
        return made

    def _details(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for text, field in ((self.tr("&Shape"), self.shape), (self.tr("C&olour"), self.colour)):
            label = QLabel(text)
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field, 1)
        return row

    # What is shown

    def show_regions(self, regions: tuple[Region, ...], selected: str) -> None:
        """List the regions, and the details of the selected one."""
        self._regions, self._selected = regions, selected
        with QSignalBlocker(self.table):
            self.table.setRowCount(len(regions))
            for row, region in enumerate(regions):
                for column, field in enumerate(FIELDS):
                    self._set_cell(row, column, str(getattr(region, field)), region.id)
                icon = _swatch(region.colour, region.shape)
                self.table.model().setData(self.table.model().index(row, 0), icon, _SIGN)
            self._select(selected)
        self._show_details()

    def show_numbers(self, region: Region) -> None:
        """Follow a region that is being dragged."""
        with QSignalBlocker(self.table):
            for row, known in enumerate(self._regions):
                if known.id == region.id:
                    for column, field in enumerate(FIELDS[1:], start=1):
                        self._set_cell(row, column, str(getattr(region, field)), region.id)

    def set_editable(self, *, editable: bool) -> None:
        """Whether regions can be changed here."""
        self._editable = editable
        self.table.setEditTriggers(self._triggers if editable else _NO_TRIGGERS)
        self._show_details()

    def rename(self) -> None:
        """Start typing over the name of the selected region."""
        cell = self.table.item(self.table.currentRow(), 0)
        if cell is not None:
            self.table.setFocus()
            self.table.editItem(cell)

    @property
    def _region(self) -> Region | None:
        return next((r for r in self._regions if r.id == self._selected), None)

    def _show_details(self) -> None:
        region = self._region
        for field in (self.shape, self.colour, self.note):
            field.setEnabled(region is not None and self._editable)
        self.shape.setCurrentIndex(self.shape.findData(region.shape) if region else -1)
        known = self.colour.findData(region.colour) if region else -1
        self.colour.setCurrentIndex(known)
        if not self.note.isModified() or region is None or self.note.property("region") != region.id:
            self.note.setText(region.note if region else "")
            self.note.setProperty("region", region.id if region else "")

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

    # What is typed and chosen

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

    def _on_shape(self, _: int) -> None:
        if self._region is not None:
            self.edited.emit(outlines.reshaped(self._region, Shape(self.shape.currentData())))
        self._show_details()

    def _on_colour(self, _: int) -> None:
        if self._region is not None:
            self.edited.emit(replace(self._region, colour=self.colour.currentData()))

    def _on_note(self) -> None:
        written = next((r for r in self._regions if r.id == self.note.property("region")), None)
        self.note.setModified(False)
        if written is not None and self.note.text() != written.note:
            self.edited.emit(replace(written, note=self.note.text()))


class GuideBox(QWidget):
    """Calm advice in one place; a button where something can be done about it at once."""

    def __init__(self, actions: dict[str, QAction]) -> None:
        super().__init__()
        self._actions = actions
        self.label = plain_label("", "guide", wrap=True)
        self.label.setAccessibleName(self.tr("Advice on this region"))
        self.button = QToolButton()
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.label)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_guidance(Guidance())

    @property
    def text(self) -> str:
        """What is advised."""
        return self.label.text()

    def show_guidance(self, guidance: Guidance) -> None:
        """Say this, and offer that."""
        self.label.setText("\n".join(guidance.sentences))
        action = self._actions.get(guidance.action)
        self.button.setVisible(action is not None)
        if action is not None and action is not self.button.defaultAction():
            self.button.setDefaultAction(action)


def _buttons(actions: list[QAction]) -> QHBoxLayout:
    row = QHBoxLayout()
    for action in actions:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(button)
    row.addStretch(1)
    return row


def _swatch(colour: str, shape: Shape = Shape.RECTANGLE) -> QIcon:
    """A patch of a region's colour in the kind of its shape."""
    ratio = 2
    pixmap = QPixmap(_SWATCH * ratio, _SWATCH * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor("#606060"), 1))
    painter.setBrush(QColor(colour or "#f0f0f0"))
    side = _SWATCH - 2
    if shape is Shape.ELLIPSE:
        painter.drawEllipse(QRectF(1, 1, side, side))
    elif shape is Shape.POLYGON:
        painter.drawPolygon(QPolygonF([QPointF(6, 1), QPointF(11, 5), QPointF(9, 11), QPointF(2, 9)]))
    elif shape is Shape.FREEHAND:
        painter.drawEllipse(QRectF(1, 3, side, side - 5))
    else:
        painter.drawRect(QRectF(1, 1, side, side))
    painter.end()
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # else Qt would tint it
    return icon


def _numbers(region: Region) -> dict[str, int]:
    return {"x": region.x, "y": region.y, "width": region.width, "height": region.height}
