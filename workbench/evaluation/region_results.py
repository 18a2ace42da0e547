"""What is measured on one picture with two edits, and how good a map shows an edit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from workbench.core.jsonform import from_json, to_json
from workbench.core.region_guidance import enlarged
from workbench.core.search import Box
from workbench.evaluation.region_pictures import box_of

Truth = NDArray[np.bool_]
Response = NDArray[np.float32]

FOUND = 0.3
"""IoU at the best threshold above which an edit counts as shown by a map."""
COVERED = 0.25
"""IoU of two boxes above which a region covers an edit."""
SURROUNDING = 2.0
"""The IoU is taken inside the truth's box with its sides enlarged by this: marking all of it is below 0.3."""
NEAR = 1.2
"""The AUC is taken inside the truth's box enlarged by this, which every hand-like region holds."""
_STEPS = 256


@dataclass(frozen=True)
class Shown:
    """How a map shows an edit.

    Attributes:
        iou: with the truth at the best threshold, inside the surrounding; where the map ends it is 0.
        auc: of the pixels near the edit.
        at_threshold: IoU at the threshold of the weights' card, inside the surrounding.
    """

    iou: float
    auc: float
    at_threshold: float = 0.0


@dataclass(frozen=True)
class Tried:
    """A region that was run.

    Attributes:
        box: of the region.
        score: of the suggestion, or of the one that a random window stands beside.
        overlap: IoU of the box with that of the strong and the weak edit.
        shown: the strong and the weak edit by the run's map.
    """

    box: Box
    score: float
    overlap: tuple[float, float]
    shown: tuple[Shown, Shown]


@dataclass(frozen=True)
class PictureResult:
    """All that is measured on one picture; pairs are of the strong and the weak edit.

    Attributes:
        number: of the picture.
        kinds: of the edits.
        pixels: of the picture.
        whole: by the whole-image run.
        hand: by the runs of two hand-like regions, each around one edit.
        hand_plain: IoU of such a region with the truth when all of it is marked: what drawing alone gives.
        hand_centre: by the centre control in such a region, which looks at no pixel.
        alone: the weak edit by the whole-image run of the picture without the strong one.
        suggested: the search's suggestions of whatever score, the best first.
        random: windows of the same sizes at random places.
        false_scores: of the suggestions on the unedited original.
    """

    number: int
    kinds: tuple[str, str]
    pixels: int
    whole: tuple[Shown, Shown]
    hand: tuple[Shown, Shown]
    hand_plain: tuple[float, float]
    hand_centre: tuple[Shown, Shown]
    alone: Shown
    suggested: tuple[Tried, ...]
    random: tuple[Tried, ...]
    false_scores: tuple[float, ...]


def shown(response: Response, box: Box, truth: Truth, other: Truth, threshold: float = 1.0) -> Shown:
    """Measure a map of a part of the picture against one edit; pixels of the other edit do not count.

    Args:
        response: of the box, (height, width) float32 in 0..1.
        box: (x, y, width, height) in the picture.
        truth: of the edit, over the whole picture.
        other: of the other edit.
        threshold: of the weights' card.
    """
    canvas = np.zeros(truth.shape, np.float32)
    canvas[box[1] : box[1] + box[3], box[0] : box[0] + box[2]] = response
    around, near = surrounding(truth, SURROUNDING), surrounding(truth, NEAR)
    counted = ~other[around]
    values, edited = canvas[around][counted], truth[around][counted]
    iou, marked = best_iou(values, edited), values > np.float32(threshold)
    at_threshold = float((marked & edited).sum() / (marked | edited).sum())
    counted = ~other[near]
    edited, values = truth[near][counted], canvas[near][counted]
    auc = float(roc_auc_score(edited, values)) if 0 < edited.sum() < edited.size else 0.5
    return Shown(iou, auc, at_threshold)


def surrounding(truth: Truth, factor: float) -> tuple[slice, slice]:
    """Rows and columns of the truth's box with its sides enlarged, cut to the picture."""
    x, y, width, height = enlarged(box_of(truth), (truth.shape[1], truth.shape[0]), factor)
    return slice(y, y + height), slice(x, x + width)


def best_iou(values: Response, edited: Truth) -> float:
    """Intersection over union at the best of 256 thresholds of 0..1; what is 0 is never marked."""
    edges = np.linspace(0, 1, _STEPS + 1)
    inside, _ = np.histogram(values[edited & (values > 0)], edges)
    outside, _ = np.histogram(values[~edited & (values > 0)], edges)
    marked_inside = np.cumsum(inside[::-1])
    union = edited.sum() + np.cumsum(outside[::-1])
    return float((marked_inside / union).max())


def box_iou(a: Box, b: Box) -> float:
    """Intersection over union of two boxes."""
    across = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    down = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    common = max(0, across) * max(0, down)
    return common / (a[2] * a[3] + b[2] * b[3] - common)


def plain_iou(box: Box, truth: Truth) -> float:
    """IoU of a box with the truth."""
    marked = np.zeros(truth.shape, np.uint8)
    x, y, width, height = box
    cv2.rectangle(marked, (x, y), (x + width - 1, y + height - 1), 1, -1)
    return float((truth & (marked > 0)).sum() / (truth | (marked > 0)).sum())


class KeptResults:
    """Results on the disk, one line each, so that an interrupted run goes on where it was."""

    def __init__(self, path: Path, key: str) -> None:
        """Open a file; what was measured under another key (weights, seed, ...) is written over."""
        self._path, self._key = path, key
        self.found: dict[int, PictureResult] = {}
        lines = path.read_text("utf-8").splitlines() if path.is_file() else []
        if not lines or lines[0] != key:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(key + "\n", "utf-8")
            return
        for line in lines[1:]:
            result = _read(line)
            if result is not None:
                self.found[result.number] = result

    def add(self, result: PictureResult) -> None:
        """Keep one more."""
        self.found[result.number] = result
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(to_json(result)) + "\n")


def _read(line: str) -> PictureResult | None:
    try:
        return from_json(PictureResult, json.loads(line))
    except ValueError:  # the line at which the run was interrupted
        return None
