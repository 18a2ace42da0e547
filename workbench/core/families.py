"""Families of manipulations: which one the traces at each pixel resemble most. A hint, no finding."""

import hashlib
import json
from dataclasses import dataclass
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
"""RGB of each class: grey, then the palette of Okabe and Ito, told apart with the common colour-vision
deficiencies."""

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
        """Fraction of the pixels of each class, in the order of `FAMILIES`."""
        counts = np.bincount(self.classes.ravel(), minlength=len(FAMILIES))
        return tuple(float(count) / self.classes.size for count in counts)


def head_file(weights: Path) -> Path:
    """Where the head of a weight file lies: `NAME.families.h5` beside `NAME.weights.h5`."""
    return weights.with_name(f"{weights.name.removesuffix('.h5').removesuffix('.weights')}.families.h5")


def confusion_of(weights: Path, weights_sha256: str) -> npt.NDArray[np.float64] | None:
    """What the head of these weights makes of each family on held-out photographs.

    Returns:
        (8, 8) shares: row what was done, column what is shown, each row adds up to 1; None if not known.
    """
    try:
        card = json.loads(head_file(weights).with_suffix(".json").read_text("utf-8"))
        counts = np.array(card["confusion"], np.float64)
        fits = card["weights_sha256"] == weights_sha256 and counts.shape == (len(FAMILIES),) * 2
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1) if fits else None


def colourise(families: FamilyMap) -> npt.NDArray[np.uint8]:
    """(height, width, 3) uint8 RGB: the colour of each class, paler the less clear it is."""
    colours = np.array(COLOURS, np.float32)[families.classes]
    strength = (families.clearness.astype(np.float32) / 255)[..., None]
    return np.asarray(np.rint(255 - (255 - colours) * strength), np.uint8)


def overlay(
    picture: npt.NDArray[np.uint8], families: FamilyMap, opacity: float = 0.6
) -> npt.NDArray[np.uint8]:
    """Lay the colours over a picture (height, width, 3); what is untouched stays as it is.

    Fainter the less clear a class is: not at all where all eight are as likely.
    """
    even = 255 / len(FAMILIES)
    clear = np.clip((families.clearness.astype(np.float32) - even) / (255 - even), 0, 1)
    weight = np.sqrt(clear) * np.float32(opacity)
    weight = cv2.GaussianBlur(np.where(families.classes == 0, 0, weight), (0, 0), 1.0)[..., None]
    colours = np.array(COLOURS, np.float32)[families.classes]
    return np.asarray(np.rint(picture * (1 - weight) + colours * weight), np.uint8)
