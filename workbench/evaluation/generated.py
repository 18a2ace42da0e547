"""What is generated to measure on, from photographs held out of every training.

Forgeries of each kind, single manipulations of each strength, and forgeries that were processed once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from workbench.evaluation.methods import MapOf, Picture
from workbench.evaluation.metrics import bootstrap_interval, score_picture
from workbench.training.forgeries import KINDS, Forgery, make_forgery
from workbench.training.manipulations import FAMILIES, Manipulation, apply, by_name, jpeg
from workbench.training.masks import Mask, random_mask
from workbench.training.photos import Photo, draw_patch

SEED = 20270101
"""Another than any training's and than that of the figures measured while training."""

SIDE = 256
STRENGTHS = 3
PATCH = 160
_EDITED_SHARE = 0.15

Figures = dict[str, Any]
Edited = tuple[Picture, Mask]


@dataclass(frozen=True)
class Process:
    """Something done to a whole forgery after it was finished.

    Attributes:
        name: of the kind of processing.
        amount: how much, as the plot shows it.
        apply: from picture and truth to both.
    """

    name: str
    amount: str
    apply: Callable[[Edited], Edited]


def forgeries(photos: Sequence[Photo], count: int, side: int | None = None) -> dict[str, list[Forgery]]:
    """Return `count` forgeries of each of the four kinds, fixed by the seed; `side` is `SIDE` if None."""
    return {
        kind: [
            make_forgery(photos, np.random.default_rng([SEED, number, index]), side or SIDE, kind)
            for index in range(count)
        ]
        for number, kind in enumerate(KINDS[1:])
    }


def aucs(method: MapOf, edited: Iterator[Edited] | Sequence[Edited]) -> NDArray[np.float64]:
    """Return the pixel AUC of each picture; NaN where all or nothing is edited."""
    scores = [score_picture(method(picture), mask, 0.5) for picture, mask in edited]
    return np.array([np.nan if score is None else score.auc for score in scores])


def mean_with_interval(values: NDArray[np.float64]) -> Figures:
    """Return the mean of what is no NaN, its 95 % bootstrap interval and how many values there are."""
    values = values[~np.isnan(values)]
    return {"mean": float(values.mean()), "interval": list(bootstrap_interval(values)), "n": len(values)}


def by_kind(methods: dict[str, MapOf], made: dict[str, list[Forgery]]) -> Figures:
    """Measure methods on forgeries: kind to method to figures, and `all` with the kinds weighing alike.

    Each method but the first has a `difference`: by how much the first is above it, picture by picture.
    """
    found: dict[str, dict[str, NDArray[np.float64]]] = {
        kind: {name: aucs(method, _edited(those)) for name, method in methods.items()}
        for kind, those in made.items()
    }
    found["all"] = {name: np.concatenate([found[kind][name] for kind in made]) for name in methods}
    return {kind: _beside_first(of) for kind, of in found.items()}


def _beside_first(values: dict[str, NDArray[np.float64]]) -> Figures:
    first, *others = values
    figures = {name: mean_with_interval(values[name]) for name in values}
    for name in others:
        figures[name]["difference"] = mean_with_interval(values[first] - values[name])
    return figures


def sensitivity(methods: dict[str, MapOf], photos: Sequence[Photo], count: int) -> list[Figures]:
    """Measure single manipulations inside a mask, nothing before or after (fig. 4 of the paper, in kind).

    Returns:
        For each operation and some of its strengths: `family`, `operation`, `strength`, and the figures of
        each method. The same `count` patches and masks every time.
    """
    hosts = [_host(photos, index) for index in range(count)]
    return [
        {
            "family": FAMILIES[manipulation.family - 1],
            "operation": manipulation.name,
            "strength": manipulation.strength,
        }
        | {
            name: mean_with_interval(aucs(method, _manipulated(hosts, manipulation)))
            for name, method in methods.items()
        }
        for manipulation in chosen_strengths()
    ]


def chosen_strengths() -> list[Manipulation]:
    """Return up to three strengths of each operation, the least and the largest figure included."""
    chosen = []
    for leaves in (sorted(leaves, key=_amount) for leaves in by_name().values()):
        places = np.unique(np.linspace(0, len(leaves) - 1, STRENGTHS).round().astype(int))
        chosen += [leaves[place] for place in places]
    return chosen


def _amount(manipulation: Manipulation) -> tuple[float, ...]:
    if "/" in manipulation.strength:
        first, second = manipulation.qualities()
        return second, first
    return (manipulation.amount(),)


def robustness(methods: dict[str, MapOf], made: dict[str, list[Forgery]], count: int) -> list[Figures]:
    """Measure forgeries (the first `count` of each kind) that were processed once more as a whole."""
    first = [forgery for those in made.values() for forgery in those[:count]]
    return [
        {"process": process.name, "amount": process.amount}
        | {
            name: mean_with_interval(aucs(method, map(process.apply, _edited(first))))
            for name, method in methods.items()
        }
        for process in processes()
    ]


def processes() -> list[Process]:
    """Return what `robustness` does: nothing, resize, JPEG, smoothing of the edge."""
    return [
        Process("none", "", lambda edited: edited),
        *(Process("resize", f"{scale:g}", _resizing(scale)) for scale in (0.9, 0.7, 0.5)),
        *(Process("JPEG", f"{quality}", _compressing(quality)) for quality in (95, 85, 75, 60)),
        *(Process("edge smoothing", f"{sigma:g}", _smoothing(sigma)) for sigma in (1.0, 2.0, 4.0)),
    ]


def _edited(made: Sequence[Forgery]) -> list[Edited]:
    return [(forgery.picture, forgery.mask) for forgery in made]


def _host(photos: Sequence[Photo], index: int) -> Edited:
    rng = np.random.default_rng([SEED, 99, index])
    picture = draw_patch(photos, rng, PATCH)
    return picture, random_mask(rng, PATCH, picture, _EDITED_SHARE)


def _manipulated(hosts: Sequence[Edited], manipulation: Manipulation) -> Iterator[Edited]:
    for index, (picture, mask) in enumerate(hosts):
        changed = apply(manipulation, picture, np.random.default_rng([SEED, 98, index]))
        yield np.where(mask[..., None], changed, picture), mask


def _resizing(scale: float) -> Callable[[Edited], Edited]:
    def resize(edited: Edited) -> Edited:
        picture, mask = edited
        size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        share = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        return np.asarray(small, np.uint8), np.asarray(share > 0.5, np.bool_)

    return resize


def _compressing(quality: int) -> Callable[[Edited], Edited]:
    return lambda edited: (jpeg(edited[0], quality), edited[1])


def _smoothing(sigma: float) -> Callable[[Edited], Edited]:
    def smooth(edited: Edited) -> Edited:
        picture, mask = edited
        width = 2 * round(2 * sigma) + 1
        band = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((width, width), np.uint8))
        blurred = cv2.GaussianBlur(picture, (0, 0), sigma)
        return np.where(band[..., None] > 0, blurred, picture), mask

    return smooth
