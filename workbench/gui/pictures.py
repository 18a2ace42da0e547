"""Opened pictures: read and halved in a thread, so that a large file never stalls the window."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from workbench.core.case import Item
from workbench.core.evidence import Evidence, open_evidence, read_from_original, reopen
from workbench.gui.background import Tasks
from workbench.gui.pyramid import PicturePyramid


@dataclass(frozen=True, eq=False)
class Picture:
    """An opened file, ready to be drawn."""

    evidence: Evidence
    pyramid: PicturePyramid


@dataclass(eq=False)
class _Asked:
    """A file that is being read, and what is to be told once those before it are told of."""

    tell: Callable[[], None] | None = None


BUDGET = 1_500_000_000
"""Bytes of pixels that are held; beyond them the picture looked at longest ago is let go of."""


class Pictures(QObject):
    """The pictures of the case by the id of their item.

    Files are read side by side and told of in the order in which they were asked for.

    Attributes:
        missing: sentences on items whose file is gone or no longer the same.
    """

    read = Signal(object)
    """A `Picture` that is new."""
    reopened = Signal(str)
    """Id of an item of a reopened case whose picture is there, or is known to be missing."""
    failed = Signal(str)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._held: dict[str, Picture] = {}
        self._line: list[_Asked] = []
        self._reading: set[str] = set()
        self.missing: dict[str, str] = {}

    @property
    def opening(self) -> int:
        """How many files are being read."""
        return len(self._line)

    def get(self, item_id: str) -> Picture | None:
        """The picture of an item, once it is read."""
        picture = self._held.pop(item_id, None)
        if picture is not None:
            self._held[item_id] = picture  # the last in the line is let go of last
        return picture

    def is_gone(self, item: Item) -> bool:
        """Whether the file of an item is known not to be there any more as it was."""
        return item.id in self.missing or not os.path.exists(item.path)

    def hold(self, item_id: str, picture: Picture) -> None:
        """Keep the picture of an item."""
        self.missing.pop(item_id, None)
        self._held.pop(item_id, None)
        self._held[item_id] = picture
        sizes = {key: held.evidence.pixels.nbytes for key, held in self._held.items()}
        for key in list(sizes)[:-1]:
            if sum(sizes.values()) > BUDGET:
                del self._held[key], sizes[key]

    def forget(self) -> None:
        """Let go of all, and of the files that are still being read: the case is left."""
        self._held.clear()
        self._reading.clear()
        self.missing.clear()
        self._line.clear()

    def open(self, path: Path) -> None:
        """Read a new file; answered by `read` or `failed`."""
        self._ask(lambda: open_evidence(path), self.read.emit, self.failed.emit)

    def reopen(self, item: Item, file: Path) -> None:
        """Read an item from its file or a copy; it must still have the hash that it had."""
        if item.id in self._reading:
            return
        self._reading.add(item.id)

        def found(picture: Picture) -> None:
            if picture.evidence.path != file:
                self.failed.emit(read_from_original(item.name))
            # From here on it is the picture that was received, wherever its bytes were read.
            picture = replace(picture, evidence=replace(picture.evidence, path=item.path))
            self._reading.discard(item.id)
            self.hold(item.id, picture)
            self.reopened.emit(item.id)

        def failed(sentence: str) -> None:
            self._reading.discard(item.id)
            self.missing[item.id] = sentence
            self.failed.emit(sentence)
            self.reopened.emit(item.id)

        self._ask(lambda: reopen(file, item.sha256, item.name, item.path), found, failed)

    def _ask(
        self, work: Callable[[], Evidence], then: Callable[[Picture], None], failed: Callable[[str], None]
    ) -> None:
        asked = _Asked()
        self._line.append(asked)
        self._tasks.run(
            lambda: _ready(work()),
            lambda picture: self._answer(asked, lambda: then(picture)),
            lambda sentence: self._answer(asked, lambda: failed(sentence)),
        )

    def _answer(self, asked: _Asked, tell: Callable[[], None]) -> None:
        """Tell of the first files in the line that are read; one of a case that was left is dropped."""
        asked.tell = tell
        while self._line and (ready := self._line[0].tell) is not None:
            del self._line[0]
            ready()


def _ready(evidence: Evidence) -> Picture:
    return Picture(evidence, PicturePyramid(evidence.pixels))
