"""The arguments of `python -m workbench.evaluation regions`: measure, write table and curves."""

from __future__ import annotations

import argparse
import json
import logging
import tempfile
import time
from pathlib import Path

from workbench.core.search import LEAST_SCORE
from workbench.core.weights import DEFAULT, card_named

logger = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `regions` takes."""
    parser.add_argument("--photos", type=Path, required=True, help="folder of photographs")
    parser.add_argument("--weights", default=DEFAULT, help="name of weights")
    parser.add_argument(
        "--part",
        choices=("held-out", "training"),
        default="held-out",
        help="training to choose the least score, which this prints; default: %(default)s",
    )
    parser.add_argument("--pictures", type=int, default=200, help="default: %(default)s")
    parser.add_argument(
        "--side",
        type=int,
        default=352,
        help="of each in pixels; for larger ones photographs of 384 would be enlarged; default: %(default)s",
    )
    parser.add_argument("--seed", type=int, default=20270102)
    parser.add_argument("--least-score", type=float, default=LEAST_SCORE, help="default: %(default)s")
    parser.add_argument(
        "--out",
        type=Path,
        help="document whose results are replaced, docs/regions.md, say; without it they are only printed",
    )
    parser.add_argument(
        "--kept",
        type=Path,
        default=Path(tempfile.gettempdir()) / "workbench-regions",
        help="keeps what is measured, so that a second run is quick; default: %(default)s",
    )


def run(given: argparse.Namespace) -> int:
    """Measure, print, write; return the exit status.

    Raises:
        WorkbenchError: photographs, weights or the document can't be used.
    """
    from workbench.evaluation.region_figures import figures_of  # noqa: PLC0415 - matplotlib, a runtime
    from workbench.evaluation.region_text import draw_curves, put_into, results_text  # noqa: PLC0415
    from workbench.evaluation.regions import Plan, measure  # noqa: PLC0415

    card = card_named(given.weights)
    kept = given.kept / f"{given.part}-{given.side}-{given.seed}-{card.sha256[:12]}.jsonl"
    plan = Plan(given.photos, given.part, card, given.pictures, given.side, given.seed, kept)
    begun = time.monotonic()
    results = measure(plan, lambda done: logger.info("%d pictures, %.0f s", done, time.monotonic() - begun))
    figures = figures_of(plan, results, given.least_score)
    text = results_text(figures, "images/regions.png")
    logger.info("0.5 false suggestions a megapixel at a least score of %.3f", figures["score_at_aim"])
    logger.info("\n%s", text)
    if given.out:
        put_into(given.out, text)
        given.out.with_suffix(".json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
        draw_curves(figures, given.out.parent / "images" / "regions.png")
    return 0
