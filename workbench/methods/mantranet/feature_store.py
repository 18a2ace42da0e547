"""Where the features of pass A wait for pass B: memory, or rows in a file."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from workbench.core.errors import EngineError
from workbench.methods.mantranet.statistics import RunningStatistics
from workbench.methods.mantranet.tiles import Slices

Features = npt.NDArray[np.float32]
Shape = tuple[int, int, int]

_STRIP = 64
"""Rows that are copied at once."""


class FeatureReader(Protocol):
    """Features (height, width, channels) float32, read in rectangles.

    Attributes:
        shape: (height, width, channels).
    """

    shape: Shape

    def read(self, place: Slices) -> Features:
        """A rectangle, as a contiguous array."""


class FeatureStore(FeatureReader, Protocol):
    """Features that are also written in rectangles."""

    def write(self, place: Slices, features: Features) -> None:
        """Put a rectangle in its place."""

    def complete(self, statistics: RunningStatistics) -> None:
        """All is written, and these are the statistics: the moment to keep it, for who does."""


class MemoryStore:
    """Features in memory."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self._array = np.empty(shape, np.float32)

    def write(self, place: Slices, features: Features) -> None:
        """Put a rectangle in its place."""
        self._array[place] = features

    def read(self, place: Slices) -> Features:
        """A rectangle, as a contiguous array."""
        return np.ascontiguousarray(self._array[place])

    def complete(self, statistics: RunningStatistics) -> None:
        """Nothing is kept."""


class FileStore:
    """Row by row in a plain file; a memory map would count as resident memory."""

    def __init__(self, file: FileIO, shape: Shape) -> None:
        self._file, self.shape = file, shape

    def reserve(self) -> None:
        """Claim the room on the disk at once, where the system can.

        Raises:
            OSError: there is not enough.
        """
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(self._file.fileno(), 0, size_of(self.shape))
        else:
            self._file.truncate(size_of(self.shape))

    def write(self, place: Slices, features: Features) -> None:
        """Put a rectangle in its place.

        Raises:
            OSError: the disk is full, say.
        """
        for row, line in zip(range(place[0].start, place[0].stop), features, strict=True):
            self._seek(row, place[1].start)
            _require(self._file.write(np.ascontiguousarray(line).data), line.nbytes)

    def read(self, place: Slices) -> Features:
        """A rectangle, as a contiguous array.

        Raises:
            OSError: the file was cut short.
        """
        rows, columns = place
        out = np.empty((rows.stop - rows.start, columns.stop - columns.start, self.shape[2]), np.float32)
        for row, line in zip(range(rows.start, rows.stop), out, strict=True):
            self._seek(row, columns.start)
            _require(self._file.readinto(line.data.cast("B")), line.nbytes)
        return out

    def complete(self, statistics: RunningStatistics) -> None:
        """Nothing is kept."""

    def _seek(self, row: int, column: int) -> None:
        self._file.seek(4 * self.shape[2] * (row * self.shape[1] + column))


class SteadyStore:
    """Features on the disk that move to memory where the disk fails.

    Args:
        store: on the disk.
        spare: bytes of memory that they may take then.
    """

    def __init__(self, store: FeatureStore, spare: int) -> None:
        self.shape = store.shape
        self._store, self._spare = store, spare

    def write(self, place: Slices, features: Features) -> None:
        """Put a rectangle in its place.

        Raises:
            EngineError: the disk is full and the memory too small.
        """
        try:
            self._store.write(place, features)
        except OSError as error:
            self._store = self._in_memory(error)
            self._store.write(place, features)

    def read(self, place: Slices) -> Features:
        """A rectangle, as a contiguous array."""
        return self._store.read(place)

    def complete(self, statistics: RunningStatistics) -> None:
        """Keep it, if that is what the store does."""
        self._store.complete(statistics)

    def _in_memory(self, fault: OSError) -> MemoryStore:
        if size_of(self.shape) > self._spare:
            raise EngineError(disk_sentence(fault, self.shape)) from fault
        height, width, _ = self.shape
        memory = MemoryStore(self.shape)
        for top in range(0, height, _STRIP):
            place = slice(top, min(top + _STRIP, height)), slice(0, width)
            memory.write(place, self._store.read(place))
        return memory


@contextmanager
def scratch_file(shape: Shape, folder: Path) -> Iterator[FileStore]:
    """Features in a file without a name in `folder`: even a killed process leaves nothing behind.

    Raises:
        OSError: the folder can't be written, or lacks room.
    """
    with tempfile.TemporaryFile(dir=folder, prefix="mantra-features-", buffering=0) as file:
        store = FileStore(file, shape)
        store.reserve()
        yield store


def size_of(shape: Shape) -> int:
    """Bytes of features of this shape."""
    return 4 * shape[0] * shape[1] * shape[2]


def disk_sentence(fault: OSError, shape: Shape) -> str:
    """For the user: neither disk nor memory hold the features."""
    return (
        f"The analysis needs {size_of(shape) / 1e9:.1f} GB for a while. The disk could not take it "
        f"({fault.strerror or fault}) and the memory that the analysis may take is too small. Nothing was "
        "kept of this run. Make room on the disk, allow more memory, or analyse a region."
    )


def _require(done: int | None, wanted: int) -> None:
    if done != wanted:
        raise OSError("the file of features was cut short")
