"""The arguments of `python -m workbench.evaluation`: measure, write a card, write the report."""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
from pathlib import Path
from typing import Any

from workbench.core.digest import sha256_of_file
from workbench.core.errors import WorkbenchError
from workbench.core.weights import DEFAULT, card_named
from workbench.evaluation import region_command
from workbench.evaluation.cards import card_text, read_recipe
from workbench.evaluation.datasets import open_dataset
from workbench.evaluation.evaluate import add_beside, evaluate
from workbench.evaluation.map_cache import kept_network
from workbench.evaluation.methods import BESIDE, MapOf, network
from workbench.evaluation.release import Release, release
from workbench.methods.mantranet.weights import configuration_of

METHODS = ("network", *BESIDE)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `evaluate` takes."""
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="with images/ and masks/")
    parser.add_argument("--method", choices=METHODS, default="network")
    parser.add_argument("--weights", default=DEFAULT, help="name of weights, or a .h5 file of our own")
    parser.add_argument("--threshold", type=float, help="default: that of the weights' card")
    parser.add_argument("--limit", type=int, help="about that many pictures a folder: every k-th")
    parser.add_argument(
        "--compare", action="store_true", help="the other methods, too, with paired intervals"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")


def run(given: argparse.Namespace) -> int:
    """Measure, show a line for each set, write the JSON; return the exit status."""
    threshold, method = chosen(given.method, given.weights)
    threshold = threshold if given.threshold is None else given.threshold
    datasets = [open_dataset(folder, given.limit) for folder in given.folders]
    name = given.weights if given.method == "network" else None
    report, results = evaluate(method, name or given.method, datasets, threshold)
    report["method"] = given.method
    for other, simple in BESIDE.items() if given.compare else ():
        add_beside(report, other, results, evaluate(simple, other, datasets, 0.5)[1])
    for entry in report["datasets"]:
        sys.stdout.write(line_of(entry) + "\n")
    if given.json:
        given.json.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    return 0


def chosen(method: str, weights: str) -> tuple[float, MapOf]:
    """Return a method's default threshold and the method."""
    if method != "network":
        return 0.5, BESIDE[method]
    if Path(weights).suffix == ".h5":
        return 0.5, network(Path(weights), configuration_of(Path(weights)).name)
    card = card_named(weights)
    card.verify()
    return card.threshold.value, network(card.path, card.configuration)


def line_of(entry: dict[str, Any]) -> str:
    """Return one set's figures as a line."""
    if entry["genuine"]:
        figures = entry["genuine"]
        return (
            f"{entry['name']}: {entry['images']} genuine, median area {figures['area_median']:.2%}, "
            f"with a spot {figures['share_with_spot']:.1%}"
        )
    low, high = entry["pixel_auc_interval"]
    return (
        f"{entry['name']}: {entry['images']} pictures, pixel AUC {entry['pixel_auc_mean']:.3f} "
        f"[{low:.3f}, {high:.3f}], pooled {entry['pixel_auc_pooled']:.3f}, "
        f"best F1 {entry['f1_best_mean']:.3f}, F1 {entry['f1_fixed']:.3f} at {entry['threshold']:.3f}"
    )


def main(arguments: list[str] | None = None) -> int:
    """Run `evaluate`, `card`, `accuracy`, `ablations` or `regions`; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m workbench.evaluation", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    add_arguments(commands.add_parser("evaluate"))
    _add_card_arguments(commands.add_parser("card"))
    _add_accuracy_arguments(commands.add_parser("accuracy"))
    _add_ablations_arguments(commands.add_parser("ablations"))
    region_command.add_arguments(commands.add_parser("regions"))
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    actions = {
        "evaluate": run,
        "card": _card,
        "accuracy": _accuracy,
        "ablations": _ablations,
        "regions": region_command.run,
    }
    try:
        return actions[given.command](given)
    except WorkbenchError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _add_card_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recipe", type=Path, help="description of the recipe, JSON")
    parser.add_argument("--minutes", type=float, required=True, help="of training in all")
    parser.add_argument("--folder", type=Path, default=Path("weights"), help="where the weight file lies")
    parser.add_argument("--photos", type=Path, required=True, help="photographs, held-out calibrate")
    parser.add_argument("--genuine", type=Path, required=True, help="genuine pictures: half calibrates")
    parser.add_argument("--edited", type=Path, nargs="+", required=True, help="folders with truth")
    parser.add_argument("--limit", type=int)
    _add_scratch(parser)


def _card(given: argparse.Namespace) -> int:
    trained = read_recipe(given.recipe, given.minutes)
    path = given.folder / trained.file
    method = kept_network(path, trained.configuration, sha256_of_file(path), given.scratch)
    what = Release(given.photos, given.genuine, tuple(given.edited), given.limit)
    card = release(method, trained, what, given.folder)
    sys.stdout.write(card_text(card))
    return 0


def _add_accuracy_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="as for evaluate")
    parser.add_argument("--photos", type=Path, required=True, help="photographs, of which the held-out serve")
    parser.add_argument("--weights", default=DEFAULT, help="name of weights")
    parser.add_argument("--limit", type=int, help="about that many pictures of each kind: to try it")
    parser.add_argument("--out", type=Path, default=Path("docs/accuracy.md"), help="default: %(default)s")
    parser.add_argument("--ablations", type=Path, metavar="FILE", help="figures of ablations to show, too")
    _add_scratch(parser)


def _add_scratch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--scratch",
        type=Path,
        default=Path(tempfile.gettempdir()) / "workbench-maps",
        help="keeps maps, so that a second run is quick; default: %(default)s",
    )


def _accuracy(given: argparse.Namespace) -> int:
    from workbench.evaluation import accuracy  # noqa: PLC0415 - matplotlib is for this alone
    from workbench.evaluation.accuracy_pictures import draw_all  # noqa: PLC0415
    from workbench.evaluation.accuracy_text import accuracy_text  # noqa: PLC0415

    card = card_named(given.weights)
    card.verify()
    plan = accuracy.Plan(card, tuple(given.folders), given.photos, given.scratch, given.limit)
    methods = accuracy.methods_of(plan)
    figures = accuracy.measure(plan, methods)
    ablations = json.loads(given.ablations.read_text("utf-8")) if given.ablations else None
    given.out.parent.mkdir(parents=True, exist_ok=True)
    target = given.out.with_suffix(".json")
    target.write_text(json.dumps(figures | {"ablations": ablations}, indent=2) + "\n", "utf-8")
    pictures = draw_all(figures, methods, given.photos, given.out.parent / "images")
    given.out.write_text(accuracy_text(figures, ablations), "utf-8")
    sys.stdout.writelines(f"{path}\n" for path in (given.out, target, *pictures))
    return 0


def _add_ablations_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--photos", type=Path, required=True, help="folder of photographs")
    parser.add_argument("--start", type=Path, required=True, help="checkpoint of the extractor")
    parser.add_argument("--minutes", type=float, default=8, help="of each training")
    parser.add_argument("--folder", type=Path, default=Path(".training/ablations"), help="to go on from")
    parser.add_argument("--precision", default="auto", help="Keras dtype policy; default: the faster here")
    parser.add_argument("--out", type=Path, default=Path(".training/ablations.json"))


def _ablations(given: argparse.Namespace) -> int:
    from workbench.evaluation import ablations  # noqa: PLC0415 - needs Keras

    plan = ablations.Plan(given.photos, given.start, given.minutes, given.folder, given.precision)
    figures = ablations.run(plan)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return 0
