"""Where the features of pass A wait for pass B: memory if they fit, else a scratch file."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from workbench.methods.mantranet.tiles import Slices

Features = npt.NDArray[np.float32]


class FeatureReader(Protocol):
    """Features (height, width, channels) float32, read in rectangles.

    Attributes:
        shape: (height, width, channels).
    """

    shape: tuple[int, int, int]

    def read(self, place: Slices) -> Features:
        """A rectangle, as a contiguous array."""


class FeatureStore(FeatureReader, Protocol):
    """Features that are also written in rectangles."""

    def write(self, place: Slices, features: Features) -> None:
        """Put a rectangle in its place."""


@contextmanager
def feature_store(shape: tuple[int, int, int], folder: Path | None = None) -> Iterator[FeatureStore]:
    """Features of a picture in memory, or in a scratch file in `folder`.

    The scratch file has no name, so that even a killed process leaves nothing behind.
    """
    if folder is None:
        yield _Memory(shape)
    else:
        with tempfile.TemporaryFile(dir=folder, prefix="mantra-features-", buffering=0) as file:
            yield _Scratch(file, shape)


class _Memory:
    def __init__(self, shape: tuple[int, int, int]) -> None:
        self.shape = shape
        self._array = np.empty(shape, np.float32)

    def write(self, place: Slices, features: Features) -> None:
        self._array[place] = features

    def read(self, place: Slices) -> Features:
        return np.ascontiguousarray(self._array[place])


class _Scratch:
    """Row by row in a plain file; a memory map would count as resident memory."""

    def __init__(self, file: FileIO, shape: tuple[int, int, int]) -> None:
        self._file, self.shape = file, shape

    def write(self, place: Slices, features: Features) -> None:
        for row, line in zip(range(place[0].start, place[0].stop), features, strict=True):
            self._seek(row, place[1].start)
            _require(self._file.write(np.ascontiguousarray(line).data), line.nbytes)

    def read(self, place: Slices) -> Features:
        rows, columns = place
        out = np.empty((rows.stop - rows.start, columns.stop - columns.start, self.shape[2]), np.float32)
        for row, line in zip(range(rows.start, rows.stop), out, strict=True):
            self._seek(row, columns.start)
            _require(self._file.readinto(line.data.cast("B")), line.nbytes)
        return out

    def _seek(self, row: int, column: int) -> None:
        self._file.seek(4 * self.shape[2] * (row * self.shape[1] + column))


def _require(done: int | None, wanted: int) -> None:
    if done != wanted:
        raise OSError("the scratch file for features was cut short")
