"""The files of an open case beside its database: maps as numbers and in colours, and copies of pictures."""

from collections.abc import Mapping
from pathlib import Path

from workbench.casefile import blobs, writing
from workbench.core.case import Case, Item
from workbench.core.heatmap import Heatmap
from workbench.core.mapfile import Data, MapForm, encoded


class KeptFiles:
    """What is stored, and which of it no commit refers to yet. Whoever writes takes turns with others.

    Attributes:
        folder: of the case.
        recorded: SHA-256 of the files that the database names, by their names within the case.
    """

    def __init__(self, folder: Path, recorded: Mapping[str, str]) -> None:
        self.folder = folder
        self.recorded = dict(recorded)
        self._new: dict[str, str] = {}

    # Into the case

    def put_map(self, heatmap: Heatmap) -> None:
        """Store a map in each of its forms, so that reports copy what was encoded once; on the disk then.

        Raises:
            CaseError: the disk is full or may not be written.
        """
        for form in MapForm:
            name = blobs.map_name(heatmap.sha256, form)
            if name not in self.recorded and not self._is_new(name):
                self._new[name] = blobs.write_file(self.folder, name, encoded(heatmap, form))

    def copy_picture(self, item: Item) -> bool:
        """Store a picture's file if there is no whole copy of it; whether there was none.

        Raises:
            EvidenceError: the file is gone or was changed.
            CaseError: the disk is full or may not be written.
        """
        if self.has_copy(item):
            return False
        copied = blobs.copy_evidence(self.folder, item.path, item.sha256)
        self._new[blobs.evidence_name(item.sha256)] = copied
        return True

    def to_record(self, case: Case) -> dict[str, str]:
        """The files that a state of the case refers to and the database does not name yet."""
        return {name: self._new[name] for name in writing.files_of(case) if name in self._new}

    def record(self, files: Mapping[str, str]) -> None:
        """The database names them now."""
        self.recorded.update(files)
        for name in files:
            self._new.pop(name, None)

    # Out of it

    def has_map(self, sha256: str) -> bool:
        """Whether the numbers of a map were stored."""
        name = blobs.map_name(sha256)
        return name in self._new or name in self.recorded

    def has_copy(self, item: Item) -> bool:
        """Whether there is a whole copy of a picture; one that was just made is not read again."""
        name = blobs.evidence_name(item.sha256)
        if name in self._new:
            return self._is_new(name)
        return name in self.recorded and blobs.is_whole_copy(self.folder, item.sha256)

    def map_file(self, sha256: str, form: MapForm) -> Data:
        """A map as it was encoded when it was stored.

        Made anew from the map where no such file is kept (cases of earlier versions) or it was changed since.

        Raises:
            CaseError: it is not there and the map is missing or damaged.
        """
        name = blobs.map_name(sha256, form)
        stored = self.recorded.get(name) or self._new.get(name)
        data = blobs.read_whole(self.folder, name, stored) if stored else None
        return encoded(blobs.read_map(self.folder, sha256), form) if data is None else data

    def _is_new(self, name: str) -> bool:
        return name in self._new and (self.folder / name).is_file()
