"""`workbench analyze IMAGE`: the same engine and the same numbers as in the window."""

import argparse
import math
import re
import sys
from dataclasses import replace
from pathlib import Path

from workbench.cli import DONE
from workbench.cli.blocking import method, waiting
from workbench.cli.runs import RequestOf, Runs, search_lines
from workbench.core import settings
from workbench.core.analysis import PRECISIONS, RUNTIMES, Analysis, AnalysisRequest, new_id, request_for
from workbench.core.calibration import CalibrationError, own_calibration
from workbench.core.case import Case, CaseDetails, Item
from workbench.core.command_line import threshold
from workbench.core.errors import WeightsError
from workbench.core.evidence import Evidence, open_evidence
from workbench.core.maps import Maps, MemoryMaps
from workbench.core.paths import unused_folder
from workbench.core.region import Region
from workbench.core.region_files import read_regions, remark_on, with_copies
from workbench.core.region_guidance import NOT_COMPARABLE
from workbench.core.search import LEAST_SCORE
from workbench.core.weights import DEFAULT, EXAMINER, Threshold, WeightsCard, authors_card, card_named

Box = tuple[int, int, int, int]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    parser.add_argument("image", type=Path, metavar="IMAGE")
    parser.add_argument(
        "--region",
        type=_box,
        action="append",
        default=[],
        metavar="X,Y,W,H",
        help="in stored pixels; repeatable",
    )
    parser.add_argument(
        "--regions",
        type=Path,
        action="append",
        default=[],
        metavar="FILE.json",
        help="regions exported by this program or drawn with LabelMe; repeatable",
    )
    parser.add_argument(
        "--search-regions",
        action="store_true",
        help="look for places that the whole-image run misses, and run those that are suggested",
    )
    parser.add_argument(
        "--least-score",
        type=_score,
        default=LEAST_SCORE,
        metavar="S",
        help="of what a search suggests; default: %(default)s, chosen for the weights that ship",
    )
    add_run_arguments(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: ./IMAGE-STEM-analysis")


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """Define what every run is made with, wherever it is kept."""
    parser.add_argument(
        "--weights",
        default=DEFAULT,
        metavar="NAME or FILE",
        help="default: %(default)s; a file needs --variant",
    )
    parser.add_argument("--variant", type=int, choices=range(5), help="which released variant the file is of")
    parser.add_argument(
        "--threshold",
        type=_threshold,
        metavar="T",
        help="0..1, or “calibrated” for that of workbench calibrate; default: from the weights' card",
    )
    parser.add_argument("--runtime", choices=RUNTIMES, default="auto", help="default: the fastest installed")
    parser.add_argument(
        "--precision",
        choices=PRECISIONS,
        default="float32",
        help="bfloat16 is faster, and maps may differ widely; default: float32",
    )
    parser.add_argument("--tile", type=_tile, metavar="N", help="side of the tiles in pixels")
    parser.add_argument(
        "--memory", type=_memory, metavar="SIZE", help="what the analysis may take, 2.5GB, say (the default)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    evidence = open_evidence(arguments.image)
    card = chosen_card(arguments.weights, arguments.variant)
    threshold = chosen_threshold(arguments.threshold, card)
    item = with_regions(Item.of(evidence), arguments.region)
    item = _with_files(item, arguments.regions)
    user, _ = settings.load()
    maps = MemoryMaps()
    with waiting() as engine:
        request = _requests(arguments, evidence, card)
        runs = Runs(engine, request, card, user.examiner, threshold, maps.put_map)
        item = runs.whole_and_regions(item)
        item = runs.search(item, arguments.least_score) if arguments.search_regions else item
    folder = unused_folder(arguments.out or Path(f"{evidence.path.stem}-analysis"))
    details = CaseDetails(examiner=user.examiner, organisation=user.organisation)
    sys.stderr.write(_other_precision(arguments.precision, item))
    _report(folder, Case(new_id(), details, (item,)), evidence, maps, card)
    return DONE


def _requests(arguments: argparse.Namespace, evidence: Evidence, card: WeightsCard) -> RequestOf:
    def request(region: Region | None) -> AnalysisRequest:
        return replace(
            request_for(evidence.path, evidence.sha256, region, card),
            tile=arguments.tile,
            memory=arguments.memory,
            runtime=arguments.runtime,
            precision=arguments.precision,
            keep_features=arguments.search_regions,
        )

    return request


def chosen_card(weights: str, variant: int | None) -> WeightsCard:
    """The card of that name, or one made for a file in the authors' layout.

    Raises:
        WeightsError: there are no such weights, or the file does not fit the variant.
    """
    path = Path(weights)
    if variant is None:
        if path.is_file():
            raise WeightsError(
                f"{path.name} is a file: say with --variant which of the released variants 0 to 4 it is of. "
                "Windows and activation are not in the file."
            )
        return card_named(weights)
    configuration, origin = method().inspect(path, variant)
    return authors_card(path.absolute(), path.name, configuration, origin)


def with_regions(item: Item, boxes: list[Box]) -> Item:
    """The item with regions R1, R2, ...

    Raises:
        RegionError: one is too small or outside the picture.
    """
    for box in boxes:
        item = item.with_region(*box)
        item.regions[-1].check_inside(item.decode.width, item.decode.height)
    return item


def _with_files(item: Item, paths: list[Path]) -> Item:
    """The item with the regions of files; what should be known of them is said.

    Raises:
        RegionError: a file or a region in it can't be used.
    """
    for path in paths:
        found = read_regions(path, item)
        remark = remark_on(found, item)
        if remark:
            sys.stderr.write(f"{remark}\n")
        item = with_copies(item, found.regions)
    return item


def _other_precision(asked: str, item: Item) -> str:
    """A sentence where the runs were computed in another precision than was asked for, else nothing."""
    made = next((run_.provenance for run_ in item.analyses if run_.provenance.precision != asked), None)
    if made is None:
        return ""
    return (
        f"{asked} was asked for, but {made.runtime} computed in {made.precision}, since this processor has "
        f"no {asked}. The record says so; the maps are the exact ones.\n"
    )


def _report(folder: Path, case: Case, evidence: Evidence, maps: MemoryMaps, card: WeightsCard) -> None:
    from workbench.report.export import export_report

    (item,) = case.items
    limits = {card.sha256: card.limits}
    exported = export_report(folder, case, item, evidence, maps, weights_limits=limits)
    lines = [line_of(run_, maps) for run_ in item.analyses]
    if any(run_.region for run_ in item.analyses):
        lines.append(NOT_COMPARABLE.sentence)
    for line in (*lines, *search_lines(item), exported.record):
        sys.stdout.write(f"{line}\n")


def line_of(run_: Analysis, maps: Maps) -> str:
    """What a run found, for the terminal."""
    from workbench.core.findings import find

    value = run_.threshold.value
    found = find(maps.get_map(run_.map_sha256).response, value, inside=run_.inside)
    return (
        f"{run_.title}: response exceeds {value:.3f} over {found.share:.2%} of "
        f"{run_.statistics.pixels} pixels, "
        f"highest {run_.statistics.maximum:.3f}"
    )


def _box(text: str) -> Box:
    try:
        x, y, width, height = (int(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not X,Y,W,H in whole pixels") from None
    return x, y, width, height


def chosen_threshold(given: float | str | None, card: WeightsCard) -> Threshold | None:
    """The threshold that was asked for; None for that of the card.

    Raises:
        CalibrationError: a calibrated one was asked for and there is none.
    """
    if isinstance(given, float):
        return Threshold(given, EXAMINER)
    if given is None:
        return None
    own = own_calibration(card.sha256)
    if own is None:
        raise CalibrationError(
            f"There is no calibration for {card.name} yet, so nothing was analysed. Make one with workbench "
            "calibrate FOLDER, from genuine pictures of the same camera or source."
        )
    return own.threshold


def _threshold(text: str) -> float | str:
    if text == "calibrated":
        return text
    try:
        return threshold(text)
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(f"{error}, nor “calibrated”") from None


def _score(text: str) -> float:
    try:
        score = float(text)
    except ValueError:
        score = math.nan
    if not 0 <= score < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a score, a number from 0 up")
    return score


def _memory(text: str) -> int:
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([MG])i?B?", text, re.IGNORECASE)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 2.5GB or 900MB")
    return int(float(found[1]) * {"M": 1e6, "G": 1e9}[found[2].upper()])


def _tile(text: str) -> int:
    if not text.isdecimal() or not 16 <= int(text) <= 8192:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 16 to 8192 pixels")
    return int(text)
