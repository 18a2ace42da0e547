"""Look through windows of a picture for places that the run of the whole picture does not show.

Levels of windows are not comparable with each other or with those of the whole picture: each is measured
against its own surroundings. So no level decides here, but how far a place stands out from what is around it.

1. Each window is run by itself (pass B on the features of the whole picture). Its rim, where the window ends
   and the picture does not, is left out.
2. The windows' log-odds are averaged pixel by pixel: what only one of several windows shows fades.
3. Candidates are the connected places above each of many levels of this mean that are large enough, compact,
   and smaller than half of a window (a larger one would turn the window of it round).
4. A candidate's score is how far the mean inside it lies above that of a ring around it, in log-odds, times
   the fourth root of its area in units of the smallest window's. Of candidates that share most of their
   pixels the one with the best score stays.
5. Places that the whole-image run shows already (mostly above the threshold) are left out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from workbench.core.heatmap import Mask, Response
from workbench.core.method import OnProgress
from workbench.core.region_guidance import enlarged
from workbench.core.search import Box, SearchParameters, Suggestion, parameters_for, windows_of
from workbench.methods.mantranet.cached import TILE, window_response
from workbench.methods.mantranet.feature_store import FeatureReader
from workbench.methods.mantranet.runtime import Runtime

__all__ = ["look_through", "parameters_for", "search"]

Respond = Callable[[Box], Response]
"""From (x, y, width, height) inside the picture to that window's response, (height, width) float32."""

_FINEST = 1_000_000
"""Pixels: places are looked for on block means of the maps when the picture has more."""
_RIM = 8
"""Pixels inside a window's border whose response is that of the border."""
_SMOOTH = 2.0
"""Standard deviation in (reduced) pixels of the blur that joins what belongs together."""
_LEVELS = np.arange(-3, 4.01, 0.25)
"""Log-odds at which places are cut out: responses of 5 % to 98 %."""
_COMPACT = 0.3
"""A place fills at least this share of its box."""
_SAME = 0.5
"""Two candidates are one place if they share this much of the smaller one's box."""
_SHOWN = 0.5
"""A place is shown by the whole-image run if this share of it exceeds the threshold there."""
_FILL = 0.4
"""A suggested region is so much larger than its place that the place covers this share at most."""
_LEAST_GROWTH, _LEAST_REGION = 1.25, 64

LogOdds = npt.NDArray[np.float32]


def search(
    features: FeatureReader,
    whole: Response,
    runtime: Runtime,
    parameters: SearchParameters,
    on_progress: OnProgress = lambda done, total, fraction: None,
    tile: int = TILE,
) -> tuple[tuple[Box, ...], tuple[Suggestion, ...]]:
    """Every window tried, and what is suggested for a strict run, the best scored first.

    Args:
        features: of the whole picture.
        whole: response of the whole-image run, (height, width).
        runtime: computes pass B.
        parameters: of `parameters_for`, or others.
        on_progress: after each window; may raise to stop.
        tile: side in pixels of the parts of a large window.
    """

    def respond(box: Box) -> Response:
        return window_response(features, runtime, box, tile=tile)

    return look_through(respond, whole, parameters, on_progress)


def look_through(
    respond: Respond,
    whole: Response,
    parameters: SearchParameters,
    on_progress: OnProgress = lambda done, total, fraction: None,
) -> tuple[tuple[Box, ...], tuple[Suggestion, ...]]:
    """The same with whatever responds to a window; the same windows and responses give the same answer."""
    windows = windows_of((whole.shape[0], whole.shape[1]), parameters)
    work = sum(side * side for _, _, side, _ in windows)
    tally, worked = _Tally(whole.shape[0], whole.shape[1]), 0
    for number, box in enumerate(windows):
        tally.add(number, box, respond(box))
        worked += box[2] * box[3]
        on_progress(number + 1, len(windows), worked / work)
    return windows, _suggestions(tally, whole, parameters)


