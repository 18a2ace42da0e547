"""`workbench selftest`: does this installation give the numbers that it should?

A picture made by integer arithmetic is analysed by the real worker with the default weights, in tiles of two
sizes, and compared with values that were recorded when the weights were made.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from workbench import __version__
from workbench.cli import DIFFERENT, DONE
from workbench.cli.blocking import run_all
from workbench.core import paths
from workbench.core.analysis import request_for
from workbench.core.errors import WeightsError
from workbench.core.evidence import open_evidence
from workbench.core.heatmap import Response
from workbench.core.selftest import SelfTestResult
from workbench.core.weights import WeightsCard, card_named

TILES = (64, 512)
TOLERANCE = 2e-4
"""Largest difference of a response; the bar that the network's own parity tests use."""
STEP = 8
"""Pixels between the responses that are kept as expected values."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    parser.add_argument("--record", action="store_true", help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    card = card_named()
    small, large = _responses(card)
    if arguments.record:
        return _record(card, large)
    passed = True
    for what, found in _checks(card, small, large):
        sys.stdout.write(f"{'as expected' if found == '' else 'DIFFERENT'}  {what}{found and ': ' + found}\n")
        passed = passed and found == ""
    date = datetime.now().astimezone().isoformat(timespec="seconds")
    SelfTestResult(date, passed, __version__, card.sha256).save()
    sys.stdout.write("Self-test passed.\n" if passed else "Self-test found a difference.\n")
    return DONE if passed else DIFFERENT


def generated_picture() -> npt.NDArray[np.uint8]:
    """(160, 208, 3) uint8: waves, grain from a linear congruence, and a window of stronger grain."""
    y, x = np.mgrid[0:160, 0:208].astype(np.int64)
    grain = ((y * 208 + x) * 1103515245 + 12345) // 65536 % 32768 % 17 - 8
    grain[48:112, 88:168] *= 3
    waves = np.stack([(x * 3 + y) % 256, (x + y * 2) % 256, (x * x // 64 + y) % 256], axis=-1)
    picture: npt.NDArray[np.uint8] = np.clip(waves // 2 + 64 + grain[..., None], 0, 255).astype(np.uint8)
    return picture


def _responses(card: WeightsCard) -> tuple[Response, Response]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "selftest.png"
        Image.fromarray(generated_picture()).save(path)
        request = request_for(path, open_evidence(path).sha256, None, card)
        outcomes = run_all(replace(request, tile=tile) for tile in TILES)
    first, second = (outcome.heatmap.response for outcome in outcomes)
    return first, second


def _checks(card: WeightsCard, small: Response, large: Response) -> Iterator[tuple[str, str]]:
    """(what was checked, what differs or "")."""
    yield f"weights {card.name}, SHA-256 {card.sha256[:16]}…", _weights_difference(card)
    yield (
        f"{TILES[0]}-pixel tiles against {TILES[1]}-pixel tiles, tolerance {TOLERANCE}",
        _difference(small, large),
    )
    expected = json.loads(_expected_file(card).read_text("utf-8"))
    if expected["weights_sha256"] != card.sha256:
        yield "expected values", "they were recorded with other weights"
        return
    values = np.array(expected["responses"], np.float32)
    yield (
        f"{values.size} responses against recorded values, tolerance {TOLERANCE}",
        _difference(_sampled(large), values),
    )


def _weights_difference(card: WeightsCard) -> str:
    try:
        card.verify()
    except WeightsError as error:
        return str(error)
    return ""


def _difference(a: Response, b: Response) -> str:
    if a.shape != b.shape:
        return f"sizes {a.shape} and {b.shape}"
    largest = float(np.abs(a - b).max())
    return "" if largest <= TOLERANCE else f"largest difference {largest:.2g}"


def _sampled(response: Response) -> Response:
    return response[STEP // 2 :: STEP, STEP // 2 :: STEP]


def _expected_file(card: WeightsCard) -> Path:
    return paths.resources_folder() / "selftest" / f"{card.name}.json"


def _record(card: WeightsCard, response: Response) -> int:
    """For whoever makes new weights: write what is expected from now on."""
    path = _expected_file(card)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [[round(float(v), 6) for v in row] for row in _sampled(response)]
    path.write_text(json.dumps({"weights_sha256": card.sha256, "responses": rows}) + "\n", "utf-8")
    sys.stdout.write(f"Recorded {path}.\n")
    return DONE
