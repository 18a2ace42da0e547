"""The map of families at any size, tile by tile."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from workbench.core.digest import sha256_of_file
from workbench.core.errors import WeightsError
from workbench.core.families import FamilyMap, head_file
from workbench.core.method import OnProgress
from workbench.methods.mantranet import family_head, weights
from workbench.methods.mantranet.configuration import CONFIGURATIONS
from workbench.methods.mantranet.runtimes.families import Classifier, make_classifier
from workbench.methods.mantranet.tiles import tiles

TILE = 448
"""Side in pixels, some 500 MB while a tile is computed."""


def load(path: Path, configuration: str, runtime: str = "auto") -> Classifier:
    """Read a weight file's extractor and the head beside it.

    Raises:
        WeightsError: there is no head for these weights, or it is another file's.
        EngineError: there is no such runtime here.
    """
    if configuration not in CONFIGURATIONS:
        raise WeightsError(f"A network named {configuration} is unknown to this version.")
    shape = CONFIGURATIONS[configuration]
    head = family_head.load_head(head_file(path), shape, sha256_of_file(path))
    return make_classifier(runtime, shape, weights.load_weights(path, shape), head)


def families(
    pixels: npt.NDArray[np.uint8],
    classify: Classifier,
    on_progress: OnProgress = lambda done, total, fraction: None,
    tile: int = TILE,
) -> FamilyMap:
    """Classify each pixel of a picture (height, width, 3) by the family that its traces resemble most.

    `on_progress` is called after each tile and may raise to stop. The result does not depend on the tile.
    """
    height, width = pixels.shape[:2]
    classes, clearness = np.empty((2, height, width), np.uint8)
    parts = tiles(height, width, tile, family_head.HALO)
    for number, part in enumerate(parts, 1):
        shares = classify(pixels[part.window])[part.inner]
        classes[part.core] = shares.argmax(axis=-1)
        clearness[part.core] = np.rint(shares.max(axis=-1) * 255)
        on_progress(number, len(parts), number / len(parts))
    return FamilyMap.of(classes, clearness)
