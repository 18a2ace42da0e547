"""The self-test: a picture made by integer arithmetic, what its map must be, and how the two are compared.

The picture is analysed by the real worker with the default weights in tiles of two sizes, and the maps are
compared with each other and with values that were recorded when the weights were made.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from workbench import __version__
from workbench.core import paths
from workbench.core.analysis import AnalysisRequest, Outcome, request_for
from workbench.core.digest import sha256_of_file
from workbench.core.errors import WeightsError
from workbench.core.heatmap import Response
from workbench.core.selftest import Check, SelfTestResult
from workbench.core.weights import WeightsCard

TILES = (64, 512)
TOLERANCE = 2e-4
"""Largest difference of a float32 response; the bar that the network's own parity tests use."""
TOLERANCES = {"float32": TOLERANCE, "bfloat16": 0.2}
"""By precision. bfloat16 moves maps of photographs by more (docs/performance.md); it is never the default."""
STEP = 8
"""Pixels between the responses that are kept as expected values."""


def generated_picture() -> npt.NDArray[np.uint8]:
    """(272, 320, 3) uint8: waves, grain from a linear congruence, and a window of stronger grain.

    So large that the second pass, too, takes it in several tiles of the smaller size.
    """
    y, x = np.mgrid[0:272, 0:320].astype(np.int64)
    grain = ((y * 320 + x) * 1103515245 + 12345) // 65536 % 32768 % 17 - 8
    grain[88:184, 136:256] *= 3
    waves = np.stack([(x * 3 + y) % 256, (x + y * 2) % 256, (x * x // 64 + y) % 256], axis=-1)
    picture: npt.NDArray[np.uint8] = np.clip(waves // 2 + 64 + grain[..., None], 0, 255).astype(np.uint8)
    return picture


def requests(
    folder: Path, card: WeightsCard, runtime: str = "auto", precision: str = "float32"
) -> tuple[AnalysisRequest, ...]:
    """Write the picture into a folder, and ask for its map in tiles of each size."""
    path = folder / "selftest.png"
    Image.fromarray(generated_picture()).save(path)
    request = request_for(path, sha256_of_file(path), None, card)
    request = replace(request, runtime=runtime, precision=precision)
    return tuple(replace(request, id=f"{request.id}-{tile}", tile=tile) for tile in TILES)


def result_of(card: WeightsCard, outcomes: Sequence[Outcome]) -> SelfTestResult:
    """Compare the maps of `requests`, in their order."""
    made = outcomes[-1].provenance
    checks = tuple(_checks(card, outcomes))
    return _result(card, checks, made.runtime, made.precision)


def not_run(
    card: WeightsCard, sentence: str, runtime: str = "", precision: str = "float32"
) -> SelfTestResult:
    """The result of a self-test that the worker could not carry out."""
    return _result(card, (Check("the worker carries out an analysis", sentence),), runtime, precision)


def keep_expected(card: WeightsCard, outcomes: Sequence[Outcome]) -> Path:
    """For whoever makes new weights: write what is expected from now on."""
    path = _expected_file(card)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [[round(float(v), 6) for v in row] for row in _sampled(outcomes[-1].heatmap.response)]
    path.write_text(json.dumps({"weights_sha256": card.sha256, "responses": rows}) + "\n", "utf-8")
    return path


def _result(card: WeightsCard, checks: tuple[Check, ...], runtime: str, precision: str) -> SelfTestResult:
    date = datetime.now().astimezone().isoformat(timespec="seconds")
    passed = all(check.difference == "" for check in checks)
    return SelfTestResult(date, passed, __version__, card.sha256, runtime, precision, checks)


def _checks(card: WeightsCard, outcomes: Sequence[Outcome]) -> Iterator[Check]:
    small, large = (outcome.heatmap.response for outcome in outcomes)
    tolerance = TOLERANCES[outcomes[-1].provenance.precision]
    yield Check(f"weights {card.name}, SHA-256 {card.sha256[:16]}…", _weights_difference(card))
    yield Check(
        f"{TILES[0]}-pixel tiles against {TILES[1]}-pixel tiles, tolerance {tolerance}",
        _difference(small, large, tolerance),
    )
    expected = json.loads(_expected_file(card).read_text("utf-8"))
    if expected["weights_sha256"] != card.sha256:
        yield Check("expected values", "they were recorded with other weights")
        return
    values = np.array(expected["responses"], np.float32)
    what = f"{values.size} responses against recorded values, tolerance {tolerance}"
    yield Check(what, _difference(_sampled(large), values, tolerance))


def _weights_difference(card: WeightsCard) -> str:
    try:
        card.verify()
    except WeightsError as error:
        return str(error)
    return ""


def _difference(a: Response, b: Response, tolerance: float) -> str:
    if a.shape != b.shape:
        return f"sizes {a.shape} and {b.shape}"
    largest = float(np.abs(a - b).max())
    return "" if largest <= tolerance else f"largest difference {largest:.2g}"


def _sampled(response: Response) -> Response:
    return response[STEP // 2 :: STEP, STEP // 2 :: STEP]


def _expected_file(card: WeightsCard) -> Path:
    return paths.resources_folder() / "selftest" / f"{card.name}.json"
