"""Thumbnails, made one by one in a thread of their own: what came in sight last is first."""

import math
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap

from workbench.core.case import Item
from workbench.core.evidence import Pixels, reopen
from workbench.core.frame import displayed
from workbench.gui.background import Tasks

SIDE = 56
"""Of the longer side, in points."""
MOST_WAITING = 60
"""More than a list shows at once; what waits longer is asked for again when it is drawn."""


def small(pixels: Pixels, orientation: int) -> Pixels:
    """(height, width, 3) uint8, `2 * SIDE` at most and turned as it is shown."""
    height, width = pixels.shape[:2]
    step = max(1, math.ceil(max(height, width) / 2000))  # enough left to average over
    scale = 2 * SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    shrunk = cv2.resize(np.ascontiguousarray(pixels[::step, ::step]), size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(displayed(shrunk, orientation))


def icon_of(turned: Pixels) -> QIcon:
    """An icon of what `small` made."""
    height, width = turned.shape[:2]
    image = QImage(turned.data, width, height, width * 3, QImage.Format.Format_RGB888)
    pixmap = QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(2)
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # else Qt would tint it
    return icon


def thumbnail(pixels: Pixels, orientation: int) -> QIcon:
    """An icon of a picture, turned as it is shown."""
    return icon_of(small(pixels, orientation))


class Thumbnails(QObject):
    """Reads the file of a picture anew, so that one that is missing or has changed is noticed by the way."""

    made = Signal(str, object)
    """Id of the picture and its QIcon."""
    refused = Signal(str, str)
    """Id of a picture whose file is missing or no longer the same, and a sentence on it."""
    dropped = Signal(str)
    """Id of a picture that will not be made unless it is asked for again."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = Tasks(self, threads=1)
        self._waiting: list[tuple[Item, Path]] = []
        self._busy = False
        self._round = object()

    def want(self, item: Item, file: Path) -> None:
        """Make it soon, from the item's file or a copy; what was asked for last comes first."""
        self._waiting.append((item, file))
        if len(self._waiting) > MOST_WAITING:
            self.dropped.emit(self._waiting.pop(0)[0].id)
        self._next()

    def forget(self) -> None:
        """The case is left."""
        self._waiting.clear()
        self._round = object()

    def close(self) -> None:
        """End the thread."""
        self._tasks.close()

    def _next(self) -> None:
        if self._busy or not self._waiting:
            return
        self._busy, (item, file), current = True, self._waiting.pop(), self._round

        def then(tell: Callable[[], None]) -> None:
            self._busy = False
            if current is self._round:
                tell()
            self._next()

        self._tasks.run(
            lambda: _read(item, file),
            lambda pixels: then(lambda: self.made.emit(item.id, icon_of(pixels))),
            lambda sentence: then(lambda: self.refused.emit(item.id, sentence)),
        )


def _read(item: Item, file: Path) -> Pixels:
    evidence = reopen(file, item.sha256, item.name, item.path)
    return small(evidence.pixels, evidence.decode.orientation)
