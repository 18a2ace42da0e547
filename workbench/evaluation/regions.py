"""Whether regions find what the whole-image run misses: on pictures with a strong and a weak edit."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.core.search import Box, SearchParameters, parameters_for
from workbench.core.weights import WeightsCard
from workbench.evaluation import region_pictures, region_results
from workbench.evaluation.methods import centre_prior
from workbench.evaluation.region_pictures import TwoEdits, box_of, two_edits
from workbench.evaluation.region_results import (
    KeptResults,
    PictureResult,
    Response,
    Shown,
    Tried,
    box_iou,
    plain_iou,
    shown,
)
from workbench.methods.mantranet import region_search, runtimes, weights
from workbench.methods.mantranet.cached import window_response
from workbench.methods.mantranet.configuration import CONFIGURATIONS
from workbench.methods.mantranet.feature_store import MemoryStore
from workbench.methods.mantranet.runtime import Runtime
from workbench.training.forgeries import generator
from workbench.training.photos import Photo, photo_paths, read_photo
from workbench.training.split import Part

_CODE = region_pictures, region_results, region_search, sys.modules[__name__]
"""What results depend on, besides the generator of forgeries."""

LOWEST = 1.3
"""Suggestions of this score and more are measured, whatever the product's least one is: for the curve."""

HAND = (1.2, 1.8)
"""A hand draws a region with sides 20 to 80 % longer than those of what it is around."""


@dataclass(frozen=True)
class Plan:
    """What is measured.

    Attributes:
        photos: folder of photographs.
        part: of the split: "held-out" for results, "training" to choose parameters.
        card: of the weights.
        pictures: how many are made.
        side: of each in pixels.
        seed: of them all.
        kept: file that keeps results.
    """

    photos: Path
    part: Part
    card: WeightsCard
    pictures: int
    side: int
    seed: int
    kept: Path

    @property
    def key(self) -> str:
        """What a result depends on besides its number; the code that makes and searches pictures included."""
        parts = self.part, self.card.sha256, self.side, self.seed, self.parameters
        code = [inspect.getsource(module) for module in _CODE]
        return hashlib.sha256(repr((parts, code, generator())).encode()).hexdigest()

    @property
    def parameters(self) -> SearchParameters:
        """Those of the product, but lower scores are suggested, too."""
        return parameters_for((self.side, self.side), self.card.threshold.value, LOWEST)