class _Tally:
    """Mean log-odds of the windows at each place of the (reduced) picture, and which window shows it best."""

    def __init__(self, height: int, width: int) -> None:
        self.size = height, width
        self.factor = max(1, round((height * width / _FINEST) ** 0.5))
        shape = -(-height // self.factor), -(-width // self.factor)
        self._sum, self._count = np.zeros(shape, np.float32), np.zeros(shape, np.uint16)
        self._best = np.full(shape, -np.inf, np.float32)
        self.clearest = np.zeros(shape, np.int32)

    def add(self, number: int, box: Box, response: Response) -> None:
        """Take in a window."""
        odds = self.reduced(_log_odds(response))
        top, left = round(box[1] / self.factor), round(box[0] / self.factor)
        inner, place = self._without_rim(box, (top, left), (odds.shape[0], odds.shape[1]))
        odds = odds[inner]
        if not odds.size:  # a window that is nothing but rim
            return
        self._sum[place] += odds
        self._count[place] += 1
        standing = odds - np.median(odds)  # levels of two windows are not comparable
        clearer = standing > self._best[place]
        self._best[place][clearer] = standing[clearer]
        self.clearest[place][clearer] = number

    def _without_rim(
        self, box: Box, origin: tuple[int, int], shape: tuple[int, int]
    ) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
        """What to take of a reduced window, and where it belongs."""
        spans = [self._span(box[1 - axis], box[3 - axis], axis, origin[axis], shape[axis]) for axis in (0, 1)]
        inner = slice(*spans[0][0]), slice(*spans[1][0])
        return inner, (slice(*spans[0][1]), slice(*spans[1][1]))

    def _span(
        self, start: int, side: int, axis: int, origin: int, length: int
    ) -> tuple[tuple[int, int], tuple[int, int]]:
        rim = max(1, round(_RIM / self.factor))
        first = rim if start > 0 else 0
        last = length - rim if start + side < self.size[axis] else length
        last = min(last, self._sum.shape[axis] - origin)
        return (first, last), (origin + first, origin + last)

    def reduced(self, values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Block means."""
        if self.factor == 1:
            return values
        height, width = (-(-side // self.factor) for side in values.shape)
        return np.asarray(cv2.resize(values, (width, height), interpolation=cv2.INTER_AREA), np.float32)

    def mean(self) -> LogOdds:
        """Mean over the windows, smoothed; places that no window holds are as low as the lowest."""
        seen = self._count > 0
        mean = np.divide(self._sum, self._count, where=seen, out=np.zeros_like(self._sum))
        mean[~seen] = mean[seen].min(initial=0)
        return np.asarray(cv2.GaussianBlur(mean, (0, 0), _SMOOTH), np.float32)


def _log_odds(response: Response) -> LogOdds:
    clipped = np.clip(response, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(clipped / (1 - clipped)), np.float32)


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A connected place: its box and mask in the reduced picture, and how far it stands out."""

    score: float
    box: Box
    mask: Mask = field(repr=False)

    @property
    def slices(self) -> tuple[slice, slice]:
        x, y, width, height = self.box
        return slice(y, y + height), slice(x, x + width)


def _suggestions(tally: _Tally, whole: Response, parameters: SearchParameters) -> tuple[Suggestion, ...]:
    if not parameters.sides:
        return ()
    mean, shown = tally.mean(), tally.reduced(whole) > np.float32(parameters.threshold)
    found = [c for level in _LEVELS for c in _candidates(mean, float(level), tally.factor, parameters)]
    found = [c for c in found if c.score >= parameters.least_score and not _is_shown(c, shown)]
    kept: list[_Candidate] = []
    for candidate in sorted(found, key=lambda c: (-c.score, c.box)):
        if len(kept) < parameters.most and not any(_same(candidate.box, k.box) for k in kept):
            kept.append(candidate)
    return tuple(_suggestion(rank, c, tally) for rank, c in enumerate(kept, start=1))


def _candidates(mean: LogOdds, level: float, factor: int, parameters: SearchParameters) -> list[_Candidate]:
    """Places above a level that are large enough, small enough and compact."""
    above = (mean > level).astype(np.uint8)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(above, connectivity=8)
    least, largest = parameters.smallest_area / factor**2, (parameters.sides[0] / factor) ** 2 / 2
    unit = (parameters.sides[-1] / factor) ** 2
    found = []
    for label, (x, y, width, height, area) in enumerate(boxes[1:].tolist(), start=1):
        if least <= area <= largest and area >= _COMPACT * width * height:
            box = x, y, width, height
            score = (area / unit) ** 0.25 * _contrast(mean, labels, label, box)
            mask = labels[y : y + height, x : x + width] == label
            found.append(_Candidate(score, box, mask))
    return found


def _contrast(mean: LogOdds, labels: npt.NDArray[np.int32], label: int, box: Box) -> float:
    """How far the mean inside lies above that of a ring a quarter of the place's length wide."""
    width = max(4, max(box[2:]) // 4)
    x0, y0 = max(0, box[0] - width), max(0, box[1] - width)
    around = slice(y0, box[1] + box[3] + width), slice(x0, box[0] + box[2] + width)
    inside, values = labels[around] == label, mean[around]
    near = cv2.dilate(inside.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    if near.all():
        return 0.0
    return float(values[inside].mean() - values[~near].mean())


def _is_shown(candidate: _Candidate, shown: Mask) -> bool:
    return bool(shown[candidate.slices][candidate.mask].mean() >= _SHOWN)


def _same(a: Box, b: Box) -> bool:
    across = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    down = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(0, across) * max(0, down) > _SAME * min(a[2] * a[3], b[2] * b[3])


def _suggestion(rank: int, candidate: _Candidate, tally: _Tally) -> Suggestion:
    """The region to run: the place with enough of its surroundings, in pixels of the picture."""
    numbers = tally.clearest[candidate.slices][candidate.mask]
    box = _region(candidate, tally.factor, (tally.size[1], tally.size[0]))
    return Suggestion(rank, round(candidate.score, 4), box, int(np.bincount(numbers).argmax()))


def _region(candidate: _Candidate, factor: int, picture: tuple[int, int]) -> Box:
    x, y, width, height = (value * factor for value in candidate.box)
    width, height = min(width, picture[0] - x), min(height, picture[1] - y)
    growth = max(_LEAST_GROWTH, (float(candidate.mask.mean()) / _FILL) ** 0.5)
    left, top, wide, high = enlarged((x, y, width, height), picture, growth)
    left, wide = _widened(left, wide, picture[0])
    top, high = _widened(top, high, picture[1])
    return left, top, wide, high


def _widened(start: int, length: int, picture: int) -> tuple[int, int]:
    """A span of at least `_LEAST_REGION` pixels, where the picture has them."""
    wanted = min(picture, max(length, _LEAST_REGION))
    start = min(max(0, start - (wanted - length) // 2), picture - wanted)
    return start, wanted
