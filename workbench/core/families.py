"""Families of manipulations: which one the traces at each pixel resemble most. A hint, no finding."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

FAMILIES = (
    "untouched",
    "blurring",
    "resampling",
    "compression",
    "morphology",
    "noise",
    "quantization",
    "contrast",
)
"""By class number; the seven families of the paper (fig. 3) after what was not touched."""

COLOURS = (
    (128, 128, 128),
    (0, 114, 178),
    (0, 158, 115),
    (230, 159, 0),
    (204, 121, 167),
    (86, 180, 233),
    (240, 228, 66),
    (213, 94, 0),
)
"""RGB of each class: grey (never laid on), then the palette of Okabe and Ito, told apart with the common
colour-vision deficiencies."""

CLEAR = 0.5
"""Share from which on a class is shown: it outweighs all others together."""

Classes = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class FamilyMap:
    """The most likely class of each pixel and how clear it is.

    Attributes:
        classes: (height, width) uint8, an index into `FAMILIES`.
        clearness: (height, width) uint8: the class's share among all classes, 0..255 for 0..1; no
            probability.
        sha256: of the bytes of `classes` and `clearness`, row by row.
    """

    classes: Classes
    clearness: npt.NDArray[np.uint8]
    sha256: str

    def __post_init__(self) -> None:
        self.freeze()

    def freeze(self) -> None:
        """Make the arrays read-only, as they are not after a way through a pipe."""
        self.classes.setflags(write=False)
        self.clearness.setflags(write=False)

    @classmethod
    def of(cls, classes: Classes, clearness: npt.NDArray[np.uint8]) -> Self:
        """Freeze two arrays of the same shape.

        Raises:
            ValueError: the shapes differ, or a class is unknown.
        """
        if classes.shape != clearness.shape or classes.max(initial=0) >= len(FAMILIES):
            raise ValueError("not a map of families")
        first, second = (np.ascontiguousarray(array, np.uint8) for array in (classes, clearness))
        return cls(first, second, hashlib.sha256(first.tobytes() + second.tobytes()).hexdigest())

    def shares(self) -> tuple[float, ...]:
        """Fraction of the pixels of each colour, in the order of `FAMILIES`; the first has none."""
        counts = np.bincount(coloured(self.classes, self.clearness).ravel(), minlength=len(FAMILIES))
        return tuple(float(count) / self.classes.size for count in counts)


def head_file(weights: Path) -> Path:
    """Where the head of a weight file lies: `NAME.families.h5` beside `NAME.weights.h5`."""
    return weights.with_name(f"{weights.name.removesuffix('.h5').removesuffix('.weights')}.families.h5")


def coloured(classes: Classes, clearness: npt.NDArray[np.uint8]) -> Classes:
    """The classes that are shown: 0, no colour, where a pixel is untouched or its class is not clear."""
    return np.where(clearness >= CLEAR * 255, classes, np.uint8(0))


@dataclass(frozen=True, eq=False)
class Worth:
    """What a head was measured to be worth, on photographs that no training saw.

    Attributes:
        likely: (8, 8) float64: row what was done, column the most likely class; each row adds up to 1.
        shown: (8, 8) float64 of the same pixels: row what was done, column the colour shown; the first is
            none at all.
        accuracy: mean of the diagonal of `likely`: each family counts alike. Guessing reaches 1/8.
        right: fraction of the pixels with a colour whose colour is right.
        faint: fraction of pixels with a colour where the change was too small to be seen; those are in no
            other figure.
        head_sha256: of the head's file.
    """

    likely: npt.NDArray[np.float64]
    shown: npt.NDArray[np.float64]
    accuracy: float
    right: float
    faint: float
    head_sha256: str

    @property
    def astray(self) -> float:
        """Fraction of untouched pixels that are given a colour."""
        return float(self.shown[0, 1:].sum())


def worth_of(weights: Path, weights_sha256: str) -> Worth | None:
    """What lies beside a weight file about its head; None if there is nothing, or it is of other weights."""
    try:
        card = json.loads(head_file(weights).with_suffix(".json").read_text("utf-8"))
        if card["weights_sha256"] != weights_sha256:
            return None
        likely, shown, faint = (_counts(card[name]) for name in ("likely", "shown", "faint"))
        return Worth(
            likely=_rows(likely),
            shown=_rows(shown),
            accuracy=float(_rows(likely).diagonal().mean()),
            right=float(shown.diagonal()[1:].sum() / max(1, shown[:, 1:].sum())),
            faint=float(faint[:, 1:].sum() / max(1, faint.sum())),
            head_sha256=str(card["sha256"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _counts(counts: object) -> npt.NDArray[np.float64]:
    table = np.array(counts, np.float64)
    if table.shape != (len(FAMILIES), len(FAMILIES)):
        raise ValueError("not a table of all families")
    return table


def _rows(counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))


@cache
def strengths() -> npt.NDArray[np.float32]:
    """(8, 256) 0..1: how strongly the colour of a class is laid on by its clearness, from `CLEAR` on."""
    share = np.arange(256) / 255
    rising = np.where(share >= CLEAR, 0.6 + 0.4 * (share - CLEAR) / (1 - CLEAR), 0)
    table = np.tile(rising, (len(FAMILIES), 1)).astype(np.float32)
    table[0] = 0
    table.setflags(write=False)
    return table


def overlay(
    picture: npt.NDArray[np.uint8],
    classes: Classes,
    clearness: npt.NDArray[np.uint8],
    opacity: float = 0.6,
) -> npt.NDArray[np.uint8]:
    """Lay the colours over a picture (height, width, 3), fainter where less clear; see `coloured`.

    Under a colour the picture is grey, so that a hue is always that of the legend.
    """
    weight = strengths()[classes, clearness] * np.float32(opacity)
    colours = np.array(COLOURS, np.uint8)[classes]
    grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    laid = cv2.blendLinear(colours, grey, weight, 1 - weight)
    return np.where(weight[..., None] == 0, picture, laid)
