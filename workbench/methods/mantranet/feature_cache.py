"""Features of whole pictures kept on the disk, so that pass B alone answers for any region.

A file holds the rows of features, then a description as JSON: shape, statistics and a checksum for each row.
It is written under another name and moved in place when it is complete. Any file may be deleted at any time;
one that is damaged is found out when it is read, and removed.
"""

import json
import logging
import os
import shutil
import struct
import weakref
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

import numpy as np
import psutil

from workbench.core.jsonform import from_json, to_json
from workbench.methods.mantranet.feature_store import Features, FileStore, Shape, size_of
from workbench.methods.mantranet.statistics import RunningStatistics
from workbench.methods.mantranet.tiles import Slices

logger = logging.getLogger(__name__)

_SUFFIX, _PARTIAL = ".features", ".partial"
_END = struct.Struct("<QI4s")
"""Bytes of the description, its checksum, and the mark, at the very end of a file."""
_MARK = b"MTF1"
_FREE = 2_000_000_000
"""Bytes of the disk that are left to others."""


class DamagedFeaturesError(OSError):
    """Kept features are not what was written."""


@dataclass(frozen=True)
class _Description:
    name: str
    shape: Shape
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    rows: tuple[int, ...]


class FeatureCache:
    """A folder of kept features.

    Args:
        folder: made when it is needed; may be removed at any time.
        limit: bytes of all files together; those used longest ago go first.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder, self._limit = folder, limit

    def has_room(self, shape: Shape) -> bool:
        """Whether features of this shape may be kept, once others have made room."""
        return size_of(shape) <= self._allowed(sum(size for _, size, _ in self._entries()))

    @contextmanager
    def new(self, name: str, shape: Shape) -> Iterator["NewFeatures"]:
        """A place for features that are kept under `name` once they are complete.

        Raises:
            OSError: the folder can't be written, or lacks room.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.tidy()
        self._make_room(size_of(shape))
        partial = self.folder / f"{name}.{os.getpid()}{_PARTIAL}"
        try:
            with FileIO(partial, "w+") as file:
                new = NewFeatures(file, shape, partial, self.folder / f"{name}{_SUFFIX}")
                new.reserve()
                yield new
            new.move()  # where an open file can't be moved
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)

    def find(self, name: str) -> "KeptFeatures | None":
        """The features kept under `name`, or None; what is damaged is removed."""
        path = self.folder / f"{name}{_SUFFIX}"
        try:
            found = KeptFeatures(path, name)
            os.utime(path)
        except DamagedFeaturesError:
            logger.exception("features are damaged")
            self.remove(name)
            return None
        except OSError:
            return None
        return found

    def remove(self, name: str) -> None:
        """Forget what is kept under `name`."""
        with suppress(OSError):
            (self.folder / f"{name}{_SUFFIX}").unlink()

    def tidy(self) -> None:
        """Remove what killed processes left unfinished."""
        for _, _, path in self._entries(_PARTIAL):
            owner = path.stem.rpartition(".")[2]
            if not (owner.isdecimal() and psutil.pid_exists(int(owner))):
                with suppress(OSError):
                    path.unlink()

    def _make_room(self, size: int) -> None:
        """Delete what was used longest ago."""
        entries = sorted(self._entries())
        held = sum(taken for _, taken, _ in entries)
        allowed = self._allowed(held)
        for _, taken, path in entries:
            if held + size > allowed:
                with suppress(OSError):
                    path.unlink()
                held -= taken

    def _allowed(self, held: int) -> int:
        """Bytes for all files together where `held` are taken: less than the limit if the disk is short."""
        return min(self._limit, held + free_space(self.folder) - _FREE)

    def _entries(self, suffix: str = _SUFFIX) -> Iterator[tuple[float, int, Path]]:
        """(time of last use, bytes, path) of each file."""
        with suppress(OSError):
            for path in self.folder.iterdir():
                with suppress(OSError):  # gone meanwhile
                    if path.suffix == suffix:
                        facts = path.stat()
                        yield facts.st_mtime, facts.st_size, path


