"""Manipulation families: the picture with a colour for each family, a legend, and how often that is right."""

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from workbench.core.families import COLOURS, FAMILIES, FamilyMap, confusion_of, overlay
from workbench.core.frame import displayed
from workbench.engine.messages import Cancelled, Failed, FamiliesMapped, FromWorker, Progress
from workbench.gui.runs import request_of
from workbench.gui.session import Session
from workbench.gui.widgets import TableModel, plain_label, section, table

_ROOM = QSize(620, 520)
_SWATCH = 14
_SIDE = 430
_NUMBERS = range(1, len(FAMILIES) + 1)

Rgb = npt.NDArray[np.uint8]


class FamiliesDialog(QDialog):
    """Asks the worker by itself; closing it stops what is under way. Nothing of it is kept in the case."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Manipulation families"))
        self._session = session
        self._asked = ""
        self._laid: Rgb | None = None
        self._plain: Rgb | None = None
        self._orientation = 1
        self.picture = QLabel()
        self.picture.setMinimumSize(_ROOM)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.summary = plain_label("", "summary", wrap=True)
        self.summary.setMinimumHeight(4 * self.fontMetrics().lineSpacing())
        self.summary.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress"))
        self.progress.setTextVisible(False)
        self.show_colours = QCheckBox(self.tr("Show the &colours"))
        self.show_colours.setChecked(True)
        self.show_colours.toggled.connect(self._draw)
        self.shares = [plain_label("") for _ in FAMILIES]
        for label in self.shares:
            label.setMinimumWidth(self.fontMetrics().horizontalAdvance("100.0% "))
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.model = TableModel(["", *(str(number) for number in _NUMBERS)], _NUMBERS)
        session.engine.message.connect(self._on_message)
        self._lay_out()

    def begin(self) -> None:
        """Map the picture in sight with the weights chosen."""
        session, item, card = self._session, self._session.item, self._session.preferences.card
        if self._asked:
            return
        self._laid = None
        self._draw()
        if item is None or card is None or session.picture is None or session.busy:
            self.progress.hide()
            waiting = self.tr("An analysis is under way. Wait for it, then ask again.")
            self.summary.setText(waiting if session.busy else self.tr("Open a picture first."))
            return
        evidence = session.picture.evidence
        self._plain, self._orientation = evidence.pixels, evidence.decode.orientation
        self._show_confusion(confusion_of(card.path, card.sha256))
        request = request_of(session.document.readable(item), None, card, session.preferences.settings)
        self._asked = request.id
        self.progress.setRange(0, 0)
        self.progress.show()
        self.summary.setText(self.tr("Looking at the traces …"))
        session.engine.map_families(request)

    def reject(self) -> None:
        """Close; the worker is free again."""
        if self._asked:
            self._session.engine.cancel(self._asked)
        super().reject()

    def _on_message(self, message: FromWorker) -> None:
        if not self._asked or getattr(message, "request_id", None) != self._asked:
            return
        match message:
            case Progress():
                self.progress.setRange(0, message.total)
                self.progress.setValue(message.done)
            case FamiliesMapped():
                self._end("")
                self._show(message.families)
            case Failed():
                self._end(message.sentence)
            case Cancelled():
                self._end(self.tr("Stopped."))

    def _end(self, sentence: str) -> None:
        self._asked = ""
        self.progress.hide()
        self.summary.setText(sentence)

    def _show(self, families: FamilyMap) -> None:
        assert self._plain is not None
        shares = families.shares()
        for label, share in zip(self.shares, shares, strict=True):
            label.setText(f"{share:.1%}")
        size = self._fitting(self._plain)
        small = (
            cv2.resize(array, size, interpolation=cv2.INTER_NEAREST)
            for array in (families.classes, families.clearness)
        )
        self._plain = np.asarray(cv2.resize(self._plain, size, interpolation=cv2.INTER_AREA), np.uint8)
        self._laid = overlay(self._plain, FamilyMap.of(*(np.asarray(array, np.uint8) for array in small)))
        self.summary.setText(
            self.tr(
                "The family that the traces at each place resemble most, the paler the less clear: a hint at "
                "what to look for. Read the table first: it is often wrong, and nothing follows from it."
            )
        )
        self._draw()

    def _fitting(self, pixels: Rgb) -> tuple[int, int]:
        height, width = pixels.shape[:2]
        scale = min(_ROOM.width() / width, _ROOM.height() / height, 1.0)
        return max(1, round(width * scale)), max(1, round(height * scale))

    def _draw(self) -> None:
        shown = self._laid if self.show_colours.isChecked() else self._plain
        if self._laid is None or shown is None:
            self.picture.clear()
            return
        shown = np.ascontiguousarray(displayed(shown, self._orientation))
        height, width = shown.shape[:2]
        image = QImage(shown.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        self.picture.setPixmap(QPixmap.fromImage(image.copy()))

    def _show_confusion(self, shares: npt.NDArray[np.float64] | None) -> None:
        rows = [] if shares is None else shares.tolist()
        self.model.set_rows(
            [
                (f"{number} {FAMILIES[number - 1]}", *(f"{share:.0%}" for share in row))
                for number, row in enumerate(rows, 1)
            ]
        )

    def _lay_out(self) -> None:
        view = table(self.model, "families")
        view.setAccessibleName(self.tr("What was done to held-out photographs, and what is shown"))
        view.setFixedSize(_SIDE, 9 * view.verticalHeader().defaultSectionSize() + 12)
        view.horizontalHeader().setStretchLastSection(False)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        self.summary.setFixedWidth(_SIDE)
        side = QVBoxLayout()
        side.addWidget(self.summary)
        side.addWidget(self.progress)
        side.addWidget(section(self.tr("SHARE OF THE PICTURE"), self._legend()))
        side.addWidget(self.show_colours)
        heading = self.tr("HOW OFTEN IT IS RIGHT, ON HELD-OUT PHOTOGRAPHS")
        reading = self.tr("A row for what was done to a place, a column for what is shown there.")
        side.addWidget(section(heading, view, plain_label(reading, "dim", wrap=True)))
        side.addStretch(1)
        side.addWidget(buttons)
        layout = QHBoxLayout(self)
        layout.addWidget(self.picture, 1)
        layout.addLayout(side)

    def _legend(self) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        for row, (name, colour, share) in enumerate(zip(FAMILIES, COLOURS, self.shares, strict=True)):
            swatch = QLabel()
            pixmap = QPixmap(_SWATCH, _SWATCH)
            pixmap.fill(QColor(*colour))
            swatch.setPixmap(pixmap)
            for column, widget in enumerate((swatch, plain_label(f"{row + 1} {name}"), share)):
                grid.addWidget(widget, row % 4, column + 3 * (row // 4))
        grid.setColumnStretch(6, 1)
        return box