class Network:
    """The network on whole pictures, on strict crops, and on windows of cached features."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def features(self, picture: NDArray[np.uint8]) -> MemoryStore:
        """Pass A at once: these pictures are small."""
        features = self._runtime.features(picture)
        store = MemoryStore((features.shape[0], features.shape[1], features.shape[2]))
        store.write((slice(0, features.shape[0]), slice(0, features.shape[1])), features)
        return store

    def window(self, features: MemoryStore, box: Box) -> Response:
        """Pass B alone."""
        return window_response(features, self._runtime, box)

    def crop(self, picture: NDArray[np.uint8], box: Box) -> Response:
        """The strict run of a region: both passes on its pixels alone."""
        x, y, width, height = box
        cut = np.ascontiguousarray(picture[y : y + height, x : x + width])
        return self.window(self.features(cut), (0, 0, width, height))

    def searched(self, picture: NDArray[np.uint8], parameters: SearchParameters) -> _Searched:
        """The whole-image run, and the search on its features."""
        features = self.features(picture)
        height, width = picture.shape[:2]
        whole = self.window(features, (0, 0, width, height))
        _, suggestions = region_search.search(features, whole, self._runtime, parameters)
        return _Searched(whole, tuple((s.box, s.score) for s in suggestions))


@dataclass(frozen=True, eq=False)
class _Searched:
    whole: Response
    suggestions: tuple[tuple[Box, float], ...]


def load_network(card: WeightsCard) -> Network:
    """The network of a card on the fastest runtime here.

    Raises:
        WeightsError: the file is missing, has changed or does not fit.
    """
    card.verify()
    configuration = CONFIGURATIONS[card.configuration]
    arrays = weights.load_weights(card.path, configuration)
    return Network(runtimes.make("auto", "float32", configuration, arrays))


def measure(plan: Plan, told: Callable[[int], None] = lambda done: None) -> list[PictureResult]:
    """Measure all pictures of a plan, in the order of their numbers; `told` after each.

    Raises:
        PhotosError: there are no photographs of that part.
        WeightsError: the weights can't be used.
    """
    kept = KeptResults(plan.kept, plan.key)
    missing = [number for number in range(plan.pictures) if number not in kept.found]
    if missing:
        photos = [read_photo(path) for path in photo_paths(plan.photos, plan.part)]
        for result in _measured(plan, photos, missing):
            kept.add(result)
            told(len(kept.found))
    return [kept.found[number] for number in range(plan.pictures)]


def _measured(plan: Plan, photos: Sequence[Photo], numbers: Sequence[int]) -> Iterator[PictureResult]:
    network = load_network(plan.card)
    for number in numbers:
        picture = two_edits(photos, plan.seed, number, plan.side)
        yield measure_picture(picture, network, plan.parameters, plan.seed)


def measure_picture(
    picture: TwoEdits, network: Network, parameters: SearchParameters, seed: int
) -> PictureResult:
    """Everything about one picture; what is random depends on the seed and its number only."""
    rng = np.random.default_rng((seed, picture.number, 1))
    side = picture.edited.shape[0]
    on_original = network.searched(picture.original, parameters)
    on_edited = network.searched(picture.edited, parameters)
    hands = [hand_like(box_of(mask), side, rng) for mask in picture.masks]
    randoms = [(_somewhere(box, side, rng), score) for box, score in on_edited.suggestions]
    strong, weak = picture.masks
    alone = network.window(network.features(picture.alone), (0, 0, side, side))
    centres = [centre_prior(np.empty((height, width, 3), np.uint8)) for _, _, width, height in hands]

    def both(response: Response, box: Box) -> tuple[Shown, Shown]:
        level = parameters.threshold
        return shown(response, box, strong, weak, level), shown(response, box, weak, strong, level)

    def tried(box: Box, score: float) -> Tried:
        overlap = box_iou(box, box_of(strong)), box_iou(box, box_of(weak))
        return Tried(box, score, overlap, both(network.crop(picture.edited, box), box))

    return PictureResult(
        number=picture.number,
        kinds=picture.kinds,
        pixels=side * side,
        whole=both(on_edited.whole, (0, 0, side, side)),
        hand=(
            shown(network.crop(picture.edited, hands[0]), hands[0], strong, weak),
            shown(network.crop(picture.edited, hands[1]), hands[1], weak, strong),
        ),
        hand_plain=(plain_iou(hands[0], strong), plain_iou(hands[1], weak)),
        hand_centre=(
            shown(centres[0], hands[0], strong, weak),
            shown(centres[1], hands[1], weak, strong),
        ),
        alone=shown(alone, (0, 0, side, side), weak, strong),
        suggested=tuple(tried(*suggestion) for suggestion in on_edited.suggestions),
        random=tuple(tried(*window) for window in randoms),
        false_scores=tuple(score for _, score in on_original.suggestions),
    )


def hand_like(truth: Box, side: int, rng: np.random.Generator) -> Box:
    """A region as a hand draws it around an edit: each side 20 to 80 % longer, not quite in the middle."""
    x, y, width, height = truth
    left, wide = _drawn(x, width, side, rng)
    top, high = _drawn(y, height, side, rng)
    return left, top, wide, high


def _drawn(start: int, length: int, side: int, rng: np.random.Generator) -> tuple[int, int]:
    """A span that holds the one given with a tenth of its length on both sides, cut to the picture."""
    least, most = HAND
    extra = (rng.uniform(least, most) - least) * length
    before = (least - 1) / 2 * length + extra * rng.uniform(0, 1)
    first = max(0, int(np.floor(start - before)))
    last = min(side, int(np.ceil(start + length + (least - 1) * length + extra - before)))
    return first, last - first


def _somewhere(box: Box, side: int, rng: np.random.Generator) -> Box:
    _, _, width, height = box
    return int(rng.integers(side - width + 1)), int(rng.integers(side - height + 1)), width, height