class NewFeatures(FileStore):
    """Features on their way into the cache."""

    def __init__(self, file: FileIO, shape: Shape, partial: Path, final: Path) -> None:
        super().__init__(file, shape)
        self._partial, self._final = partial, final
        self._complete = False

    def complete(self, statistics: RunningStatistics) -> None:
        """Write the description and move the file in place; where that fails nothing is kept, and logged."""
        height, width, _ = self.shape
        try:
            rows = [_checksum(self.read((slice(y, y + 1), slice(0, width)))) for y in range(height)]
            text = json.dumps(to_json(self._described(statistics, rows))).encode()
            self._file.seek(size_of(self.shape))
            self._file.write(text + _END.pack(len(text), zlib.crc32(text), _MARK))
        except OSError:
            logger.exception("features could not be kept")
            return
        self._complete = True
        self.move()

    def move(self) -> None:
        """Move the file to its name if it is complete and still there."""
        if self._complete:
            with suppress(OSError):  # the folder was removed; or, on Windows, once more when it is closed
                os.replace(self._partial, self._final)

    def _described(self, statistics: RunningStatistics, rows: list[int]) -> _Description:
        mean, deviation = (tuple(v.tolist()) for v in (statistics.mean, statistics.deviation))
        return _Description(self._final.stem, self.shape, mean, deviation, tuple(rows))


class KeptFeatures:
    """Features as they were kept; each row is checked when it is first read.

    Attributes:
        shape: (height, width, channels).
        mean, deviation: of each channel over the whole picture, (channels,) float64.

    Raises:
        DamagedFeaturesError: this is no complete file of that name.
        OSError: there is none.
    """

    def __init__(self, path: Path, name: str) -> None:
        file = FileIO(path)
        self._path, self._file = path, file
        self.close = weakref.finalize(self, file.close)
        description = _description(file, name)
        self.shape = description.shape
        self.mean, self.deviation = np.array(description.mean), np.array(description.deviation)
        self._rows = FileStore(file, self.shape)
        self._checksums = description.rows
        self._checked = np.zeros(self.shape[0], np.bool_)

    def is_there(self) -> bool:
        """Whether the file has not been deleted or replaced."""
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), self._path.stat())
        except OSError:
            return False

    def read(self, place: Slices) -> Features:
        """A rectangle, as a contiguous array.

        Raises:
            DamagedFeaturesError: a row is not what was written.
        """
        rows, width = place[0], self.shape[1]
        for row in np.flatnonzero(~self._checked[rows]) + rows.start:
            line = self._rows.read((slice(row, row + 1), slice(0, width)))
            if _checksum(line) != self._checksums[row]:
                raise DamagedFeaturesError(f"row {row} of the kept features is damaged")
            self._checked[row] = True
        return self._rows.read(place)


def free_space(folder: Path) -> int:
    """Bytes free on the disk of a folder that may not be there yet."""
    for place in (folder, *folder.absolute().parents):
        with suppress(OSError):
            return shutil.disk_usage(place).free
    return 0


def _checksum(line: Features) -> int:
    return zlib.crc32(line.data.cast("B"))


def _description(file: FileIO, name: str) -> _Description:
    try:
        size = file.seek(-_END.size, os.SEEK_END)
        length, checksum, mark = _END.unpack(file.read(_END.size))
        if mark != _MARK or length > size:
            raise ValueError("the end is missing")
        file.seek(size - length)
        text = file.read(length)
        if zlib.crc32(text) != checksum:
            raise ValueError("the description is damaged")
        found = from_json(_Description, json.loads(text))
        if found.name != name or size != size_of(found.shape) + length:
            raise ValueError("the file is another, or not whole")
    except (OSError, ValueError, struct.error) as error:
        raise DamagedFeaturesError(str(error)) from error
    return found
