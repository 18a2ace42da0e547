"""The response of a method at each pixel."""

import hashlib
import tokenize
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

Response = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Heatmap:
    """A read-only map of responses in 0..1: high = differs from its surroundings. Not a probability.

    Attributes:
        response: (height, width) float32 in the stored frame of what was analysed.
        sha256: of the little-endian bytes of `response`, row by row.
    """

    response: Response
    sha256: str

    @classmethod
    def of(cls, response: Response) -> Self:
        """Freeze an array of shape (height, width)."""
        fixed = np.ascontiguousarray(response, dtype="<f4")
        fixed.setflags(write=False)
        return cls(fixed, hashlib.sha256(fixed.tobytes()).hexdigest())

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self.response.shape[0], self.response.shape[1]


def read_heatmap(path: Path) -> Heatmap:
    """Read a map that was written as a NumPy file.

    Raises:
        ValueError: the file is damaged, or holds something else.
        OSError: it can't be read.
    """
    try:
        array = np.load(path, allow_pickle=False)
    except (EOFError, TypeError, SyntaxError, tokenize.TokenError, OverflowError, MemoryError) as error:
        # the header is parsed as Python, and may state any shape
        raise ValueError(f"{path.name} is no array") from error
    if not isinstance(array, np.ndarray) or array.dtype != np.float32 or array.ndim != 2:
        raise ValueError(f"{path.name} is no map")
    return Heatmap.of(array)


@dataclass(frozen=True)
class Statistics:
    """Figures of one map: each in 0..1 but `pixels`."""

    pixels: int
    minimum: float
    mean: float
    median: float
    percentile_95: float
    maximum: float


def statistics(response: Response, inside: Mask | None = None) -> Statistics:
    """Summarise a map (height, width), or its pixels inside a shape (at least one)."""
    counted = response if inside is None else response[inside]
    median, high = np.percentile(counted, (50, 95))
    return Statistics(
        pixels=int(counted.size),
        minimum=float(counted.min()),
        mean=float(counted.mean(dtype=np.float64)),
        median=float(median),
        percentile_95=float(high),
        maximum=float(counted.max()),
    )


def histogram(response: Response, bins: int, inside: Mask | None = None) -> npt.NDArray[np.int64]:
    """Number of pixels in each of `bins` equal intervals of 0..1, so that any threshold's share is a sum.

    Pixels outside a shape are left out.

    A strip at a time, so that the copies of a large map stay small.
    """
    counts = np.zeros(bins, np.int64)
    for top in range(0, response.shape[0], 256):
        strip = np.minimum((response[top : top + 256] * bins).astype(np.int32), bins - 1)
        kept = strip.ravel() if inside is None else strip[inside[top : top + 256]]
        counts += np.bincount(kept, minlength=bins)
    return counts
