"""Opened pictures: read and halved in a thread, so that a large file never stalls the window."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from workbench.core.case import Item
from workbench.core.evidence import Evidence, open_evidence, reopen
from workbench.gui.background import Tasks
from workbench.gui.pyramid import PicturePyramid


@dataclass(frozen=True, eq=False)
class Picture:
    """An opened file, ready to be drawn."""

    evidence: Evidence
    pyramid: PicturePyramid


class Pictures(QObject):
    """The pictures of the case by the id of their item.

    Attributes:
        missing: sentences on items whose file is gone or no longer the same.
        opening: files that are being read.
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
        self.missing: dict[str, str] = {}
        self.opening = 0

    def get(self, item_id: str) -> Picture | None:
        """The picture of an item, once it is read."""
        return self._held.get(item_id)

    def hold(self, item_id: str, picture: Picture) -> None:
        """Keep the picture of an item."""
        self._held[item_id] = picture

    def forget(self) -> None:
        """Let go of all."""
        self._held.clear()
        self.missing.clear()

    def open(self, path: Path) -> None:
        """Read a new file; answered by `read` or `failed`."""
        self.opening += 1
        self._tasks.run(lambda: _ready(open_evidence(path)), self._on_read, self._on_failed)

    def reopen(self, item: Item) -> None:
        """Read the file of an item; it must still have the hash that it had."""

        def failed(sentence: str) -> None:
            self.missing[item.id] = sentence
            self._on_failed(sentence)
            self.reopened.emit(item.id)

        self.opening += 1
        self._tasks.run(
            lambda: _ready(reopen(item.path, item.sha256)),
            lambda picture: self._on_reread(item.id, picture),
            failed,
        )

    def _on_read(self, picture: Picture) -> None:
        self.opening -= 1
        self.read.emit(picture)

    def _on_reread(self, item_id: str, picture: Picture) -> None:
        self.opening -= 1
        self.hold(item_id, picture)
        self.reopened.emit(item_id)

    def _on_failed(self, sentence: str) -> None:
        self.opening -= 1
        self.failed.emit(sentence)


def _ready(evidence: Evidence) -> Picture:
    return Picture(evidence, PicturePyramid(evidence.pixels))
