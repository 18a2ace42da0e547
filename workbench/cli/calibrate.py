"""`workbench calibrate FOLDER`: a threshold from the user's own genuine pictures."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from workbench.cli import DONE
from workbench.cli.blocking import run_each
from workbench.core.analysis import AnalysisRequest, request_for
from workbench.core.calibration import (
    FEWEST,
    CalibrationError,
    OwnCalibration,
    brightest_spot,
    calibration_file,
    calibration_of,
)
from workbench.core.digest import sha256_of_file
from workbench.core.errors import EvidenceError
from workbench.core.evidence import open_evidence
from workbench.core.text import visible
from workbench.core.weights import DEFAULT, WeightsCard, card_named

_SUFFIXES = frozenset({".png", ".webp", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".heic"})

Spots = dict[str, float]
"""SHA-256 of a file to the brightest spot of its map."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="genuine pictures of one camera or source"
    )
    parser.add_argument("--weights", default=DEFAULT, metavar="NAME", help="default: %(default)s")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    card = card_named(arguments.weights)
    card.verify()
    files = pictures_in(arguments.folder)
    spots = _measured(files, card)
    made = OwnCalibration(
        weights_sha256=card.sha256,
        folder=arguments.folder.resolve().name,
        made=datetime.now().astimezone().isoformat(timespec="seconds"),
        calibration=calibration_of(list(spots.values())),
        pictures=tuple(sorted(spots.items())),
    )
    path = made.write()
    threshold = made.threshold
    sys.stdout.write(
        f"Threshold {threshold.value:.4f}: {threshold.source}.\n"
        f"The weights' own is {card.threshold.value:.4f}. Written to {path}; "
        f"the window offers it for runs with {card.name}, and so does workbench analyze "
        "--threshold calibrated.\n"
    )
    return DONE


def pictures_in(folder: Path) -> list[Path]:
    """Pictures below a folder, sorted.

    Raises:
        CalibrationError: no folder, or fewer than are needed; told before hours are spent.
    """
    if not folder.is_dir():
        raise CalibrationError(
            f"There is no folder {visible(str(folder))}, so there is nothing to calibrate on. "
            "Check its name and give the folder that holds your genuine pictures."
        )
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)
    if len(found) < FEWEST:
        raise CalibrationError(
            f"{visible(str(folder))} holds {len(found)} pictures, too few to calibrate on: the threshold "
            f"would rest on one of them. Give a folder with at least {FEWEST} genuine pictures."
        )
    return found


def _measured(files: list[Path], card: WeightsCard) -> Spots:
    """Brightest spot of each file; what an earlier, interrupted run has measured is not run again."""
    kept = calibration_file(card.sha256).with_suffix(".measured.json")
    spots = _read(kept)
    digests = {sha256_of_file(path): path for path in files}
    missing = {digest: path for digest, path in digests.items() if digest not in spots}
    for request, outcome in run_each(_requests(missing, card)):
        spots[request.sha256] = brightest_spot(outcome.heatmap.response)
        _write(kept, spots)
    return {digest: spots[digest] for digest in digests if digest in spots}


def _requests(missing: dict[str, Path], card: WeightsCard) -> Iterator[AnalysisRequest]:
    for number, (digest, path) in enumerate(missing.items(), 1):
        try:
            open_evidence(path)
        except EvidenceError as error:
            sys.stderr.write(f"Left out: {error}\n")
            continue
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\033[K{number} of {len(missing)}: {visible(path.name, 60)}\n")
        yield request_for(path, digest, None, card)


def _read(path: Path) -> Spots:
    try:
        return {str(key): float(value) for key, value in json.loads(path.read_text("utf-8")).items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}  # only saves time


def _write(path: Path, spots: Spots) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".tmp")
    scratch.write_text(json.dumps(spots), "utf-8")
    os.replace(scratch, path)
