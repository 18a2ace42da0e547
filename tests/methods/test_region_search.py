"""The search on responses that are known, so that what it must suggest is known; and on a real network."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from workbench.core.method import Whole
from workbench.core.search import Box, SearchParameters, parameters_for, windows_of
from workbench.core.wording import forbidden_in
from workbench.methods.mantranet import runtimes, two_pass
from workbench.methods.mantranet.cached import window_response
from workbench.methods.mantranet.configuration import COMPACT_3, VARIANTS, Configuration
from workbench.methods.mantranet.feature_store import MemoryStore
from workbench.methods.mantranet.method import LoadedManTraNet
from workbench.methods.mantranet.planning import feature_work, response_work
from workbench.methods.mantranet.region_search import look_through, search

Arrays = dict[str, np.ndarray]
SHAPE = (300, 400)
WEAK = (60, 180, 50, 40)
STRONG = (300, 40, 60, 60)


def _noise(shape: tuple[int, int], seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.15, 0.03, shape)


def _put(response: np.ndarray, place: Box, window: Box, level: float) -> None:
    """Set a place of the picture in the map of a window."""
    x, y, width, height = place
    rows = slice(max(0, y - window[1]), max(0, y + height - window[1]))
    response[rows, max(0, x - window[0]) : max(0, x + width - window[0])] = level


def _parameters(shape: tuple[int, int]) -> SearchParameters:
    """The default ones, with the least score that suits the noise of these maps."""
    return replace(parameters_for(shape), least_score=0.9)


def _whole(shape: tuple[int, int] = SHAPE, strong: float = 0.9) -> np.ndarray:
    response = _noise(shape)
    _put(response, STRONG, (0, 0, *shape[::-1]), strong)
    return response.astype(np.float32)


def _respond(box: Box, levels: dict[Box, float] | None = None) -> np.ndarray:
    """A window shows the strong edit if it holds it, and else the weak one that this one hides."""
    x, y, width, height = box
    response = _noise((height, width), x + 1000 * y)
    hides = x + width > STRONG[0] and y < STRONG[1] + STRONG[3]
    for place, level in (levels or {STRONG: 0.9, WEAK: 0.15 if hides else 0.6}).items():
        _put(response, place, box, level)
    return np.clip(response, 0, 1).astype(np.float32)


def _iou(a: Box, b: Box) -> float:
    across = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    down = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    common = max(0, across) * max(0, down)
    return common / (a[2] * a[3] + b[2] * b[3] - common)


@pytest.mark.parametrize(
    "shape", [(448, 448), (300, 451), (768, 1024), (4000, 6000), (100, 900), (50, 60), (16, 16), (1, 7)]
)
def test_windows_cover_the_picture_and_cost_as_much_as_the_whole(shape: tuple[int, int]) -> None:
    windows = windows_of(shape, _parameters(shape))
    covered = np.zeros(shape, bool)
    for x, y, width, height in windows:
        assert x >= 0
        assert y >= 0
        assert width == height
        covered[y : y + height, x : x + width] = True
        assert covered[y : y + height, x : x + width].shape == (height, width)
    assert covered.all()
    assert sum(width * height for _, _, width, height in windows) <= 1.8 * covered.size


@pytest.mark.parametrize("configuration", [COMPACT_3, VARIANTS[4]], ids=lambda c: c.name)
@pytest.mark.parametrize("shape", [(448, 448), (768, 1024), (1080, 1920), (4000, 6000), (6000, 4000)])
def test_a_search_computes_less_than_an_analysis(
    configuration: Configuration, shape: tuple[int, int]
) -> None:
    windows = sum(side * side for _, _, side, _ in windows_of(shape, _parameters(shape)))
    passes = feature_work(configuration), response_work(configuration)
    share = windows * passes[1] / (shape[0] * shape[1] * sum(passes))
    assert share < (0.95 if configuration is COMPACT_3 else 0.2)


def test_what_windows_show_and_the_whole_does_not_is_suggested() -> None:
    parameters = _parameters(SHAPE)
    windows, suggestions = look_through(_respond, _whole(), parameters)

    assert windows == windows_of(SHAPE, parameters)
    assert [s.rank for s in suggestions] == [1]
    (found,) = suggestions
    assert _iou(found.box, WEAK) > 0.25
    x, y, width, height = found.box
    assert x <= WEAK[0]
    assert y <= WEAK[1]
    assert WEAK[2] * WEAK[3] < 0.5 * width * height  # its run is not turned round
    wx, wy, side, _ = windows[found.window]
    assert wx <= WEAK[0]
    assert wy <= WEAK[1]
    assert wx + side >= WEAK[0] + WEAK[2]
    assert wx + side <= STRONG[0] or wy >= STRONG[1] + STRONG[3]  # one that is free of the strong edit


def test_what_the_whole_shows_below_the_threshold_is_suggested_too() -> None:
    _, suggestions = look_through(_respond, _whole(strong=0.4), _parameters(SHAPE))
    assert len(suggestions) == 2
    assert _iou(suggestions[0].box, STRONG) > 0.25  # it stands out more
    assert suggestions[0].score > suggestions[1].score


def test_nothing_is_suggested_where_nothing_stands_out() -> None:
    level = {(0, 0, 1, 1): 0.15}
    assert look_through(lambda box: _respond(box, level), _whole(), _parameters(SHAPE))[1] == ()


def test_what_one_window_shows_alone_fades() -> None:
    parameters = _parameters(SHAPE)
    chosen = windows_of(SHAPE, parameters)[0]

    def respond(box: Box) -> np.ndarray:
        return _respond(box, {WEAK: 0.6 if box == chosen else 0.15})

    lonely = look_through(respond, _whole(), parameters)[1]
    agreed = look_through(lambda box: _respond(box, {WEAK: 0.6}), _whole(), parameters)[1]
    assert not lonely or lonely[0].score < 0.7 * agreed[0].score


def test_the_response_at_the_rim_of_a_window_is_left_out() -> None:
    def respond(box: Box) -> np.ndarray:
        response = _respond(box, {(0, 0, 1, 1): 0.15})
        response[:, -5:] = response[:5] = 0.9
        return response

    whole = _whole(strong=0.15)
    for suggestion in look_through(respond, whole, _parameters(SHAPE))[1]:
        x, y, width, _ = suggestion.box
        assert y == 0 or x + width == SHAPE[1]  # only where the window's border is the picture's


def test_at_most_eight_of_many_are_suggested_the_best_first() -> None:
    shape = (600, 800)
    places = {(x, y, 32, 32): 0.4 + x / 1600 for x in range(40, 760, 120) for y in range(40, 560, 130)}
    parameters = replace(_parameters(shape), least_score=0)
    whole = _noise(shape).astype(np.float32)
    suggestions = look_through(lambda box: _respond(box, places), whole, parameters)[1]
    assert [s.rank for s in suggestions] == list(range(1, 9))
    scores = [s.score for s in suggestions]
    assert scores == sorted(scores, reverse=True)
    boxes = [s.box for s in suggestions]
    assert all(_iou(a, b) < 0.3 for i, a in enumerate(boxes) for b in boxes[:i])


def test_large_pictures_are_searched_on_block_means() -> None:
    shape, place = (1800, 2600), (400, 1000, 240, 200)
    suggestions = look_through(lambda box: _respond(box, {place: 0.6}), _noise(shape).astype(np.float32),
                               _parameters(shape))[1]  # fmt: skip
    assert _iou(suggestions[0].box, place) > 0.25


def test_the_same_comes_out_each_time_and_progress_ends_at_one() -> None:
    steps: list[tuple[int, int, float]] = []
    first = look_through(_respond, _whole(), _parameters(SHAPE), lambda *step: steps.append(step))
    assert look_through(_respond, _whole(), _parameters(SHAPE)) == first
    assert [done for done, _, _ in steps] == list(range(1, len(first[0]) + 1))
    assert steps[-1] == (len(first[0]), len(first[0]), 1.0)


def test_a_search_without_windows_suggests_nothing() -> None:
    assert look_through(_respond, _whole(), SearchParameters((), 0.1, 0.5, 64)) == ((), ())


@pytest.mark.parametrize("shape", [(1, 7), (16, 16), (20, 300), (97, 97), (120, 900)])
def test_small_and_thin_pictures_can_be_searched(shape: tuple[int, int]) -> None:
    level = {(0, 0, 1, 1): 0.15}
    whole = _noise(shape).astype(np.float32)
    assert look_through(lambda box: _respond(box, level), whole, _parameters(shape))[1] == ()


def test_on_the_real_network_windows_are_those_of_pass_b(
    small: Configuration, make_arrays: Callable[..., Arrays]
) -> None:
    runtime = runtimes.make("openvino", "float32", small, make_arrays(small))
    picture = np.random.default_rng(0).integers(0, 255, (150, 210, 3)).astype(np.uint8)
    store = MemoryStore((150, 210, small.outlier_filters))
    store.write((slice(0, 150), slice(0, 210)), runtime.features(picture))
    whole = window_response(store, runtime, (0, 0, 210, 150))
    parameters = _parameters((150, 210))
    found = search(store, whole, runtime, parameters)
    assert found == look_through(lambda box: window_response(store, runtime, box), whole, parameters)
    assert len(found[0]) == 6
    assert not forbidden_in(repr(found))


def test_the_map_of_the_last_run_is_taken_for_its_own_picture_only(
    small: Configuration, make_arrays: Callable[..., Arrays], monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = LoadedManTraNet(runtimes.make("openvino", "float32", small, make_arrays(small)), "weights")
    rng = np.random.default_rng(0)
    pictures = {Whole(name): rng.integers(0, 255, (150, 210, 3)).astype(np.uint8) for name in ("a", "b")}
    first, second = pictures
    computed: list[int] = []
    respond = two_pass.respond
    monkeypatch.setattr(two_pass, "respond", lambda *given: computed.append(1) or respond(*given))

    def run(whole: Whole) -> np.ndarray:
        plan = loaded.plan(150, 210, whole=whole)
        return loaded.analyse(pictures[whole], plan, lambda *_: None, lambda *_: None, whole)

    def searched(whole: Whole, level: float) -> object:
        plan = loaded.plan(150, 210, whole=whole)
        parameters = replace(parameters_for((150, 210), level), least_score=0.0)
        return loaded.search(pictures[whole], plan, lambda *_: None, whole, parameters)

    level = float(np.median(run(first)))
    at_once = searched(first, level)
    assert not computed
    run(second)
    assert searched(first, level) == at_once
    assert len(computed) == 1
